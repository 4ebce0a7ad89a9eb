package projections

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/projections/rest"
)

// waitlisted joins the list of session-1 at a rank.
func (h *house) waitlisted(o events.ReferralOpened, rank int, at time.Time) events.WaitingListJoined {
	return events.WaitingListJoined{SessionID: o.SessionID, ReferralID: o.ReferralID, Rank: rank, By: "provider-a", At: at}
}

// TestF3_WhyHerAndNotMe: who went first, and by which rule, without a name.
func TestF3_WhyHerAndNotMe(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	var list []events.ReferralOpened
	for i := range 3 {
		f := h.senior(fmt.Sprint("flag-", i), fmt.Sprint("Exemple-", i), "montpellier", "advisor-34")
		o := h.opened(f, fmt.Sprint("referral-", i), "session-1", "provider-a")
		h.hear(o, h.requested(o), events.RequestQueued{SessionID: "session-1", ReferralID: o.ReferralID, WouldBeRank: i + 1, At: noon})
		list = append(list, o)
	}
	h.hear(h.waitlisted(list[1], 1, noon.Add(time.Hour)), h.waitlisted(list[0], 2, noon.Add(2*time.Hour)))
	h.hear(events.SeatOffered{SessionID: "session-1", ReferralID: "referral-1", OfferID: "session-1.referral-1.1", FlagID: "flag-1", PersonID: list[1].PersonID, Desk: "montpellier", Until: noon.AddDate(0, 0, 3), At: noon.Add(3 * time.Hour)})
	why := see[rest.ReferralWhy](h, "advisor-34", "/referrals/referral-0/why")
	last := why.Decisions[len(why.Decisions)-1]
	if why.Rank == nil || *why.Rank != 2 || why.Rule != "yes_order" || last.Code != "other_offered" || the(last.Rule) != "yes_order" {
		t.Errorf("%+v", why)
	}
	for _, d := range why.Decisions {
		if strings.Contains(d.Text, "Exemple") || strings.Contains(d.Text, "referral-1") {
			t.Error("it names somebody", d.Text)
		}
	}
	if got := h.get("advisor-30", "/referrals/referral-0/why", nil).StatusCode; got != 404 {
		t.Error(got)
	}
}

// TestE7_ThePriorityOfAProgrammeIsExplained with the decision that it cites; reperage-lr has none.
func TestE7_ThePriorityOfAProgrammeIsExplained(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, p := range sample.Programmes(noon) {
		if p.Programme == "reperage-lr" && p.Priority != nil {
			t.Error("the order of reperage-lr is that of the yes")
		}
	}
	h.hear(h.planned("session-1", "provider-a", 1))
	var list []events.ReferralOpened
	for i := range 2 {
		f := h.senior(fmt.Sprint("flag-", i), fmt.Sprint("Exemple-", i), "montpellier", "advisor-34")
		o := h.opened(f, fmt.Sprint("referral-", i), "session-1", "provider-a")
		asked := h.requested(o)
		if i == 1 {
			asked.Priority = "isolated"
		}
		h.hear(o, asked, events.RequestQueued{SessionID: "session-1", ReferralID: o.ReferralID, WouldBeRank: i + 1, At: noon})
		list = append(list, o)
	}
	h.hear(h.waitlisted(list[0], 1, noon.Add(time.Hour)), h.waitlisted(list[1], 1, noon.Add(2*time.Hour)))
	why := see[rest.ReferralWhy](h, "advisor-34", "/referrals/referral-0/why")
	last := why.Decisions[len(why.Decisions)-1]
	if last.Code != "other_before" || the(last.Rule) != "priority" || !strings.Contains(last.Text, "isolées") || *why.Rank != 2 {
		t.Errorf("%+v", why)
	}
	if first := see[rest.ReferralWhy](h, "advisor-34", "/referrals/referral-1/why"); first.Rule != "priority" || *first.Rank != 1 {
		t.Errorf("%+v", first)
	}
}
