package domain

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrWasThere says that somebody was at a meeting.
var ErrWasThere = refusal.New(refusal.Conflict, "was_present", "This person was at a meeting. Correct the attendance, or say why they stay away from now on.")

// NeverCame is a provider that says of somebody with a seat that they never came.
type NeverCame struct {
	Change

	ReferralID string
}

// Decide ends the part of somebody who was at no meeting.
func (c NeverCame) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	switch r := w.find(c.ReferralID); {
	case r == nil:
		return nil, ErrNotAsked
	case r.answer == NoShow:
		return nil, nil
	case r.answer != Enrolled:
		return nil, ErrNotSeated
	case !w.begun(c.At):
		return nil, ErrNotBegun
	case w.present(c.ReferralID) > 0:
		return nil, ErrWasThere
	}
	t := w.decide(c.SessionID, c.At)
	t.start()
	t.tell(events.NoShow{SessionID: c.SessionID, ReferralID: c.ReferralID, By: c.By, At: c.At})
	return t.facts, nil
}
