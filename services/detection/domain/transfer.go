package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

// Transfer gives a flag to another desk.
type Transfer struct {
	FlagID, Desk, Reason string
	Directory            *directory.Directory
	By                   string
	At                   time.Time
}

// Decide tells the desk in charge from now on. What the social service knows stays with the social service.
func (c Transfer) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help == HelpClosed:
		return nil, ErrHelpClosed
	case f.Desk == c.Desk:
		return nil, nil
	}
	s := sheet{}
	from, _ := c.Directory.Desk(f.Desk)
	to, ok := c.Directory.Desk(c.Desk)
	ok = ok && to.Fund == f.Fund && !to.Closed
	s.fault(!ok, "desk", "unknown_desk", "Choose an open desk of your fund.")
	s.fault(ok && from.Unit() && !to.Unit(), "desk", "secret", "What the social service knows goes to another of its units only. Send the agency a signal.")
	s.nirInText("reason", c.Reason)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.FlagTransferred{
		FlagID: f.ID, Desk: c.Desk, By: c.By, At: c.At, Details: events.Clear(f.subject, events.Note{Text: c.Reason}),
	})
}
