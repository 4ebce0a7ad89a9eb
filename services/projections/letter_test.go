package projections

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

func dueLetter(o events.ReferralOpened, number, kind string) events.LetterDue {
	return events.LetterDue{
		LetterID: o.ReferralID + "." + number, ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, Kind: kind, Until: noon.AddDate(0, 0, 2), At: noon,
	}
}

func (h *house) letters(account string) []rest.Letter {
	return see[rest.Letters](h, account, "/letters").Items
}

func (h *house) text(account, path, media string) string {
	h.t.Helper()
	got := h.get(account, path, nil)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if h.must(err); got.StatusCode != 200 || !strings.HasPrefix(got.Header.Get("Content-Type"), media) {
		h.t.Fatal(got.StatusCode, got.Header.Get("Content-Type"), string(body))
	}
	return string(body)
}

// TestP31_ALetterIsALineThenAPageAndIsMadeAnewWhenTheSessionMoves: with the dates and the place as they are, once, until it leaves.
func TestP31_ALetterIsALineThenAPageAndIsMadeAnewWhenTheSessionMoves(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	h.hear(dueLetter(o, "1", "seat"))
	if got := h.letters("advisor-34b"); len(got) != 0 || h.get("advisor-34b", "/letters/"+o.ReferralID+".1", nil).StatusCode != 404 {
		t.Error("another desk:", got)
	}
	if got := h.get("provider-a", "/letters", nil).StatusCode; got != 403 {
		t.Error(got)
	}
	today := h.today()
	if l := today.Items[0]; len(today.Items) != 1 || l.Kind != "letter_to_print" || the(l.About) != o.ReferralID+".1" || !strings.Contains(the(l.Script), "Premiers pas session-1") {
		t.Fatalf("%+v", today.Items)
	}
	first := see[rest.Letter](h, "advisor-34", "/letters/"+o.ReferralID+".1")
	if !slices.Equal(first.To, []string{"Zélie Exemple-0", "1 rue Exemple", "34000 Montpellier"}) || len(first.Meetings) != 2 || the(first.Place) != "Salle Exemple, Montpellier" {
		t.Errorf("%+v", first)
	}
	moved := noon.AddDate(0, 0, 28)
	h.hear(events.SessionRescheduled{
		SessionID: "session-1", Reason: "animator", Insee: "34301", Place: "Autre salle", Status: "open", RegistrationClosesAt: moved.AddDate(0, 0, -4), At: noon,
		Meetings: []events.Meeting{{StartsAt: moved, EndsAt: moved.Add(90 * time.Minute)}},
	}, dueLetter(o, "2", "moved"))
	due := h.letters("advisor-34")
	if len(due) != 1 || the(due[0].ID) != o.ReferralID+".2" || due[0].Kind != "moved" || len(due[0].Meetings) != 1 || the(due[0].Place) != "Autre salle, Sète" {
		t.Fatalf("%+v", due)
	}
	page := h.text("advisor-34", "/referrals/"+o.ReferralID+"/letter?format=html", "text/html")
	for _, said := range []string{"Cette lettre remplace la précédente.", "lundi 13 décembre 2021, de 13 h à 14 h 30", "Autre salle, Sète", "04 65 71 34 01", "Zélie Exemple-0"} {
		if !strings.Contains(page, said) {
			t.Error("the page does not say", said)
		}
	}
	h.hear(events.LetterSent{LetterID: o.ReferralID + ".2", ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, By: "advisor-34", At: noon})
	if got := h.letters("advisor-34"); len(got) != 0 || h.today().Counts["letter_to_print"] != 0 {
		t.Error("it has left, and the one before is void:", got)
	}
	if got := see[rest.Letter](h, "advisor-34", "/referrals/"+o.ReferralID+"/letter"); got.ID != nil || got.Kind != "seat" {
		t.Errorf("it may be printed again: %+v", got)
	}
}

