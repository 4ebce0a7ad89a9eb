package projections

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// stocked is a house where provider-a has three tablets.
func stocked(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	for n := range 3 {
		h.hear(events.ItemRegistered{Pool: "provider-a", ItemID: fmt.Sprint("i", n), Kind: "tablet", AssetTag: fmt.Sprint("T", n), Serial: fmt.Sprint("SN", n), At: noon})
	}
	return h
}

// own is a loan of one of the provider's own participants.
func own(number int, item, from, to string) events.TabletKept {
	return events.TabletKept{Pool: "provider-a", ItemID: item, LoanID: fmt.Sprint("loan-", number), SessionID: "s1", From: from, To: to, Own: number, At: noon}
}

func outTo(number int, item, from, to string) events.TabletHandedOver {
	return events.TabletHandedOver{
		Pool: "provider-a", LoanID: fmt.Sprint("loan-", number), ItemID: item, From: from, To: to, Condition: "good", Accessories: []string{"charger"}, At: noon,
	}
}

// short is what a loan looks like.
func short(list []rest.Loan) (lines []string) {
	for _, l := range list {
		lines = append(lines, fmt.Sprintf("%s %s %s %d", l.ID, l.Status, the(l.Late), l.DaysLate))
	}
	return lines
}

// TestF4_ALoanDueAndNotReturnedIsOnTheLateListTheNextDay: due on the 15th of October, on the list on the 16th.
func TestF4_ALoanDueAndNotReturnedIsOnTheLateListTheNextDay(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	h.hear(own(1, "i0", "2021-10-11", "2021-10-15"), outTo(1, "i0", "2021-10-11", "2021-10-15"),
		own(2, "i1", "2021-10-11", "2021-12-15"), outTo(2, "i1", "2021-10-11", "2021-12-15"))
	late := func() []string {
		return short(see[rest.LoanPage](h, "provider-a", "/equipment/loans?status=late").Items)
	}
	h.clock.Set(noon.AddDate(0, -1, 0)) // the 15th of October
	if got := late(); got != nil {
		t.Error(got)
	}
	h.clock.Set(noon.AddDate(0, -1, 1))
	if got := late(); !slices.Equal(got, []string{"loan-1 late  1"}) {
		t.Error(got)
	}
	h.hear(events.LoanLate{Pool: "provider-a", LoanID: "loan-1", ItemID: "i0", Kind: "call", To: "2021-10-15", At: noon})
	if got := late(); !slices.Equal(got, []string{"loan-1 late call 1"}) {
		t.Error(got)
	}
	if got := short(see[rest.LoanPage](h, "provider-a", "/equipment/loans?status=lent").Items); len(got) != 2 {
		t.Error(got) // who is late has it, too
	}
	h.hear(events.LoanExtended{Pool: "provider-a", LoanID: "loan-1", ItemID: "i0", To: "2021-10-20", At: noon})
	if got := late(); got != nil {
		t.Error(got)
	}
	one := see[rest.Loan](h, "equipment-lr", "/equipment/loans/loan-1")
	if one.To != "2021-10-20" || the(one.AssetTag) != "T0" || one.Accessories[0] != "charger" || one.OwnParticipant == nil || one.ReferralID != nil || one.LentAt == nil {
		t.Errorf("%+v", one)
	}
}

func TestWhoWaitsForATabletIsListedInTurn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	lacks := func(n int, to string, first bool) events.TabletLacking {
		return events.TabletLacking{Pool: "provider-a", LoanID: fmt.Sprint("loan-", n), SessionID: "s1", From: "2021-11-01", To: to, Own: n, First: first, At: noon}
	}
	h.hear(lacks(9, "2021-12-15", false), lacks(2, "2021-12-15", false), lacks(5, "2021-12-15", true), lacks(4, "2021-11-14", true))
	var got []string
	for path := "/equipment/queue?pool=provider-a&limit=2"; ; {
		page := see[rest.LoanPage](h, "provider-a", path)
		got = append(got, short(page.Items)...)
		if page.Next == nil {
			break
		}
		path = "/equipment/queue?pool=provider-a&limit=2&cursor=" + *page.Next
	}
	if want := []string{"loan-5 lacking  0", "loan-9 lacking  0", "loan-2 lacking  0"}; !slices.Equal(got, want) {
		t.Error(got)
	}
	if page := see[rest.LoanPage](h, "provider-b", "/equipment/queue?pool=provider-a"); len(page.Items) != 0 {
		t.Error(page)
	}
}

