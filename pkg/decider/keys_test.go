package decider_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
)

func TestARepeatedRequestIsAnsweredWithTheSameBytes(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]ledger.Ledger{"memory": memory(), "postgres": postgres(t, 1)[0]} {
		d := on(l)
		handle(t, d, "s1", plan{"s1", 8}, decider.Call[session]{})
		first := handle(t, d, "s1", accept{"s1", "r1", ""}, keyed(asking("r1 <&>"), "k"))
		handle(t, d, "s1", accept{"s1", "r2", ""}, asking("r2"))
		again := handle(t, d, "s1", accept{"s1", "r1", ""}, keyed(asking("r1 <&>"), "k"))
		if first.Replayed || !again.Replayed || string(again.Answer) != string(first.Answer) || len(first.Answer) == 0 ||
			again.Version != 2 || again.Position != first.Position || again.Stream != "session:s1" || again.State.taken != 2 {
			t.Errorf("%s: answered %+v, then %+v", name, first, again)
		}
	}
}

func TestAKeyOfAnotherRequestIsRefused(t *testing.T) {
	t.Parallel()
	d := on(memory())
	handle(t, d, "s1", plan{"s1", 8}, keyed(decider.Call[session]{}, "k"))
	other := keyed(asking("r1"), "k")
	other.Request = []byte("another hash")
	refused(t, d, decider.ErrKeyReused, "s1", accept{"s1", "r1", ""}, other)
}

func TestARefusalIsNotRemembered(t *testing.T) {
	t.Parallel()
	d := on(memory())
	refused(t, d, errNotPlanned, "s1", accept{"s1", "r1", ""}, keyed(asking("r1"), "k"))
	handle(t, d, "s1", plan{"s1", 8}, decider.Call[session]{})
	if done := handle(t, d, "s1", accept{"s1", "r1", ""}, keyed(asking("r1"), "k")); done.Replayed || done.Version != 2 {
		t.Errorf("answered %+v", done)
	}
}

func TestTwinRequestsAtOnceTellOnce(t *testing.T) {
	t.Parallel()
	ledgers := postgres(t, 2)
	for name, sides := range map[string][]*sessions{
		"one process":   {on(ledgers[0])},
		"two processes": {on(ledgers[0]), on(ledgers[1])},
	} {
		var told atomic.Int64
		answers := make([]string, 40)
		together(len(answers), func(i int) {
			id := fmt.Sprintf("%c%d", name[0]+name[1], i) // each twin would begin a session of its own
			call := decider.Call[session]{Answer: func(session, int) any { return id }}
			done := handle(t, sides[i%len(sides)], id, plan{id, 8}, keyed(call, name))
			answers[i] = string(done.Answer)
			if !done.Replayed {
				told.Add(1)
			}
		})
		for _, a := range answers {
			if a != answers[0] {
				t.Errorf("%s: answered %s and %s", name, answers[0], a)
			}
		}
		if told.Load() != 1 {
			t.Errorf("%s: %d were not replayed", name, told.Load())
		}
	}
	if h, err := ledgers[0].Head(ctx); h.Position != 2 || err != nil {
		t.Errorf("%d facts of two requests, %v", h.Position, err)
	}
}

func TestTwinsOnOneAggregateOfTwoProcessesTellOnce(t *testing.T) {
	t.Parallel()
	ledgers := postgres(t, 2)
	sides := []*sessions{on(ledgers[0]), on(ledgers[1])}
	handle(t, sides[0], "s1", plan{"s1", 1000}, decider.Call[session]{})
	patient, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	together(120, func(i int) {
		referral := fmt.Sprintf("r%d", i/2)
		done, err := sides[i%2].Handle(patient, "s1", withSeat{referral}, keyed(asking(referral), referral))
		if err != nil || !strings.Contains(string(done.Answer), referral+`"`) {
			t.Errorf("%s: answered %s, %v", referral, done.Answer, err)
		}
	})
	if _, version, err := sides[0].Get(ctx, "s1"); version != 61 || err != nil {
		t.Errorf("version %d after 60 requests of two twins each, %v", version, err)
	}
}

// withSeat tells the same again when it is asked again: only the key stands in the way.
type withSeat struct{ referral string }

func (w withSeat) Decide(session) ([]events.Workshop, error) {
	return []events.Workshop{events.SeatTaken{SessionID: "s1", ReferralID: w.referral}}, nil
}

func TestWhoHasSeenAnOldVersionIsStale(t *testing.T) {
	t.Parallel()
	ledgers := postgres(t, 2)
	d, other := on(ledgers[0]), on(ledgers[1])
	handle(t, d, "s1", plan{"s1", 8}, decider.Call[session]{})
	match := asking("r")
	match.IfMatch = 1
	var won, lost atomic.Int64
	together(20, func(i int) {
		_, err := []*sessions{d, other}[i%2].Handle(ctx, "s1", accept{"s1", fmt.Sprintf("r%d", i), ""}, match)
		switch {
		case err == nil:
			won.Add(1)
		case errors.Is(err, decider.ErrStale):
			lost.Add(1)
		default:
			t.Error(err)
		}
	})
	if won.Load() != 1 || lost.Load() != 19 {
		t.Errorf("%d won, %d were stale", won.Load(), lost.Load())
	}
	match.IfMatch = 2
	handle(t, d, "s1", accept{"s1", "late", ""}, match)
}

func TestKeysOfCallersAndRoutesAreApart(t *testing.T) {
	t.Parallel()
	first, again := decider.KeyOf("a", "b", "c"), decider.KeyOf("a", "b", "c")
	seen := map[ledger.Key]bool{}
	for _, k := range []ledger.Key{
		first, decider.KeyOf("ab", "", "c"), decider.KeyOf("a", "bc", ""), decider.KeyOf("b", "a", "c"),
	} {
		if seen[k] {
			t.Errorf("%x twice", k)
		}
		seen[k] = true
	}
	if first != again {
		t.Error("a key changes")
	}
}
