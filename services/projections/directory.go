package projections

import (
	"context"

	"example.org/passerelle/services/projections/rest"
)

// GetDirectory gives funds, desks and programmes to every account.
func (s *Service) GetDirectory(ctx context.Context, _ rest.GetDirectoryRequestObject) (rest.GetDirectoryResponseObject, error) {
	if !s.account(ctx).Known() {
		return nil, ErrNoAccount
	}
	d := rest.GetDirectory200JSONResponse{}
	all := s.Directory()
	for _, f := range all.Funds() {
		d.Funds = append(d.Funds, rest.Fund{ID: f.ID, Name: f.Name, Departments: f.Departments})
	}
	for _, k := range all.Desks() {
		d.Desks = append(d.Desks, rest.Desk{ID: k.ID, Name: k.Name, Fund: k.Fund, Kind: k.Kind, Departments: k.Departments, Phone: k.Phone})
	}
	for _, p := range all.Programmes() {
		d.Programmes = append(d.Programmes, rest.Programme{ID: p.ID, Name: p.Name, Fund: p.Fund, TakesFlags: p.TakesFlags, ReviewFirst: p.ReviewFirst})
	}
	return d, nil
}
