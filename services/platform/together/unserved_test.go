package together

import (
	"strings"
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
)

// TestP5_WhoWaitedInVainComesFirstNextTime at the same provider, for the same skills, with the reason shown to both; and once:
// who had a seat meanwhile waits like everybody.
func TestP5_WhoWaitedInVainComesFirstNextTime(t *testing.T) {
	t.Parallel()
	n := newTown(t, 1)
	seated, waits, other, late := n.senior(1), n.senior(2), n.senior(3), n.senior(4)
	first := n.session("Complet", 1, enginetest.Noon.AddDate(0, 0, 21))
	n.seat(seated, first)
	vain := n.seat(waits, first) // a rank, and no seat
	n.Clock.Set(enginetest.Noon.AddDate(0, 0, 20))
	n.quiet()
	if got := n.see("advisor-34", "/referrals/"+vain); got["status"] != "unserved" {
		t.Fatal(got["status"])
	}
	next := n.session("Encore", 1, n.Clock.Now().AddDate(0, 0, 21))
	n.seat(other, next)
	behind, before := n.seat(late, next), n.seat(waits, next)
	rank := func(referral string) any { return n.see("advisor-34", "/referrals/"+referral)["rank"] }
	if rank(before) != 1.0 || rank(behind) != 2.0 {
		t.Error(rank(before), rank(behind))
	}
	if why := n.see("advisor-34", "/referrals/"+before+"/why"); why["rule"] != "unserved" || !strings.Contains(text(why, "text"), "attendu en vain") {
		t.Error(why)
	}
	why := n.see("advisor-34", "/referrals/"+behind+"/why")
	decisions, _ := why["decisions"].([]any)
	last, _ := decisions[len(decisions)-1].(object)
	if why["rule"] != "yes_order" || last["code"] != "other_before" || last["rule"] != "unserved" {
		t.Error(why)
	}
	if person := text(n.see("advisor-34", "/referrals/"+before), "person_id"); strings.Contains(text(last, "text"), person) {
		t.Error("it leads to somebody:", last)
	}
	n.post(200, "workshop", "provider-a", "/sessions/"+next+"/capacity", object{"capacity": 2, "reason": "demand"})
	n.post(200, "workshop", "advisor-34", "/seat-offers/"+next+"."+before+".1/take", object{})
	third := n.session("Toujours", 1, n.Clock.Now().AddDate(0, 0, 25))
	n.seat(n.senior(5), third)
	n.seat(late, third)
	again := n.seat(waits, third)
	if rank(again) != 2.0 {
		t.Error("they had a seat meanwhile:", rank(again))
	}
}
