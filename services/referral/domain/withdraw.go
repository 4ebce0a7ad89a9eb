package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a withdrawal.
var (
	ErrEnded   = refusal.New(refusal.Conflict, "referral_ended", "This referral is no longer open. Ask for a seat on another session.")
	ErrRunning = refusal.New(refusal.Conflict, "session_running", "The session has begun. The provider notes who stays away.")
)

var withdrawReasons = []string{
	"changed_mind", "date", "distance", "health", "helped_elsewhere", "seated_elsewhere", "moved", "deceased",
	"consent_withdrawn", "entered_in_error",
}

// Withdraw takes a referral back for the person, before the session begins also one with a seat.
type Withdraw struct {
	ReferralID string
	Reason     string
	By         string
	At         time.Time
}

// Decide ends the referral.
func (w Withdraw) Decide(r Referral) ([]events.Referral, error) {
	switch {
	case !r.exists():
		return nil, ErrNoReferral
	case !slices.Contains(withdrawReasons, w.Reason):
		return nil, refusal.Faults{{Field: "reason", Code: "not_in_list", Detail: "Choose one of the reasons of the list."}}
	case r.Status == Withdrawn:
		return nil, nil
	case r.Status == InProgress, r.Status == Enrolled && !r.startsAt.IsZero() && !w.At.Before(r.startsAt):
		return nil, ErrRunning
	case !r.Open():
		return nil, ErrEnded
	}
	return tell(events.ReferralWithdrawn{
		ReferralID: r.ID, FlagID: r.FlagID, SessionID: r.SessionID, Reason: w.Reason, By: w.By, At: w.At,
	})
}