func TestTheCalendarShowsOnWhichDaysATabletIsNotFree(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	h.hear(own(1, "i0", "2021-11-08", "2021-11-10"), outTo(1, "i0", "2021-11-08", "2021-11-10"), own(2, "i0", "2021-11-20", "2021-11-22"),
		own(3, "i0", "2022-03-01", "2022-03-02"), events.ItemSentToRepair{Pool: "provider-a", ItemID: "i1", Reason: "screen", At: noon})
	page := see[rest.Calendar](h, "provider-a", "/equipment/calendar?pool=provider-a&limit=2")
	var got []string
	for _, i := range page.Items {
		got = append(got, i.AssetTag+" "+i.Status)
		for _, l := range i.Loans {
			got = append(got, fmt.Sprintf("%s %s–%s %s", l.ID, l.From, l.To, l.Status))
		}
	}
	if want := []string{"T0 lent", "loan-1 2021-11-08–2021-11-15 late", "loan-2 2021-11-20–2021-11-22 kept", "T1 repair"}; !slices.Equal(got, want) || page.Next == nil {
		t.Errorf("%q", got)
	}
	after := see[rest.Calendar](h, "provider-a", "/equipment/calendar?pool=provider-a&limit=2&cursor="+*page.Next)
	if len(after.Items) != 1 || after.Items[0].AssetTag != "T2" || after.Next != nil {
		t.Error(after)
	}
	var refused any
	if answer := h.get("provider-a", "/equipment/calendar?pool=provider-a&from=2021-11-15&to=2022-11-15", &refused); answer.StatusCode != http.StatusUnprocessableEntity {
		t.Error(answer.StatusCode)
	}
	if theirs := see[rest.Calendar](h, "provider-b", "/equipment/calendar?pool=provider-a"); len(theirs.Items) != 0 {
		t.Error(theirs)
	}
}

func TestTheStockIsListedByPoolAndState(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	h.hear(own(1, "i0", "2021-11-08", "2021-12-10"), outTo(1, "i0", "2021-11-08", "2021-12-10"),
		events.TabletSwapped{Pool: "provider-a", LoanID: "loan-1", ItemID: "i1", WasID: "i0", Condition: "broken", At: noon},
		events.StocktakeTaken{Pool: "provider-a", StocktakeID: "st1", Found: []string{}, Missing: []string{"i2"}, Unexpected: []string{"i0"}, UnknownTags: []string{"X"}, At: noon})
	states := func() (list []string) {
		for _, i := range see[rest.ItemPage](h, "equipment-lr", "/equipment/items?pool=provider-a").Items {
			list = append(list, i.AssetTag+" "+i.Status)
		}
		slices.Sort(list)
		return list
	}
	if got := states(); !slices.Equal(got, []string{"T0 repair", "T1 lent", "T2 missing"}) {
		t.Error(got)
	}
	report := see[rest.StocktakePage](h, "provider-a", "/equipment/stocktakes?pool=provider-a").Items
	if len(report) != 1 || report[0].Missing[0].AssetTag != "T2" || report[0].Unexpected[0].AssetTag != "T0" || report[0].UnknownTags[0] != "X" {
		t.Error(report)
	}
	h.hear(events.LoanLost{Pool: "provider-a", LoanID: "loan-1", ItemID: "i1", Reason: "stolen", At: noon},
		events.ItemReset{Pool: "provider-a", ItemID: "i0", At: noon}, events.ItemRetired{Pool: "provider-a", ItemID: "i2", Reason: "obsolete", At: noon})
	if got := states(); !slices.Equal(got, []string{"T0 available", "T1 lost", "T2 retired"}) {
		t.Error(got)
	}
	h.hear(events.LoanWrittenOff{Pool: "provider-a", LoanID: "loan-1", ItemID: "i1", Decision: "Exemple", At: noon},
		events.StocktakeTaken{Pool: "provider-a", StocktakeID: "st2", Found: []string{}, Missing: []string{}, Unexpected: []string{"i1"}, UnknownTags: []string{}, At: noon})
	if got := states(); !slices.Equal(got, []string{"T0 available", "T1 to_reset", "T2 retired"}) {
		t.Error(got)
	}
	h.hear(own(2, "i0", "2021-11-08", "2021-12-10"), outTo(2, "i0", "2021-11-08", "2021-12-10"),
		events.LoanLost{Pool: "provider-a", LoanID: "loan-2", ItemID: "i0", Reason: "lost", At: noon},
		events.StocktakeTaken{Pool: "provider-a", StocktakeID: "st3", Found: []string{"i1"}, Missing: []string{}, Unexpected: []string{"i0"}, UnknownTags: []string{}, At: noon},
		events.ItemReset{Pool: "provider-a", ItemID: "i0", At: noon}, events.LoanWrittenOff{Pool: "provider-a", LoanID: "loan-2", ItemID: "i0", Decision: "Exemple", At: noon})
	if got := states(); !slices.Equal(got, []string{"T0 available", "T1 to_reset", "T2 retired"}) {
		t.Error(got) // it had turned up before the loan was written off
	}
	if got := short(see[rest.LoanPage](h, "provider-a", "/equipment/loans").Items); !slices.Equal(got, []string{"loan-2 written_off  0", "loan-1 written_off  0"}) {
		t.Error(got)
	}
}

