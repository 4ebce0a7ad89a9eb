package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a review.
var (
	ErrOwnFlag      = refusal.New(refusal.Forbidden, "own_flag", "Nobody reviews a flag of their own. Ask another referent.")
	ErrNotSubmitted = refusal.New(refusal.Conflict, "not_submitted", "This flag is not waiting for a review. Look at it again.")
)

// Validate is a referent's yes to an observation.
type Validate struct {
	FlagID string
	By     string
	At     time.Time
}

// Decide tells the review. A second one says nothing new.
func (v Validate) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Author == v.By:
		return nil, ErrOwnFlag
	case f.Status == Validated:
		return nil, nil
	case f.Status != Submitted:
		return nil, ErrNotSubmitted
	}
	return tell(events.FlagValidated{FlagID: v.FlagID, By: v.By, At: v.At})
}
