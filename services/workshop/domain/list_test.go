package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

func offer(who string, n int) Offer {
	return Offer{SessionID: "s1", OfferID: offerID("s1", who, n), By: "advisor-34", At: noon}
}

func takes(who string) events.SeatTaken {
	e := taken(who)
	e.By = "advisor-34"
	return e
}

func passes(who string, n int) events.SeatOfferPassed {
	return events.SeatOfferPassed{SessionID: "s1", ReferralID: who, OfferID: offerID("s1", who, n), By: "advisor-34", At: noon}
}

// full is a session of one seat, with three who wait.
func full() []events.Workshop {
	return facts(just(one()), seated("anna"), listed("bruno", "chloe", "dora"))
}

func TestAFreedSeatIsOfferedInOrder(t *testing.T) {
	t.Parallel()
	c := given(t, full()...).When(takesBack("anna")).Then(withdrawn("anna"), offered("bruno", 1))
	if w := c.State; w.Free() != 0 || w.Held != 1 || w.AnswerTo("bruno").Status != Offered || w.AnswerTo("bruno").Rank != 1 {
		t.Fatalf("%+v", w.AnswerTo("bruno"))
	}
	c.When(asking("eva")).Then(asks("eva"), queued("eva", 4)) // the offered seat is not free
	c = c.When(TakeOffer{offer("bruno", 1)}).Then(takes("bruno")).When(TakeOffer{offer("bruno", 1)}).Then()
	if w := c.State; w.Taken != 1 || w.AnswerTo("chloe").Rank != 1 {
		t.Fatal(w.Taken, w.AnswerTo("chloe"))
	}
}

func TestAnOfferNeverLastsLongerThanTheClosing(t *testing.T) {
	t.Parallel()
	late := takesBack("anna")
	late.At = closing.Add(-time.Hour)
	told, _ := given(t, full()...).When(late).Told()
	if e := told[1].(events.SeatOffered); !e.Until.Equal(closing) {
		t.Fatal(e.Until)
	}
	late.At = closing
	given(t, full()...).When(late).Then(events.RequestWithdrawn{SessionID: "s1", ReferralID: "anna", At: closing})
}

func TestAPassKeepsThePlaceAndTheNextOneIsAsked(t *testing.T) {
	t.Parallel()
	c := given(t, append(full(), withdrawn("anna"), offered("bruno", 1))...).
		When(PassOffer{offer("bruno", 1)}).Then(passes("bruno", 1), offered("chloe", 1))
	if c.State.AnswerTo("bruno").Rank != 1 {
		t.Fatal(c.State.AnswerTo("bruno"))
	}
	c.When(PassOffer{offer("bruno", 1)}).Then()
	c.When(TakeOffer{offer("bruno", 1)}).Refused(ErrOfferEnded)
	c = c.When(TakeOffer{offer("chloe", 1)}).Then(takes("chloe"))
	c.When(takesBack("chloe")).Then(withdrawn("chloe"), offered("bruno", 2)) // another seat: bruno is the first again
}

func TestASeatThatEverybodyLetsGoIsFreeForWhoAsks(t *testing.T) {
	t.Parallel()
	c := given(t, facts(just(one()), seated("anna"), listed("bruno"), []events.Workshop{withdrawn("anna"), offered("bruno", 1)})...).
		When(PassOffer{offer("bruno", 1)}).Then(passes("bruno", 1))
	if c.State.Free() != 1 || c.State.AnswerTo("bruno").Rank != 1 {
		t.Fatal(c.State.Free())
	}
	c.When(asking("eva")).Then(asks("eva"), held("eva"))
}

func TestALapseKeepsThePlaceOnce(t *testing.T) {
	t.Parallel()
	lapse := LapseOffer{SessionID: "s1", ReferralID: "bruno", At: offerEnds}
	lapsed := events.SeatOfferLapsed{SessionID: "s1", ReferralID: "bruno", OfferID: offerID("s1", "bruno", 1), Kept: true, At: offerEnds}
	c := given(t, append(full(), withdrawn("anna"), offered("bruno", 1))...)
	c.When(LapseOffer{SessionID: "s1", ReferralID: "bruno", At: noon}).Then()
	told, c := c.When(lapse).Told()
	if len(told) != 2 || told[0] != events.Workshop(lapsed) || told[1].(events.SeatOffered).ReferralID != "chloe" || c.State.AnswerTo("bruno").Rank != 1 {
		t.Fatal(told)
	}
	again := lapsed
	again.Kept, again.OfferID = false, offerID("s1", "bruno", 2)
	_, c = given(t, append(full(), withdrawn("anna"), offered("bruno", 1), lapsed, offered("bruno", 2))...).When(lapse).Told()
	if c.State.AnswerTo("bruno").Rank != 3 || c.State.AnswerTo("chloe").Status != Offered {
		t.Fatal(c.State.AnswerTo("bruno"))
	}
}