// TestTheHistoryOfAnItemNamesNobody: what happened to it, newest first; by which reference it was written off is for the
// equipment manager of the fund alone, on the loan.
func TestTheHistoryOfAnItemNamesNobody(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	h.hear(own(1, "i0", "2021-11-08", "2021-12-10"), outTo(1, "i0", "2021-11-08", "2021-12-10"),
		events.LoanLost{Pool: "provider-a", LoanID: "loan-1", ItemID: "i0", Reason: "stolen", By: "provider-a", At: noon},
		events.LoanWrittenOff{Pool: "provider-a", LoanID: "loan-1", ItemID: "i0", Decision: "Exemple 2021-7", By: "provider-a", At: noon},
		events.ItemFound{Pool: "provider-a", ItemID: "i0", By: "provider-a", At: noon},
		events.ItemTransferred{Pool: "provider-a", ItemID: "i0", ToPool: "provider-b", By: "equipment-lr", At: noon},
		events.ItemReceived{Pool: "provider-b", ItemID: "i0", FromPool: "provider-a", Kind: "tablet", AssetTag: "T0", Status: "to_reset", By: "equipment-lr", At: noon})
	one := see[rest.ItemSheet](h, "provider-b", "/equipment/items/i0")
	var got []string
	for _, l := range one.History {
		got = append(got, strings.TrimSpace(l.What+" "+the(l.About)))
	}
	want := []string{"received provider-a", "transferred provider-b", "found", "written_off", "lost stolen", "handed_over good", "kept", "registered"}
	if !slices.Equal(got, want) || one.Status != "to_reset" || one.Pool != "provider-b" {
		t.Errorf("%q %+v", got, one)
	}
	var refused any
	if answer := h.get("provider-a", "/equipment/items/i0", &refused); answer.StatusCode != http.StatusNotFound {
		t.Error(answer.StatusCode)
	}
	if loan := see[rest.Loan](h, "equipment-lr", "/equipment/loans/loan-1"); the(loan.Decision) != "Exemple 2021-7" {
		t.Error(the(loan.Decision))
	}
	if loan := see[rest.Loan](h, "provider-a", "/equipment/loans/loan-1"); loan.Decision != nil {
		t.Error("who sees the pool reads by which reference it was written off")
	}
	for _, l := range see[rest.LoanPage](h, "equipment-lr", "/equipment/loans").Items {
		if l.Decision != nil {
			t.Error("the list of loans has the reference")
		}
	}
}
