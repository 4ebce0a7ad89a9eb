package enginetest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/web"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// lend keeps a tablet whatever came before: a rule that relies on the key alone.
type lend struct{ referral string }

func (l lend) Decide(int) ([]events.Equipment, error) {
	return []events.Equipment{events.TabletKept{Pool: "p1", ItemID: "i1", ReferralID: l.referral}}, nil
}

// lender hears seats; keyed or, as it must not be, not.
func lender(keyed bool) enginetest.Run {
	return func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		pools := decider.New(e.Ledger, e.Codec, decider.Aggregate[int, events.Equipment]{
			Kind: "pool", Evolve: func(n int, _ events.Equipment) int { return n + 1 },
		})
		heard, err := e.Listen(engine.On(func(f events.SeatTaken) string { return "p1" },
			func(ctx context.Context, f events.SeatTaken, h feed.Heard, key ledger.Key) error {
				if !keyed {
					key = ledger.Key{}
				}
				return engine.React(ctx, pools, "p1", lend{f.ReferralID}, h, key)
			}))
		return http.NotFoundHandler(), heard, err
	}
}

func TestHearingAgainFindsAListenerThatDoesThingsTwice(t *testing.T) {
	t.Parallel()
	for _, keyed := range []bool{true, false} {
		w := enginetest.Start(t, "equipment", lender(keyed))
		w.Tell(events.SeatTaken{ReferralID: "r1"}, events.SeatTaken{ReferralID: "r2"})
		before := w.Told("equipment")
		if len(before) != 2 {
			t.Fatal(before)
		}
		w.HearAgain()
		if same := slices.Equal(w.Told("equipment"), before); same != keyed {
			t.Errorf("keyed %v: %v", keyed, w.Told("equipment"))
		}
	}
}

// pair are two processes of which neither tells anything before both have begun to.
type pair struct{ begun, done sync.WaitGroup }

// yearly looks at a tablet when it is due, whatever came before: a rule that relies on the key alone.
func yearly(keyed bool, both *pair) enginetest.Run {
	return func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		pools := decider.New(e.Ledger, e.Codec, decider.Aggregate[int, events.Equipment]{
			Kind: "pool", Evolve: func(n int, _ events.Equipment) int { return n + 1 },
		})
		due := func(f events.Fact) (add, done []deadline.Due) {
			switch f := f.(type) {
			case events.ItemRegistered:
				add = append(add, deadline.Due{At: f.At, Aggregate: "p1", Kind: "look"})
			case events.TabletKept:
				done = append(done, deadline.Due{Aggregate: "p1", Kind: "look"})
			}
			return add, done
		}
		look := func(ctx context.Context, _ deadline.Due, key ledger.Key) error {
			both.begun.Done()
			both.begun.Wait()
			defer both.done.Done()
			if !keyed {
				key = ledger.Key{}
			}
			return engine.React(ctx, pools, "p1", lend{"r1"}, feed.Heard{}, key)
		}
		heard, err := e.Listen(engine.On(func(events.SeatTaken) string { return "" }, func(context.Context, events.SeatTaken, feed.Heard, ledger.Key) error { return nil }))
		return http.NotFoundHandler(), heard, errors.Join(err, e.Deadlines(due, look))
	}
}

// TestTwoProcessesAtOnceFindADeadlineWhoseIdentityIsNotDerived: with it, the same two tell one fact.
func TestTwoProcessesAtOnceFindADeadlineWhoseIdentityIsNotDerived(t *testing.T) {
	t.Parallel()
	for _, keyed := range []bool{true, false} {
		var both pair
		both.begun.Add(2)
		both.done.Add(2)
		w := enginetest.Start(t, "equipment", yearly(keyed, &both))
		beside := w.Beside("equipment", yearly(keyed, &both))
		soon := enginetest.Noon.AddDate(1, 0, 0)
		w.Append(events.ItemRegistered{Pool: "p1", ItemID: "i1", AssetTag: "T1", At: soon})
		enginetest.Quiet(w, beside)
		if next := w.NextDue(); !next.Equal(soon) {
			t.Fatal(next)
		}
		w.Clock.Set(soon)
		both.done.Wait()
		enginetest.Quiet(w, beside)
		if kept := len(enginetest.Facts[events.TabletKept](w)); (kept == 1) != keyed {
			t.Errorf("keyed %v: %d", keyed, kept)
		}
	}
}
