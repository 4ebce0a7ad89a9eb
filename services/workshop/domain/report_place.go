package domain

import (
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ReportPlace says that a place is not as it stands here. Nothing changes by itself.
type ReportPlace struct {
	PlaceID, Reason, Note string
	NoteKey               string // subject of the note; not needed without one
	By                    string
	At                    time.Time
}

// Decide tells the report.
func (c ReportPlace) Decide(p Place) ([]events.Places, error) {
	switch {
	case p.ID == "":
		return nil, ErrNoPlace
	case p.Closed:
		return nil, ErrPlaceClosed
	case c.Reason == "other" && strings.TrimSpace(c.Note) == "":
		return nil, refusal.Faults{{Field: "note", Code: "required", Detail: "Say what is wrong."}}
	}
	told := events.PlaceReported{PlaceID: p.ID, Reason: c.Reason, By: c.By, At: c.At}
	if c.NoteKey != "" {
		told.Note = events.Clear(c.NoteKey, events.Note{Text: c.Note})
	}
	return []events.Places{told}, nil
}

// ClosePlace is the end of a place.
type ClosePlace struct {
	PlaceID, Reason, By string
	At                  time.Time
}

// Decide tells it once.
func (c ClosePlace) Decide(p Place) ([]events.Places, error) {
	switch {
	case p.ID == "":
		return nil, ErrNoPlace
	case p.Closed:
		return nil, nil
	}
	return []events.Places{events.PlaceClosed{PlaceID: p.ID, Reason: c.Reason, By: c.By, At: c.At}}, nil
}
