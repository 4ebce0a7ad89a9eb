package projections

import (
	"encoding/json"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference/mediation"
)

func (e entry) places(fact events.Places) error {
	switch f := fact.(type) {
	case events.PlaceRegistered:
		args, err := e.placed(f.ProviderID, f.Sheet, f.Words)
		if err != nil {
			return err
		}
		e.write(putPlace, append([]any{f.PlaceID, f.Fund, known(f.Source), known(f.SourceID)}, args...)...)
	case events.PlaceAmended:
		args, err := e.placed(f.ProviderID, f.Sheet, f.Words)
		if err != nil {
			return err
		}
		e.write(amendPlace, append([]any{f.PlaceID}, args...)...)
	case events.PlaceReported:
		said, err := json.Marshal(placeReported{f.Reason, f.At, f.By, f.Note.Subject(), f.Note.Box(), e.Name})
		if err != nil {
			return err
		}
		e.write(reportPlace, f.PlaceID, e.Version, e.Position, said)
	case events.PlaceClosed:
		e.write(closePlace, f.PlaceID, e.Version, e.Position)
	}
	return nil
}

// placed are the columns that a place has from its sheet.
func (e entry) placed(provider string, s events.PlaceSheet, words events.Sealed[events.PlaceWords]) ([]any, error) {
	sheet, err := json.Marshal(s)
	score, missing := mediation.Completeness(s)
	var lat, lon *float64
	if s.Precision != "" {
		lat, lon = &s.Lat, &s.Lon
	}
	return []any{
		known(provider), s.Name, s.Insee, s.Department, lat, lon, listOf(s.Services), listOf(s.Publics), listOf(s.Care), listOf(s.Support), sheet, score, listOf(missing),
		known(words.Subject()), words.Box(), e.Name, e.Version, e.Position,
	}, err
}

func (e entry) providers(fact events.Providers) error {
	switch f := fact.(type) {
	case events.ProviderRegistered:
		e.write(putProvider, f.ProviderID, f.Name, f.Fund, f.Department, f.Insee, known(f.Street), known(f.Contact.Subject()), f.Contact.Box(), e.Name)
	case events.ProviderAmended:
		abilities, err := json.Marshal(append([]events.Ability{}, f.Abilities...))
		if err != nil {
			return err
		}
		e.write(amendProvider, f.ProviderID, f.Name, f.Department, f.Insee, known(f.Street), known(f.Contact.Subject()), f.Contact.Box(), e.Name, abilities, listOf(f.Networks), f.Relay)
	case events.ProviderLabelled:
		label, err := json.Marshal(map[string]string{"label": f.Label, "version": f.Version, "from": f.From, "to": f.To})
		if err != nil {
			return err
		}
		e.write(labelProvider, f.ProviderID, label)
	case events.ProviderClosed:
		e.write(closeProvider, f.ProviderID)
	}
	return nil
}
