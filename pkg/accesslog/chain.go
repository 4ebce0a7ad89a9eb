package accesslog

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"time"
)

// Row is an entry in its place.
type Row struct {
	Entry
	Month    string
	Position int64 // in the chain of its service and month, from 1
	Link     []byte
}

// Head is a chain: of one service in one month.
type Head struct {
	Service  string
	Month    string
	Before   []byte // link at the end of the month before
	Position int64  // of the last row
	Recorded time.Time
	Link     []byte     // of the last row; of an empty chain: Before
	Closed   *time.Time // nothing is added any more
	ByHand   bool       // it was closed by a command, so that no later month needs to follow
	Purged   *time.Time // its rows are gone
	Seal     []byte     // keyed hash of all this
}

// Broken says where the log does not hold.
type Broken struct {
	Service, Month string
	Position       int64 // 0: the month as a whole
	Why            string
}

func (b *Broken) Error() string {
	if b.Position == 0 {
		return fmt.Sprintf("access log of %s in %s is broken: %s", b.Service, b.Month, b.Why)
	}
	return fmt.Sprintf("access log of %s in %s is broken at row %d: %s", b.Service, b.Month, b.Position, b.Why)
}

// chains computes links and seals; it is for one goroutine.
type chains struct {
	mac hash.Hash
	buf []byte
}

func newChains(key []byte) *chains { return &chains{mac: hmac.New(sha256.New, key)} }

func (c *chains) sum(b []byte) []byte {
	c.buf = b
	c.mac.Reset()
	_, _ = c.mac.Write(b)
	return c.mac.Sum(nil)
}

// link is the keyed hash of a row and of the link before it.
func (c *chains) link(prev []byte, r *Row) []byte {
	b := field(c.buf[:0], "access row")
	b = field(b, prev)
	b = binary.BigEndian.AppendUint64(b, uint64(r.Position))
	b = binary.BigEndian.AppendUint64(b, uint64(r.At.UnixMicro()))
	for _, text := range []string{r.Service, r.Month, r.Actor, r.Role, r.Fund, r.Purpose, r.Action, r.What, r.Resource, r.RequestID} {
		b = field(b, text)
	}
	for _, list := range [][]string{r.Subjects, r.Fields} {
		b = binary.BigEndian.AppendUint64(b, uint64(len(list)))
		for _, one := range list {
			b = field(b, one)
		}
	}
	return c.sum(b)
}

// seal covers everything that a chain says of itself: who cannot compute it cannot shorten the chain.
func (c *chains) seal(h *Head) []byte {
	b := field(c.buf[:0], "access chain")
	b = field(field(b, h.Service), h.Month)
	b = field(field(b, h.Before), h.Link)
	for _, n := range []int64{h.Position, h.Recorded.UnixMicro(), moment(h.Closed), moment(h.Purged)} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	if h.ByHand {
		b = append(b, 1)
	}
	return c.sum(b)
}

func moment(at *time.Time) int64 {
	if at == nil {
		return 0
	}
	return at.UnixMicro()
}

// field writes the length too, so that no byte can move from one field to the next.
func field[T string | []byte](to []byte, value T) []byte {
	return append(binary.BigEndian.AppendUint64(to, uint64(len(value))), value...)
}

// stamp gives entries their places after head, and gives the head after them.
func (c *chains) stamp(head Head, now time.Time, entries []Entry) ([]Row, Head) {
	if now.Before(head.Recorded) {
		now = head.Recorded
	}
	rows := make([]Row, len(entries))
	for i, e := range entries {
		e.At, e.Service = now, head.Service
		head.Position++
		rows[i] = Row{Entry: e, Month: head.Month, Position: head.Position}
		rows[i].Link = c.link(head.Link, &rows[i])
		head.Link, head.Recorded = rows[i].Link, now
	}
	head.Seal = c.seal(&head)
	return rows, head
}

// follow checks that r comes right after head and is linked to it, and gives the head after it.
func (c *chains) follow(head Head, r *Row) (Head, error) {
	broken := &Broken{Service: head.Service, Month: head.Month, Position: head.Position + 1}
	if r.Position != head.Position+1 {
		broken.Why = fmt.Sprintf("the next row is %d", r.Position)
		return head, broken
	}
	if r.At.Before(head.Recorded) {
		broken.Why = "recorded before the row in front of it"
		return head, broken
	}
	if !hmac.Equal(c.link(head.Link, r), r.Link) {
		broken.Why = "not what was written there"
		return head, broken
	}
	head.Position, head.Recorded, head.Link = r.Position, r.At, r.Link
	return head, nil
}
