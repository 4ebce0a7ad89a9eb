package domain

import "example.org/passerelle/api/events"

// Return takes the tablet back, a lost one that turned up too.
type Return struct {
	Act

	LoanID     string
	Condition  string
	Incomplete bool // something that went with it did not come back
}

// Decide says it once. The tablet is kept for those who wait for one; it has to be reset before it is handed over.
func (r Return) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(r.LoanID)
	switch l.Status {
	case "":
		return nil, p.none(r.LoanID)
	case Lacking, Kept:
		return nil, ErrNotHandedOver
	case Returned:
		return nil, nil
	case WrittenOff:
		return nil, ErrEnded
	}
	return r.then(p, events.TabletReturned{
		Pool: r.Pool, LoanID: l.ID, ItemID: l.ItemID, ReferralID: l.ReferralID, PersonID: l.PersonID,
		Condition: r.Condition, Incomplete: r.Incomplete, By: r.By, At: r.At,
	}), nil
}

// Swap takes a tablet back and gives another one for the days that are left.
type Swap struct {
	Act

	LoanID    string
	AssetTag  string // of the one that is given
	Condition string // of the one that came back
}

// Decide says it once.
func (s Swap) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(s.LoanID)
	if err := p.outOf(s.LoanID); err != nil {
		return nil, err
	}
	if it, ok := p.tagged(s.AssetTag); ok && it.id == l.ItemID {
		return nil, nil
	}
	to := l
	to.To = max(l.To, s.Today) // who is late swaps, and is late all the same
	given, err := s.inHand(p, to, s.AssetTag, s.Today)
	if err != nil {
		return nil, err
	}
	return s.then(p, events.TabletSwapped{
		Pool: s.Pool, LoanID: l.ID, ItemID: given, WasID: l.ItemID, ReferralID: l.ReferralID, PersonID: l.PersonID,
		Condition: s.Condition, By: s.By, At: s.At,
	}), nil
}

// outOf refuses what can only be done while the person has the tablet.
func (p Pool) outOf(loan string) error {
	switch p.Loan(loan).Status {
	case Lent:
		return nil
	case Lacking, Kept:
		return ErrNotHandedOver
	case Returned:
		return ErrReturned
	case Lost, WrittenOff:
		return ErrEnded
	}
	return p.none(loan)
}
