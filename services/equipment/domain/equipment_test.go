package domain

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

func given(t *testing.T, facts ...events.Equipment) story.Case[Pool, events.Equipment] {
	return story.Given(t, Evolve, facts...)
}

var noon = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)

// act is somebody of the provider on that day.
var act = Act{Pool: "provider-a", By: "provider-a", Today: "2021-11-15", At: noon}

func registering(id string) RegisterItem {
	return RegisterItem{Act: act, ItemID: id, Kind: "tablet", AssetTag: "TAB-" + id}
}

func tablet(id string) events.ItemRegistered {
	return events.ItemRegistered{Pool: "provider-a", ItemID: id, Kind: "tablet", AssetTag: "TAB-" + id, By: "provider-a", At: noon}
}

func keeping(who, from, to string) KeepTablet {
	return KeepTablet{Act: act, LoanID: "loan-" + who, SessionID: "s1", ReferralID: who, PersonID: "person-" + who, From: from, To: to}
}

func kept(item, who, from, to string) events.TabletKept {
	return events.TabletKept{
		Pool: "provider-a", ItemID: item, LoanID: "loan-" + who, SessionID: "s1", ReferralID: who, PersonID: "person-" + who, From: from, To: to, At: noon,
	}
}

func lacking(who, from, to string) events.TabletLacking {
	return events.TabletLacking{
		Pool: "provider-a", LoanID: "loan-" + who, SessionID: "s1", ReferralID: who, PersonID: "person-" + who, From: from, To: to, At: noon,
	}
}

const (
	dec6, dec7, dec10, dec13, dec14 = "2021-12-06", "2021-12-07", "2021-12-10", "2021-12-13", "2021-12-14"
)

func TestATabletIsKeptForTheDaysOfTheSession(t *testing.T) {
	t.Parallel()
	given(t, tablet("1")).
		When(keeping("anna", dec6, dec13)).Then(kept("1", "anna", dec6, dec13)).
		When(keeping("anna", dec6, dec13)).Then()
}

func TestATabletHasOneLoanADay(t *testing.T) {
	t.Parallel()
	given(t, tablet("1"), kept("1", "anna", dec6, dec10)).
		When(keeping("bruno", dec10, dec13)).Then(lacking("bruno", dec10, dec13)).
		When(keeping("bruno", dec10, dec13)).Then().
		When(keeping("chloe", dec13, dec14)).Then(kept("1", "chloe", dec13, dec14))
	given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec10)).
		When(keeping("bruno", dec7, dec7)).Then(kept("2", "bruno", dec7, dec7))
}

func TestAnEmptyPoolLacksATablet(t *testing.T) {
	t.Parallel()
	c := given(t).When(keeping("anna", dec6, dec13)).Then(lacking("anna", dec6, dec13))
	if c.State.Queue() != 1 {
		t.Fatal(c.State.Queue())
	}
	computer := tablet("1")
	computer.Kind = "computer"
	given(t, computer).When(keeping("anna", dec6, dec13)).Then(lacking("anna", dec6, dec13))
}

func TestANewTabletGoesToThoseWhoWaitInTheirOrderAsFarAsTheDaysFit(t *testing.T) {
	t.Parallel()
	c := given(t, lacking("anna", dec6, dec10), lacking("bruno", dec10, dec13), lacking("chloe", dec13, dec14)).
		When(registering("1")).Then(tablet("1"), kept("1", "anna", dec6, dec10), kept("1", "chloe", dec13, dec14))
	if c.State.Queue() != 1 {
		t.Fatalf("%d wait", c.State.Queue())
	}
	c.When(registering("2")).Then(tablet("2"), kept("2", "bruno", dec10, dec13))
}

func TestANewTabletIsNotKeptForDaysThatAreOver(t *testing.T) {
	t.Parallel()
	late := registering("1")
	late.Today = dec14
	given(t, lacking("anna", dec6, dec13)).When(late).Then(tablet("1"))
}

func TestAComputerIsLentToNobody(t *testing.T) {
	t.Parallel()
	computer, told := registering("1"), tablet("1")
	computer.Kind, told.Kind = "computer", "computer"
	given(t, lacking("anna", dec6, dec13)).When(computer).Then(told)
}

func TestAnItemIsRegisteredOnceAndItsTagToo(t *testing.T) {
	t.Parallel()
	given(t, tablet("1")).When(registering("1")).Then()
	again := registering("2")
	again.AssetTag = " tab-1 "
	given(t, tablet("1")).When(again).Refused(ErrTagTaken)
	blank := registering("2")
	blank.AssetTag = " "
	given(t).When(blank).Faults("asset_tag required")
	take, release := Claims(Pool{}, events.ItemRegistered{AssetTag: "tab-1 "})
	if fmt.Sprint(take, release) != "[asset-tag:TAB-1] []" {
		t.Fatal(take, release)
	}
	if !errors.Is(RefusalOf(take[0]), ErrTagTaken) || RefusalOf("open-flag:x") != nil {
		t.Fatal("the claim has no refusal")
	}
	if take, _ := Claims(Pool{}, kept("1", "anna", dec6, dec13)); take != nil {
		t.Fatal(take)
	}
}

func TestEvolveLeavesThePoolBeforeAsItWas(t *testing.T) {
	t.Parallel()
	before := given(t, tablet("1"), lacking("anna", dec6, dec7), lacking("bruno", dec6, dec7)).State
	Evolve(before, kept("1", "anna", dec6, dec7))
	Evolve(before, tablet("2"))
	Evolve(before, lacking("chloe", dec6, dec7))
	Evolve(before, events.ItemRetired{Pool: "provider-a", ItemID: "1"})
	it, _ := before.item("1")
	if before.Queue() != 2 || before.waiting()[0].ReferralID != "anna" || len(it.booked) > 0 || it.state != "" || len(before.Items()) != 1 {
		t.Fatal("changed")
	}
}

// TestF4_TheSameSerialIsThereOnce: an item cannot be lent twice under two tags.
func TestF4_TheSameSerialIsThereOnce(t *testing.T) {
	t.Parallel()
	first, told := registering("1"), tablet("1")
	first.Serial, told.Serial = " sn-1", "sn-1"
	again := registering("2")
	again.Serial = "SN-1 "
	given(t).When(first).Then(told).When(again).Refused(ErrSerialTaken)
	take, _ := Claims(Pool{}, told)
	if fmt.Sprint(take) != "[asset-tag:TAB-1 serial:SN-1]" || !errors.Is(RefusalOf(take[1]), ErrSerialTaken) {
		t.Fatal(take)
	}
}

func TestWhoHasNoEquipmentForWantOfMoneyComesFirstWhenTabletsAreShort(t *testing.T) {
	t.Parallel()
	poor := keeping("bruno", dec7, dec10)
	poor.First = true
	waits := lacking("bruno", dec7, dec10)
	waits.First = true
	gets := kept("1", "bruno", dec7, dec10)
	gets.First = true
	given(t, lacking("anna", dec6, dec10)).When(poor).Then(waits).When(registering("1")).Then(tablet("1"), gets)
	given(t, tablet("1"), kept("1", "anna", dec6, dec10)).When(poor).Then(waits) // nobody who has one loses it
}