func TestACallThatReachesNobodyLeavesTheOfferOpen(t *testing.T) {
	t.Parallel()
	c := given(t, append(full(), withdrawn("anna"), offered("bruno", 1))...).When(NotReached{offer("bruno", 1)}).Then(
		events.SeatOfferNotReached{SessionID: "s1", ReferralID: "bruno", OfferID: offerID("s1", "bruno", 1), By: "advisor-34", At: noon})
	c.When(TakeOffer{offer("bruno", 1)}).Then(takes("bruno"))
	c.When(NotReached{offer("chloe", 1)}).Refused(ErrOfferEnded)
	c.When(NotReached{offer("zoe", 1)}).Refused(ErrNoOffer)
	c.When(TakeOffer{offer("bruno", 2)}).Refused(ErrOfferEnded)
}

// pretix #1163: who has used a voucher and cancels stays first, and is given the next one.
func TestPretix1163_WhoGivesASeatBackIsNotGivenAnother(t *testing.T) {
	t.Parallel()
	c := given(t, append(full(), withdrawn("anna"), offered("bruno", 1), takes("bruno"))...).
		When(takesBack("bruno")).Then(withdrawn("bruno"), offered("chloe", 1))
	if got := c.State.AnswerTo("bruno"); got.Status != Withdrawn || got.Rank != 0 {
		t.Fatal(got)
	}
}

// pretix #1405: the seat of somebody who leaves is not given back to the list.
func TestPretix1405_EverySeatThatIsGivenBackIsOffered(t *testing.T) {
	t.Parallel()
	raised := SetCapacity{change(noon), 2, "demand"}
	for name, leave := range map[string]Decision{
		"the person withdraws": takesBack("anna"), "the provider removes": Remove{change(noon), "anna", "moved"}, "there are more seats": raised,
	} {
		told, err := leave.Decide(given(t, full()...).State)
		if e, ok := told[len(told)-1].(events.SeatOffered); err != nil || !ok || e.ReferralID != "bruno" {
			t.Error(name, told, err)
		}
	}
	held := facts(just(one()), []events.Workshop{asks("anna"), held("anna")}, listed("bruno"))
	for name, leave := range map[string]Decision{"declined": no("anna", "dates"), "lapsed": Lapse{"s1", "anna", halfway}} {
		told, err := leave.Decide(given(t, held...).State)
		if e, ok := told[len(told)-1].(events.SeatOffered); err != nil || !ok || e.ReferralID != "bruno" {
			t.Error(name, told, err)
		}
	}
}

// pretix #1238: an offer that is taken away gives more seats than there are.
func TestPretix1238_AnOfferThatEndsGivesOneSeatOn(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]Decision{
		"passed": PassOffer{offer("bruno", 1)}, "lapsed": LapseOffer{"s1", "bruno", offerEnds}, "withdrawn": takesBack("bruno"),
	} {
		c := given(t, append(full(), withdrawn("anna"), offered("bruno", 1))...)
		told, err := end.Decide(c.State)
		offers := 0
		for _, f := range told {
			if _, ok := f.(events.SeatOffered); ok {
				offers++
			}
			c.State = Evolve(c.State, f)
		}
		if err != nil || offers != 1 || c.State.Taken+c.State.Held != 1 {
			t.Error(name, told, err)
		}
	}
}

// pretix #2119: the last one in the line is served before the first.
func TestPretix2119_TheListIsServedFromItsBeginning(t *testing.T) {
	t.Parallel()
	c := given(t, full()...)
	for _, next := range []string{"bruno", "chloe", "dora"} {
		seat := map[string]string{"bruno": "anna", "chloe": "bruno", "dora": "chloe"}[next]
		c = c.When(takesBack(seat)).Then(withdrawn(seat), offered(next, 1)).When(TakeOffer{offer(next, 1)}).Then(takes(next))
	}
}

