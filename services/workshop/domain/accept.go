package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a provider's answer.
var (
	ErrNotAsked     = refusal.New(refusal.NotFound, "not_asked", "There is no such request for this session. Look at the list of requests again.")
	ErrRequestEnded = refusal.New(refusal.Conflict, "request_ended", "This request is no longer open: it was answered, taken back, or its time is over. The desk may send a new one.")
	ErrAnsweredYes  = refusal.New(refusal.Conflict, "already_accepted", "This request was accepted. Take the person out of the list of participants instead.")
)

// Accept is a provider's yes. The yes and the seat are one decision.
type Accept struct {
	SessionID, ReferralID, ProviderID string
	By                                string
	At                                time.Time
}

// Decide takes the held seat, or one that is free while nobody waits, or else gives the next rank.
func (a Accept) Decide(w Workshop) ([]events.Workshop, error) {
	r, err := w.asked(a.ReferralID, a.ProviderID)
	if err != nil {
		return nil, err
	}
	switch {
	case r.answer == Enrolled, r.answer == Waitlisted:
		return nil, nil // the button was pressed twice
	case !r.open(), !a.At.Before(r.answerBy):
		return nil, ErrRequestEnded
	case r.answer == Held, w.seatFor():
		return tell(w.seat(a.SessionID, *r, a.By, a.At))
	}
	return tell(events.WaitingListJoined{
		SessionID: a.SessionID, ReferralID: a.ReferralID, Rank: len(w.waiting) + 1, By: a.By, At: a.At,
	})
}

// asked finds a request that this provider may answer.
func (w Workshop) asked(referralID, providerID string) (*request, error) {
	if !w.exists() || w.ProviderID != providerID {
		return nil, ErrNoSession
	}
	r := w.find(referralID)
	if r == nil {
		return nil, ErrNotAsked
	}
	return r, nil
}