// TestP15_TheCalendarIsRenewedWhenTheSessionMoves: the same names, a later number, and nobody's name.
func TestP15_TheCalendarIsRenewedWhenTheSessionMoves(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	calendar := func() string {
		return h.text("advisor-34", "/referrals/"+o.ReferralID+"/letter?format=ics", "text/calendar")
	}
	value := func(text, name string) (values []string) {
		for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
			if found, ok := strings.CutPrefix(line, name+":"); ok {
				values = append(values, found)
			}
		}
		return values
	}
	before := calendar()
	h.hear(events.SessionRescheduled{
		SessionID: "session-1", Reason: "animator", Insee: "34172", Place: "Salle; au fond, à droite", Status: "open", RegistrationClosesAt: noon.AddDate(0, 0, 20), At: noon,
		Meetings: []events.Meeting{{StartsAt: noon.AddDate(0, 0, 28), EndsAt: noon.AddDate(0, 0, 28).Add(time.Hour)}},
	})
	after := calendar()
	if !slices.Equal(value(before, "UID")[:1], value(after, "UID")) || value(after, "SEQUENCE")[0] <= value(before, "SEQUENCE")[0] || value(after, "DTSTART")[0] != "20211213T120000Z" {
		t.Error(before, after)
	}
	if where := value(after, "LOCATION")[0]; where != `Salle\; au fond\, à droite\, Montpellier` {
		t.Error(where)
	}
	for line := range strings.SplitSeq(after, "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") || strings.Contains(line, "Exemple-0") {
			t.Error(line)
		}
	}
}

// TestEachStateOfAReferralHasItsLetter: what is certain is said, and nothing else.
func TestEachStateOfAReferralHasItsLetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	o := h.opened(h.senior("flag-1", "Exemple", "montpellier", "advisor-34"), "referral-1", "session-1", "provider-a")
	path := "/referrals/referral-1/letter"
	h.hear(o, h.requested(o))
	said := func(kind, words string) {
		t.Helper()
		got := see[rest.Letter](h, "advisor-34", path)
		if got.Kind != kind || !strings.Contains(strings.Join(got.Paragraphs, " "), words) {
			t.Errorf("%s: %+v", kind, got)
		}
	}
	said("asked", "Rien n’est encore certain")
	if got := h.get("advisor-34", path+"?format=ics", nil).StatusCode; got != 409 {
		t.Error("a calendar of nothing certain:", got)
	}
	h.hear(h.ranked(o))
	said("waiting", "liste d’attente")
	h.hear(h.taken(o))
	said("seat", "L’atelier est gratuit.")
	h.hear(events.RequestCancelled{SessionID: "session-1", ReferralID: o.ReferralID, Reason: "animator", Was: "enrolled", FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, At: noon})
	said("cancelled", "n’aura pas lieu")
	for account, status := range map[string]int{"advisor-34b": 404, "provider-a": 403} {
		if got := h.get(account, path, nil).StatusCode; got != status {
			t.Error(account, got)
		}
	}
	other := h.opened(h.senior("flag-2", "Exemple", "montpellier", "advisor-34"), "referral-2", "session-1", "provider-a")
	h.hear(other, h.requested(other), h.declined(other))
	if got := h.get("advisor-34", "/referrals/referral-2/letter", nil).StatusCode; got != 409 {
		t.Error("nothing is to be written:", got)
	}
}

// TestP16_TheListOfLettersLeavesOutTheDead: made before or after, nothing is printed.
func TestP16_TheListOfLettersLeavesOutTheDead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	h.hear(dueLetter(o, "1", "seat"), events.LetterAsked{LetterID: "l1", PersonID: o.PersonID, Desk: o.Desk, Until: noon, At: noon})
	if got := h.letters("advisor-34"); len(got) != 2 || got[0].Kind != "not_reached" || !got[1].Overdue && got[1].Kind != "seat" {
		t.Errorf("%+v", got)
	}
	h.hear(events.DeathTold{PersonID: o.PersonID, By: "advisor-34", At: noon})
	if got := h.letters("advisor-34"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	for _, path := range []string{"/letters/l1", "/letters/" + o.ReferralID + ".1", "/referrals/" + o.ReferralID + "/letter"} {
		if got := h.get("advisor-34", path, nil).StatusCode; got != 404 {
			t.Error(path, got)
		}
	}
}

