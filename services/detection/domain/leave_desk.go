package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

// LeaveDesk is heard when the desk of a flag is closed.
type LeaveDesk struct {
	FlagID, Closed string
	Directory      *directory.Directory
	At             time.Time
}

// Decide hands the flag over to the desk that looks after the place, unless another one is in charge by now, or help is
// closed. The last desk that could be in charge is never closed, see access.
func (l LeaveDesk) Decide(f Flag) ([]events.Detection, error) {
	if !f.exists() {
		return nil, ErrNoFlag
	}
	if f.Desk != l.Closed || f.Help == HelpClosed {
		return nil, nil
	}
	desk, ok := l.Directory.Successor(l.Closed, f.Department)
	if !ok {
		return nil, nil
	}
	return tell(events.FlagHandedOver{FlagID: f.ID, Desk: desk.ID, Department: f.Department, At: l.At})
}
