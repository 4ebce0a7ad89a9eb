package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// Withdraw is heard when the person or the advisor takes the referral back.
type Withdraw struct {
	SessionID, ReferralID string
	At                    time.Time
}

// Decide ends the request wherever it stands: a seat is free again, those behind on the waiting list move up, and
// one that comes before its request keeps that request from holding a seat.
func (c Withdraw) Decide(w Workshop) ([]events.Workshop, error) {
	if !w.exists() {
		return nil, ErrNoSession
	}
	if r := w.find(c.ReferralID); r != nil && !r.alive() {
		return nil, nil
	}
	t := w.decide(c.SessionID, c.At)
	t.tell(events.RequestWithdrawn{SessionID: c.SessionID, ReferralID: c.ReferralID, At: c.At})
	return t.done()
}
