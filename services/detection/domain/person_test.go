package domain

import (
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/story"
)

func givenPerson(t *testing.T, facts ...events.Detection) story.Case[Person, events.Detection] {
	t.Helper()
	return story.Given(t, EvolvePerson, append([]events.Detection{
		events.PersonRegistered{PersonID: "p1", Fund: "carsat-lr", At: noon, Details: events.Clear("p1", testine().Person)},
	}, facts...)...)
}

var (
	died   = events.DeathTold{PersonID: "p1", At: noon}
	joined = events.RecordJoined{PersonID: "p1", WithID: "p2", At: noon}
	merged = events.PersonMerged{PersonID: "p1", OtherID: "p2", At: noon}
	hidden = events.ErasureRequested{PersonID: "p1", EraseAt: noon.AddDate(0, 0, 30), At: noon}
	other  = Person{ID: "p2", Fund: "carsat-lr"}
)

func TestNothingIsDoneWithTheDeadTheHiddenAndRecordsOfOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []interface {
		Decide(Person) ([]events.Detection, error)
	}{
		Correct{Person: *testine(), At: noon}, Merge{OtherID: "p2", Other: other, At: noon}, Move{Address: events.Address{Insee: "34172"}, Directory: sample.Directory(), At: noon},
		NoteConsent{PersonID: "p1", Kind: ConsentStudy, At: noon}, Object{At: noon}, Wish{At: noon}, Link{OtherID: "p2", Other: other, At: noon},
	} {
		givenPerson(t, died).When(c).Refused(ErrDead)
		givenPerson(t, joined).When(c).Refused(ErrMerged)
		givenPerson(t, hidden).When(c).Refused(ErrNoPerson)
		if facts, err := c.Decide(Person{}); facts != nil || err == nil {
			t.Errorf("%T about nobody: %v", c, facts)
		}
		if facts, _ := givenPerson(t, died, events.DeathUndone{PersonID: "p1", At: noon}).When(c).Told(); len(facts) == 0 {
			t.Errorf("%T is refused after the death was undone", c)
		}
	}
}

func TestAMergeIsToldInBothRecordsAndTakenBackWithinThirtyDays(t *testing.T) {
	t.Parallel()
	givenPerson(t).When(Merge{PersonID: "p1", OtherID: "p2", Other: other, By: "a", At: noon}).Then(
		events.RecordJoined{PersonID: "p2", WithID: "p1", By: "a", At: noon}, events.PersonMerged{PersonID: "p1", OtherID: "p2", By: "a", At: noon})
	there := other
	there.With = "p1"
	givenPerson(t, merged).When(Merge{PersonID: "p1", OtherID: "p2", Other: there, At: noon}).Then()
	for _, not := range []Person{{}, {ID: "p2", Fund: "carsat-bfc"}, {ID: "p2", Fund: "carsat-lr", Dead: true}, {ID: "p2", Fund: "carsat-lr", With: "p3"}, {ID: "p2", Fund: "carsat-lr", EraseAt: noon}} {
		if facts, err := (Merge{PersonID: "p1", OtherID: "p2", Other: not, At: noon}).Decide(givenPerson(t).State); err == nil {
			t.Errorf("%+v: %v", not, facts)
		}
	}
	day := 24 * time.Hour
	givenPerson(t, merged).When(Part{PersonID: "p1", OtherID: "p2", At: noon.Add(30 * day)}).Then(
		events.RecordLeft{PersonID: "p2", WithID: "p1", At: noon.Add(30 * day)}, events.PersonParted{PersonID: "p1", OtherID: "p2", At: noon.Add(30 * day)})
	givenPerson(t, merged).When(Part{PersonID: "p1", OtherID: "p2", At: noon.Add(30*day + time.Second)}).Refused(ErrSettled)
	givenPerson(t).When(Part{PersonID: "p1", OtherID: "p2", At: noon}).Refused(ErrNotMerged)
}

func TestHelpEndsForWhatIsToldOfThePerson(t *testing.T) {
	t.Parallel()
	ends := func(help, reason string) events.HelpEnded {
		return events.HelpEnded{FlagID: "f1", Help: help, Reason: reason, At: noon}
	}
	given(t, flagged(nil)).When(EndHelp{FlagID: "f1", Reason: "deceased", At: noon}).Then(ends("closed", "deceased"))
	given(t, flagged(nil)).When(EndHelp{FlagID: "f1", Reason: "consent_withdrawn", At: noon}).Then(ends("none", "consent_withdrawn"))
	given(t, flagged(nil), ends("closed", "moved")).When(EndHelp{FlagID: "f1", Reason: "deceased", At: noon}).Then()
	given(t, flagged(nil), ends("none", "consent_withdrawn")).When(ResumeHelp{FlagID: "f1", At: noon}).Then(events.HelpResumed{FlagID: "f1", Help: "to_refer", At: noon})
	given(t, flagged(nil), ends("closed", "deceased")).When(ResumeHelp{FlagID: "f1", At: noon}).Then()
	given(t, flagged(nil), ends("closed", "deceased")).When(NoteReferral{FlagID: "f1", ReferralID: "r1", At: noon}).Then()
	given(t, flagged(nil), ends("closed", "deceased")).When(NoteEnd{FlagID: "f1", ReferralID: "r1", At: noon}).Then()
	if _, release := Claims(Evolve(Flag{}, flagged(nil)), ends("closed", "deceased")); !slices.Equal(release, []string{"open-flag:reperage-lr:p1"}) {
		t.Error("a closed flag stands in the way of the next:", release)
	}
	if _, release := Claims(Evolve(Flag{}, flagged(nil)), ends("none", "consent_withdrawn")); release != nil {
		t.Error(release)
	}
}

func TestTheSocialServiceKeepsWhomItKnows(t *testing.T) {
	t.Parallel()
	unit := flagged(func(e *events.SeniorFlagged) { e.Fund, e.Desk, e.Department = "carsat-bfc", "nievre", "58" })
	move := HandOver{FlagID: "f1", Department: "21", Directory: sample.Directory(), At: noon}
	given(t, unit).When(move).Then(events.FlagHandedOver{FlagID: "f1", Desk: "cote-dor", Department: "21", At: noon})
	phone := flagged(func(e *events.SeniorFlagged) { e.Desk = "plateforme-telephonique" })
	move.Department = "30"
	given(t, phone).When(move).Then() // it looks after the whole fund
	given(t, flagged(nil)).When(move).Then(events.FlagHandedOver{FlagID: "f1", Desk: "nimes", Department: "30", At: noon})
}
