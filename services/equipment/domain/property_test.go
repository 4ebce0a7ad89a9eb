package domain

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/story"
)

// paper is what a sheet on the wall would show: which loan has which tablet on which days, from the facts alone.
type paper struct {
	tablets []string
	off     map[string]bool // in repair, lost, retired, missing
	loans   map[string]*line
	order   []string
}

type line struct {
	item, from, to, status string
	first                  bool
}

// tell writes a fact down, and says what is wrong with it.
func (p *paper) tell(f events.Equipment, today string) (wrong string) {
	switch e := f.(type) {
	case events.ItemRegistered:
		p.tablets = append(p.tablets, e.ItemID)
	case events.TabletKept:
		l := p.of(e.LoanID)
		waited := l.status == Lacking
		l.item, l.from, l.to, l.first, l.status = e.ItemID, e.From, e.To, e.First, Kept
		if waited {
			wrong = p.passedOver(e, today)
		}
	case events.TabletLacking:
		l := p.of(e.LoanID)
		l.item, l.from, l.to, l.first, l.status = "", e.From, e.To, e.First, Lacking
	case events.TabletReleased:
		p.of(e.LoanID).status = ""
	case events.TabletHandedOver:
		l := p.of(e.LoanID)
		l.item, l.from, l.to, l.status = e.ItemID, min(l.from, e.From), e.To, Lent
	case events.TabletSwapped:
		p.of(e.LoanID).item, p.off[e.WasID] = e.ItemID, e.Condition == broken
	case events.TabletReturned:
		p.of(e.LoanID).status, p.off[e.ItemID] = Returned, e.Condition == broken
	case events.LoanExtended:
		p.of(e.LoanID).to = e.To
	case events.LoanLost:
		p.of(e.LoanID).status, p.off[e.ItemID] = Lost, true
	case events.LoanWrittenOff:
		p.of(e.LoanID).status, p.off[e.ItemID] = WrittenOff, true
	case events.ItemReset:
		p.off[e.ItemID] = false
	case events.ItemSentToRepair:
		p.off[e.ItemID] = true
	case events.ItemRetired:
		p.off[e.ItemID] = true
	case events.ItemGranted:
		p.off[e.ItemID] = true
	case events.ItemFound:
		p.off[e.ItemID] = false
	case events.ItemTransferred, events.ItemReceived: // see TestAnItemIsInOnePoolAndNobodyThereIsPassedOver
	case events.LoanLate, events.StocktakeTaken:
	}
	return wrong
}

func (p *paper) of(loan string) *line {
	if p.loans[loan] == nil {
		p.loans[loan] = &line{}
		p.order = append(p.order, loan)
	}
	return p.loans[loan]
}

// active says whether somebody has the tablet or may still come for it: who did not come in the days it was kept has nothing.
func (l *line) active(today string) bool {
	return l.status == Kept && l.to >= today || l.status == Lent
}

// last is the last day on which somebody has the tablet: who is late has it today.
func (l *line) last(today string) string {
	if l.status == Lent {
		return max(l.to, today)
	}
	return l.to
}

// free says whether a loan could have a tablet on its days.
func (p *paper) free(item, loan, today string) bool {
	l := p.loans[loan]
	for id, other := range p.loans {
		if id != loan && other.item == item && other.active(today) && other.from <= l.to && l.from <= other.last(today) {
			return false
		}
	}
	return !p.off[item]
}

// passedOver says who should have had the tablet that somebody got who waited.
func (p *paper) passedOver(e events.TabletKept, today string) string {
	l := p.loans[e.LoanID]
	at := slices.Index(p.order, e.LoanID)
	was := *l
	l.status, l.item = Lacking, ""
	defer func() { *l = was }()
	for i, id := range p.order {
		other := p.loans[id]
		before := other.first && !l.first || other.first == l.first && i < at
		if before && other.status == Lacking && other.to >= today && p.free(e.ItemID, id, today) {
			return fmt.Sprintf("%s got the tablet before %s", e.LoanID, id)
		}
	}
	return ""
}

// clash looks for two loans of one tablet on one day, and for somebody who waits though a tablet is free.
func (p *paper) clash(today string) string {
	for n, a := range p.order {
		one := p.loans[a]
		for _, b := range p.order[:n] {
			other := p.loans[b]
			if one.active(today) && other.active(today) && one.item == other.item && one.from <= other.to && other.from <= one.to {
				return fmt.Sprintf("%s and %s have tablet %s on one day", a, b, one.item)
			}
		}
		if one.status != Lacking || one.to < today {
			continue
		}
		for _, item := range p.tablets {
			if p.free(item, a, today) {
				return fmt.Sprintf("%s waits and tablet %s is free", a, item)
			}
		}
	}
	return ""
}

