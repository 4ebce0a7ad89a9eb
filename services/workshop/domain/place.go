package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals about places.
var (
	ErrNoPlace     = refusal.New(refusal.NotFound, "unknown_place", "There is no such place. Look for it again in the list of places.")
	ErrPlaceClosed = refusal.New(refusal.Conflict, "place_closed", "This place is closed. Register another one.")
)

// Place is somewhere people are helped. Zero: nobody has registered it.
type Place struct {
	ID, Fund, ProviderID string
	Source, SourceID     string
	Sheet                events.PlaceSheet
	Words                events.PlaceWords
	WordsKey             string // subject of the words; empty: there were never any
	Closed               bool
	Reports              int // since it was last amended
}

// EvolvePlace is the place after a fact.
func EvolvePlace(p Place, fact events.Places) Place {
	switch e := fact.(type) {
	case events.PlaceRegistered:
		p = Place{ID: e.PlaceID, Fund: e.Fund, ProviderID: e.ProviderID, Source: e.Source, SourceID: e.SourceID, Sheet: e.Sheet}
		return p.saying(e.Words)
	case events.PlaceAmended:
		p.ProviderID, p.Sheet, p.Reports = e.ProviderID, e.Sheet, 0
		return p.saying(e.Words)
	case events.PlaceReported:
		p.Reports++
	case events.PlaceClosed:
		p.Closed, p.Reports = true, 0
	}
	return p
}

func (p Place) saying(words events.Sealed[events.PlaceWords]) Place {
	p.Words, _ = words.Value()
	if words.Subject() != "" {
		p.WordsKey = words.Subject()
	}
	return p
}

// PutPlace says what a place is, and registers it where it is new. Said again it is nothing new.
type PutPlace struct {
	PlaceID, Fund    string
	Territory        []string // departments of the fund
	ProviderID       string
	Source, SourceID string // of a line of a file
	Sheet            events.PlaceSheet
	Words            events.PlaceWords
	WordsKey         string
	OnlyKnown        bool // a new place is not registered
	By               string
	At               time.Time
}

// Decide tells the place, or what has changed.
func (c PutPlace) Decide(p Place) ([]events.Places, error) {
	switch {
	case p.ID == "" && c.OnlyKnown:
		return nil, ErrNoPlace
	case p.Closed:
		return nil, ErrPlaceClosed
	case !slices.Contains(c.Territory, c.Sheet.Department):
		return nil, refusal.Faults{{Field: "insee", Code: "not_your_territory", Detail: "This commune is in none of your fund's departments. Check it, or ask the fund that looks after it."}}
	case p.ID == "":
		return []events.Places{events.PlaceRegistered{
			PlaceID: c.PlaceID, Fund: c.Fund, ProviderID: c.ProviderID, Source: c.Source, SourceID: c.SourceID, Sheet: c.Sheet, By: c.By, At: c.At, Words: c.words(),
		}}, nil
	case p.ProviderID == c.ProviderID && p.Reports == 0 && p.Sheet.Equal(c.Sheet) && p.Words.Equal(c.Words):
		return nil, nil
	}
	return []events.Places{events.PlaceAmended{PlaceID: p.ID, ProviderID: c.ProviderID, Sheet: c.Sheet, By: c.By, At: c.At, Words: c.words()}}, nil
}

func (c PutPlace) words() events.Sealed[events.PlaceWords] {
	if c.WordsKey == "" {
		return events.Sealed[events.PlaceWords]{}
	}
	return events.Clear(c.WordsKey, c.Words)
}
