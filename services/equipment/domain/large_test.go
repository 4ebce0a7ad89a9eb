package domain

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
)

// lentAndBack are the facts of one loan of a pool, from its being kept to its return, with one that waits beside it.
func lentAndBack(n int) []events.Equipment {
	loan, waits := fmt.Sprintf("l%d", n), fmt.Sprintf("w%d", n)
	return []events.Equipment{
		events.TabletKept{Pool: "p", ItemID: "i", LoanID: loan, ReferralID: "r" + loan, From: "2026-01-05", To: "2026-01-06"},
		events.TabletLacking{Pool: "p", LoanID: waits, ReferralID: "r" + waits, From: "2026-01-05", To: "2026-01-06"},
		events.TabletHandedOver{Pool: "p", ItemID: "i", LoanID: loan},
		events.TabletReturned{Pool: "p", ItemID: "i", LoanID: loan},
		events.TabletReleased{Pool: "p", LoanID: waits, ReferralID: "r" + waits},
	}
}

func minutesWith(n int) []events.Grant {
	id := fmt.Sprintf("e%d", n)
	return []events.Grant{
		events.EntitlementRequested{EntitlementID: id, PersonID: "p" + id},
		events.EntitlementApproved{EntitlementID: id, Version: 1, Minutes: 360},
		events.MinutesUsed{EntitlementID: id, Minutes: 60},
	}
}

// TestWhatAFactCostsDoesNotGrow: a process that starts reads a pool's whole life before its first decision. If each fact
// copied what came before, ten thousand loans would take longer than anybody waits.
func TestWhatAFactCostsDoesNotGrow(t *testing.T) {
	if few, many := grows(300, lentAndBack, Evolve); many > 3*few {
		t.Errorf("the first loans of a pool take %d bytes, as many after ten times as many %d", few, many)
	}
	if few, many := grows(300, minutesWith, EvolveGrants); many > 3*few {
		t.Errorf("the first entitlements take %d bytes, as many after ten times as many %d", few, many)
	}
	copied := func(all []int, _ events.Equipment) []int { return append(slices.Clone(all), 1) }
	if few, many := grows(100, lentAndBack, copied); many <= 3*few {
		t.Error("a state that is copied whole is not found")
	}
}

// grows gives how many bytes the first n take, and n more after ten times as many.
func grows[S, E any](n int, facts func(n int) []E, evolve func(S, E) S) (few, many uint64) {
	var state S
	steps := func(from, to int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for at := from; at < to; at++ {
			for _, f := range facts(at) {
				state = evolve(state, f)
			}
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	few = steps(0, n)
	steps(n, 10*n)
	return few, steps(10*n, 11*n)
}
