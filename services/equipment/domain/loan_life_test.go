package domain

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
)

// on is the act on another day.
func on(day string) Act {
	a := act
	a.Today = day
	a.At, _ = time.Parse(time.RFC3339, day+"T11:00:00Z")
	return a
}

func TestATabletIsResetBeforeItIsLentAgain(t *testing.T) {
	t.Parallel()
	back := given(t, tablet("1"), kept("1", "anna", dec6, dec7), kept("1", "bruno", dec10, dec13), lent("1", "anna"), returned("1", "anna"))
	back.When(handing("bruno", "")).Refused(ErrToReset)
	reset := back.When(Reset{act, "1"}).Then(events.ItemReset{Pool: "provider-a", ItemID: "1", By: "provider-a", At: noon})
	reset.When(Reset{act, "1"}).Then()
	reset.When(handing("bruno", "")).Then(lent("1", "bruno"))
	if got := back.State.Item("1").Status; got != ToReset {
		t.Error(got)
	}
}

// TestF4_NoTabletIsInTwoHands: the one before is late, and the next one has come.
func TestF4_NoTabletIsInTwoHands(t *testing.T) {
	t.Parallel()
	next := given(t, tablet("1"), kept("1", "anna", dec6, dec7), kept("1", "bruno", dec10, dec13), lent("1", "anna"))
	gives := handing("bruno", "")
	gives.Act = on(dec10)
	next.When(gives).Refused(ErrItemNotFree)
	asks := keeping("chloe", dec10, dec10)
	asks.Act = on(dec10)
	late := given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna"))
	told, _ := late.When(asks).Told()
	if _, waits := told[0].(events.TabletLacking); !waits {
		t.Error(told) // she has it today
	}
}

func TestATabletThatIsHandedOverEarlyIsNotThatOfAnotherSession(t *testing.T) {
	t.Parallel()
	early := given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec13), kept("1", "bruno", "2021-11-20", "2021-11-22"))
	early.When(handing("anna", "")).Refused(ErrItemNotFree)
	early.When(handing("anna", "TAB-2")).Then(lent("2", "anna"))
}

func TestWhatIsBrokenGoesToRepairAndItsPeopleGetAnotherTabletOrWait(t *testing.T) {
	t.Parallel()
	sent := events.ItemSentToRepair{Pool: "provider-a", ItemID: "1", Reason: "screen", By: "provider-a", At: noon}
	two := given(t, tablet("1"), kept("1", "anna", dec6, dec10), kept("1", "bruno", dec13, dec14), tablet("2"), kept("2", "chloe", dec14, dec14))
	mended := two.When(Repair{act, "1", "screen"}).Then(sent, kept("2", "anna", dec6, dec10), lacking("bruno", dec13, dec14))
	mended.When(Repair{act, "1", "screen"}).Then()
	mended.When(Reset{act, "1"}).Then(events.ItemReset{Pool: "provider-a", ItemID: "1", By: "provider-a", At: noon}, kept("1", "bruno", dec13, dec14))
	broke := returning("anna")
	broke.Condition = broken
	back := returned("1", "anna")
	back.Condition = broken
	c := given(t, tablet("1"), kept("1", "anna", dec6, dec10), kept("1", "bruno", dec13, dec14), lent("1", "anna")).
		When(broke).Then(back, lacking("bruno", dec13, dec14))
	if got := c.State.Item("1").Status; got != InRepair {
		t.Error(got)
	}
}

func TestAnItemIsRetired(t *testing.T) {
	t.Parallel()
	told := events.ItemRetired{Pool: "provider-a", ItemID: "1", Reason: "obsolete", By: "provider-a", At: noon}
	gone := given(t, tablet("1"), kept("1", "anna", dec6, dec10)).When(Retire{act, "1", "obsolete"}).Then(told, lacking("anna", dec6, dec10))
	gone.When(Retire{act, "1", "obsolete"}).Then()
	gone.When(Reset{act, "1"}).Refused(ErrRetired)
	gone.When(Repair{act, "1", "screen"}).Refused(ErrRetired)
	gone.When(keeping("bruno", dec6, dec10)).Then(lacking("bruno", dec6, dec10))
	out := given(t, tablet("1"), kept("1", "anna", dec6, dec10), lent("1", "anna"))
	for _, c := range []interface {
		Decide(Pool) ([]events.Equipment, error)
	}{Retire{act, "1", "obsolete"}, Reset{act, "1"}, Repair{act, "1", "screen"}} {
		out.When(c).Refused(ErrHandedOver)
	}
	given(t).When(Retire{act, "1", "obsolete"}).Refused(ErrNoItem)
	given(t).When(Reset{act, "1"}).Refused(ErrNoItem)
}

