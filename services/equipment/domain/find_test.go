package domain

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
)

func lost(item, who string) events.LoanLost {
	return events.LoanLost{
		Pool: "provider-a", LoanID: "loan-" + who, ItemID: item, ReferralID: who, PersonID: "person-" + who, Reason: "lost", By: "provider-a", At: noon,
	}
}

func found(item string) events.ItemFound {
	return events.ItemFound{Pool: "provider-a", ItemID: item, By: "provider-a", At: noon}
}

func TestALostTabletThatIsFoundComesBackAndGoesToTheNextWhoWaits(t *testing.T) {
	t.Parallel()
	out := given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna"), lost("1", "anna"), lacking("bruno", dec10, dec13))
	back := out.When(Find{act, "1"}).Then(returned("1", "anna"), kept("1", "bruno", dec10, dec13))
	back.When(Find{act, "1"}).Then()
	if l, it := back.State.Loan("loan-anna"), back.State.Item("1"); l.Status != Returned || it.Status != ToReset {
		t.Error(l, it)
	}
}

func TestATabletThatIsFoundAfterItWasWrittenOffIsThereAgain(t *testing.T) {
	t.Parallel()
	off := events.LoanWrittenOff{
		Pool: "provider-a", LoanID: "loan-anna", ItemID: "1", ReferralID: "anna", PersonID: "person-anna", Decision: "Exemple", By: "provider-a", At: noon,
	}
	gone := given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna"), lost("1", "anna"), off)
	there := gone.When(Find{act, "1"}).Then(found("1"))
	there.When(Find{act, "1"}).Then()
	if l, it := there.State.Loan("loan-anna"), there.State.Item("1"); l.Status != WrittenOff || it.Status != ToReset {
		t.Error(l, it)
	}
}

func TestWhatWasMissingIsFound(t *testing.T) {
	t.Parallel()
	count := events.StocktakeTaken{Pool: "provider-a", StocktakeID: "st1", Missing: []string{"1"}, At: noon}
	c := given(t, tablet("1"), count).When(Find{act, "1"}).Then(found("1"))
	if it := c.State.Item("1"); it.Status != Available {
		t.Error(it)
	}
	given(t, tablet("1")).When(Find{act, "1"}).Then()
	given(t).When(Find{act, "1"}).Refused(ErrNoItem)
	given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna")).When(Find{act, "1"}).Refused(ErrHandedOver)
	given(t, tablet("1"), events.ItemRetired{Pool: "provider-a", ItemID: "1"}).When(Find{act, "1"}).Refused(ErrRetired)
}

// theirs is a fact of the pool that gets an item.
func theirs(status string) events.ItemReceived {
	return events.ItemReceived{
		Pool: "provider-b", ItemID: "1", FromPool: "provider-a", Kind: "tablet", AssetTag: "TAB-1", Status: status, By: "provider-a", At: noon,
	}
}

func TestAnItemGoesToAnotherPoolWhereSomebodyWaits(t *testing.T) {
	t.Parallel()
	waits := lacking("bruno", dec10, dec13)
	waits.Pool = "provider-b"
	serves := kept("1", "bruno", dec10, dec13)
	serves.Pool = "provider-b"
	there := Evolve(Pool{}, waits)
	told := events.ItemTransferred{Pool: "provider-a", ItemID: "1", ToPool: "provider-b", By: "provider-a", At: noon}
	facts, err := Transfer{act, "1", "provider-b", there}.Decide(given(t, tablet("1")).State)
	if want := []events.Equipment{told, theirs(Available), serves}; err != nil || !slices.Equal(facts, want) {
		t.Fatal(facts, err)
	}
	here := given(t, tablet("1"), told)
	if list := here.State.Items(); len(list) != 0 {
		t.Error(list)
	}
	for _, c := range []interface {
		Decide(Pool) ([]events.Equipment, error)
	}{Reset{act, "1"}, Repair{act, "1", "screen"}, Retire{act, "1", "sold"}, Find{act, "1"}, Transfer{act, "1", "provider-c", Pool{}}} {
		here.When(c).Refused(ErrNoItem)
	}
	here.When(registering("1")).Refused(ErrTagTaken)
	here.When(keeping("anna", dec6, dec7)).Then(lacking("anna", dec6, dec7))
	back := theirs(ToReset)
	back.Pool = "provider-a"
	if it := given(t, tablet("1"), told, back).State.Item("1"); it.Status != ToReset {
		t.Error(it)
	}
}

