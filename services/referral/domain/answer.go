package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrNoReferral says that there is no such referral.
var ErrNoReferral = refusal.New(refusal.NotFound, "unknown_referral", "There is no such referral. Look for the person again.")

// Answer is heard from the session.
type Answer struct {
	ReferralID string
	Answer     string // enrolled, waitlisted, declined, expired
	Reason     string
	At         time.Time
}

// Decide keeps the answer. What was heard before, or comes after the end, says nothing new.
func (a Answer) Decide(r Referral) ([]events.Referral, error) {
	switch {
	case !r.exists():
		return nil, ErrNoReferral
	case r.Status == Requested, r.Status == Waitlisted && a.Answer != Waitlisted:
		return tell(events.ReferralAnswered{ReferralID: r.ID, FlagID: r.FlagID, Answer: a.Answer, Reason: a.Reason, At: a.At})
	}
	return nil, nil
}