func TestATabletIsSwapped(t *testing.T) {
	t.Parallel()
	out := given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec13), lent("1", "anna"), lacking("bruno", dec6, dec7))
	swap := Swap{act, "loan-anna", "TAB-2", "worn"}
	swapped := events.TabletSwapped{
		Pool: "provider-a", LoanID: "loan-anna", ItemID: "2", WasID: "1", ReferralID: "anna", PersonID: "person-anna", Condition: "worn", By: "provider-a", At: noon,
	}
	after := out.When(swap).Then(swapped, kept("1", "bruno", dec6, dec7))
	after.When(swap).Then()
	if got := []string{after.State.Item("1").Status, after.State.Item("2").Status}; !slices.Equal(got, []string{ToReset, Lent}) {
		t.Error(got)
	}
	out.When(Swap{act, "loan-anna", "TAB-9", "worn"}).Faults("asset_tag unknown_item")
	out.When(Swap{act, "loan-bruno", "TAB-2", "worn"}).Refused(ErrNotHandedOver)
	out.When(Swap{act, "loan-nobody", "TAB-2", "worn"}).Refused(ErrNoLoan)
	given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec13), kept("2", "bruno", dec10, dec10), lent("1", "anna")).When(swap).Refused(ErrItemNotFree)
}

func TestALoanIsExtendedWhereTheOthersGetAnotherTablet(t *testing.T) {
	t.Parallel()
	longer := Extend{act, "loan-anna", dec14}
	told := events.LoanExtended{Pool: "provider-a", LoanID: "loan-anna", ItemID: "1", ReferralID: "anna", PersonID: "person-anna", To: dec14, By: "provider-a", At: noon}
	given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec13), kept("1", "bruno", dec14, dec14), lent("1", "anna")).
		When(longer).Then(told, kept("2", "bruno", dec14, dec14)).
		When(longer).Then()
	given(t, tablet("1"), kept("1", "anna", dec6, dec13), kept("1", "bruno", dec14, dec14), lent("1", "anna")).When(longer).Refused(ErrItemNotFree)
	given(t, tablet("1"), kept("1", "anna", dec6, dec13), kept("1", "bruno", dec14, dec14)).When(longer).Refused(ErrItemNotFree)
	only := given(t, tablet("1"), kept("1", "anna", dec6, dec13), lent("1", "anna"))
	only.When(Extend{act, "loan-anna", dec10}).Faults("to too_early")
	only.When(Extend{act, "loan-anna", "2099-01-01"}).Faults("to too_late")
	given(t, lacking("anna", dec6, dec13)).When(longer).Refused(ErrNotHandedOver)
}

// TestF4_WhoIsLateIsCalledThenWrittenToThenDecidedOn: due on the 13th, so late on the 14th, in Paris.
func TestF4_WhoIsLateIsCalledThenWrittenToThenDecidedOn(t *testing.T) {
	t.Parallel()
	_, _, set, _ := Due(lent("1", "anna"))
	var got []string
	for _, d := range set {
		got = append(got, d.Kind+" "+d.At.Format(time.RFC3339))
	}
	want := []string{"call 2021-12-14T00:00:00+01:00", "letter 2021-12-21T00:00:00+01:00", "decision 2022-01-03T00:00:00+01:00"}
	if !slices.Equal(got, want) {
		t.Error(got)
	}
	if _, _, none, _ := Due(events.TabletHandedOver{}); none != nil {
		t.Error(none) // told before the last day was
	}
	c := given(t, tablet("1"), kept("1", "anna", dec6, dec13), lent("1", "anna"))
	c.When(NoteLate{on(dec13), "loan-anna", CallLate}).Then()
	note := func(kind string) events.LoanLate {
		return events.LoanLate{
			Pool: "provider-a", LoanID: "loan-anna", ItemID: "1", ReferralID: "anna", PersonID: "person-anna", Kind: kind, To: dec13, At: on(dec14).At,
		}
	}
	late := c.When(NoteLate{on(dec14), "loan-anna", CallLate}).Then(note(CallLate))
	late.When(NoteLate{on(dec14), "loan-anna", CallLate}).Then()
	late.When(NoteLate{on(dec14), "loan-anna", LetterLate}).Then()
	wrote := note(LetterLate)
	wrote.At = on("2021-12-21").At
	late.When(NoteLate{on("2021-12-21"), "loan-anna", LetterLate}).Then(wrote).When(NoteLate{on("2021-12-21"), "loan-anna", CallLate}).Then()
	longer, after := late.When(Extend{on(dec14), "loan-anna", "2021-12-20"}).Told()
	if _, _, set, settled := Due(longer[0]); len(set) != 4 || len(settled) != 4 {
		t.Error(set, settled)
	}
	after.When(NoteLate{on(dec14), "loan-anna", CallLate}).Then()
	given(t, tablet("1"), kept("1", "anna", dec6, dec13)).When(NoteLate{on(dec14), "loan-anna", CallLate}).Then()
}

