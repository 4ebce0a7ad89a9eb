package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// KeepTablet is heard when somebody who needs one has a seat.
type KeepTablet struct {
	Pool, LoanID                    string
	SessionID, ReferralID, PersonID string
	From, To                        string // days in Paris, both included
	At                              time.Time
}

// Decide keeps the first tablet that is free on these days, or puts the person in the queue. Heard twice, nothing new.
func (k KeepTablet) Decide(p Pool) ([]events.Equipment, error) {
	if p.knows(k.ReferralID) {
		return nil, nil
	}
	id, ok := p.tablet(k.From, k.To)
	if !ok {
		return []events.Equipment{events.TabletLacking{
			Pool: k.Pool, LoanID: k.LoanID, SessionID: k.SessionID, ReferralID: k.ReferralID, PersonID: k.PersonID,
			From: k.From, To: k.To, At: k.At,
		}}, nil
	}
	return []events.Equipment{events.TabletKept{
		Pool: k.Pool, ItemID: id, LoanID: k.LoanID, SessionID: k.SessionID, ReferralID: k.ReferralID, PersonID: k.PersonID,
		From: k.From, To: k.To, At: k.At,
	}}, nil
}
