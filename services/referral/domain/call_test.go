package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

// TestF7_AReminderIsAskedTwoWorkingDaysBeforeTheFirstMeeting: the session begins on Monday 6 December, the call is on Thursday.
func TestF7_AReminderIsAskedTwoWorkingDaysBeforeTheFirstMeeting(t *testing.T) {
	t.Parallel()
	thursday := time.Date(2021, 12, 2, 8, 0, 0, 0, time.UTC)
	set, done := Due(dated)
	if set == nil || *set != (Deadline{Reminder, thursday}) || len(done) != 1 {
		t.Error(set, done)
	}
	call := AskCall{ReferralID: "r1", Kind: Reminder, At: thursday}
	reminder := events.CallAsked{
		ReferralID: "r1", FlagID: "f1", PersonID: "p1", Desk: "montpellier", Kind: Reminder, Until: dated.StartsAt, At: thursday,
	}
	given(t, opened, answered(Enrolled), dated).When(call).Then(reminder).When(call).Then()
	given(t, opened, answered(Enrolled), dated, withdrawn).When(call).Then()
	given(t, opened, answered(Enrolled), dated, answered(InProgress)).When(call).Then()
}

func TestASessionThatMovesIsRemindedOfAgain(t *testing.T) {
	t.Parallel()
	moved := dated
	moved.StartsAt = dated.StartsAt.AddDate(0, 0, 7)
	date := Date{ReferralID: "r1", StartsAt: moved.StartsAt, EndsAt: moved.EndsAt, At: noon}
	first, second := dueLetter(1, SeatLetter), dueLetter(2, MovedLetter)
	given(t, opened, answered(Enrolled)).When(Date{ReferralID: "r1", StartsAt: dated.StartsAt, EndsAt: dated.EndsAt, At: noon}).Then(dated, first)
	given(t, opened, answered(Enrolled), dated, first).When(date).Then(moved, second).When(date).Then()
	given(t, opened, answered(Waitlisted)).When(date).Then()
	again := AskCall{ReferralID: "r1", Kind: Reminder, At: moved.StartsAt.Add(-time.Hour)}
	given(t, opened, answered(Enrolled), dated, events.CallAsked{ReferralID: "r1", Kind: Reminder}, moved).When(again).Then(events.CallAsked{
		ReferralID: "r1", FlagID: "f1", PersonID: "p1", Desk: "montpellier", Kind: Reminder, Until: moved.StartsAt, At: again.At,
	})
}

// TestF8_ThreeMonthsAfterTheEndThePersonIsAskedHowItGoes: who followed the session to its end, and nobody else.
func TestF8_ThreeMonthsAfterTheEndThePersonIsAskedHowItGoes(t *testing.T) {
	t.Parallel()
	at := time.Date(2022, 2, 15, 8, 0, 0, 0, time.UTC)
	if set, _ := Due(answered(Completed)); set == nil || *set != (Deadline{ThreeMonths, at}) {
		t.Error(set)
	}
	for _, other := range []string{Dropped, NoShow, Declined, Cancelled} {
		if set, _ := Due(answered(other)); set != nil {
			t.Error(other, set)
		}
	}
	call := AskCall{ReferralID: "r1", Kind: ThreeMonths, At: at}
	given(t, opened, answered(Enrolled), answered(Completed)).When(call).Then(events.CallAsked{
		ReferralID: "r1", FlagID: "f1", PersonID: "p1", Desk: "montpellier", Kind: ThreeMonths, Until: time.Date(2022, 2, 18, 17, 0, 0, 0, time.UTC), At: at,
	}).When(call).Then()
}

func TestEveryStepOfASessionIsKept(t *testing.T) {
	t.Parallel()
	for name, way := range map[string][]string{
		"studied, then a seat":          {InStudy, Enrolled, InProgress, Completed},
		"studied, then too late":        {InStudy, Expired},
		"waited, offered, passed":       {Waitlisted, Offered, Waitlisted, Unserved},
		"waited, offered, taken":        {Waitlisted, Offered, Enrolled, NoShow},
		"cancelled with its session":    {Enrolled, Cancelled},
		"dropped, and that was wrong":   {Enrolled, InProgress, Dropped, InProgress, Completed},
		"the provider takes it back":    {Enrolled, Dropped, Waitlisted, Enrolled},
		"offered when it was cancelled": {Waitlisted, Offered, Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := given(t, opened)
			for _, answer := range way {
				c = c.When(heard(answer)).Then(answered(answer)).When(heard(answer)).Then()
			}
		})
	}
	for _, end := range []string{Declined, Expired, Unserved, Cancelled, Withdrawn, FollowedUp, Unreachable, Completed, Dropped, NoShow} {
		if (Referral{Status: end}).Open() {
			t.Error(end, "is open")
		}
	}
}
