package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// TakeUp says who of the desk looks after a flag: By, or the whole desk again.
type TakeUp struct {
	FlagID   string
	GiveBack bool
	By       string
	At       time.Time
}

// Decide tells it, unless it is so already. Whoever takes up what a colleague had takes over.
func (t TakeUp) Decide(f Flag) ([]events.Detection, error) {
	who := t.By
	if t.GiveBack {
		who = ""
	}
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help == HelpClosed:
		return nil, ErrHelpClosed
	case f.AssignedTo == who:
		return nil, nil
	}
	return tell(events.FlagTakenUp{FlagID: f.ID, AssignedTo: who, By: t.By, At: t.At})
}
