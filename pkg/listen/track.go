package listen

import (
	"sync"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
)

// track knows what of one service was read and is not finished: heard is everything below the lowest.
type track struct {
	mu    sync.Mutex
	heard feed.Checkpoint
	open  []entry // by sequence, without gaps, after heard
}

type entry struct {
	id   string
	done bool
}

func (t *track) read(e ledger.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open = append(t.open, entry{id: e.ID})
}

// finish says that a sequence is done or parked, and tells whether more counts as heard by it.
func (t *track) finish(sequence int64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open[sequence-t.heard.Sequence-1].done = true
	n := 0
	for n < len(t.open) && t.open[n].done {
		t.heard.EventID = t.open[n].id
		n++
	}
	t.heard.Sequence += int64(n)
	t.open = t.open[n:]
	return n > 0
}

func (t *track) checkpoint() feed.Checkpoint {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.heard
}
