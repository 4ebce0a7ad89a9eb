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

func registered(pool string) events.Fact {
	return events.ItemRegistered{Pool: pool, ItemID: "i-" + pool, Kind: "tablet", AssetTag: "T-" + pool}
}

// taken is a seat with the provider of that pool.
func taken(pool string, n int) events.Fact {
	return events.SeatTaken{
		SessionID: "s1", ReferralID: fmt.Sprintf("r%d", n), FlagID: "f1", PersonID: "p1", ProviderID: pool, LoanWanted: true,
		From: "2021-12-06", To: "2021-12-13",
	}
}

// takenOwn is a seat for somebody with a tablet of their own.
func takenOwn(pool string, n int) events.Fact {
	seat := taken(pool, n).(events.SeatTaken)
	seat.LoanWanted = false
	return seat
}

// loans are who has a tablet of a pool and who lacks one.
func loans(w *enginetest.World, pool string) (list []string) {
	for _, e := range enginetest.Facts[events.TabletKept](w) {
		if e.Pool == pool {
			list = append(list, "kept "+e.ReferralID)
		}
	}
	for _, e := range enginetest.Facts[events.TabletLacking](w) {
		if e.Pool == pool {
			list = append(list, "lacking "+e.ReferralID)
		}
	}
	return list
}

func TestASeatKeepsATablet(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	for pool, c := range map[string]struct {
		heard []events.Fact
		want  []string
	}{
		"wanted":     {[]events.Fact{registered("wanted"), taken("wanted", 1)}, []string{"kept r1"}},
		"not wanted": {[]events.Fact{registered("not wanted"), takenOwn("not wanted", 1)}, nil},
		"two":        {[]events.Fact{registered("two"), taken("two", 1), taken("two", 2)}, []string{"kept r1", "lacking r2"}},
		"swapped":    {[]events.Fact{registered("swapped"), taken("swapped", 2), taken("swapped", 1)}, []string{"kept r2", "lacking r1"}},
		"empty":      {[]events.Fact{taken("empty", 1)}, []string{"lacking r1"}},
	} {
		t.Run(pool, func(t *testing.T) {
			w.Tell(c.heard...)
			if got := loans(w, pool); !slices.Equal(got, c.want) {
				t.Error(got)
			}
		})
	}
}

func TestSeatsHeardTwiceKeepNoSecondTablet(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Tell(registered("p1"), taken("p1", 1), taken("p1", 2))
	before := w.Told(Name)
	if len(before) != 3 {
		t.Fatal(before)
	}
	w.HearAgain()
	w.Tell(taken("p1", 1), taken("p1", 2), taken("p1", 1)) // told twice, so under other keys, with another in between
	if after := w.Told(Name); !slices.Equal(after, before) {
		t.Error(after)
	}
}
