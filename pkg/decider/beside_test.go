package decider_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
)

// swap moves a place from one session to another: one decision, two streams.
type swap struct {
	ledger    ledger.Ledger
	meanwhile func() // once, between the look and the append
	looks     *int
}

func (s swap) Look(ctx context.Context) (map[string]int, error) {
	version, err := s.ledger.Version(ctx, "session:b")
	if *s.looks++; *s.looks == 1 {
		s.meanwhile()
	}
	return map[string]int{"session:b": version}, err
}

func (s swap) Decide(session) ([]events.Workshop, error) {
	return []events.Workshop{
		events.SeatTaken{SessionID: "b", ReferralID: "r1"}, events.WaitingListJoined{SessionID: "a", ReferralID: "r2"}, events.SeatTaken{SessionID: "b", ReferralID: "r3"},
	}, nil
}

func (s swap) Take() []string { return []string{"swapped"} }

// taker takes what a swap took.
type taker struct{ accept }

func (taker) Take() []string { return []string{"swapped"} }

func TestADecisionGoesOnInAnotherStreamAndLooksAgainWhenThatMoved(t *testing.T) {
	t.Parallel()
	l := memory()
	d := on(l)
	handle := func(id string, c decider.Command[session, events.Workshop]) error {
		_, err := d.Handle(ctx, id, c, decider.Call[session]{})
		return err
	}
	for _, id := range []string{"a", "b"} {
		if err := handle(id, plan{id, 5}); err != nil {
			t.Fatal(err)
		}
	}
	looks := 0
	s := swap{l, func() {
		if err := handle("b", accept{"b", "first", "p"}); err != nil {
			t.Error(err)
		}
	}, &looks}
	if err := handle("a", s); err != nil || looks != 2 {
		t.Fatal(err, looks)
	}
	if b, version, err := d.Get(ctx, "b"); err != nil || version != 4 || b.taken != 3 {
		t.Errorf("%+v %d %v", b, version, err)
	}
	var claimed *ledger.Claimed
	if err := handle("b", taker{accept{"b", "last", "q"}}); !errors.As(err, &claimed) || claimed.Claim != "swapped" || claimed.Holder != "session:a" {
		t.Error("what a command takes is not held:", err)
	}
}

// watched accepts somebody, in view of another session: a second group is opened only while the first has no free seat.
type watched struct {
	accept
	here      *sessions
	meanwhile func() // once, between the look and the append
	looks     *int
	free      *bool
}

var errFree = errors.New("there is a seat elsewhere")

func (w watched) Look(ctx context.Context) (map[string]int, error) {
	b, version, err := w.here.Get(ctx, "b")
	*w.free = b.taken < b.capacity
	if *w.looks++; *w.looks == 1 {
		w.meanwhile()
	}
	return map[string]int{"session:b": version}, err
}

func (w watched) Decide(s session) ([]events.Workshop, error) {
	if *w.free {
		return nil, errFree
	}
	return w.accept.Decide(s)
}

// freedMeanwhile lets a seat of b become free in another process right after somebody who is to be seated in a has looked
// at b, and says what is wrong with what follows.
func freedMeanwhile(here, there *sessions) error {
	give := func(d *sessions, id string, c decider.Command[session, events.Workshop]) error {
		_, err := d.Handle(ctx, id, c, decider.Call[session]{})
		return err
	}
	if err := errors.Join(give(there, "a", plan{"a", 5}), give(there, "b", plan{"b", 1}), give(there, "b", accept{"b", "r1", ""})); err != nil {
		return err
	}
	looks, free, moved := 0, false, error(nil)
	err := give(here, "a", watched{accept{"a", "r2", ""}, here, func() { moved = give(there, "b", withdraw{"b", "r1"}) }, &looks, &free})
	if a, _, lost := here.Get(ctx, "a"); moved != nil || lost != nil || !errors.Is(err, errFree) || looks != 2 || a.taken != 0 {
		return fmt.Errorf("answered %w after %d looks, %d taken: %w", err, looks, a.taken, errors.Join(moved, lost))
	}
	return nil
}

func TestADecisionThatRestsOnAnotherStreamStandsOnlyWhereThatStands(t *testing.T) {
	t.Parallel()
	ledgers := postgres(t, 2)
	one := memory()
	for name, sides := range map[string][]ledger.Ledger{"memory": {one, one}, "postgres": ledgers} {
		if err := freedMeanwhile(on(sides[0]), on(sides[1])); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// blind does not compare what was looked at.
type blind struct{ ledger.Ledger }

func (b blind) Append(ctx context.Context, appends ...ledger.Append) ([]ledger.Appended, error) {
	for i := range appends {
		appends[i].Seen = nil
	}
	return b.Ledger.Append(ctx, appends...)
}

func TestALedgerThatDoesNotCompareWhatWasSeenIsFoundOut(t *testing.T) {
	t.Parallel()
	l := memory()
	if err := freedMeanwhile(on(blind{l}), on(l)); err == nil {
		t.Error("a decision that rests on the past passed")
	}
}

func TestWhatIsOnlyTriedIsNotTold(t *testing.T) {
	t.Parallel()
	l := memory()
	d := on(l)
	only := true
	trying := decider.Trying(ctx, func() bool { return only })
	try := func(c decider.Command[session, events.Workshop]) error {
		_, err := d.Handle(trying, "s1", c, keyed(decider.Call[session]{}, "k"))
		return err
	}
	if err := try(plan{"s1", 1}); !errors.Is(err, decider.ErrTried) {
		t.Error(err)
	}
	if err := try(accept{"s1", "r1", ""}); !errors.Is(err, errNotPlanned) {
		t.Error("the rule was not asked:", err)
	}
	if head, err := l.Head(ctx); head.Position != 0 || err != nil {
		t.Error(head, err)
	}
	only = false
	if err := try(plan{"s1", 1}); err != nil { // under the same key: none was taken
		t.Error(err)
	}
}
