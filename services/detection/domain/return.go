package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// Return asks the author again.
type Return struct {
	FlagID, Reason string
	Fields         []string
	By             string
	At             time.Time
}

// Decide tells the question, or every fault.
func (c Return) Decide(f Flag) ([]events.Detection, error) {
	if err := f.reviewable(c.By); err != nil {
		return nil, err
	}
	s := sheet{}
	s.fault(blank(c.Reason), "reason", "required", "Say what is not clear.")
	s.nirInText("reason", c.Reason)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.FlagReturned{
		FlagID: f.ID, By: c.By, At: c.At, Details: events.Clear(f.subject, events.Question{Reason: c.Reason, Fields: c.Fields}),
	})
}
