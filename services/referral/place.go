package referral

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/referral/domain"
)

// place is one that may be named to people: it is known, and has not closed.
func (s *Service) place(ctx context.Context, id string) (string, error) {
	found, err := one[struct{ ID string }](ctx, s, domain.ErrNoPlace, `select id from model.place where id = $1`, id)
	return found.ID, err
}

func (n noting) places(fact events.Places) {
	switch e := fact.(type) {
	case events.PlaceRegistered:
		n.write(`insert into model.place values ($1) on conflict do nothing`, e.PlaceID)
	case events.PlaceClosed:
		n.write(`delete from model.place where id = $1`, e.PlaceID)
	case events.PlaceAmended, events.PlaceReported: // people are sent there as before, until somebody has looked
	}
}
