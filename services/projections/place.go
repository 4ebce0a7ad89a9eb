package projections

import (
	"context"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

var errNoPlace = refusal.New(refusal.NotFound, "unknown_place", "There is no such place. Look for it again in the list of places.")

const onePlace = `select ` + placeColumns + `, null::float8 as km from model.place p where p.id = $1`

// GetPlace gives one place, also one that is closed.
func (s *Service) GetPlace(ctx context.Context, request rest.GetPlaceRequestObject) (rest.GetPlaceResponseObject, error) {
	ctx, _, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	row, err := one[placeRow](ctx, s, errNoPlace, onePlace, request.ID)
	if err != nil {
		return nil, err
	}
	lines, err := s.placeLines(ctx, []placeRow{row})
	if err != nil {
		return nil, err
	}
	return rest.GetPlace200JSONResponse(lines[0]), nil
}
