package projections

import (
	"context"
	"encoding/json"
	"fmt"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/communes"
)

// offeredPlaceRow is a place as the copy takes it.
type offeredPlaceRow struct {
	ID, Fund string
	Sheet    json.RawMessage
	Closed   bool
	Change   int64
}

const changedPlaces = `select id, fund, sheet, closed, change from model.place where change > $1 order by change`

// takePlace keeps a place that is open, and lets go of any other.
func (o *offered) takePlace(row offeredPlaceRow) error {
	if row.Closed {
		o.index.Drop(row.ID)
		delete(o.places, row.ID)
		return nil
	}
	var sheet events.PlaceSheet
	if err := json.Unmarshal(row.Sheet, &sheet); err != nil {
		return fmt.Errorf("sheet of place %s: %w", row.ID, err)
	}
	o.places[row.ID] = joinedAddress(sheet)
	o.index.PutPlace(matching.Place{
		ID: row.ID, Name: sheet.Name, Fund: row.Fund, Where: wherePlaced(sheet), Services: sheet.Services, Publics: sheet.Publics, Care: sheet.Care,
		Costs: sheet.Costs, Access: sheet.Access, Support: sheet.Support, Itinerant: travels(sheet), Hours: sheet.Hours,
	})
	return nil
}

func joinedAddress(sheet events.PlaceSheet) string {
	text := ""
	for _, part := range []string{sheet.Street, sheet.Complement, sheet.Postcode} {
		if part != "" && text != "" {
			text += ", "
		}
		text += part
	}
	return text
}

func travels(sheet events.PlaceSheet) bool {
	for _, word := range sheet.Roaming {
		if word == "Itinérant" {
			return true
		}
	}
	return false
}

// wherePlaced is the place's own point, else that of its commune.
func wherePlaced(sheet events.PlaceSheet) matching.Where {
	w := matching.WhereIs(sheet.Insee, sheet.Department)
	switch sheet.Precision {
	case "place", communes.Exact:
		w.Lat, w.Lon, w.Precision = sheet.Lat, sheet.Lon, matching.Precise
	case communes.OfEPCI, communes.OfDepartment:
		w.Lat, w.Lon, w.Precision = sheet.Lat, sheet.Lon, precisions[sheet.Precision]
	}
	return w
}

// wordsRow is how a place is reached, sealed.
type wordsRow struct {
	ID      string
	Subject string
	Box     []byte
	Fact    string
}

const wordsOfPlaces = `select id, subject, box, fact from model.place where id = any($1) and box is not null`

// putPhones opens how the places of an answer are reached.
func (s *Service) putPhones(ctx context.Context, items []rest.Offer) error {
	ids := keep(items, func(o rest.Offer) (string, bool) { return the(o.PlaceID), o.PlaceID != nil })
	if len(ids) == 0 {
		return nil
	}
	rows, err := all[wordsRow](ctx, s, wordsOfPlaces, ids)
	if err != nil || len(rows) == 0 {
		return err
	}
	if err := s.Vault.Prefetch(ctx, keep(rows, func(r wordsRow) (string, bool) { return r.Subject, true })); err != nil {
		return engine.Away(err)
	}
	phones := map[string]*string{}
	for _, r := range rows {
		words := events.Shut[events.PlaceWords](r.Subject, r.Box)
		if err := s.Vault.Unseal(ctx, "place:"+r.ID, r.Fact, &words); err != nil {
			return err
		}
		said, _ := words.Value()
		phones[r.ID] = known(said.Phone)
	}
	for i := range items {
		if items[i].Place != nil {
			items[i].Place.Phone = phones[items[i].Place.ID]
		}
	}
	return nil
}
