package decider_test

import (
	"context"
	"errors"
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
