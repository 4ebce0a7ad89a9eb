package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// TakeBack ends a referral because its person is not to be helped here any more; nobody is asked. A seat that is taken
// goes back as long as the session has not begun: what has begun is history.
type TakeBack struct {
	ReferralID string
	Reason     string
	Begun      bool // the first meeting
	By         string
	At         time.Time
}

// Decide says nothing of a referral that has ended.
func (t TakeBack) Decide(r Referral) ([]events.Referral, error) {
	if !r.Open() || r.Status == Enrolled && t.Begun {
		return nil, nil
	}
	return tell(events.ReferralWithdrawn{
		ReferralID: r.ID, FlagID: r.FlagID, SessionID: r.SessionID, Reason: t.Reason, By: t.By, At: t.At,
	})
}
