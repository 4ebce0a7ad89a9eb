package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// Validate is a referent's yes to an observation.
type Validate struct {
	FlagID    string
	Observing Observing
	By        string
	At        time.Time
}

// Decide tells the review, and what was observed. A second one says nothing new.
func (v Validate) Decide(f Flag) ([]events.Detection, error) {
	if f.exists() && f.Status == Validated && !f.Wrote(v.By) {
		return nil, nil
	}
	if err := f.reviewable(v.By); err != nil {
		return nil, err
	}
	return append([]events.Detection{events.FlagValidated{FlagID: f.ID, By: v.By, At: v.At}}, v.Observing.facts(f, v.At)...), nil
}
