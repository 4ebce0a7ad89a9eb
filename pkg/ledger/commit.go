package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"
)

// tryAtOnce writes after the head this process knows, in one round trip: the lock, then one insert, which
// stores nothing when the ledger ends elsewhere. False: nobody was answered and the outcome may be unknown.
func (a *appender) tryAtOnce(group []*entry) bool {
	events, head := a.stamped(a.head, group)
	n, err := a.link.insertAtOnce(insert(a.head, group, events))
	if err != nil || n != len(events) {
		return false
	}
	a.stored(group, events, head)
	return true
}

// lookThenWrite takes two round trips and cannot lose a race: under the lock it looks at the head and at all
// that could stand in the way, answers who is in the way, then writes the rest.
func (a *appender) lookThenWrite(group []*entry) error {
	if err := a.reconnect(); err != nil {
		return err
	}
	seen, err := a.link.look(group)
	if err != nil {
		a.link.rollback()
		return err
	}
	if a.rivals--; a.rivals < 0 {
		a.rivals = 0
	}
	if string(seen.head.Link) != string(a.head.Link) {
		a.rivals = wary
	}
	a.head = seen.head
	var clear []*entry
	for _, e := range group {
		found, err := seen.verdict(e)
		switch {
		case seen.state != StateOpen:
			e.answer(nil, ErrRestored)
		case found:
			e.found = true
			e.answer(nil, nil)
		case err != nil:
			e.answer(nil, err)
		default:
			clear = append(clear, e)
		}
	}
	if len(clear) == 0 {
		a.link.rollback()
		return nil
	}
	events, head := a.stamped(a.head, clear)
	n, err := a.link.insertAndCommit(insert(a.head, clear, events))
	if err == nil && n != len(events) {
		err = fmt.Errorf("%d of %d events stored", n, len(events))
	}
	if err != nil {
		a.link.rollback()
		return err
	}
	a.stored(clear, events, head)
	return nil
}

func (a *appender) reconnect() (err error) {
	if a.link != nil && !a.link.conn.IsClosed() {
		return nil
	}
	a.disconnect()
	ctx, cancel := context.WithTimeout(context.Background(), attempt)
	defer cancel()
	a.link, err = connect(ctx, a.pool, a.config.Schema, a.lock)
	return err
}

// sights is what stands in the ledger under the lock.
type sights struct {
	head     Head
	state    string
	keys     map[Key]string // first event under the key
	versions map[string]int
	holders  map[string]string
}

// verdict judges one call: found when its keys are there, an error when it cannot be stored.
func (s *sights) verdict(e *entry) (found bool, err error) {
	there := 0
	for _, p := range e.parts {
		if _, ok := s.keys[p.key]; ok {
			there++
		}
	}
	if there == len(e.parts) {
		return true, nil
	}
	if there > 0 {
		return false, fmt.Errorf("%w: some of its keys are there", ErrConflict)
	}
	e.firsts(func(stream string, version int) {
		if last := s.versions[stream]; version != last+1 && err == nil {
			err = fmt.Errorf("%w: %s is at version %d, not %d", ErrConflict, stream, last, version-1)
		}
	})
	if err != nil {
		return false, err
	}
	for _, seen := range e.seen {
		if last := s.versions[seen.Stream]; last != seen.Version {
			return false, fmt.Errorf("%w: %s is at version %d, and was seen at %d", ErrConflict, seen.Stream, last, seen.Version)
		}
	}
	for _, c := range e.claims {
		if holder, held := s.holders[c.value]; held && c.takes && holder != c.stream {
			return false, &Claimed{Claim: c.value, Holder: holder}
		}
	}
	return false, nil
}

// look begins a transaction, takes the lock and reads what concerns the group.
func (l *link) look(group []*entry) (*sights, error) {
	keys, streams, claims := newArray(oidBytea, 0), newArray(oidText, 0), newArray(oidText, 0)
	for _, e := range group {
		for _, p := range e.parts {
			add(keys, p.key[:])
		}
		e.firsts(func(stream string, _ int) { add(streams, stream) })
		for _, seen := range e.seen {
			add(streams, seen.Stream)
		}
		for _, c := range e.claims {
			add(claims, c.value)
		}
	}
	s := &sights{keys: map[Key]string{}, versions: map[string]int{}, holders: map[string]string{}}
	err := l.exchange(
		question{statement: "begin"},
		question{statement: "lock", params: [][]byte{l.number}},
		question{statement: "head", row: func(v [][]byte) { s.head = headFrom(v) }},
		question{statement: "state", row: func(v [][]byte) { s.state = string(v[0]) }},
		question{statement: "keys", params: [][]byte{keys.param()}, row: func(v [][]byte) { s.keys[Key(v[0])] = readUUID(v[1]) }},
		question{statement: "versions", params: [][]byte{streams.param()}, row: func(v [][]byte) {
			s.versions[string(v[0])] = int(int32(binary.BigEndian.Uint32(v[1])))
		}},
		question{statement: "holders", params: [][]byte{claims.param()}, row: func(v [][]byte) { s.holders[string(v[0])] = string(v[1]) }},
	)
	return s, err
}

func headFrom(v [][]byte) Head {
	return Head{
		Position: int64(binary.BigEndian.Uint64(v[0])), ID: readUUID(v[1]), Recorded: readTime(v[2]),
		Link: append([]byte(nil), v[3]...),
	}
}

// attempt is how long a server may take for one exchange; longer than its lock_timeout.
const attempt = 5 * time.Second
