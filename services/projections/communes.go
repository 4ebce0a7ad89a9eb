package projections

import (
	"context"

	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/communes"
)

// mostCommunes fit under a field in which somebody writes a name.
const mostCommunes = 20

// ListCommunes gives the communes that somebody may mean, to every account.
func (s *Service) ListCommunes(ctx context.Context, request rest.ListCommunesRequestObject) (rest.ListCommunesResponseObject, error) {
	if !s.account(ctx).Known() {
		return nil, ErrNoAccount
	}
	found := communes.Search(the(request.Params.Q), the(request.Params.Department), mostCommunes)
	items := make([]rest.Commune, len(found))
	for i, c := range found {
		items[i] = rest.Commune{Insee: c.Insee, Name: c.Name, Department: c.Department, Postcodes: listOf(c.Postcodes)}
	}
	return rest.ListCommunes200JSONResponse{Items: items}, nil
}