// TestP31_ALetterAsksForATabletThatIsLate: from the day on which calls were of no use, also to somebody with a mobile; until it
// was sent, the tablet is back, or the person has died.
func TestP31_ALetterAsksForATabletThatIsLate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	group := h.group(3)
	for i, o := range group {
		item := fmt.Sprint("item-", i)
		h.hear(events.ItemRegistered{Pool: "provider-a", ItemID: item, Kind: "tablet", AssetTag: item, At: noon},
			events.TabletKept{Pool: "provider-a", ItemID: item, LoanID: "loan-" + o.ReferralID, SessionID: "session-1", ReferralID: o.ReferralID, PersonID: o.PersonID, From: "2021-10-01", To: "2021-10-15", At: noon},
			events.TabletHandedOver{Pool: "provider-a", LoanID: "loan-" + o.ReferralID, ItemID: item, ReferralID: o.ReferralID, PersonID: o.PersonID, From: "2021-10-01", To: "2021-10-15", Condition: "good", At: noon.AddDate(0, -1, 0)})
	}
	late := func(o events.ReferralOpened, kind string) events.LoanLate {
		return events.LoanLate{Pool: "provider-a", LoanID: "loan-" + o.ReferralID, ItemID: "item-0", ReferralID: o.ReferralID, PersonID: o.PersonID, Kind: kind, To: "2021-10-15", At: noon}
	}
	h.hear(late(group[0], "letter"), late(group[1], "letter"), late(group[2], "call"))
	id := "loan-" + group[0].ReferralID
	due := h.letters("advisor-34")
	if len(due) != 2 || the(due[0].ID) != id || due[0].Kind != "tablet" || the(due[0].DueOn) != "2021-10-15" || len(due[0].Meetings) != 0 {
		t.Fatalf("%+v", due)
	}
	said := strings.Join(due[0].Paragraphs, " ")
	for _, word := range []string{"Zélie Exemple-0", "« Premiers pas session-1 »", "vendredi 15 octobre 2021", "appelez-nous (", "04 65 71 34 01"} {
		if !strings.Contains(said, word) {
			t.Errorf("the letter does not say %q: %s", word, said)
		}
	}
	for _, line := range h.today().Items {
		if line.Kind == letterLine && see[rest.Letter](h, "advisor-34", "/letters/"+the(line.About)).Kind != "tablet" {
			t.Errorf("a line leads to no letter: %+v", line)
		}
	}
	if got := h.get("advisor-34b", "/letters/"+id, nil).StatusCode; got != 404 {
		t.Error("another desk:", got)
	}
	sheets := h.pdf("advisor-34", "/letters?format=pdf")
	if !strings.Contains(sheets, "La tablette qui vous a été prêtée") || !strings.Contains(sheets, "vendredi 15 octobre 2021") {
		t.Error(sheets)
	}
	h.hear(events.ContactNoted{ContactID: "c1", PersonID: group[0].PersonID, Desk: "montpellier", Direction: "out", Channel: "letter", Outcome: "sent", AboutID: id, By: "advisor-34", At: noon.Add(time.Hour)},
		events.DeathTold{PersonID: group[1].PersonID, By: "advisor-34", At: noon})
	if due := h.letters("advisor-34"); len(due) != 0 {
		t.Errorf("one was sent, and the other person has died: %+v", due)
	}
}

// TestP31_WhoHasFinishedOrLeftIsWrittenTo: with what comes next, and no dates of what is over.
func TestP31_WhoHasFinishedOrLeftIsWrittenTo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	group := h.group(2)
	h.hear(events.ParticipantDropped{SessionID: "session-1", ReferralID: group[1].ReferralID, Reason: "level", By: "provider-a", At: noon},
		events.SessionClosed{SessionID: "session-1", By: "provider-a", At: noon})
	for i, result := range []string{"completed", "dropped"} {
		l := see[rest.Letter](h, "advisor-34", "/referrals/"+group[i].ReferralID+"/letter")
		if l.Kind != result || l.ID != nil || len(l.Meetings) != 0 || !strings.Contains(strings.Join(l.Paragraphs, " "), "appelez-nous (") && !strings.Contains(strings.Join(l.Paragraphs, " "), "Appelez-nous (") {
			t.Errorf("%s: %+v", result, l)
		}
	}
}
