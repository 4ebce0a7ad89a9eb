package mirror

import (
	"context"
	"fmt"
	"slices"
	"sort"

	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/stream"
)

// Comparison is what a quick look at both copies shows: how far they go, how the stream is made, and
// whether the last event that both have is the same. Only Verify reads everything.
type Comparison struct {
	Head    int64  // last position of the ledger
	Last    int64  // last sequence of the stream
	Missing bool   // there is no stream
	Damage  string // why the stream cannot be a copy, in words; empty if nothing was seen
	Fork    *Fork  // two different histories, or a stream that goes on where the ledger ends
}

// Equal tells whether the stream is all there and ends where the ledger ends.
func (c Comparison) Equal() bool {
	return !c.Missing && c.Damage == "" && c.Fork == nil && c.Head == c.Last
}

// Compare takes a few requests however long the history is. It changes nothing.
func Compare(ctx context.Context, c Copies) (Comparison, error) {
	info, err := c.info(ctx)
	if err != nil {
		return Comparison{}, err
	}
	head, err := c.Ledger.Head(ctx) // after the stream: what is published was committed before
	if err != nil {
		return Comparison{}, err
	}
	found := Comparison{Head: head.Position, Missing: info == nil}
	if info == nil {
		return found, nil
	}
	found.Last = int64(info.State.LastSeq) //nolint:gosec // far below 1<<63
	found.Damage = c.fault(info)
	return found, c.compareEvents(ctx, &found, info.Config.Metadata[stream.LedgerID] == c.Ledger.ID())
}

// compareEvents looks at the last event that both copies should have. As histories never meet again, one
// that is the same there was the same before.
func (c Copies) compareEvents(ctx context.Context, found *Comparison, ours bool) error {
	both := min(found.Head, found.Last)
	m, there, err := c.highest(ctx, both)
	if err != nil {
		return err
	}
	if m.sequence < both && found.Damage == "" {
		found.Damage = fmt.Sprintf("message %d cannot be read", both)
	}
	if there {
		e, err := c.at(ctx, m.sequence)
		if err != nil {
			return err
		}
		ours = true
		switch stray, err := c.strays(ctx, m, found.Head); {
		case err != nil:
			return err
		case stray:
			found.Damage = fmt.Sprintf("message %d holds the event of another position", m.sequence)
		case m.id() != e.ID:
			found.Fork, err = c.forkBelow(ctx, m.sequence, *found)
			return err
		case !m.is(c.Prefix, e):
			found.Damage = fmt.Sprintf("message %d differs from its event", m.sequence)
		}
	}
	if found.Last > found.Head || !ours && found.Last > 0 {
		found.Fork, err = c.forkAt(ctx, both+1, *found)
	}
	return err
}

// strays tells whether a message is an event of this ledger at a wrong place. A store with a broken block was
// seen to count on from where it lost its end, and to give event 1501 the sequence 1316.
func (c Copies) strays(ctx context.Context, m message, head int64) (bool, error) {
	meant := m.meant()
	if meant == m.sequence || meant < 1 || meant > head {
		return false, nil
	}
	e, err := c.at(ctx, meant)
	return err == nil && e.ID == m.id(), err
}

// highest gets the last message up to a sequence that can be read.
func (c Copies) highest(ctx context.Context, limit int64) (message, bool, error) {
	if limit == 0 {
		return message{}, false, nil
	}
	if m, there, err := c.exactly(ctx, limit); there || err != nil {
		return m, there, err
	}
	var best message
	var failed error
	sort.Search(int(limit), func(i int) bool {
		m, there, err := c.next(ctx, int64(i)+1)
		if err != nil {
			failed = err
		}
		if there = there && m.sequence <= limit; there {
			best = m
		}
		return !there
	})
	return best, best.sequence > 0, failed
}

// forkBelow finds the first position up to a differing one where the copies have different events.
func (c Copies) forkBelow(ctx context.Context, differs int64, found Comparison) (*Fork, error) {
	var failed error
	first := differs
	sort.Search(int(differs), func(i int) bool {
		if failed != nil {
			return true
		}
		m, there, err := c.next(ctx, int64(i)+1)
		if err != nil || !there {
			failed = err
			return true
		}
		e, err := c.at(ctx, m.sequence)
		if err != nil {
			failed = err
			return true
		}
		if m.id() != e.ID {
			first = min(first, m.sequence)
		}
		return m.id() != e.ID
	})
	if failed != nil {
		return nil, failed
	}
	return c.forkAt(ctx, first, found)
}

func (c Copies) forkAt(ctx context.Context, position int64, found Comparison) (*Fork, error) {
	f := &Fork{Service: c.Service, Position: position, Head: found.Head, Last: found.Last}
	if position <= found.Head {
		e, err := c.at(ctx, position)
		if err != nil {
			return nil, err
		}
		f.LedgerID = e.ID
	}
	m, _, err := c.exactly(ctx, position)
	f.StreamID = m.id()
	return f, err
}

// fault says in words what is wrong with a stream by what the server says of it.
func (c Copies) fault(info *jetstream.StreamInfo) string {
	if fault := c.configFault(info.Config); fault != "" {
		return fault
	}
	s := info.State
	switch {
	case s.LastSeq == 0 && s.Msgs == 0 && s.FirstSeq <= 1:
		return ""
	case s.FirstSeq != 1:
		return fmt.Sprintf("the first message is %d", s.FirstSeq)
	case s.NumDeleted > 0:
		return fmt.Sprintf("%d messages are gone", s.NumDeleted)
	case s.Msgs != s.LastSeq:
		return fmt.Sprintf("%d messages up to number %d", s.Msgs, s.LastSeq)
	}
	return ""
}

// configFault looks at everything that can drop, change, refuse or add messages. How many replicas there
// are, and where, is the operator's business.
func (c Copies) configFault(got jetstream.StreamConfig) string {
	want := stream.Config(c.Prefix, c.Service, c.Ledger.ID(), 1)
	switch {
	case got.Metadata[stream.LedgerID] != want.Metadata[stream.LedgerID]:
		return "the stream belongs to another ledger"
	case !slices.Equal(got.Subjects, want.Subjects):
		return "the stream has other subjects"
	case got.MaxMsgs > 0 || got.MaxBytes > 0 || got.MaxAge > 0 || got.MaxMsgsPerSubject > 0 || got.MaxMsgSize > 0:
		return "the stream has limits"
	case got.Discard != want.Discard || got.Retention != want.Retention || got.DiscardNewPerSubject:
		return "the stream does not keep everything"
	case !got.DenyDelete || !got.DenyPurge || got.AllowRollup || got.AllowMsgTTL || got.FirstSeq > 1:
		return "the stream lets messages be removed"
	case got.Sealed || got.NoAck || got.Mirror != nil || len(got.Sources) > 0 || got.SubjectTransform != nil:
		return "the stream does not take messages as they are"
	case got.Storage != want.Storage || got.Compression != want.Compression:
		return "the stream is stored otherwise"
	}
	return ""
}