func TestWhatIsOutOrKeptStaysInItsPool(t *testing.T) {
	t.Parallel()
	to := Transfer{act, "1", "provider-b", Pool{}}
	given(t, tablet("1"), kept("1", "anna", dec6, dec7)).When(to).Refused(ErrKept)
	given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna")).When(to).Refused(ErrHandedOver)
	given(t, tablet("1"), events.StocktakeTaken{Pool: "provider-a", Missing: []string{"1"}}).When(to).Refused(ErrNotLendable)
	given(t, tablet("1"), events.ItemGranted{Pool: "provider-a", ItemID: "1"}).When(to).Refused(ErrGranted)
	given(t, tablet("1"), kept("1", "anna", dec6, dec7), lent("1", "anna"), lost("1", "anna")).When(to).Refused(ErrItemLost)
	given(t, tablet("1")).When(Transfer{act, "1", "provider-a", Pool{}}).Then()
}

// checkTransfers moves items between two pools while people come and go, and says where an item is in two pools, in
// none, or away from whom has it.
func checkTransfers(t *rapid.T, evolve func(Pool, events.Equipment) Pool) string {
	pools, registered := map[string]Pool{"provider-a": {}, "provider-b": {}}, map[string]bool{}
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		a, other := act, "provider-b"
		if rapid.Bool().Draw(t, "there") {
			a.Pool, other = other, a.Pool
		}
		id := fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "item"))
		who := a.Pool + fmt.Sprint(rapid.IntRange(0, 5).Draw(t, "who"))
		var facts []events.Equipment
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0:
			if !registered[id] {
				facts, _ = RegisterItem{Act: a, ItemID: id, Kind: "tablet", AssetTag: "TAB-" + id}.Decide(pools[a.Pool])
				registered[id] = true
			}
		case 1:
			facts, _ = KeepTablet{Act: a, LoanID: who, SessionID: "s1", ReferralID: who, PersonID: "person", From: dec6, To: dec7}.Decide(pools[a.Pool])
		case 2:
			facts, _ = HandOver{Act: a, LoanID: who}.Decide(pools[a.Pool])
		case 3:
			facts, _ = Return{Act: a, LoanID: who}.Decide(pools[a.Pool])
		default:
			facts, _ = Transfer{a, id, other, pools[other]}.Decide(pools[a.Pool])
		}
		for _, f := range facts {
			pool := f.Stream()[len("pool:"):]
			pools[pool] = evolve(pools[pool], f)
		}
		if wrong := misplaced(pools, registered); wrong != "" {
			return wrong
		}
	}
	return ""
}

func misplaced(pools map[string]Pool, registered map[string]bool) string {
	at := map[string]int{}
	for name, p := range pools {
		for _, it := range p.Items() {
			at[it.ID]++
		}
		for l := range p.loans.Values() {
			if it := p.Item(l.ItemID); (l.Status == Kept || l.Status == Lent) && !slices.Contains(p.Items(), it) {
				return fmt.Sprintf("%s counts on item %s, which is not there", name, l.ItemID)
			}
		}
		for _, l := range p.waiting() {
			if id, free := p.tablet(l.ID, l.From, l.To, act.Today); free {
				return fmt.Sprintf("%s waits in %s, where tablet %s is free", l.ID, name, id)
			}
		}
	}
	for id := range registered {
		if at[id] != 1 {
			return fmt.Sprintf("item %s is in %d pools", id, at[id])
		}
	}
	return ""
}

func TestAnItemIsInOnePoolAndNobodyThereIsPassedOver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := checkTransfers(t, Evolve); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

// TestThePropertyFindsAPlantedTransfer: one that only one of the pools hears of, and one whose people are forgotten.
func TestThePropertyFindsAPlantedTransfer(t *testing.T) {
	t.Parallel()
	for name, deaf := range map[string]func(events.Equipment) bool{
		"it never leaves":  func(f events.Equipment) bool { _, is := f.(events.ItemTransferred); return is },
		"it never arrives": func(f events.Equipment) bool { _, is := f.(events.ItemReceived); return is },
		"nobody is served": func(f events.Equipment) bool { e, is := f.(events.TabletKept); return is && e.ItemID == "0" },
	} {
		planted := func(p Pool, f events.Equipment) Pool {
			if deaf(f) {
				return p
			}
			return Evolve(p, f)
		}
		wanted := false
		for seed := 0; seed < 500 && !wanted; seed++ {
			wanted = rapid.Custom(func(t *rapid.T) string { return checkTransfers(t, planted) }).Example(seed) != ""
		}
		if !wanted {
			t.Errorf("%s: nothing was found", name)
		}
	}
}