// Aidants Connect: the list of free sessions counts those who have left, the rule does not: a freed seat stays hidden.
func TestAidantsConnect_AFreedSeatIsSeenWhereItIsFree(t *testing.T) {
	t.Parallel()
	c := given(t, facts(just(one()), seated("anna"))...).When(takesBack("anna")).Then(withdrawn("anna"))
	if c.State.Free() != 1 || c.State.CapacityStatus() != "capacity" {
		t.Fatal(c.State.Free(), c.State.CapacityStatus())
	}
	c.When(asking("bruno")).Then(asks("bruno"), held("bruno"))
}

func together(who, other string) RequestSeat {
	r := asking(who)
	r.Together = other
	return r
}

func asksWith(who, other string) events.SeatRequested {
	e := asks(who)
	e.Together = other
	return e
}

func TestACoupleHasTwoSeatsOrBothWait(t *testing.T) {
	t.Parallel()
	pair := RequestPair{asking("lea"), asking("max")}
	lea, max := asksWith("lea", "max"), asksWith("max", "lea")
	c := given(t, just(two)...).When(pair).Then(lea, queued("lea", 1), max, held("lea"), held("max"))
	c.When(yes("max")).Then(taken("lea"), taken("max"))

	seven := facts(just(of8(8)), seated("a", "b", "c", "d", "e", "f", "g"))
	c = given(t, seven...).When(pair).Then(lea, queued("lea", 1), max, queued("max", 2)).
		When(yes("lea")).Then(waits("lea", 1), waits("max", 2))
	c = c.When(asking("solo")).Then(asks("solo"), held("solo")) // one seat does not serve the couple: it is not left empty
	c = c.When(takesBack("a")).Then(withdrawn("a"))
	c = c.When(no("solo", "dates")).Then(declined("solo", "dates"), offered("lea", 1), offered("max", 1))
	c.When(TakeOffer{offer("max", 1)}).Then(takes("lea"), takes("max"))
	c.When(PassOffer{offer("lea", 1)}).Then(passes("lea", 1), passes("max", 1))
	c.When(takesBack("lea")).Then(withdrawn("lea")) // max goes on alone, with the offer
}

func TestOfACoupleTheFirstWaitsForTheSecond(t *testing.T) {
	t.Parallel()
	c := given(t, two).When(together("lea", "max")).Then(asksWith("lea", "max"), queued("lea", 1))
	c.When(together("max", "lea")).Then(asksWith("max", "lea"), held("lea"), held("max"))
	c.When(takesBack("max")).Then(withdrawn("max"), held("lea")) // who was to come along does not come
}

// parting is a pair of which one may come without the other.
func parting(one, other string) RequestPair {
	p := RequestPair{asking(one), asking(other)}
	p.First.MayPart, p.Second.MayPart = true, true
	return p
}

func asksParting(who, other string) events.SeatRequested {
	e := asksWith(who, other)
	e.MayPart = true
	return e
}

// TestP18_OneFreeSeatIsForOneOfACoupleOnlyIfBothSaySo: by the provider's hold, by its yes, and from the waiting list.
func TestP18_OneFreeSeatIsForOneOfACoupleOnlyIfBothSaySo(t *testing.T) {
	t.Parallel()
	lea, max := asksParting("lea", "max"), asksParting("max", "lea")
	given(t, just(two)...).When(parting("lea", "max")).Then(lea, queued("lea", 1), max, held("lea"), held("max")). // two are free
															When(yes("max")).Then(taken("lea"), taken("max"))

	seven := facts(just(of8(8)), seated("a", "b", "c", "d", "e", "f", "g"))
	c := given(t, seven...).When(parting("lea", "max")).Then(lea, queued("lea", 1), max, queued("max", 2), held("lea"))
	c = c.When(yes("lea")).Then(taken("lea")).When(yes("max")).Then(waits("max", 1))
	c.When(takesBack("a")).Then(withdrawn("a"), offered("max", 1)).When(TakeOffer{offer("max", 1)}).Then(takes("max"))

	eight := facts(just(of8(8)), seated("a", "b", "c", "d", "e", "f", "g", "h"))
	c = given(t, eight...).When(parting("lea", "max")).Then(lea, queued("lea", 1), max, queued("max", 2)).
		When(yes("lea")).Then(waits("lea", 1), waits("max", 2)) // one yes, two neighbouring ranks
	c = c.When(takesBack("a")).Then(withdrawn("a"), offered("lea", 1))
	c.When(PassOffer{offer("lea", 1)}).Then(passes("lea", 1), offered("max", 1)) // each is asked alone
	c = c.When(TakeOffer{offer("lea", 1)}).Then(takes("lea"))
	c.When(takesBack("b")).Then(withdrawn("b"), offered("max", 1))
}

