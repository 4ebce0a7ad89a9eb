package domain

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

func TestARequestHoldsAFreeSeat(t *testing.T) {
	t.Parallel()
	given(t, two).When(asking("anna")).Then(asks("anna"), held("anna"))
}

func TestARequestHeardTwiceSaysNothingNew(t *testing.T) {
	t.Parallel()
	given(t, two, asks("anna"), held("anna")).When(asking("anna")).Then()
	given(t, one(), asks("anna"), held("anna"), declined("anna", "dates")).When(asking("anna")).Then()
}

func TestWithoutAFreeSeatARequestWaitsForTheProvider(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna")).
		When(asking("bruno")).Then(asks("bruno"), queued("bruno", 1)).
		When(asking("chloe")).Then(asks("chloe"), queued("chloe", 2))
}

func TestAYesTakesTheHeldSeat(t *testing.T) {
	t.Parallel()
	c := given(t, two, asks("anna"), held("anna")).When(yes("anna")).Then(taken("anna"))
	if c.State.Taken != 1 || c.State.Held != 0 || c.State.Free() != 1 {
		t.Fatalf("taken %d, held %d, free %d", c.State.Taken, c.State.Held, c.State.Free())
	}
}

func TestAYesWithoutAFreeSeatJoinsTheWaitingList(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1), asks("chloe"), queued("chloe", 2)).
		When(yes("chloe")).Then(waits("chloe", 1)).
		When(yes("bruno")).Then(waits("bruno", 2))
}

func TestAcceptingTwiceSaysNothingNew(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna"), taken("anna")).When(yes("anna")).Then()
	given(t, one(), asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1), waits("bruno", 1)).When(yes("bruno")).Then()
}

func TestAnotherProviderDoesNotLearnOfTheSession(t *testing.T) {
	t.Parallel()
	other := yes("anna")
	other.ProviderID = "provider-b"
	given(t, two, asks("anna"), held("anna")).When(other).Refused(ErrNoSession)
	given(t).When(Accept{ReferralID: "anna"}).Refused(ErrNoSession)
	given(t).When(asking("anna")).Refused(ErrNoSession)
}

func TestAYesToAnUnknownRequestIsRefused(t *testing.T) {
	t.Parallel()
	given(t, two).When(yes("anna")).Refused(ErrNotAsked)
}

func TestAYesToAnEndedRequestIsRefused(t *testing.T) {
	t.Parallel()
	lapsed := events.RequestLapsed{SessionID: "s1", ReferralID: "anna", At: noon}
	for _, end := range []events.Workshop{declined("anna", "dates"), lapsed, withdrawn("anna")} {
		given(t, two, asks("anna"), held("anna"), end).When(yes("anna")).Refused(ErrRequestEnded)
	}
	late := yes("anna")
	late.At = halfway
	given(t, two, asks("anna"), held("anna")).When(late).Refused(ErrRequestEnded)
}

func TestANoPassesTheHoldToTheOldestRequestWithoutOne(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1), asks("chloe"), queued("chloe", 2)).
		When(no("anna", "level")).Then(declined("anna", "level"), held("bruno"))
}

func TestWhilePeopleWaitASeatThatFallsFreeIsTheirs(t *testing.T) {
	t.Parallel()
	full := []events.Workshop{one(), asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1), waits("bruno", 1), asks("chloe"), queued("chloe", 2)}
	c := given(t, full...).When(no("anna", "dates")).Then(declined("anna", "dates"), offered("bruno", 1))
	if c.State.Free() != 0 {
		t.Fatalf("free is %d", c.State.Free())
	}
	c = c.When(yes("chloe")).Then(waits("chloe", 2)) // nobody overtakes bruno
	c.When(asking("dora")).Then(asks("dora"), queued("dora", 3))
}

func TestWhenTheLastOneLeavesTheWaitingListTheFreeSeatIsHeldAgain(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1), waits("bruno", 1), asks("chloe"), queued("chloe", 2), declined("anna", "dates"), offered("bruno", 1)).
		When(takesBack("bruno")).Then(withdrawn("bruno"), held("chloe"))
}

func TestANoNeedsAReasonOfTheListAndOtherAMessage(t *testing.T) {
	t.Parallel()
	c := given(t, two, asks("anna"), held("anna"))
	c.When(no("anna", "weather")).Faults("reason not_in_list")
	c.When(no("anna", "other")).Faults("message required")
	explained := no("anna", "other")
	explained.Message = "Le groupe est de niveau avancé"
	want := declined("anna", "other")
	want.Message = events.Clear("person-anna", events.Message{Text: "Le groupe est de niveau avancé"})
	c.When(explained).Then(want)
}

func TestANoTwiceSaysNothingNewAndAfterAYesIsRefused(t *testing.T) {
	t.Parallel()
	given(t, two, asks("anna"), held("anna"), declined("anna", "dates")).When(no("anna", "level")).Then()
	given(t, two, asks("anna"), held("anna"), taken("anna")).When(no("anna", "level")).Refused(ErrAnsweredYes)
	given(t, two, asks("anna"), held("anna"), withdrawn("anna")).When(no("anna", "level")).Refused(ErrRequestEnded)
}

func TestARequestLapsesWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	soon := asks("anna")
	soon.AnswerBy = noon.Add(time.Hour)
	c := given(t, one(), soon, held("anna"), asks("bruno"), queued("bruno", 1))
	c.When(Lapse{SessionID: "s1", ReferralID: "anna", At: noon}).Then()
	over := noon.Add(time.Hour)
	c.When(Lapse{SessionID: "s1", ReferralID: "anna", At: over}).Then(
		events.RequestLapsed{SessionID: "s1", ReferralID: "anna", At: over},
		events.SeatHeld{SessionID: "s1", ReferralID: "bruno", Until: halfway, At: over},
	)
}

func TestNoHoldIsPassedToARequestWhoseTimeIsOverToo(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1)).
		When(Lapse{SessionID: "s1", ReferralID: "anna", At: halfway}).
		Then(events.RequestLapsed{SessionID: "s1", ReferralID: "anna", At: halfway})
}

func TestAnAnsweredRequestDoesNotLapse(t *testing.T) {
	t.Parallel()
	for _, answer := range []events.Workshop{taken("anna"), waits("anna", 1), declined("anna", "dates"), withdrawn("anna")} {
		given(t, two, asks("anna"), held("anna"), answer).When(Lapse{SessionID: "s1", ReferralID: "anna", At: closing}).Then()
	}
	given(t, two).When(Lapse{SessionID: "s1", ReferralID: "anna", At: closing}).Then()
}

func TestTakingARequestBackPassesItsHoldOnAndMovesTheOthersUp(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1)).
		When(takesBack("anna")).Then(withdrawn("anna"), held("bruno"))

	c := given(t, one(), asks("anna"), held("anna"), taken("anna"), asks("bruno"), queued("bruno", 1), waits("bruno", 1), asks("chloe"), queued("chloe", 2), waits("chloe", 2)).
		When(takesBack("bruno")).Then(withdrawn("bruno"))
	if rank := c.State.AnswerTo("chloe").Rank; rank != 1 {
		t.Fatalf("chloe has rank %d", rank)
	}
}

func TestAYesThatCrossedAWithdrawalFreesItsSeat(t *testing.T) {
	t.Parallel()
	given(t, one(), asks("anna"), held("anna"), taken("anna"), asks("bruno"), queued("bruno", 1)).
		When(takesBack("anna")).Then(withdrawn("anna"), held("bruno"))
}

func TestTakingBackIsToldOnce(t *testing.T) {
	t.Parallel()
	given(t, two, asks("anna"), held("anna"), withdrawn("anna")).When(takesBack("anna")).Then()
	given(t, two, asks("anna"), held("anna"), declined("anna", "dates")).When(takesBack("anna")).Then()
	given(t).When(takesBack("anna")).Refused(ErrNoSession)
}

func TestAWithdrawalHeardBeforeItsRequestKeepsItFromASeat(t *testing.T) {
	t.Parallel()
	given(t, two).When(takesBack("anna")).Then(withdrawn("anna")).
		When(asking("anna")).Then()
}

func TestASessionThatIsNotOpenDeclinesByItself(t *testing.T) {
	t.Parallel()
	refused := func(at time.Time) (events.SeatRequested, events.RequestDeclined) {
		asked, no := asks("anna"), events.RequestDeclined{SessionID: "s1", ReferralID: "anna", Reason: "session_not_open", At: at}
		asked.At, asked.AnswerBy = at, at
		return asked, no
	}
	for name, c := range map[string]struct {
		status string
		at     time.Time
	}{
		"a draft":                     {"draft", noon},
		"recorded as closed":          {"closed", noon},
		"after registration closed":   {"open", closing},
		"while it runs":               {"open", first},
		"recorded as running":         {"running", first},
		"after the last meeting":      {"open", last},
		"an open one, long after all": {"open", last.AddDate(1, 0, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ask := asking("anna")
			ask.At = c.at
			asked, no := refused(c.at)
			given(t, session(func(s *events.SessionPlanned) { s.Status = c.status })).When(ask).Then(asked, no)
		})
	}
}

func TestAStandingYesSeatsAtOnceUpToItsSeatsAndThenAsks(t *testing.T) {
	t.Parallel()
	standing := session(func(s *events.SessionPlanned) { s.Booking, s.ImmediateSeats = "immediate", 1 })
	given(t, standing).
		When(asking("anna")).Then(asks("anna"), taken("anna")).
		When(asking("bruno")).Then(asks("bruno"), held("bruno")).
		When(asking("chloe")).Then(asks("chloe"), waits("chloe", 1))
}

