package projections

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// group are people of Montpellier with a seat on one session.
func (h *house) group(n int) (all []events.ReferralOpened) {
	h.hear(h.planned("session-1", "provider-a", 8))
	for i := range n {
		f := h.senior(fmt.Sprint("flag-", i), fmt.Sprint("Exemple-", i), "montpellier", "advisor-34")
		o := h.opened(f, fmt.Sprint("referral-", i), "session-1", "provider-a")
		h.hear(o, events.HelpReferred{FlagID: f.FlagID, ReferralID: o.ReferralID, At: noon}, h.requested(o), h.taken(o))
		all = append(all, o)
	}
	return all
}

func (h *house) today() rest.Today {
	return see[rest.Today](h, "advisor-34", "/desks/montpellier/today")
}

// TestP15_CancelledAtFiveTheDayBeforeEightLinesStandOnTop: before anything that is late, each with what to say, where to ring, and
// what is held meanwhile; nobody is referred without their word.
func TestP15_CancelledAtFiveTheDayBeforeEightLinesStandOnTop(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	late := h.senior("flag-late", "Attend", "montpellier", "advisor-34")
	group := h.group(8)
	five := noon.AddDate(0, 0, 20).Add(4 * time.Hour)
	h.clock.Set(five)
	begin := time.Now()
	cancelled := []events.Fact{events.SessionCancelled{SessionID: "session-1", Reason: "animator", By: "provider-a", At: five}}
	for _, o := range group {
		cancelled = append(cancelled, events.RequestCancelled{
			SessionID: "session-1", ReferralID: o.ReferralID, Reason: "animator", Was: "enrolled", FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, At: five,
		})
	}
	h.hear(cancelled...)
	today := h.today()
	t.Log("told, heard and read as the list after", time.Since(begin))
	if today.Counts["session_cancelled"] != 8 || len(today.Items) != 9 || the(today.Items[8].FlagID) != late.FlagID || !today.Items[8].Overdue {
		t.Fatal(lines(today))
	}
	for _, l := range today.Items[:8] {
		if l.Kind != "session_cancelled" || l.Why != "animator" || the(l.Alternative) != "none" || l.Phone == nil || !strings.Contains(the(l.Script), "Premiers pas session-1") || l.About == nil {
			t.Errorf("%+v", l)
		}
	}
	first := today.Items[0]
	h.hear(events.ContactNoted{ContactID: "c1", PersonID: the(first.PersonID), Desk: "montpellier", Direction: "out", Channel: "phone", Outcome: "not_reached", AboutID: the(first.About), By: "advisor-34", At: five})
	if again := h.today(); again.Counts["session_cancelled"] != 8 || again.Items[0].Tries != 1 {
		t.Error(lines(again))
	}
	h.hear(events.ContactNoted{ContactID: "c2", PersonID: the(first.PersonID), Desk: "montpellier", Direction: "out", Channel: "phone", Outcome: "reached", AboutID: the(first.About), By: "advisor-34", At: five.Add(time.Minute)})
	if again := h.today(); again.Counts["session_cancelled"] != 7 {
		t.Error(lines(again))
	}
}

