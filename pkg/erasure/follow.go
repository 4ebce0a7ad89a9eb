package erasure

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// follow takes whole lines over, as far as each fits the one before.
func (r *Register) follow(tail []byte) error {
	for {
		line, rest, whole := bytes.Cut(tail, []byte("\n"))
		if !whole {
			return nil
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil || e.Subject == "" || e.Proof != e.proof(r.last()) {
			return fmt.Errorf("%w: line %d of %s does not follow the one before: put the file back from its copy", ErrDamaged, len(r.entries)+1, r.path)
		}
		r.take([]Entry{e}, int64(len(line)+1))
		tail = rest
	}
}
