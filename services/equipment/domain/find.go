package domain

import (
	"cmp"
	"slices"

	"example.org/passerelle/api/events"
)

// Find says that an item is there again that was lost, or was not found at a stocktake.
type Find struct {
	Act

	ItemID string
}

// Decide says it once. A loan that waits for its lost tablet ends: the tablet came back.
func (f Find) Decide(p Pool) ([]events.Equipment, error) {
	it, err := p.here(f.ItemID)
	switch {
	case err != nil && it.state != Lost:
		return nil, err
	case it.state != Lost && !it.missing:
		return nil, nil
	}
	var facts []events.Equipment
	for _, l := range p.lostWith(it.id) {
		facts = append(facts, events.TabletReturned{
			Pool: f.Pool, LoanID: l.ID, ItemID: it.id, ReferralID: l.ReferralID, PersonID: l.PersonID, By: f.By, At: f.At,
		})
	}
	if facts == nil {
		facts = []events.Equipment{events.ItemFound{Pool: f.Pool, ItemID: it.id, By: f.By, At: f.At}}
	}
	return f.then(p, facts...), nil
}

// lostWith are the loans that are open because this item is lost.
func (p Pool) lostWith(item string) (list []Loan) {
	for l := range p.loans.Values() {
		if l.Status == Lost && l.ItemID == item {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b Loan) int { return cmp.Compare(a.number, b.number) })
	return list
}
