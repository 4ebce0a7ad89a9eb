package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// WishHelp keeps what would suit somebody to whom nothing that is offered does. A wish is all from now on.
type WishHelp struct {
	FlagID string
	Wish   events.Wish
	By     string
	At     time.Time
}

// Decide tells the wish. A referral or a closing ends it.
func (w WishHelp) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help == HelpClosed:
		return nil, ErrHelpClosed
	case f.Help == HelpNone:
		return nil, ErrConsentMissing
	case f.Help == HelpReferred:
		return nil, ErrReferralOpen
	}
	return tell(events.HelpWished{FlagID: f.ID, Help: HelpWished, By: w.By, At: w.At, Details: events.Clear(f.subject, w.Wish)})
}
