package projections

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

// TestANewLinkThatIsAskedForStandsOnTheList of the desk that may make it, until it is made.
func TestANewLinkThatIsAskedForStandsOnTheList(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Exemple-Lien", "montpellier", "advisor-34")
	h.hear(h.planned("session-1", "provider-a", 2))
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o, events.HelpReferred{FlagID: f.FlagID, ReferralID: o.ReferralID, At: noon}, h.requested(o), h.held(o))
	asked := events.LinkAsked{SessionID: "session-1", ReferralID: "referral-1", LinkID: "l1", At: noon.Add(time.Hour)}
	h.hear(asked)
	today := h.today()
	if today.Counts["link_asked"] != 1 || len(today.Items) != 1 || today.Items[0].Why != "link_over" || the(today.Items[0].ReferralID) != "referral-1" || today.Items[0].Person == nil {
		t.Fatal(lines(today))
	}
	h.hear(events.LinkIssued{LinkID: "l2", SessionID: "session-1", ReferralID: "referral-1", Renews: "l1", By: "advisor-34", At: noon.Add(2 * time.Hour)})
	if again := h.today(); again.Counts["link_asked"] != 0 {
		t.Error(lines(again))
	}
	asked.LinkID, asked.At = "l2", noon.Add(3*time.Hour)
	h.hear(asked)
	if again := h.today(); again.Counts["link_asked"] != 1 {
		t.Error(lines(again))
	}
}
