package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
)

// Act is what every command about a pool comes with.
type Act struct {
	Pool  string
	By    string // empty: it follows from something that was heard
	Today string // in Paris
	At    time.Time
}

// mostAtOnce keeps a decision within what one append may hold.
const mostAtOnce = 40

// free says whether nobody has the item on any of these days, another loan than this one. Who is late has it today; who
// did not come for it in the days it was kept has nothing.
func (p Pool) free(it item, but, from, to, today string) bool {
	return !slices.ContainsFunc(it.booked, func(b booking) bool {
		last := b.to
		switch lent := p.loans.Value(b.loan).Status == Lent; {
		case lent:
			last = max(last, today)
		case last < today:
			return false
		}
		return b.loan != but && b.from <= to && from <= last
	})
}

// tablet is the first tablet that is free on these days.
func (p Pool) tablet(but, from, to, today string) (id string, ok bool) {
	it, ok := p.itemThat(func(it item) bool { return it.mayBeKept() && p.free(it, but, from, to, today) })
	return it.id, ok
}

func (a Act) kept(l Loan, item string) events.Equipment {
	return events.TabletKept{
		Pool: a.Pool, ItemID: item, LoanID: l.ID, SessionID: l.SessionID, ReferralID: l.ReferralID, PersonID: l.PersonID,
		From: l.From, To: l.To, First: l.First, Own: l.Own, At: a.At,
	}
}

func (a Act) lacking(l Loan) events.Equipment {
	return events.TabletLacking{
		Pool: a.Pool, LoanID: l.ID, SessionID: l.SessionID, ReferralID: l.ReferralID, PersonID: l.PersonID,
		From: l.From, To: l.To, First: l.First, Own: l.Own, At: a.At,
	}
}

// find keeps a tablet for a loan, or says that there is none.
func (a Act) find(p Pool, l Loan) events.Equipment {
	if id, ok := p.tablet(l.ID, l.From, l.To, a.Today); ok {
		return a.kept(l, id)
	}
	return a.lacking(l)
}

// serve keeps what is there for those who wait, in their turn, as far as their days fit.
func (a Act) serve(p Pool) (facts []events.Equipment) {
	for _, l := range p.waiting() {
		if l.To < a.Today || len(facts) == mostAtOnce {
			continue
		}
		if id, ok := p.tablet(l.ID, l.From, l.To, a.Today); ok {
			facts = append(facts, a.kept(l, id))
			p = Evolve(p, facts[len(facts)-1])
		}
	}
	return facts
}

// then adds to facts what follows from them: those who lost a tablet get another one or wait, and those who wait get
// what is free.
func (a Act) then(p Pool, facts ...events.Equipment) []events.Equipment {
	for _, f := range facts {
		p = Evolve(p, f)
	}
	for _, l := range p.unserved() {
		if l.To >= a.Today && len(facts) < mostAtOnce {
			facts = append(facts, a.find(p, l))
			p = Evolve(p, facts[len(facts)-1])
		}
	}
	return append(facts, a.serve(p)...)
}

// unserved are loans that are kept on an item that cannot be lent, or on days on which somebody else has it, in turn.
func (p Pool) unserved() (list []Loan) {
	for _, it := range p.items {
		for _, b := range it.booked {
			l := p.loans.Value(b.loan)
			if l.Status == Kept && (!it.mayBeKept() || p.overlapped(it, b)) {
				list = append(list, l)
			}
		}
	}
	slices.SortFunc(list, inTurn)
	return list
}

// overlapped says whether somebody who has the item in hand keeps it into the days of a booking.
func (p Pool) overlapped(it item, of booking) bool {
	return slices.ContainsFunc(it.booked, func(b booking) bool {
		return b.loan != of.loan && p.loans.Value(b.loan).Status == Lent && b.from <= of.to && of.from <= b.to
	})
}
