package domain

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

func given(t *testing.T, facts ...events.Equipment) story.Case[Pool, events.Equipment] {
	return story.Given(t, Evolve, facts...)
}

var noon = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)

func registering(id string) RegisterItem {
	return RegisterItem{Pool: "provider-a", ItemID: id, Kind: "tablet", AssetTag: "TAB-" + id, By: "provider-a", Today: "2021-11-15", At: noon}
}

func tablet(id string) events.ItemRegistered {
	return events.ItemRegistered{Pool: "provider-a", ItemID: id, Kind: "tablet", AssetTag: "TAB-" + id, By: "provider-a", At: noon}
}

func keeping(who, from, to string) KeepTablet {
	return KeepTablet{Pool: "provider-a", LoanID: "loan-" + who, SessionID: "s1", ReferralID: who, PersonID: "person-" + who, From: from, To: to, At: noon}
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

// checkPool does random commands and compares, from the facts alone, with a calendar of tablets and days.
func checkPool(t *rapid.T, plant func(events.Equipment) events.Equipment, evolve func(Pool, events.Equipment) Pool) string {
	var p Pool
	calendar, answers := map[string]string{}, map[string]int{}
	asked := map[string]bool{}
	date := func(n int) string { return time.Date(2021, 12, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }
	for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
		var command story.Command[Pool, events.Equipment]
		if rapid.IntRange(0, 4).Draw(t, "what") == 0 {
			command = registering(fmt.Sprint(i))
		} else {
			from := rapid.IntRange(0, 10).Draw(t, "from")
			who := fmt.Sprintf("r%d", rapid.IntRange(0, 20).Draw(t, "who"))
			asked[who] = true
			command = keeping(who, date(from), date(from+rapid.IntRange(0, 4).Draw(t, "days")))
		}
		facts, err := command.Decide(p)
		if err != nil {
			return err.Error()
		}
		for _, f := range facts {
			if plant != nil {
				f = plant(f)
			}
			p = evolve(p, f)
			switch e := f.(type) {
			case events.TabletKept:
				answers[e.ReferralID]++
				for d := e.From; d <= e.To; d = next(d) {
					if other := calendar[e.ItemID+d]; other != "" {
						return fmt.Sprintf("%s and %s have the tablet on %s", other, e.ReferralID, d)
					}
					calendar[e.ItemID+d] = e.ReferralID
				}
			case events.TabletLacking, events.ItemRegistered, events.TabletReleased, events.TabletHandedOver, events.TabletReturned:
			}
		}
		waiting := p.Queue()
		for who := range asked {
			if answers[who] > 1 {
				return who + " has two tablets"
			}
			waiting -= 1 - answers[who]
		}
		if waiting != 0 {
			return "somebody is neither served nor waiting, or both"
		}
	}
	return ""
}

func next(day string) string {
	t, _ := time.Parse(time.DateOnly, day)
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

func TestNoTabletIsEverKeptTwiceOnADay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := checkPool(t, nil, Evolve); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

func TestThePropertyFindsPlantedFaults(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func(events.Equipment) events.Equipment{
		"always the same tablet": func(f events.Equipment) events.Equipment {
			if e, ok := f.(events.TabletKept); ok {
				e.ItemID = "0"
				return e
			}
			return f
		},
		"kept for somebody else": func(f events.Equipment) events.Equipment {
			if e, ok := f.(events.TabletKept); ok {
				e.ReferralID = "r0"
				return e
			}
			return f
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range 500 {
				if rapid.Custom(func(t *rapid.T) string { return checkPool(t, plant, Evolve) }).Example(seed) != "" {
					return
				}
			}
			t.Fatal("nothing was found")
		})
	}
}

func TestALastDayThatIsForgottenIsFound(t *testing.T) {
	t.Parallel()
	forgetful := func(p Pool, f events.Equipment) Pool {
		if e, ok := f.(events.TabletKept); ok {
			last, _ := time.Parse(time.DateOnly, e.To)
			e.To = last.AddDate(0, 0, -1).Format(time.DateOnly)
			f = e
		}
		return Evolve(p, f)
	}
	for seed := range 500 {
		if rapid.Custom(func(t *rapid.T) string { return checkPool(t, nil, forgetful) }).Example(seed) != "" {
			return
		}
	}
	t.Fatal("nothing was found")
}

func TestEvolveLeavesThePoolBeforeAsItWas(t *testing.T) {
	t.Parallel()
	before := given(t, tablet("1"), lacking("anna", dec6, dec7), lacking("bruno", dec6, dec7)).State
	Evolve(before, kept("1", "anna", dec6, dec7))
	Evolve(before, tablet("2"))
	Evolve(before, lacking("chloe", dec6, dec7))
	if before.Queue() != 2 || before.queue[0].ReferralID != "anna" || !before.items[0].free(dec6, dec7) || len(before.Items()) != 1 {
		t.Fatal("changed")
	}
}
