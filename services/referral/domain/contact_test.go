package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

func spoken(t *testing.T, facts ...events.Referral) story.Case[Contacts, events.Referral] {
	return story.Given(t, EvolveContacts, facts...)
}

func ringing(outcome string, at time.Time) NoteContact {
	return NoteContact{
		ContactID: "c1", PersonID: "p1", Desk: "montpellier", Direction: "out", Channel: "phone", Outcome: outcome, AboutID: "r1", LetterID: "l1",
		By: "advisor-34", At: at,
	}
}

func rang(outcome string, at time.Time) events.ContactNoted {
	return events.ContactNoted{
		ContactID: "c1", PersonID: "p1", Desk: "montpellier", Direction: "out", Channel: "phone", Outcome: outcome, AboutID: "r1", By: "advisor-34", At: at,
	}
}

var (
	monday    = noon                    // 12:00 in Paris
	afternoon = noon.Add(5 * time.Hour) // another half-day
	tuesday   = noon.AddDate(0, 0, 1)   // and another
	letterDue = noon.AddDate(0, 0, 3)   // Thursday
	wanted    = events.LetterAsked{LetterID: "l1", PersonID: "p1", Desk: "montpellier", Until: time.Date(2021, 11, 18, 17, 0, 0, 0, time.UTC), At: tuesday}
	posted    = events.ContactNoted{PersonID: "p1", Direction: "out", Channel: "letter", Outcome: "sent", AboutID: "l1", At: letterDue}
)

// TestP13_ThreeHalfDaysWithoutAnAnswerAskForALetter: calling three times in one morning is one attempt.
func TestP13_ThreeHalfDaysWithoutAnAnswerAskForALetter(t *testing.T) {
	t.Parallel()
	missed := ringing("not_reached", tuesday)
	spoken(t, rang("not_reached", monday), rang("not_reached", afternoon)).When(missed).Then(rang("not_reached", tuesday), wanted).
		When(ringing("not_reached", letterDue)).Then(rang("not_reached", letterDue)) // one letter
	spoken(t, rang("not_reached", monday), rang("not_reached", monday.Add(30*time.Minute))).When(missed).Then(rang("not_reached", tuesday))
	spoken(t, rang("not_reached", monday), rang("not_reached", afternoon), rang("reached", afternoon)).When(missed).Then(rang("not_reached", tuesday))
}

func TestThirtyDaysAfterTheLetterTheDeskIsAskedToClose(t *testing.T) {
	t.Parallel()
	at := time.Date(2021, 12, 18, 8, 0, 0, 0, time.UTC)
	if set, _ := Due(posted); set == nil || *set != (Deadline{NoNews, at}) {
		t.Error(set)
	}
	ask := AskClose{PersonID: "p1", Desk: "montpellier", At: at}
	close := events.CloseAsked{LetterID: "l1", PersonID: "p1", Desk: "montpellier", Until: time.Date(2021, 12, 24, 17, 0, 0, 0, time.UTC), At: at}
	spoken(t, wanted, posted).When(ask).Then(close).When(ask).Then()
	spoken(t, wanted).When(ask).Then()
	word := rang("reached", letterDue)
	if _, done := Due(word); len(done) != 1 {
		t.Error(done)
	}
	spoken(t, wanted, posted, word).When(ask).Then()
}

func TestANoteIsSealedAndACallBackHasItsTime(t *testing.T) {
	t.Parallel()
	next := tuesday
	call := ringing("call_back", monday)
	spoken(t).When(call).Faults("next_at required")
	call.NextAt, call.Note = &next, "Exemple"
	want := rang("call_back", monday)
	want.NextAt, want.Details = &next, events.Clear("p1", events.Note{Text: "Exemple"})
	spoken(t).When(call).Then(want)
	call.At = tuesday
	spoken(t).When(call).Faults("next_at in_the_past")
	spoken(t).When(NoteContact{At: monday}).Faults("direction not_in_list", "channel not_in_list", "outcome not_in_list")
}
