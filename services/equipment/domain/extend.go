package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

const mostDays = 366 // that a loan is extended by

// Extend lets somebody keep the tablet longer.
type Extend struct {
	Act

	LoanID, To string
}

// Decide moves those for whom the tablet is kept on these days to another one; where there is none, it is refused.
func (e Extend) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(e.LoanID)
	if l.Status != Kept {
		if err := p.outOf(e.LoanID); err != nil {
			return nil, err
		}
	}
	switch last := e.At.AddDate(0, 0, mostDays).Format(time.DateOnly); {
	case e.To == l.To:
		return nil, nil
	case e.To < l.To, e.To < e.Today:
		return nil, refusal.Faults{{Field: "to", Code: "too_early", Detail: "This day is before the last day of the loan, or over."}}
	case e.To > last:
		return nil, refusal.Faults{{Field: "to", Code: "too_late", Detail: "A loan is extended by a year at most."}}
	}
	if it, _ := p.item(l.ItemID); l.Status == Kept && !p.free(it, l.ID, l.From, e.To, e.Today) {
		return nil, ErrItemNotFree
	}
	facts := e.then(p, e.extended(l, e.To))
	if slices.ContainsFunc(facts, func(f events.Equipment) bool { _, lacks := f.(events.TabletLacking); return lacks }) {
		return nil, ErrItemNotFree
	}
	return facts, nil
}

func (a Act) extended(l Loan, to string) events.Equipment {
	return events.LoanExtended{
		Pool: a.Pool, LoanID: l.ID, ItemID: l.ItemID, ReferralID: l.ReferralID, PersonID: l.PersonID, To: to, By: a.By, At: a.At,
	}
}
