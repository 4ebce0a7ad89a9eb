package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// HelpOnTheSpot is what somebody did for a person there and then.
type HelpOnTheSpot struct {
	FlagID, ActID string
	Kind, Mode    string
	Topic         string
	Minutes       int // 0: not counted
	By            string
	At            time.Time
}

// Decide keeps the act, as long as help is not closed. The flag goes on as it was.
func (h HelpOnTheSpot) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help == HelpClosed:
		return nil, ErrHelpClosed
	}
	topic, err := f.note("topic", h.Topic)
	if err != nil {
		return nil, err
	}
	return tell(events.HelpActed{FlagID: f.ID, ActID: h.ActID, Kind: h.Kind, Mode: h.Mode, Minutes: h.Minutes, By: h.By, At: h.At, Details: topic})
}
