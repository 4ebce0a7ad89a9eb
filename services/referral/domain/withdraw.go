package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a withdrawal.
var (
	ErrEnded    = refusal.New(refusal.Conflict, "referral_ended", "This referral is no longer open. Ask for a seat on another session.")
	ErrEnrolled = refusal.New(refusal.Conflict, "already_enrolled", "The seat is taken. Ask the provider to take the person out of the list of participants.")
)

var withdrawReasons = []string{
	"changed_mind", "date", "distance", "health", "helped_elsewhere", "seated_elsewhere", "moved", "deceased",
	"consent_withdrawn", "entered_in_error",
}

// Withdraw takes a referral back for the person.
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
	case r.Status == Enrolled:
		return nil, ErrEnrolled
	case !r.Open():
		return nil, ErrEnded
	}
	return tell(events.ReferralWithdrawn{
		ReferralID: r.ID, FlagID: r.FlagID, SessionID: r.SessionID, Reason: w.Reason, By: w.By, At: w.At,
	})
}
