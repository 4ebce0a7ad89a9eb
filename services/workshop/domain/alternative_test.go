package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

var fiveWorkingDays = at("2021-11-16 12:00") // the 11th is a holiday

func holding(who string) HoldAlternative {
	return HoldAlternative{SessionID: "s1", ReferralID: who, FlagID: "flag-" + who, PersonID: "person-" + who, Desk: "montpellier", At: noon}
}

func kept1(who string) events.AlternativeHeld {
	return events.AlternativeHeld{
		SessionID: "s1", ReferralID: who, OfferID: "s1." + who + ".alternative", FlagID: "flag-" + who, PersonID: "person-" + who, Desk: "montpellier",
		Until: fiveWorkingDays, At: noon,
	}
}

func let(who, reason string) events.AlternativeEnded {
	return events.AlternativeEnded{SessionID: "s1", ReferralID: who, OfferID: "s1." + who + ".alternative", FlagID: "flag-" + who, Reason: reason, At: noon}
}

func TestP15_ASeatIsKeptFiveWorkingDaysForSomebodyWhoseSessionWasCancelled(t *testing.T) {
	t.Parallel()
	c := given(t, one()).When(holding("anna")).Then(kept1("anna"))
	if c.State.Free() != 0 || c.State.Held != 1 || c.State.Taken != 0 {
		t.Error("the seat is not kept", c.State.Free(), c.State.Held)
	}
	c.When(holding("anna")).Then()
	c.When(holding("bruno")).Refused(ErrNotFree)
	c.When(asking("bruno")).Then(asks("bruno"), queued("bruno", 1))
}

func TestAKeptSeatIsTheirsWhenTheyAskForIt(t *testing.T) {
	t.Parallel()
	again := asking("anna2")
	again.FlagID = "flag-anna"
	asked := asks("anna2")
	asked.FlagID = "flag-anna"
	given(t, one(), kept1("anna"), asks("bruno"), queued("bruno", 1)).When(again).Then(asked, let("anna", "asked"), held("anna2"))
}

func TestANoFreesTheKeptSeatAndTheNextOneHasIt(t *testing.T) {
	t.Parallel()
	no := PassOffer{Offer{SessionID: "s1", OfferID: kept1("anna").OfferID, By: "advisor-34", At: noon}}
	refused := let("anna", "refused")
	refused.By = "advisor-34"
	given(t, one(), kept1("anna"), asks("bruno"), queued("bruno", 1)).When(no).Then(refused, held("bruno")).When(no).Then()
	given(t, one(), kept1("anna")).When(TakeOffer(no)).Refused(ErrAskInstead)
}

func TestAKeptSeatIsFreeAfterFiveWorkingDays(t *testing.T) {
	t.Parallel()
	early, late := EndAlternative{SessionID: "s1", ReferralID: "anna", At: fiveWorkingDays.Add(-time.Second)}, EndAlternative{SessionID: "s1", ReferralID: "anna", At: fiveWorkingDays}
	lapsed := let("anna", "lapsed")
	lapsed.At = fiveWorkingDays
	given(t, one(), kept1("anna")).When(early).Then().When(late).Then(lapsed).When(late).Then()
	if set, _ := Due(kept1("anna")); len(set) != 1 || !set[0].At.Equal(fiveWorkingDays) || AtDue("s1", set[0].Kind, fiveWorkingDays) != Decision(late) {
		t.Error(set)
	}
	forgone := late
	forgone.Forgone, forgone.At = true, noon
	given(t, one(), kept1("anna")).When(forgone).Then(let("anna", "forgone"))
}

func TestNoSeatIsKeptAfterRegistrationClosedOrTheSessionIsCancelled(t *testing.T) {
	t.Parallel()
	ended := let("anna", "closed")
	ended.At = closing
	given(t, one(), kept1("anna")).When(CloseRegistration{"s1", closing}).Then(events.RegistrationClosed{SessionID: "s1", At: closing}, ended)
	cancel := Cancel{Change{SessionID: "s1", ProviderID: "provider-a", By: "provider-a", At: noon}, "animator"}
	given(t, one(), kept1("anna")).When(cancel).
		Then(events.SessionCancelled{SessionID: "s1", Reason: "animator", By: "provider-a", At: noon}, let("anna", "cancelled"))
}

