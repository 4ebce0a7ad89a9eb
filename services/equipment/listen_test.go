package equipment

import (
	"fmt"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// setup has a pool with one tablet.
func setup(t *testing.T) *enginetest.World {
	t.Helper()
	w := enginetest.Start(t, Name, Run)
	w.Tell(events.ItemRegistered{Pool: "provider-a", ItemID: "i1", Kind: "tablet", AssetTag: "T-1"})
	return w
}

func taken(n int, loan bool) events.Fact {
	return events.SeatTaken{
		SessionID: "s1", ReferralID: fmt.Sprintf("r%d", n), FlagID: "f1", PersonID: "p1", ProviderID: "provider-a", LoanWanted: loan,
		From: "2021-12-06", To: "2021-12-13",
	}
}

// loans are who has a tablet and who lacks one, in order.
func loans(w *enginetest.World) (list []string) {
	for _, e := range enginetest.Facts[events.TabletKept](w) {
		list = append(list, "kept "+e.ReferralID)
	}
	for _, e := range enginetest.Facts[events.TabletLacking](w) {
		list = append(list, "lacking "+e.ReferralID)
	}
	return list
}

func TestASeatKeepsATablet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts []events.Fact
		want  []string
	}{
		"wanted":       {[]events.Fact{taken(1, true)}, []string{"kept r1"}},
		"not wanted":   {[]events.Fact{taken(1, false)}, nil},
		"two for one":  {[]events.Fact{taken(1, true), taken(2, true)}, []string{"kept r1", "lacking r2"}},
		"swapped":      {[]events.Fact{taken(2, true), taken(1, true)}, []string{"kept r2", "lacking r1"}},
		"another pool": {[]events.Fact{events.SeatTaken{ReferralID: "r1", ProviderID: "provider-b", LoanWanted: true}}, []string{"lacking r1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.Tell(c.facts...)
			if got := loans(w); !slices.Equal(got, c.want) {
				t.Error(got)
			}
		})
	}
}

func TestSeatsHeardTwiceKeepNoSecondTablet(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Tell(taken(1, true), taken(2, true))
	before := w.Told(Name)
	if len(before) != 3 {
		t.Fatal(before)
	}
	w.HearAgain()
	w.Tell(taken(1, true), taken(2, true), taken(1, true)) // told twice, so under other keys, with another in between
	if after := w.Told(Name); !slices.Equal(after, before) {
		t.Error(after)
	}
}