func TestALostTabletIsWrittenOffOrTurnsUp(t *testing.T) {
	t.Parallel()
	out := given(t, tablet("1"), kept("1", "anna", dec6, dec13), kept("1", "bruno", dec14, dec14), lent("1", "anna"))
	lost := events.LoanLost{Pool: "provider-a", LoanID: "loan-anna", ItemID: "1", ReferralID: "anna", PersonID: "person-anna", Reason: "stolen", By: "provider-a", At: noon}
	off := events.LoanWrittenOff{
		Pool: "provider-a", LoanID: "loan-anna", ItemID: "1", ReferralID: "anna", PersonID: "person-anna", Decision: "CAS 3", By: "provider-a", At: noon,
	}
	gone := out.When(Lose{act, "loan-anna", "stolen"}).Then(lost, lacking("bruno", dec14, dec14))
	gone.When(Lose{act, "loan-anna", "stolen"}).Then()
	gone.When(Reset{act, "1"}).Refused(ErrItemLost)
	gone.When(WriteOff{act, "loan-anna", " "}).Faults("decision required")
	ended := gone.When(WriteOff{act, "loan-anna", "CAS 3"}).Then(off)
	ended.When(WriteOff{act, "loan-anna", "CAS 3"}).Then()
	ended.When(returning("anna")).Refused(ErrEnded)
	ended.When(handing("anna", "")).Refused(ErrEnded)
	ended.When(Lose{act, "loan-anna", "stolen"}).Refused(ErrEnded)
	gone.When(returning("anna")).Then(returned("1", "anna"), kept("1", "bruno", dec14, dec14))
	out.When(WriteOff{act, "loan-anna", "CAS 3"}).Then(off, lacking("bruno", dec14, dec14)) // at day 21 nothing else was said
	given(t, tablet("1"), kept("1", "anna", dec6, dec13)).When(Lose{act, "loan-anna", "stolen"}).Refused(ErrNotHandedOver)
}

// TestALostTabletThatIsFoundAndLentAgainStaysWhereItIs whatever becomes of the loan it was lost from.
func TestALostTabletThatIsFoundAndLentAgainStaysWhereItIs(t *testing.T) {
	t.Parallel()
	found := given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna"), events.LoanLost{Pool: "provider-a", LoanID: "loan-anna", ItemID: "1"},
		events.StocktakeTaken{Pool: "provider-a", Unexpected: []string{"1"}}, events.ItemReset{Pool: "provider-a", ItemID: "1"},
		kept("1", "bruno", dec10, dec13), lent("1", "bruno"))
	for _, c := range []interface {
		Decide(Pool) ([]events.Equipment, error)
	}{WriteOff{act, "loan-anna", "CAS 3"}, returning("anna")} {
		_, after := found.When(c).Told()
		if it, _ := after.State.item("1"); it.state != "" || after.State.Item("1").Status != Lent {
			t.Errorf("%T: %+v", c, it)
		}
	}
}

func TestAStocktakeSaysWhatIsMissingAndWhatShouldNotBeThere(t *testing.T) {
	t.Parallel()
	c := given(t, tablet("1"), tablet("2"), tablet("3"), tablet("4"), kept("1", "anna", dec6, dec7), kept("2", "bruno", dec6, dec7), lent("2", "bruno"),
		events.ItemRetired{Pool: "provider-a", ItemID: "3"})
	told := events.StocktakeTaken{
		Pool: "provider-a", StocktakeID: "st", Found: []string{"4"}, Missing: []string{"1"}, Unexpected: []string{"2", "3"}, UnknownTags: []string{"X"},
		By: "provider-a", At: noon,
	}
	after := c.When(TakeStock{act, "st", []string{"tab-4", "TAB-3", "TAB-2 ", "x", "X"}}).Then(told, kept("4", "anna", dec6, dec7))
	if got := after.State.Item("1").Status; got != Missing {
		t.Error(got)
	}
	after.When(handing("anna", "TAB-1")).Refused(ErrNotLendable)
	found, again := after.When(TakeStock{act, "st2", []string{"TAB-1", "TAB-4"}}).Told()
	if fmt.Sprint(found[0].(events.StocktakeTaken).Found, " ", again.State.Item("1").Status) != "[1 4] available" {
		t.Error(found, again.State.Item("1"))
	}
}

