package domain

import (
	"errors"
	"time"

	"example.org/passerelle/api/events"
)

// Dismiss sets a flag aside: it is no observation.
type Dismiss struct {
	FlagID, Reason, Note string
	By                   string
	At                   time.Time
}

// Decide tells it, of what waits for the review, or for an answer that did not come in time.
func (c Dismiss) Decide(f Flag) ([]events.Detection, error) {
	if err := f.reviewable(c.By); err != nil && !(errors.Is(err, ErrNotSubmitted) && f.Status == Returned && f.unanswered) {
		return nil, err
	}
	s := sheet{}
	s.nirInText("note", c.Note)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.FlagDismissed{FlagID: f.ID, Reason: c.Reason, By: c.By, At: c.At, Details: events.Clear(f.subject, events.Note{Text: c.Note})})
}