// TestP18_EightSeatsSevenTakenSixTaken as the rule is written.
func TestP18_EightSeatsSevenTakenSixTaken(t *testing.T) {
	t.Parallel()
	standing := of8(8)
	standing.Booking, standing.ImmediateSeats = "immediate", 8
	pair := RequestPair{asking("lea"), asking("max")}
	took := func(names ...string) (list []events.Workshop) {
		for _, who := range names {
			list = append(list, asks(who), taken(who))
		}
		return list
	}
	lea, max := asksWith("lea", "max"), asksWith("max", "lea")
	given(t, facts(just(standing), took("a", "b", "c", "d", "e", "f", "g"))...).When(pair).Then(lea, queued("lea", 1), max, waits("lea", 1), waits("max", 2))
	given(t, facts(just(standing), took("a", "b", "c", "d", "e", "f"))...).When(pair).Then(lea, queued("lea", 1), max, taken("lea"), taken("max"))
}

func TestAStandingYesSeatsACoupleAtOnce(t *testing.T) {
	t.Parallel()
	standing := session(func(s *events.SessionPlanned) { s.Booking, s.ImmediateSeats = "immediate", 2 })
	pair := RequestPair{asking("lea"), asking("max")}
	given(t, standing).When(pair).Then(asksWith("lea", "max"), queued("lea", 1), asksWith("max", "lea"), taken("lea"), taken("max"))
	given(t, standing, asks("anna"), taken("anna")).When(pair).
		Then(asksWith("lea", "max"), queued("lea", 1), asksWith("max", "lea"), waits("lea", 1), waits("max", 2))
}

func TestE7_WhoComesFirstByAProgrammeIsOfferedFirst(t *testing.T) {
	t.Parallel()
	first := asking("iris")
	first.Priority = "isolated"
	says := asks("iris")
	says.Priority = "isolated"
	c := given(t, full()...).When(first).Then(says, queued("iris", 4)).When(yes("iris")).Then(waits("iris", 1))
	c.When(takesBack("anna")).Then(withdrawn("anna"), offered("iris", 1))
	given(t, full()...).When(takesBack("anna")).Then(withdrawn("anna"), offered("bruno", 1)) // without: in the order of the yes
}

func TestAYesBeyondTheLimitOfTheListIsRefused(t *testing.T) {
	t.Parallel()
	limit := 0
	limited := session(func(s *events.SessionPlanned) { s.Capacity, s.WaitingLimit = 1, &limit })
	given(t, limited, asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1)).When(yes("bruno")).Refused(ErrListFull)
}

func TestAStudyTakesSixtyDaysAtMostAndHoldsASeatForFifteen(t *testing.T) {
	t.Parallel()
	far := session(func(s *events.SessionPlanned) {
		s.Capacity = 1
		s.RegistrationClosesAt = at("2022-06-02 18:00")
	})
	far.Meetings = []events.Meeting{{StartsAt: at("2022-06-07 09:30"), EndsAt: at("2022-06-07 11:30")}}
	study := Study{SessionID: "s1", ReferralID: "anna", ProviderID: "provider-a", By: "provider-a", At: noon}
	held15 := at("2021-11-23 12:00")
	studied := events.RequestStudied{SessionID: "s1", ReferralID: "anna", Until: at("2022-01-07 12:00"), HeldUntil: &held15, By: "provider-a", At: noon}
	c := given(t, far, asks("anna"), held("anna"), asks("bruno"), queued("bruno", 1)).When(study).Then(studied).When(study).Then()
	c.When(EndHold{"s1", "anna", held15.Add(-time.Second)}).Then()
	told, c := c.When(EndHold{"s1", "anna", at("2021-11-23 12:00")}).Told()
	if _, ok := told[0].(events.HoldEnded); !ok || c.State.AnswerTo("anna").Status != Queued || !c.State.AnswerTo("anna").Studied {
		t.Fatal(told)
	}
	late := no("bruno", "dates")
	late.At = held15
	told, c = c.When(late).Told()
	if len(told) != 1 || c.State.Free() != 1 { // the study had its time with a seat
		t.Fatal(told)
	}
	accept := yes("anna")
	accept.At = at("2022-01-03 12:00")
	if told, _ := c.When(accept).Told(); len(told) != 1 {
		t.Fatal(told)
	}
	near, _ := given(t, two, asks("anna"), held("anna")).When(study).Told()
	if e := near[0].(events.RequestStudied); !e.Until.Equal(closing) {
		t.Fatal(e.Until)
	}
}
