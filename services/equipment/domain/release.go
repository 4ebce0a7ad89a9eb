package domain

import (
	"example.org/passerelle/api/events"
)

// Release is heard when a seat is given back, or its person is erased: a tablet that was only kept is not needed.
type Release struct {
	Act

	ReferralID, PersonID string
}

// Decide frees the tablet, or the place in the queue; what is in the person's hands stays there. Heard before its seat,
// it keeps that from getting a tablet.
func (r Release) Decide(p Pool) ([]events.Equipment, error) {
	l := p.ofReferral(r.ReferralID)
	if l.ID != "" && l.Status != Kept && l.Status != Lacking || p.needsNone(r.ReferralID) {
		return nil, nil
	}
	l.ReferralID, l.PersonID = r.ReferralID, r.PersonID
	return r.releasing(p, l), nil
}

func (a Act) releasing(p Pool, l Loan) []events.Equipment {
	return a.then(p, events.TabletReleased{Pool: a.Pool, LoanID: l.ID, ItemID: l.ItemID, ReferralID: l.ReferralID, PersonID: l.PersonID, At: a.At})
}

// Forgo says that a tablet is not needed, or that the session of the provider's own participants does not take place.
type Forgo struct {
	Act

	LoanID string
}

// Decide says it once.
func (f Forgo) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(f.LoanID)
	switch l.Status {
	case "":
		return nil, p.none(f.LoanID)
	case Kept, Lacking:
		return f.releasing(p, l), nil
	}
	return nil, ErrHandedOver
}

// EndDays is due the morning after the last day for which a tablet was kept, or waited for.
type EndDays struct {
	Act

	LoanID string
}

// Decide frees what nobody came for, and the place of who waited in vain. Since it was set, the days may have moved.
func (e EndDays) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(e.LoanID)
	if l.Status != Kept && l.Status != Lacking || l.To >= e.Today {
		return nil, nil
	}
	return e.releasing(p, l), nil
}
