package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a review.
var (
	ErrOwnFlag      = refusal.New(refusal.Forbidden, "own_flag", "Nobody reviews a flag of their own, nor one they have amended. Ask another referent.")
	ErrNotSubmitted = refusal.New(refusal.Conflict, "not_submitted", "This flag is not waiting for a review. Look at it again.")
	ErrNotReviewed  = refusal.New(refusal.Conflict, "not_reviewed", "The programme of this flag reviews nothing: it was counted when it was sent. Amend it, or correct what was observed.")
	ErrReviewed     = refusal.New(refusal.Conflict, "already_reviewed", "The review of this flag has ended. Look at it again.")
)

// reviewable refuses what is not waiting for a review by this referent.
func (f Flag) reviewable(by string) error {
	switch {
	case !f.exists(), !f.readable:
		return ErrNoFlag
	case f.Wrote(by):
		return ErrOwnFlag
	case f.Unreviewed:
		return ErrNotReviewed
	case f.Status != Submitted:
		return ErrNotSubmitted
	}
	return nil
}

// Wrote tells whether the sheet is, as a whole or in part, somebody's own.
func (f Flag) Wrote(by string) bool { return f.Author == by || slices.Contains(f.amenders, by) }

// waiting refuses what the review has ended for; a programme without one has none to wait for.
func (f Flag) waiting() error {
	switch {
	case !f.exists(), !f.readable:
		return ErrNoFlag
	case f.Unreviewed:
		return ErrNotReviewed
	case f.Status != Submitted && f.Status != Returned:
		return ErrReviewed
	}
	return nil
}

// written keeps what a sheet says, where it can be read.
func (f Flag) written(sheet events.Sheet, readable bool) Flag {
	f.sheet, f.readable = sheet, readable
	f.Hints, f.institution = sheet.Hints, sheet.Answers.Institution
	return f
}

// Written is the sheet as it stands, where it can be read.
func (f Flag) Written() (events.Sheet, bool) { return f.sheet, f.readable }

// Why somebody is reminded of a review, and after how long.
const (
	Unreviewed = "unreviewed"
	Unanswered = "unanswered"

	ReviewWithin = 7 * 24 * time.Hour
	AnswerWithin = 14 * 24 * time.Hour
)

// Remind is what a deadline leads to: nobody has reviewed, or answered, in time.
type Remind struct {
	FlagID, Reason string
	At             time.Time
}

// Decide tells it while it is so.
func (c Remind) Decide(f Flag) ([]events.Detection, error) {
	waits := map[string]string{Unreviewed: Submitted, Unanswered: Returned}[c.Reason]
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Unreviewed, f.Status != waits:
		return nil, nil
	}
	return tell(events.ReviewReminded{FlagID: f.ID, Reason: c.Reason, At: c.At})
}
