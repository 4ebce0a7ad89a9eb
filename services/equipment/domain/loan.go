package domain

import (
	"slices"

	"example.org/passerelle/api/events"
)

// Loan is how far the tablet of a referral is.
type Loan struct {
	ID, ItemID, ReferralID string
	Status                 string // lacking, kept, lent, returned
}

// How far a loan is.
const (
	Lacking  = "lacking"
	Kept     = "kept"
	Lent     = "lent"
	Returned = "returned"
)

// Loan finds a loan; the zero one is unknown, or was released.
func (p Pool) Loan(id string) Loan {
	if i := slices.IndexFunc(p.queue, func(l events.TabletLacking) bool { return l.LoanID == id }); i >= 0 {
		return Loan{ID: id, ReferralID: p.queue[i].ReferralID, Status: Lacking}
	}
	return p.loans[id]
}

// ofReferral finds the loan of a referral.
func (p Pool) ofReferral(id string) Loan {
	for _, l := range p.queue {
		if l.ReferralID == id {
			return p.Loan(l.LoanID)
		}
	}
	for _, l := range p.loans {
		if l.ReferralID == id {
			return l
		}
	}
	return Loan{}
}

// kept is the item's entry of a loan, and false when there is none.
func (it item) keptFor(loan string) (events.TabletKept, bool) {
	i := slices.IndexFunc(it.kept, func(k events.TabletKept) bool { return k.LoanID == loan })
	if i < 0 {
		return events.TabletKept{}, false
	}
	return it.kept[i], true
}

func (p Pool) item(is func(item) bool) (item, bool) {
	i := slices.IndexFunc(p.items, is)
	if i < 0 {
		return item{}, false
	}
	return p.items[i], true
}

// without is the pool whose items are not kept for a loan any more.
func (p Pool) without(loan string) Pool {
	p.items = slices.Clone(p.items)
	for i, it := range p.items {
		p.items[i].kept = slices.DeleteFunc(slices.Clone(it.kept), func(k events.TabletKept) bool { return k.LoanID == loan })
	}
	return p
}

// with is the pool in which an item is kept as said.
func (p Pool) with(k events.TabletKept) Pool {
	p.items = slices.Clone(p.items)
	if i := slices.IndexFunc(p.items, func(it item) bool { return it.id == k.ItemID }); i >= 0 {
		p.items[i].kept = append(slices.Clip(p.items[i].kept), k)
	}
	return p
}