// TestP15_AHeldAlternativeStandsOnTheLine until it ends, and its seat is nobody else's.
func TestP15_AHeldAlternativeStandsOnTheLine(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	five := noon.AddDate(0, 0, 1)
	h.clock.Set(five)
	kept := events.AlternativeHeld{
		SessionID: "session-2", ReferralID: o.ReferralID, OfferID: "session-2." + o.ReferralID + ".alternative", FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk,
		Until: noon.AddDate(0, 0, 7), At: noon,
	}
	h.hear(h.planned("session-2", "provider-a", 2), events.SessionCancelled{SessionID: "session-1", Reason: "animator", By: "provider-a", At: five}, events.RequestCancelled{
		SessionID: "session-1", ReferralID: o.ReferralID, Reason: "animator", Was: "enrolled", FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, At: five,
	}, kept)
	if l := h.today().Items[0]; the(l.Alternative) != "session-2" || the(l.AlternativeOffer) != kept.OfferID || l.AlternativeUntil == nil || !l.AlternativeUntil.Equal(kept.Until) {
		t.Errorf("%+v", l)
	}
	if s := see[rest.Session](h, "advisor-34", "/sessions/session-2"); s.Held != 1 || *s.Free != 1 {
		t.Error(s.Held, *s.Free)
	}
	h.hear(events.AlternativeEnded{SessionID: "session-2", ReferralID: o.ReferralID, OfferID: kept.OfferID, FlagID: o.FlagID, Reason: "refused", By: "advisor-34", At: noon})
	if l := h.today().Items[0]; the(l.Alternative) != "none" || l.AlternativeOffer != nil {
		t.Errorf("%+v", l)
	}
	if s := see[rest.Session](h, "advisor-34", "/sessions/session-2"); s.Held != 0 || *s.Free != 2 {
		t.Error(s.Held, *s.Free)
	}
}

// TestF7_AReminderHasItsSentence: a reminder is for those whom no message reaches.
func TestF7_AReminderHasItsSentence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	thursday := noon.AddDate(0, 0, 17)
	h.clock.Set(thursday)
	h.hear(events.CallAsked{ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, Kind: "reminder", Until: noon.AddDate(0, 0, 21), At: thursday})
	today := h.today()
	if len(today.Items) != 1 || today.Items[0].Kind != "reminder" || !strings.Contains(the(today.Items[0].Script), "lundi 6 décembre") {
		t.Fatalf("%+v", today.Items)
	}
	for number, wanted := range map[string]bool{"+33465710001": false, "+33612345678": true, "0612345678": true, "": false} {
		if reachable(events.Person{Phone: number}) != wanted {
			t.Error(number)
		}
	}
	if !reachable(events.Person{Email: "testine@exemple.fr"}) {
		t.Error("an e-mail reaches nobody")
	}
}

// TestACallBackStandsOnTheDayItWasPromised and until somebody was reached.
func TestACallBackStandsOnTheDayItWasPromised(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	next := noon.AddDate(0, 0, 1)
	contact := events.ContactNoted{ContactID: "c1", PersonID: o.PersonID, Desk: o.Desk, Direction: "out", Channel: "phone", Outcome: "call_back", NextAt: &next, By: "advisor-34", At: noon}
	h.hear(contact)
	if got := h.today(); len(got.Items) != 0 {
		t.Error(lines(got))
	}
	h.clock.Set(next)
	if got := h.today(); got.Counts["call_back"] != 1 {
		t.Error(lines(got))
	}
	contact.ContactID, contact.Outcome, contact.NextAt, contact.At = "c2", "reached", nil, next
	h.hear(contact)
	if got := h.today(); len(got.Items) != 0 {
		t.Error(lines(got))
	}
}

// TestC3_TwoRefusalsThenAYesAreOneWay: three referrals, and the wait is counted from the flag.
func TestC3_TwoRefusalsThenAYesAreOneWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Exemple", "montpellier", "advisor-34")
	follows := ""
	for i, id := range []string{"referral-1", "referral-2", "referral-3"} {
		session := fmt.Sprint("session-", i)
		o := h.opened(f, id, session, "provider-a")
		o.Follows, o.At = follows, noon.AddDate(0, 0, i)
		h.hear(h.planned(session, "provider-a", 1), o, h.requested(o))
		if follows = id; i < 2 {
			h.hear(h.declined(o))
			continue
		}
		yes := h.taken(o)
		yes.At = noon.AddDate(0, 0, 10)
		h.hear(yes)
	}
	got := see[rest.Referral](h, "advisor-34", "/referrals/referral-3")
	var stages []string
	for _, j := range got.Journey {
		stages = append(stages, j.Stage+" "+j.State)
	}
	if text := strings.Join(stages, ", "); !strings.Contains(text, "referral declined, referral declined, referral done, seat done") || *got.WaitedDays < 9 || *got.WaitedDays > 10 {
		t.Error(text, *got.WaitedDays)
	}
}
