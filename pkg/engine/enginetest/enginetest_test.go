package enginetest_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
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