func TestAStandingYesRanksNobodyBeyondTheWaitingLimit(t *testing.T) {
	t.Parallel()
	limit := 1
	standing := session(func(s *events.SessionPlanned) {
		s.Booking, s.ImmediateSeats, s.Capacity, s.WaitingLimit = "immediate", 1, 1, &limit
	})
	given(t, standing, asks("anna"), taken("anna"), asks("bruno"), waits("bruno", 1)).
		When(asking("chloe")).Then(asks("chloe"), queued("chloe", 2))
}

func TestAWebinarHasASeatForEverybody(t *testing.T) {
	t.Parallel()
	webinar := session(func(s *events.SessionPlanned) { s.Mode, s.Capacity = "webinar", 0 })
	given(t, webinar).
		When(asking("anna")).Then(asks("anna"), held("anna")).
		When(asking("bruno")).Then(asks("bruno"), held("bruno")).
		When(yes("anna")).Then(taken("anna"))
	atOnce := session(func(s *events.SessionPlanned) { s.Mode, s.Capacity, s.Booking = "webinar", 0, "immediate" })
	given(t, atOnce).When(asking("anna")).Then(asks("anna"), taken("anna"))
}

func TestADeadlineIsSetByTheRequestAndSettledByItsAnswer(t *testing.T) {
	t.Parallel()
	set, done := Due(asks("anna"))
	third := halfway.Sub(noon) / 3
	want := []Deadline{{"remind1:anna", noon.Add(third)}, {"remind2:anna", noon.Add(2 * third)}, {"request:anna", halfway}}
	if done != nil || !slices.Equal(set, want) {
		t.Fatalf("set %v, done %q", set, done)
	}
	for _, fact := range []events.Workshop{taken("anna"), waits("anna", 1), declined("anna", "dates"), events.RequestLapsed{ReferralID: "anna"}, withdrawn("anna")} {
		if set, done := Due(fact); set != nil || !slices.Contains(done, "request:anna") || !slices.Contains(done, "remind1:anna") || !slices.Contains(done, "remind2:anna") {
			t.Errorf("%T: set %v, done %q", fact, set, done)
		}
	}
	for _, fact := range []events.Workshop{held("anna"), queued("anna", 1)} {
		if set, done := Due(fact); set != nil || done != nil {
			t.Errorf("%T: set %v, done %q", fact, set, done)
		}
	}
}

func TestTheAnswerIsDueByTheEarliestOfThirtyDaysHalfTheTimeAndTheClosing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ asked, first, closes, want time.Time }{
		"thirty days":                        {at("2021-06-01 10:00"), first, closing, at("2021-07-01 10:00")},
		"half the time":                      {noon, first, closing, halfway},
		"at least two working days":          {at("2021-11-26 10:00"), at("2021-12-01 09:00"), at("2021-11-30 18:00"), at("2021-11-30 10:00")},
		"the closing, when that comes first": {at("2021-12-02 10:00"), first, closing, closing},
		"two working days over a holiday":    {at("2021-11-10 10:00"), at("2021-11-16 09:00"), at("2021-11-16 09:00"), at("2021-11-15 10:00")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			planned := session(func(s *events.SessionPlanned) {
				s.Meetings = []events.Meeting{{StartsAt: c.first, EndsAt: c.first.Add(time.Hour)}}
				s.RegistrationClosesAt = c.closes
			})
			ask := asking("anna")
			ask.At = c.asked
			told, _ := given(t, planned).When(ask).Told()
			if got := told[0].(events.SeatRequested).AnswerBy; !got.Equal(c.want) {
				t.Fatalf("answer by %v, want %v", got.In(reference.Paris), c.want.In(reference.Paris))
			}
		})
	}
}

func TestTheCapacityStatusSaysWhetherToAsk(t *testing.T) {
	t.Parallel()
	none := 0
	assessed := session(func(s *events.SessionPlanned) { s.AssessmentRequired = true })
	limited := session(func(s *events.SessionPlanned) { s.Capacity, s.WaitingLimit = 1, &none })
	webinar := session(func(s *events.SessionPlanned) { s.Mode, s.Capacity = "webinar", 0 })
	for want, facts := range map[string][]events.Workshop{
		"capacity":                       {two, asks("anna"), held("anna")},
		"capacity ":                      {webinar},
		"waitlist":                       {one(), asks("anna"), held("anna")},
		"no-capacity":                    {limited, asks("anna"), held("anna")},
		"additional-assessment-required": {assessed},
	} {
		if got := given(t, facts...).State.CapacityStatus(); got != strings.TrimSpace(want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestAMistakenWithdrawalAsksAnew: the seat that was given away meanwhile stays given.
func TestAMistakenWithdrawalAsksAnew(t *testing.T) {
	t.Parallel()
	again := asking("r1")
	again.Again = true
	given(t, one(), asks("r1"), held("r1"), withdrawn("r1")).When(again).Then(asks("r1"), held("r1")).When(again).Then()
	given(t, one(), asks("r1"), held("r1"), withdrawn("r1"), asks("r2"), held("r2"), taken("r2")).When(again).Then(asks("r1"), queued("r1", 1)).
		When(asking("r1")).Then()
}
