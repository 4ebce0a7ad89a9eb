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
	ErrListFull     = refusal.New(refusal.Conflict, "waiting_list_full", "No seat is free, and the waiting list has reached its limit. Raise the limit, or decline the request.")
)

// Accept is a provider's yes. The yes and the seat are one decision.
type Accept struct {
	SessionID, ReferralID, ProviderID string
	By                                string
	At                                time.Time
}

// Decide takes the held seat, or one that is free while nobody waits for it, or else gives the next rank. Who comes
// along with somebody has the same answer.
func (a Accept) Decide(w Workshop) ([]events.Workshop, error) {
	r, err := w.asked(a.ReferralID, a.ProviderID)
	if err != nil {
		return nil, err
	}
	t, unit := w.decide(a.SessionID, a.At), w.unit(r)
	switch {
	case r.answer == Enrolled, r.waits():
		return nil, nil // the button was pressed twice
	case !w.answerable(r, a.At):
		return nil, ErrRequestEnded
	case r.answer == Held, w.seatsFor(unit):
		t.take(unit, a.By)
	case !w.listOpen(len(unit)):
		return nil, ErrListFull
	default:
		t.rank(unit, a.By)
	}
	return t.done()
}

// answerable: it waits for a word, and its time is not over.
func (w Workshop) answerable(r *request, at time.Time) bool {
	return r.open() && at.Before(r.answerBy) && w.TakesRequests(at)
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
