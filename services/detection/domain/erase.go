package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of an erasure.
var (
	ErrLoanOpen          = refusal.New(refusal.Conflict, "loan_open", "This person has a tablet of ours. Take it back first.")
	ErrFollowedElsewhere = refusal.New(refusal.Conflict, "followed_elsewhere", "Another desk has something open for this person. Ask the privacy officer.")
	ErrErasureBegun      = refusal.New(refusal.Conflict, "erasure_begun", "The delay is over: what was known of this person is gone.")
)

// RequestErasure hides somebody at once; the key is destroyed on a day.
type RequestErasure struct {
	PersonID, Reason  string
	EraseAt           time.Time
	LoanOpen          bool // the person has a tablet in hand
	FollowedElsewhere bool // by a desk for which the caller does not decide
	By                string
	At                time.Time
}

// Decide hides the person. Asked twice, nothing new.
func (r RequestErasure) Decide(p Person) ([]events.Detection, error) {
	switch {
	case p.ID == "", p.Erased:
		return nil, ErrNoPerson
	case p.Hidden():
		return nil, nil
	case r.LoanOpen:
		return nil, ErrLoanOpen
	case r.FollowedElsewhere:
		return nil, ErrFollowedElsewhere
	}
	return tell(events.ErasureRequested{PersonID: r.PersonID, Reason: r.Reason, EraseAt: r.EraseAt, By: r.By, At: r.At})
}

// UndoErasure lets somebody stay.
type UndoErasure struct {
	PersonID string
	By       string
	At       time.Time
}

// Decide shows the person again, as long as nothing was destroyed.
func (u UndoErasure) Decide(p Person) ([]events.Detection, error) {
	switch {
	case p.ID == "", p.Erased:
		return nil, ErrNoPerson
	case p.EraseAt.IsZero():
		return nil, nil
	case !u.At.Before(p.EraseAt):
		return nil, ErrErasureBegun
	}
	return tell(events.ErasureUndone{PersonID: u.PersonID, By: u.By, At: u.At})
}

// Erase says that nobody reads any more what was known. The register says it already, so no state refuses it: a
// ledger that came from an older dump knows nothing of the request.
type Erase struct {
	PersonID, Reason string
	At               time.Time
}

// Decide says it once.
func (e Erase) Decide(p Person) ([]events.Detection, error) {
	switch {
	case p.ID == "":
		return nil, ErrNoPerson
	case p.Erased:
		return nil, nil
	}
	return tell(events.PersonErased{PersonID: e.PersonID, Reason: e.Reason, At: e.At})
}
