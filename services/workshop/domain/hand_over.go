package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// HandOver is heard when another desk is in charge of a referral.
type HandOver struct {
	SessionID, ReferralID, Desk string
	At                          time.Time
}

// Decide keeps to whom seats are offered from now on.
func (h HandOver) Decide(w Workshop) ([]events.Workshop, error) {
	if !w.exists() {
		return nil, ErrNoSession
	}
	if r := w.find(h.ReferralID); !r.alive() || r.desk == h.Desk {
		return nil, nil
	}
	return tell(events.RequestHandedOver{SessionID: h.SessionID, ReferralID: h.ReferralID, Desk: h.Desk, At: h.At})
}
