package projections

import (
	"encoding/json"
	"fmt"

	"example.org/passerelle/api/events"
)

const (
	putPlace = `
insert into model.place (id, fund, provider_id, sheet, subject, box, fact, change) values ($1, $2, $3, $4, $5, $6, $7, $8)`
	amendPlace  = `update model.place set provider_id = $2, sheet = $3, subject = $4, box = $5, fact = $6, change = $7, reported = null where id = $1`
	reportPlace = `update model.place set reported = $2 where id = $1`
	closePlace  = `update model.place set closed = true, change = $2 where id = $1`
)

// place is where help is given without a session. Who works there stays sealed.
func (e entry) place(fact events.Places) error {
	switch f := fact.(type) {
	case events.PlaceRegistered:
		sheet, err := json.Marshal(f.Sheet)
		if err != nil {
			return fmt.Errorf("sheet of place %s: %w", f.PlaceID, err)
		}
		e.write(putPlace, f.PlaceID, f.Fund, known(f.ProviderID), sheet, known(f.Words.Subject()), f.Words.Box(), e.Name, e.Position)
	case events.PlaceAmended:
		sheet, err := json.Marshal(f.Sheet)
		if err != nil {
			return fmt.Errorf("sheet of place %s: %w", f.PlaceID, err)
		}
		e.write(amendPlace, f.PlaceID, known(f.ProviderID), sheet, known(f.Words.Subject()), f.Words.Box(), e.Name, e.Position)
	case events.PlaceClosed:
		e.write(closePlace, f.PlaceID, e.Position)
	case events.PlaceReported: // it is offered as before, until somebody has looked
		e.write(reportPlace, f.PlaceID, f.Reason)
	}
	return nil
}
