package ledger

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"time"
)

// ChainLink is the keyed hash of an event and of the link before it; prev is empty for the first event.
func ChainLink(key, prev []byte, e Event) []byte { return newChain(key).link(prev, &e) }

// chain computes links one after another; it is for one goroutine.
type chain struct {
	mac hash.Hash
	buf []byte
}

func newChain(key []byte) *chain { return &chain{mac: hmac.New(sha256.New, key)} }

func (c *chain) link(prev []byte, e *Event) []byte {
	b := c.buf[:0]
	b = field(b, prev)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Position))
	b = field(b, e.ID)
	b = field(b, e.Stream)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Version))
	b = field(b, e.Name)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Recorded.UnixMicro()))
	b = field(b, e.Data)
	b = field(b, e.Meta)
	c.buf = b
	c.mac.Reset()
	_, _ = c.mac.Write(b)
	return c.mac.Sum(nil)
}

// field writes the length too, so that no byte can move from one field to the next.
func field[T string | []byte](to []byte, value T) []byte {
	return append(binary.BigEndian.AppendUint64(to, uint64(len(value))), value...)
}

// Broken says where the chain of a ledger does not hold.
type Broken struct {
	Position int64
	Why      string
}

func (b *Broken) Error() string {
	return fmt.Sprintf("chain is broken at position %d: %s", b.Position, b.Why)
}

// follow checks that e comes right after head and is linked to it, and gives the head after it.
func (c *chain) follow(head Head, e *Event) (Head, error) {
	if e.Position != head.Position+1 {
		return head, &Broken{head.Position + 1, fmt.Sprintf("the next event has position %d", e.Position)}
	}
	if e.Recorded.Before(head.Recorded) {
		return head, &Broken{e.Position, "recorded before the event in front of it"}
	}
	if !hmac.Equal(c.link(head.Link, e), e.Link) {
		return head, &Broken{e.Position, "not what was appended there"}
	}
	return headOf(e), nil
}

func headOf(e *Event) Head {
	return Head{Position: e.Position, ID: e.ID, Recorded: e.Recorded, Link: e.Link}
}

// stamp gives events their places after head.
func (c *chain) stamp(head Head, now time.Time, events []Event) Head {
	if now.Before(head.Recorded) {
		now = head.Recorded
	}
	for i := range events {
		e := &events[i]
		e.Position, e.Recorded = head.Position+1, now
		e.Link = c.link(head.Link, e)
		head = headOf(e)
	}
	return head
}

// CheckChain reads the ledger from a position on and answers *Broken where an event was changed, removed or
// moved. That the ledger was cut at its end is for the comparison with the stream to find.
func (l *Postgres) CheckChain(ctx context.Context, from int64) error {
	var head Head
	if from > 1 {
		before, there, err := l.EventAt(ctx, from-1)
		if err != nil {
			return err
		}
		if !there {
			return &Broken{from - 1, "no event there"}
		}
		head = headOf(&before)
	}
	c := newChain(l.config.ChainKey)
	for {
		events, err := l.Read(ctx, head.Position, 1000)
		if err != nil || len(events) == 0 {
			return err
		}
		for i := range events {
			if head, err = c.follow(head, &events[i]); err != nil {
				return err
			}
		}
	}
}