func dayOf(n int) string { return time.Date(2021, 12, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }

// anyCommand is something that somebody may do with a pool of up to eight tablets and thirty people.
func anyCommand(t *rapid.T, a Act) story.Command[Pool, events.Equipment] {
	who := fmt.Sprintf("r%d", rapid.IntRange(0, 29).Draw(t, "who"))
	loan, item := "loan-"+who, fmt.Sprint(rapid.IntRange(0, 7).Draw(t, "item"))
	from := rapid.IntRange(0, 12).Draw(t, "from")
	to := from + rapid.IntRange(0, 4).Draw(t, "days")
	condition := rapid.SampledFrom([]string{"good", broken}).Draw(t, "condition")
	switch rapid.IntRange(0, 15).Draw(t, "what") {
	case 0:
		return RegisterItem{Act: a, ItemID: item, Kind: "tablet", AssetTag: "TAB-" + item}
	case 1, 2:
		return HandOver{Act: a, LoanID: loan}
	case 3:
		return HandOver{Act: a, LoanID: loan, AssetTag: "TAB-" + item}
	case 4, 5:
		return Return{Act: a, LoanID: loan, Condition: condition}
	case 6:
		return Reset{a, item}
	case 7:
		return Repair{a, item, "screen"}
	case 8:
		return Extend{a, loan, dayOf(to)}
	case 9:
		return Swap{a, loan, "TAB-" + item, condition}
	case 10:
		return Release{Act: a, ReferralID: who, PersonID: "person"}
	case 11:
		return Lose{a, loan, "stolen"}
	case 13:
		return Find{a, item}
	case 12:
		return MoveDays{a, loan, dayOf(from), dayOf(to)}
	}
	return KeepTablet{
		Act: a, LoanID: loan, SessionID: "s1", ReferralID: who, PersonID: "person", From: dayOf(from), To: dayOf(to), First: rapid.Bool().Draw(t, "first"),
	}
}

// checkPool does random commands on days that pass, and compares with a sheet of paper.
func checkPool(t *rapid.T, plant func(events.Equipment) events.Equipment, evolve func(Pool, events.Equipment) Pool) string {
	var pool Pool
	sheet := paper{off: map[string]bool{}, loans: map[string]*line{}}
	day := 0
	tell := func(c story.Command[Pool, events.Equipment], today string) (told bool, wrong string) {
		facts, _ := c.Decide(pool)
		for _, f := range facts {
			if plant != nil {
				f = plant(f)
			}
			pool = evolve(pool, f)
			if wrong := sheet.tell(f, today); wrong != "" {
				return true, wrong
			}
		}
		return len(facts) > 0, ""
	}
	for range rapid.IntRange(1, 80).Draw(t, "steps") {
		day += rapid.IntRange(0, 5).Draw(t, "later") / 5
		a := on(dayOf(day))
		for _, loan := range sheet.order { // what is due in the morning
			if _, wrong := tell(EndDays{a, loan}, a.Today); wrong != "" {
				return wrong
			}
		}
		told, wrong := tell(anyCommand(t, a), a.Today)
		if wrong != "" {
			return wrong
		}
		if wrong := sheet.clash(a.Today); told && wrong != "" {
			return wrong
		}
	}
	return ""
}

func TestNoTabletHasTwoLoansOnADayAndNobodyIsPassedOver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if wrong := checkPool(t, nil, Evolve); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

// wantFound fails unless the property finds what was planted.
func wantFound(t *testing.T, plant func(events.Equipment) events.Equipment, evolve func(Pool, events.Equipment) Pool) {
	t.Helper()
	for seed := range 500 {
		if rapid.Custom(func(t *rapid.T) string { return checkPool(t, plant, evolve) }).Example(seed) != "" {
			return
		}
	}
	t.Fatal("nothing was found")
}

func TestThePropertyFindsATabletThatIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	wantFound(t, func(f events.Equipment) events.Equipment {
		if e, ok := f.(events.TabletKept); ok {
			e.ItemID = "0"
			return e
		}
		return f
	}, Evolve)
}

func TestThePropertyFindsALastDayThatIsForgotten(t *testing.T) {
	t.Parallel()
	wantFound(t, nil, func(p Pool, f events.Equipment) Pool {
		if e, ok := f.(events.TabletKept); ok {
			last, _ := time.Parse(time.DateOnly, e.To)
			e.To = last.AddDate(0, 0, -1).Format(time.DateOnly)
			f = e
		}
		return Evolve(p, f)
	})
}

func TestThePropertyFindsAQueueThatIsServedFromItsEnd(t *testing.T) {
	t.Parallel()
	wantFound(t, nil, func(p Pool, f events.Equipment) Pool {
		next := Evolve(p, f)
		if l, ok := f.(events.TabletLacking); ok {
			turned := next.loans.Value(l.LoanID)
			turned.number = -turned.number
			next = next.took(turned)
		}
		return next
	})
}
