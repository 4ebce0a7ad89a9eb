package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// Withdraw takes an observation back.
type Withdraw struct {
	FlagID, By string
	At         time.Time
}

// Decide tells it before the review has ended. A second time says nothing new.
func (c Withdraw) Decide(f Flag) ([]events.Detection, error) {
	if f.exists() && f.Status == Withdrawn {
		return nil, nil
	}
	if err := f.waiting(); err != nil {
		return nil, err
	}
	return tell(events.FlagWithdrawn{FlagID: f.ID, By: c.By, At: c.At})
}