// TestH2_ARelayWithSixLocalSeatsTheSeventhIsOnTheWaitingList although the webinar itself has no limit.
func TestH2_ARelayWithSixLocalSeatsTheSeventhIsOnTheWaitingList(t *testing.T) {
	t.Parallel()
	for mode, capacity := range map[string]int{"webinar": 0, "video": 50} {
		plan := session(func(s *events.SessionPlanned) {
			s.Mode, s.Capacity, s.Booking, s.ImmediateSeats = mode, capacity, "immediate", capacity
		})
		c := given(t, plan, events.RelaySet{SessionID: "s1", PlaceID: "centre-exemple", Seats: 6, By: "provider-a", At: noon})
		for _, who := range []string{"a", "b", "c", "d", "e", "f"} {
			c = c.When(there(who)).Then(askedThere(who), taken(who))
		}
		c = c.When(there("g")).Then(askedThere("g"), waits("g", 1))
		c = c.When(asking("at-home")).Then(asks("at-home"), taken("at-home"))
		if got := c.State.Relays(); len(got) != 1 || got[0] != (Relay{PlaceID: "centre-exemple", Seats: 6, Taken: 6, Waiting: 1}) {
			t.Error(mode, got)
		}
		c.When(takesBack("at-home")).Then(withdrawn("at-home"))
		c.When(takesBack("c")).Then(withdrawn("c"), offered("g", 1))
		more := SetRelay{Change{SessionID: "s1", ProviderID: "provider-a", By: "provider-a", At: noon}, "centre-exemple", 7}
		c.When(more).Then(events.RelaySet{SessionID: "s1", PlaceID: "centre-exemple", Seats: 7, By: "provider-a", At: noon}, offered("g", 1))
	}
}

func there(who string) RequestSeat {
	r := asking(who)
	r.RelayID = "centre-exemple"
	return r
}

func askedThere(who string) events.SeatRequested {
	r := asks(who)
	r.RelayID = "centre-exemple"
	return r
}

// TestE7_WhoHasAPriorityIsOfferedFirst and without one the order is that of the yes.
func TestE7_WhoHasAPriorityIsOfferedFirst(t *testing.T) {
	t.Parallel()
	isolated := asks("chloe")
	isolated.Priority = "isolated"
	full := []events.Workshop{one(), asks("anna"), held("anna"), taken("anna"), asks("bruno"), queued("bruno", 1), waits("bruno", 1)}
	given(t, append(full, isolated, queued("chloe", 2))...).When(yes("chloe")).Then(waits("chloe", 1)).When(takesBack("anna")).Then(withdrawn("anna"), offered("chloe", 1))
	given(t, append(full, asks("chloe"), queued("chloe", 2))...).When(yes("chloe")).Then(waits("chloe", 2)).When(takesBack("anna")).Then(withdrawn("anna"), offered("bruno", 1))
}

func TestAfterAHandOverSeatsAreOfferedToTheOtherDesk(t *testing.T) {
	t.Parallel()
	over := HandOver{SessionID: "s1", ReferralID: "bruno", Desk: "nimes", At: noon}
	there := offered("bruno", 1)
	there.Desk = "nimes"
	c := given(t, one(), asks("anna"), held("anna"), taken("anna"), asks("bruno"), queued("bruno", 1), waits("bruno", 1)).
		When(over).Then(events.RequestHandedOver{SessionID: "s1", ReferralID: "bruno", Desk: "nimes", At: noon}).
		When(over).Then().
		When(takesBack("anna")).Then(withdrawn("anna"), there)
	if c.State.DeskOf("bruno") != "nimes" {
		t.Error(c.State.DeskOf("bruno"))
	}
}

func TestP21_TheProviderSaysThatSomebodyNeverCame(t *testing.T) {
	t.Parallel()
	during := first.Add(3 * time.Hour)
	never := NeverCame{Change{SessionID: "s1", ProviderID: "provider-a", By: "provider-a", At: during}, "anna"}
	begun := []events.Workshop{two, asks("anna"), held("anna"), taken("anna"), events.RegistrationClosed{SessionID: "s1", At: closing}, events.SessionStarted{SessionID: "s1", At: first}}
	said := events.NoShow{SessionID: "s1", ReferralID: "anna", By: "provider-a", At: during}
	given(t, begun...).When(never).Then(said).When(never).Then()
	given(t, append(begun, events.AttendanceRecorded{SessionID: "s1", Meeting: 1, Present: []string{"anna"}, At: during})...).When(never).Refused(ErrWasThere)
	early := never
	early.At = noon
	given(t, two, asks("anna"), held("anna"), taken("anna")).When(early).Refused(ErrNotBegun)
	never.ReferralID = "nobody"
	given(t, begun...).When(never).Refused(ErrNotAsked)
}
