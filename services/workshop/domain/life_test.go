package domain

import (
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

func change(when time.Time) Change {
	return Change{SessionID: "s1", ProviderID: "provider-a", By: "provider-a", At: when}
}

func of8(n int) events.SessionPlanned {
	return session(func(s *events.SessionPlanned) { s.Capacity = n })
}

func lowered(n int) events.SessionCapacityChanged {
	return events.SessionCapacityChanged{SessionID: "s1", Capacity: n, Reason: "health_rules", By: "provider-a", At: noon}
}

// seated are people with seats.
func seated(who ...string) (facts []events.Workshop) {
	for _, one := range who {
		facts = append(facts, asks(one), held(one), taken(one))
	}
	return facts
}

// listed are people on the waiting list.
func listed(who ...string) (facts []events.Workshop) {
	for i, one := range who {
		facts = append(facts, asks(one), queued(one, i+1), waits(one, i+1))
	}
	return facts
}

func facts(lists ...[]events.Workshop) (all []events.Workshop) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func just(s events.SessionPlanned) []events.Workshop { return []events.Workshop{s} }

func TestE3_LoweringTheCapacityNeverRemovesAnyone(t *testing.T) {
	t.Parallel()
	ten := strings.Fields("a b c d e f g h i j")
	c := given(t, facts(just(of8(12)), seated(ten...))...).
		When(SetCapacity{change(noon), 8, "health_rules"}).Then(lowered(8))
	if w := c.State; w.Free() != 0 || w.Over() != 2 || w.Taken != 10 {
		t.Fatalf("free %d, over %d, taken %d", w.Free(), w.Over(), w.Taken)
	}
	c.When(asking("karl")).Then(asks("karl"), queued("karl", 1))
	c.When(takesBack("a")).Then(withdrawn("a")) // still over: nobody is offered a seat that is not there
}

func TestRaisingTheCapacityOffersTheSeatsInOrder(t *testing.T) {
	t.Parallel()
	raised := events.SessionCapacityChanged{SessionID: "s1", Capacity: 3, Reason: "demand", By: "provider-a", At: noon}
	given(t, facts(just(one()), seated("anna"), listed("bruno", "chloe", "dora"))...).
		When(SetCapacity{change(noon), 3, "demand"}).Then(raised, offered("bruno", 1), offered("chloe", 1))
}

func TestACapacityNeedsAReasonAndASeat(t *testing.T) {
	t.Parallel()
	c := given(t, two)
	c.When(SetCapacity{change(noon), 0, "weather"}).Faults("reason not_in_list", "capacity too_small")
	c.When(SetCapacity{change(last), 3, "demand"}).Refused(ErrOver)
	c.When(SetCapacity{change(noon), 2, "demand"}).Then()
}

func TestTheOwnPublicTakesFreeSeatsOnly(t *testing.T) {
	t.Parallel()
	set := func(n int) events.OwnSeatsSet {
		return events.OwnSeatsSet{SessionID: "s1", Seats: n, By: "provider-a", At: noon}
	}
	c := given(t, facts(just(two), seated("anna"))...)
	c.When(SetOwnSeats{change(noon), 2}).Refused(ErrNotFree)
	c = c.When(SetOwnSeats{change(noon), 1}).Then(set(1))
	if c.State.Free() != 0 {
		t.Fatal(c.State.Free())
	}
	c = c.When(asking("bruno")).Then(asks("bruno"), queued("bruno", 1)).When(yes("bruno")).Then(waits("bruno", 1))
	c.When(SetOwnSeats{change(noon), 0}).Then(set(0), offered("bruno", 1))
}

func TestADraftOpensOnceAndInTime(t *testing.T) {
	t.Parallel()
	draft := session(func(s *events.SessionPlanned) { s.Status = "draft" })
	open := events.SessionOpened{SessionID: "s1", Meetings: two.Meetings, RegistrationClosesAt: closing, By: "provider-a", At: noon}
	given(t, draft).When(Open{change(noon)}).Then(open).When(Open{change(noon)}).Then()
	given(t, draft).When(Open{change(first)}).Refused(ErrTooLate)
	given(t, draft).When(Cancel{change(noon), "other"}).Refused(ErrNotUpcoming)
	other := change(noon)
	other.ProviderID = "provider-b"
	given(t, draft).When(Open{other}).Refused(ErrNoSession)
}

func TestASessionIsConfirmedByItsMinimumOrByTheProvider(t *testing.T) {
	t.Parallel()
	least := session(func(s *events.SessionPlanned) { s.Minimum = 1 })
	itself := events.SessionConfirmed{SessionID: "s1", At: noon}
	c := given(t, least, asks("anna"), held("anna")).When(yes("anna")).Then(taken("anna"), itself)
	if got := c.State.StatusAt(noon); got != "confirmed" {
		t.Fatal(got)
	}
	c.When(asking("bruno")).Then(asks("bruno"), held("bruno")) // it goes on taking requests
	said := itself
	said.By = "provider-a"
	given(t, two).When(Confirm{change(noon)}).Then(said).When(Confirm{change(noon)}).Then()
	given(t, two).When(Confirm{change(first)}).Refused(ErrNotUpcoming)
}

func TestASessionRunsItsCourseByTheClock(t *testing.T) {
	t.Parallel()
	call := closing.Add(-lastSeats)
	c := given(t, facts(just(two), seated("anna"))...)
	c.When(CallLastSeats{"s1", call.Add(-time.Second)}).Then()
	c = c.When(CallLastSeats{"s1", call}).Then(events.LastSeatsCalled{SessionID: "s1", Free: 1, At: call}).When(CallLastSeats{"s1", call}).Then()
	c.When(CloseRegistration{"s1", call}).Then()
	c = c.When(CloseRegistration{"s1", closing}).Then(events.RegistrationClosed{SessionID: "s1", At: closing}).When(CloseRegistration{"s1", closing}).Then()
	c.When(Start{"s1", closing}).Then()
	c = c.When(Start{"s1", first}).Then(events.SessionStarted{SessionID: "s1", At: first}).When(Start{"s1", first}).Then()
	c.When(End{"s1", first}).Then()
	c.When(End{"s1", last}).Then(events.SessionClosed{SessionID: "s1", At: last}).When(End{"s1", last}).Then()
}

func TestAtTheClosingNobodyHoldsASeatAndWhoWaitsIsUnserved(t *testing.T) {
	t.Parallel()
	bruno := events.RequestUnserved{SessionID: "s1", ReferralID: "bruno", At: closing}
	given(t, facts(just(of8(3)), seated("anna"), []events.Workshop{asks("eva"), held("eva")}, listed("bruno", "chloe"), []events.Workshop{offered("bruno", 1)})...).
		When(CloseRegistration{"s1", closing}).Then(
		events.RegistrationClosed{SessionID: "s1", At: closing}, events.RequestLapsed{SessionID: "s1", ReferralID: "eva", At: closing},
		bruno, events.RequestUnserved{SessionID: "s1", ReferralID: "chloe", At: closing})
}

func TestACancelledSessionForgetsNobody(t *testing.T) {
	t.Parallel()
	cancelled := func(who, was string) events.RequestCancelled {
		return events.RequestCancelled{SessionID: "s1", ReferralID: who, Reason: "animator", Was: was, FlagID: "flag-" + who, PersonID: "person-" + who, Desk: "montpellier", At: noon}
	}
	c := given(t, facts(just(of8(3)), seated("anna"), []events.Workshop{asks("eva"), held("eva"), asks("finn"), held("finn"), declined("finn", "dates")},
		listed("bruno", "chloe"), []events.Workshop{offered("bruno", 1)})...)
	c.When(Cancel{change(noon), "weather"}).Faults("reason not_in_list")
	c = c.When(Cancel{change(noon), "animator"}).Then(events.SessionCancelled{SessionID: "s1", Reason: "animator", By: "provider-a", At: noon},
		cancelled("anna", Enrolled), cancelled("eva", Held), cancelled("bruno", Offered), cancelled("chloe", Waitlisted))
	if w := c.State; w.Taken+w.Held+w.Waiting() != 0 {
		t.Fatal(w.Taken, w.Held, w.Waiting())
	}
	c.When(Cancel{change(noon), "animator"}).Then()
	c.When(yes("anna")).Refused(ErrRequestEnded)
	c.When(SetCapacity{change(noon), 9, "demand"}).Refused(ErrOver)
}

func TestARunningSessionIsStopped(t *testing.T) {
	t.Parallel()
	told, c := given(t, facts(just(two), seated("anna"))...).When(Cancel{change(first), "health_rules"}).Told()
	if _, ok := told[len(told)-2].(events.SessionStopped); !ok || c.State.StatusAt(last) != "stopped" || c.State.AnswerTo("anna").Status != Cancelled {
		t.Fatal(told)
	}
}

func TestAMovedSessionKeepsItsPeopleAndItsNewClosing(t *testing.T) {
	t.Parallel()
	days := []events.Meeting{{StartsAt: at("2022-01-10 09:30"), EndsAt: at("2022-01-10 11:30")}}
	moved := events.SessionRescheduled{
		SessionID: "s1", Meetings: days, Reason: "animator", RegistrationClosesAt: at("2022-01-06 18:00"), Status: "open", By: "provider-a", At: noon,
	}
	c := given(t, facts(just(one()), seated("anna"), listed("bruno"))...)
	c.When(Reschedule{Change: change(noon), Meetings: days, Reason: "weather"}).Faults("reason not_in_list")
	c.When(Reschedule{Change: change(noon), Meetings: []events.Meeting{{StartsAt: noon.Add(-time.Hour), EndsAt: noon.Add(time.Hour)}}, Reason: "place"}).
		Faults("meetings[0].starts_at in_the_past")
	c = c.When(Reschedule{Change: change(noon), Meetings: days, Reason: "animator"}).Then(moved)
	if w := c.State; w.AnswerTo("anna").Status != Enrolled || w.AnswerTo("bruno").Rank != 1 || w.StatusAt(last) != "open" {
		t.Fatal(w.StatusAt(last))
	}
}

func TestRegistrationOpensAgainWhenASessionMovesAway(t *testing.T) {
	t.Parallel()
	days := []events.Meeting{{StartsAt: at("2022-01-10 09:30"), EndsAt: at("2022-01-10 11:30")}}
	_, c := given(t, two, events.RegistrationClosed{SessionID: "s1", At: closing}).When(Reschedule{Change: change(closing), Meetings: days, Reason: "animator"}).Told()
	if !c.State.TakesRequests(closing) {
		t.Fatal("still closed")
	}
}

func TestOneMeetingIsCancelledAndTheOthersKeepTheirNumbers(t *testing.T) {
	t.Parallel()
	c := given(t, two)
	c.When(CancelMeeting{change(noon), 3, "animator"}).Refused(ErrNoMeeting)
	c.When(CancelMeeting{change(first), 1, "animator"}).Refused(ErrMeetingWas)
	c = c.When(CancelMeeting{change(noon), 1, "animator"}).Then(events.MeetingCancelled{
		SessionID: "s1", Meeting: 1, Reason: "animator", StartsAt: last.Add(-2 * time.Hour), EndsAt: last, By: "provider-a", At: noon,
	})
	c.When(CancelMeeting{change(noon), 1, "animator"}).Then()
	c.When(CancelMeeting{change(noon), 2, "animator"}).Refused(ErrLastMeeting)
	if got := c.State.StatusAt(first); got != "open" {
		t.Fatal(got)
	}
}

func TestASessionIsHeldInAnotherWay(t *testing.T) {
	t.Parallel()
	c := given(t, two)
	c.When(Adapt{change(noon), "webinar", "health_rules"}).Faults("mode not_possible")
	c = c.When(Adapt{change(noon), "video", "health_rules"}).Then(events.SessionAdapted{SessionID: "s1", Mode: "video", Reason: "health_rules", By: "provider-a", At: noon})
	if c.State.Mode != "video" || c.State.Plan().Mode != "video" {
		t.Fatal(c.State.Mode)
	}
}

func TestAnAmendmentChangesWhatItNamesOnly(t *testing.T) {
	t.Parallel()
	title, none := "Internet, suite", " "
	least, limit := 3, 4
	c := given(t, two)
	c.When(Amend{Change: change(noon), Title: &none, Minimum: &least}).Faults("minimum above_capacity", "title required")
	told, c := c.When(Amend{Change: change(noon), Title: &title, WaitingLimit: &limit}).Told()
	e := told[0].(events.SessionAmended)
	if e.Title != title || *e.WaitingLimit != 4 || e.Booking != "on_request" || c.State.Plan().Title != title {
		t.Fatal(e)
	}
}

func TestE4_ALabelledSessionClosesWithItsPapersOnly(t *testing.T) {
	t.Parallel()
	labelled := session(func(s *events.SessionPlanned) { s.Labelled = true })
	paper := func(kind string) events.PaperFiled {
		return events.PaperFiled{SessionID: "s1", Kind: kind, Title: "Version 2", By: "provider-a", At: last}
	}
	c := given(t, labelled, paper("content_plan"))
	c.When(End{"s1", last}).Then(events.RegistrationClosed{SessionID: "s1", At: last}, events.SessionStarted{SessionID: "s1", At: last})
	if got := c.State.StatusAt(last.AddDate(1, 0, 0)); got != "running" {
		t.Fatal(got)
	}
	_, err := Close{change(last)}.Decide(c.State)
	if err == nil || !strings.Contains(err.Error(), "Missing: evaluation, impact_sheet.") {
		t.Fatal(err)
	}
	c = c.When(FilePaper{change(last), "evaluation", "Version 2"}).Then(paper("evaluation")).
		When(FilePaper{change(last), "impact_sheet", "Version 2"}).Then(paper("impact_sheet"))
	told, _ := c.When(Close{change(last)}).Told()
	if _, ok := told[len(told)-1].(events.SessionClosed); !ok {
		t.Fatal(told)
	}
	c.When(Close{change(first)}).Refused(ErrNotOver)
	c.When(FilePaper{change(last), "song", ""}).Faults("kind not_in_list", "title required")
}

func TestE10_TheServicesPresentedAreOfTheList(t *testing.T) {
	t.Parallel()
	c := given(t, two)
	c.When(PresentServices{change(noon), nil}).Refused(ErrNotBegun)
	c.When(PresentServices{change(first), []string{"circus"}}).Faults("services not_in_list")
	c.When(PresentServices{change(first), []string{"health_insurance"}}).Then(events.ServicesPresented{
		SessionID: "s1", Services: []string{"health_insurance"}, By: "provider-a", At: first,
	})
}

// DORA's validate and reject look at no state: an expired or refused request is flipped by whoever has the link.
func TestDORA_AnIllegalCommandIsRefusedAndTellsNothing(t *testing.T) {
	t.Parallel()
	ends := map[string]events.Workshop{
		Declined: declined("anna", "dates"), Expired: events.RequestLapsed{ReferralID: "anna"}, Withdrawn: withdrawn("anna"),
		Unserved: events.RequestUnserved{ReferralID: "anna"}, Cancelled: events.RequestCancelled{ReferralID: "anna"},
	}
	study := Study{SessionID: "s1", ReferralID: "anna", ProviderID: "provider-a", At: noon}
	for name, end := range ends {
		c := given(t, two, asks("anna"), held("anna"), end)
		c.When(yes("anna")).Refused(ErrRequestEnded)
		c.When(study).Refused(ErrRequestEnded)
		if name != Declined { // said twice
			c.When(no("anna", "dates")).Refused(ErrRequestEnded)
		}
		c.When(Remove{change(noon), "anna", "moved"}).Refused(ErrNotSeated)
		c.When(TakeOffer{Offer{"s1", offerID("s1", "anna", 1), "desk", noon}}).Refused(ErrOfferEnded)
	}
	c := given(t, facts(just(two), seated("anna"))...)
	c.When(no("anna", "dates")).Refused(ErrAnsweredYes)
	c.When(study).Refused(ErrAnsweredYes)
	c.When(Drop{change(noon), "anna", "health"}).Refused(ErrNotBegun)
}
