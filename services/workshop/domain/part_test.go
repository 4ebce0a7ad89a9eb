package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

// running is a session of two meetings that has begun, with people who have seats.
func running(who ...string) []events.Workshop {
	return append(facts(just(of8(4)), seated(who...)), events.RegistrationClosed{SessionID: "s1", At: closing}, events.SessionStarted{SessionID: "s1", At: first})
}

func attend(when time.Time, meeting int, people ...Presence) Attend {
	return Attend{Change: change(when), Meeting: meeting, Participants: people}
}

func TestWhoIsAbsentFromTheFirstTwoMeetingsNeverCame(t *testing.T) {
	t.Parallel()
	c := given(t, running("anna", "bruno", "chloe")...)
	c.When(attend(noon, 1)).Refused(ErrNotBegun)
	c.When(attend(first, 2)).Refused(ErrNotBegun)
	c.When(attend(first, 3)).Refused(ErrNoMeeting)
	c.When(attend(first, 1, Presence{"zoe", "there"})).Faults("participants[0].referral_id not_a_participant", "participants[0].status not_in_list")
	told, c := c.When(attend(first, 1, Presence{"anna", "absent"}, Presence{"bruno", "present"}, Presence{"chloe", "excused"})).Told()
	if len(told) != 1 {
		t.Fatal(told)
	}
	told, c = c.When(attend(last, 2, Presence{"anna", "absent"}, Presence{"bruno", "absent"}, Presence{"chloe", "absent"})).Told()
	if len(told) != 2 || told[1] != events.Workshop(events.NoShow{SessionID: "s1", ReferralID: "anna", At: last}) || c.State.Taken != 2 {
		t.Fatal(told)
	}
	told, c = c.When(attend(last, 1, Presence{"anna", "present"})).Told() // the list was wrong
	if back, ok := told[1].(events.ParticipantRestored); !ok || back.ReferralID != "anna" || c.State.AnswerTo("anna").Status != Enrolled {
		t.Fatal(told)
	}
}

func TestWhoStaysAwayIsDroppedAndNeverCameIsANoShow(t *testing.T) {
	t.Parallel()
	c := given(t, running("anna", "bruno")...)
	c.When(Drop{change(first), "anna", "weather"}).Faults("reason not_in_list")
	c.When(Drop{change(first), "anna", "absent"}).Then(events.NoShow{SessionID: "s1", ReferralID: "anna", By: "provider-a", At: first})
	dropped := events.ParticipantDropped{SessionID: "s1", ReferralID: "bruno", Reason: "health", By: "provider-a", At: first}
	c = c.When(Drop{change(first), "bruno", "health"}).Then(dropped).When(Drop{change(first), "bruno", "health"}).Then()
	week := first.AddDate(0, 0, 7)
	restored := events.ParticipantRestored{SessionID: "s1", ReferralID: "bruno", Reason: "entered_in_error", By: "provider-a", At: week}
	c.When(Undo{change(week), "bruno", "entered_in_error"}).Then(restored)
	c.When(Undo{change(first.AddDate(0, 0, 8)), "bruno", "entered_in_error"}).Refused(ErrUndoneLate)
	c.When(Undo{change(first), "anna", "entered_in_error"}).Refused(ErrNotUndone)
}

func TestARemovalBeforeTheBeginningGivesTheSeatOnAndIsUndoneAtTheHeadOfTheList(t *testing.T) {
	t.Parallel()
	freed := events.SeatFreed{SessionID: "s1", ReferralID: "anna", Reason: "moved", By: "provider-a", At: noon}
	c := given(t, full()...).When(Remove{change(noon), "anna", "moved"}).Then(freed, offered("bruno", 1))
	c = c.When(Undo{change(noon), "anna", "entered_in_error"}).Then(waits("anna", 1))
	if c.State.AnswerTo("anna").Rank != 1 || c.State.AnswerTo("bruno").Rank != 2 {
		t.Fatal(c.State.AnswerTo("anna"))
	}
	given(t, append(facts(just(one()), seated("anna")), freed)...).When(Undo{change(noon), "anna", "other"}).Then(taken("anna"))
	given(t, running("anna")...).When(Remove{change(first), "anna", "group"}).
		Then(events.ParticipantRemoved{SessionID: "s1", ReferralID: "anna", Reason: "group", By: "provider-a", At: first})
}

func TestE1_NobodyLearnsInASessionWhatItIsNotAbout(t *testing.T) {
	t.Parallel()
	email := session(func(s *events.SessionPlanned) { s.Skills = []string{"email"} })
	c := given(t, append([]events.Workshop{email}, seated("anna")...)...)
	outcome := func(o events.Outcome) RecordOutcome { return RecordOutcome{change(last), "anna", o} }
	c.When(outcome(events.Outcome{Skills: map[string]events.Gain{"security": {Before: 0, After: 2}}})).Faults("skills.security not_covered")
	c.When(outcome(events.Outcome{Items: map[string]events.Gain{"security_fraud": {}}, Skills: map[string]events.Gain{"email": {After: 4}}})).
		Faults("skills.email.after not_in_list", "items.security_fraud not_covered")
	good := events.Outcome{Completed: true, Skills: map[string]events.Gain{"email": {Before: 1, After: 3}}, Items: map[string]events.Gain{"email_create": {Before: 0, After: 2}}}
	told, _ := c.When(outcome(good)).Told()
	if e := told[0].(events.OutcomeRecorded); e.Details.Subject() != "person-anna" {
		t.Fatal(e)
	}
	early := outcome(good)
	early.At = noon
	c.When(early).Refused(ErrNotBegun)
}

func TestE2_HalfOfThoseWhoFinishedHaveAllThree(t *testing.T) {
	t.Parallel()
	part := func(n int) Part {
		return Part{Outcome: events.Outcome{Completed: true, AccountCreated: n > 0, PortalConsulted: n > 1, MailboxCreated: n > 2}}
	}
	parts := []Part{{Left: true}}
	for _, n := range []int{3, 3, 3, 3, 3, 2, 2, 2, 0, 0} {
		parts = append(parts, part(n))
	}
	if o := ObjectiveOf(parts); o != (Objective{Finished: 10, All: 5, Account: 8, Portal: 8, Mailbox: 5, Left: 1}) || !o.Met() {
		t.Fatalf("%+v", o)
	}
	parts[1] = part(2)
	if o := ObjectiveOf(parts); o.All != 4 || o.Met() {
		t.Fatalf("%+v", o)
	}
	if ObjectiveOf(nil).Met() {
		t.Fatal("nobody finished")
	}
}
