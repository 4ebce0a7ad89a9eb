package mirror

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Report is what Verify found.
type Report struct {
	Service     string
	Ledger      int64    // events read from the ledger
	Stream      int64    // messages read from the stream
	Count       int64    // events that are not the same in both
	Differences []string // the first of them, in words
}

// Equal tells whether both copies are whole and the same, byte by byte.
func (r Report) Equal() bool { return r.Count == 0 && len(r.Differences) == 0 }

func (r Report) String() string {
	if r.Equal() {
		return fmt.Sprintf("%s: equal, %d events in both copies, the chain holds", r.Service, r.Ledger)
	}
	return fmt.Sprintf("%s: NOT equal, %d events in the ledger, %d in the stream, %d not the same:\n  %s",
		r.Service, r.Ledger, r.Stream, r.Count, strings.Join(r.Differences, "\n  "))
}

// Verify reads every event of both copies and compares subjects, headers and bytes, and checks the ledger's
// chain. It lists at most that many differences. It may run beside traffic: what is appended after it
// began is not compared.
func Verify(ctx context.Context, c Copies, most int) (Report, error) {
	head, err := c.Ledger.Head(ctx)
	if err != nil {
		return Report{}, err
	}
	v := verifier{Copies: c, head: head.Position, most: most}
	if err := v.awaitMirror(ctx); err != nil {
		return Report{}, err
	}
	if err := c.Ledger.CheckChain(ctx, 1); err != nil {
		var broken *ledger.Broken
		if !errors.As(err, &broken) {
			return Report{}, err
		}
		v.add(fmt.Sprintf("ledger: %v", broken))
	}
	if err := v.run(ctx); err != nil && !errors.Is(err, errEnough) {
		return Report{}, err
	}
	return Report{c.Service, v.inLedger, v.inStream, v.count, v.differences}, nil
}

// verifier walks along both copies at once.
type verifier struct {
	Copies
	head        int64 // where the comparison ends; the stream may go on beside traffic, not otherwise
	most        int
	stopAtFirst bool

	page               []ledger.Event
	after              int64 // last position taken from the ledger
	inLedger, inStream int64
	count              int64
	differences        []string
	stretch            stretch
	fork               *Fork
}

// stretch is a row of events that only one of the copies has.
type stretch struct {
	where    string
	from, to int64
}

// awaitMirror gives a running mirror the time to catch up, and looks at how the stream is made.
func (v *verifier) awaitMirror(ctx context.Context) error {
	for deadline := time.Now().Add(5 * time.Second); ; {
		info, err := v.info(ctx)
		if err != nil {
			return err
		}
		if info == nil || int64(info.State.LastSeq) >= v.head || time.Now().After(deadline) { //nolint:gosec // far below 1<<63
			if info == nil {
				v.add("there is no stream")
			} else if fault := v.configFault(info.Config); fault != "" {
				v.add(fault)
			}
			return nil
		}
		rest(ctx, 20*time.Millisecond)
	}
}

func (v *verifier) run(ctx context.Context) error {
	err := v.readStream(ctx, 1, func(m message) error { return v.message(ctx, m) })
	if err == nil || errors.Is(err, errEnough) && !v.enough() {
		err = v.rest(ctx)
	}
	v.endStretch()
	return err
}

func (v *verifier) enough() bool { return v.stopAtFirst && v.count > 0 }

// message takes the ledger along up to the message and compares.
func (v *verifier) message(ctx context.Context, m message) error {
	if m.sequence > v.head {
		head, err := v.Ledger.Head(ctx)
		if err != nil || m.sequence <= head.Position {
			return errors.Join(err, errEnough)
		}
	}
	v.inStream++
	for !v.enough() {
		e, there, err := v.peek(ctx)
		if err != nil {
			return err
		}
		if !there || e.Position > m.sequence {
			v.only("missing in the ledger", m.sequence)
			break
		}
		v.take()
		if e.Position == m.sequence {
			if err := v.compare(ctx, e, m); err != nil {
				return err
			}
			break
		}
		v.only("missing in the stream", e.Position)
	}
	if v.enough() {
		return errEnough
	}
	return nil
}

// rest is what the ledger has after the stream's end.
func (v *verifier) rest(ctx context.Context) error {
	for !v.enough() {
		e, there, err := v.peek(ctx)
		if err != nil || !there {
			return err
		}
		v.take()
		v.only("missing in the stream", e.Position)
	}
	return nil
}

func (v *verifier) peek(ctx context.Context) (ledger.Event, bool, error) {
	if len(v.page) == 0 && v.after < v.head {
		page, err := v.Ledger.Read(ctx, v.after, pageSize)
		if err != nil {
			return ledger.Event{}, false, err
		}
		v.page = page
	}
	if len(v.page) == 0 || v.page[0].Position > v.head {
		return ledger.Event{}, false, nil
	}
	return v.page[0], true, nil
}

func (v *verifier) take() {
	v.after = v.page[0].Position
	v.page = v.page[1:]
	v.inLedger++
}

func (v *verifier) compare(ctx context.Context, e ledger.Event, m message) error {
	if m.is(v.Prefix, e) {
		return nil
	}
	v.count++
	v.endStretch()
	if m.id() != e.ID {
		stray, err := v.strays(ctx, m, v.head)
		if err != nil {
			return err
		}
		if v.fork == nil && !stray {
			v.fork = &Fork{Service: v.Service, Position: e.Position, LedgerID: e.ID, StreamID: m.id(), Head: v.head, Last: v.head}
		}
		v.add(fmt.Sprintf("position %d: event %s in the ledger, %s in the stream", e.Position, e.ID, orNone(m.id())))
		return nil
	}
	v.add(fmt.Sprintf("position %d, event %s: %s", e.Position, e.ID, strings.Join(unlike(v.Prefix, e, m), ", ")))
	return nil
}

func orNone(id string) string {
	if id == "" {
		return "a message of no mirror"
	}
	return id
}

// unlike names the parts of a message that differ from its event.
func unlike(prefix string, e ledger.Event, m message) []string {
	want := stream.Message(prefix, e)
	var parts []string
	if m.subject != want.Subject {
		parts = append(parts, "subject differs")
	}
	if string(m.data) != string(want.Data) {
		parts = append(parts, "data differs")
	}
	for name, values := range want.Header {
		if !slices.Equal(m.header[name], values) {
			parts = append(parts, "header "+name+" differs")
		}
	}
	for name := range m.header {
		if _, ours := want.Header[name]; !ours {
			parts = append(parts, "header "+name+" is not ours")
		}
	}
	slices.Sort(parts)
	return parts
}

// only notes an event that one copy alone has.
func (v *verifier) only(where string, position int64) {
	v.count++
	if v.stretch.where == where && v.stretch.to+1 == position {
		v.stretch.to = position
		return
	}
	v.endStretch()
	v.stretch = stretch{where, position, position}
}

func (v *verifier) endStretch() {
	s := v.stretch
	v.stretch = stretch{}
	switch {
	case s.where == "":
	case s.from == s.to:
		v.add(fmt.Sprintf("position %d: %s", s.from, s.where))
	default:
		v.add(fmt.Sprintf("positions %d to %d: %s", s.from, s.to, s.where))
	}
}

func (v *verifier) add(difference string) {
	if len(v.differences) < v.most {
		v.differences = append(v.differences, difference)
	}
}