func TestTheProvidersOwnParticipantsHaveTabletsByNumber(t *testing.T) {
	t.Parallel()
	asks := AskTablet{KeepTablet{Act: act, LoanID: "loan-own", SessionID: "s1", From: dec6, To: dec10}, 1}
	own := events.TabletKept{Pool: "provider-a", ItemID: "1", LoanID: "loan-own", SessionID: "s1", From: dec6, To: dec10, Own: 1, At: noon}
	c := given(t, tablet("1"), lacking("bruno", dec7, dec7)).When(asks).Then(own)
	c.When(asks).Refused(ErrHasLoan)
	free := events.TabletReleased{Pool: "provider-a", LoanID: "loan-own", ItemID: "1", At: noon}
	c.When(Forgo{act, "loan-own"}).Then(free, kept("1", "bruno", dec7, dec7)).When(Forgo{act, "loan-own"}).Refused(ErrReleased)
	c.When(handing("bruno", "")).Refused(ErrLacking)
	over := asks
	over.Act = on(dec14)
	given(t, tablet("1")).When(over).Refused(ErrDaysPassed)
	given(t, tablet("1"), kept("1", "anna", dec6, dec7)).When(AskTablet{keeping("anna", dec6, dec7), 0}).Refused(ErrHasLoan)
	given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna")).When(Forgo{act, "loan-anna"}).Refused(ErrHandedOver)
}

func TestATabletMovesWithItsSession(t *testing.T) {
	t.Parallel()
	moves := MoveDays{act, "loan-anna", dec13, dec14}
	given(t, tablet("1"), kept("1", "anna", dec6, dec7), lacking("bruno", dec7, dec10)).
		When(moves).Then(kept("1", "anna", dec13, dec14), kept("1", "bruno", dec7, dec10)).
		When(moves).Then()
	given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec7), kept("1", "bruno", dec14, dec14)).When(moves).Then(kept("2", "anna", dec13, dec14))
	given(t, tablet("1"), kept("1", "anna", dec6, dec7), kept("1", "bruno", dec14, dec14)).When(moves).Then(lacking("anna", dec13, dec14))
	given(t, lacking("anna", dec6, dec7), tablet("1")).When(moves).Then(kept("1", "anna", dec13, dec14))
	out := given(t, tablet("1"), kept("1", "anna", dec6, dec7), kept("1", "bruno", dec14, dec14), lent("1", "anna"))
	out.When(moves).Then(
		events.LoanExtended{Pool: "provider-a", LoanID: "loan-anna", ItemID: "1", ReferralID: "anna", PersonID: "person-anna", To: dec14, By: "provider-a", At: noon},
		lacking("bruno", dec14, dec14))
	given(t).When(moves).Then()
}

func TestWhoDidNotComeFreesTheTabletTheNextMorning(t *testing.T) {
	t.Parallel()
	if _, _, set, _ := Due(kept("1", "anna", dec6, dec13)); len(set) != 1 || set[0].Kind != DaysOver || set[0].At.Format(time.RFC3339) != "2021-12-14T00:00:00+01:00" {
		t.Error(set)
	}
	free := released("1", "anna")
	free.At = on(dec14).At
	c := given(t, tablet("1"), kept("1", "anna", dec6, dec13))
	c.When(EndDays{on(dec13), "loan-anna"}).Then()
	c.When(EndDays{on(dec14), "loan-anna"}).Then(free).When(EndDays{on(dec14), "loan-anna"}).Then()
	given(t, tablet("1"), kept("1", "anna", dec6, dec13), lent("1", "anna")).When(EndDays{on(dec14), "loan-anna"}).Then()

	nothing := released("", "bruno")
	nothing.At = on(dec14).At
	given(t, lacking("bruno", dec6, dec13)).When(EndDays{on(dec14), "loan-bruno"}).Then(nothing)
}
