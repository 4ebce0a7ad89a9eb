package access

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

// ListOrganisations gives those of the caller's fund.
func (s *Service) ListOrganisations(ctx context.Context, r rest.ListOrganisationsRequestObject) (rest.ListOrganisationsResponseObject, error) {
	_, fund, err := s.caller(ctx, policy.ManageDirectory)
	if err != nil {
		return nil, err
	}
	items := []rest.Organisation{}
	for _, o := range fund.Organisations() {
		if r.Params.Kind == nil || *r.Params.Kind == o.Kind {
			items = append(items, organisationLine(o))
		}
	}
	return rest.ListOrganisations200JSONResponse{Items: items}, nil
}

func organisationLine(o directory.Organisation) rest.Organisation {
	return rest.Organisation{
		ID: o.ID, Fund: o.Fund, Kind: o.Kind, Name: o.Name, Department: optional(o.Department), Closed: o.Closed,
	}
}

func (s *Service) changedOrganisation(ctx context.Context, id string, command func(domain.Granter) fundCommand) (decided, rest.Organisation, error) {
	done, id, err := s.change(ctx, id, command)
	o, _ := done.State.Organisation(id)
	return done, organisationLine(o), err
}

// CreateOrganisation adds one that is no provider.
func (s *Service) CreateOrganisation(ctx context.Context, r rest.CreateOrganisationRequestObject) (rest.CreateOrganisationResponseObject, error) {
	id := engine.NewID()
	done, o, err := s.changedOrganisation(ctx, id, func(by domain.Granter) fundCommand {
		return domain.AddOrganisation{
			Organisation: id, Kind: r.Body.Kind, Name: r.Body.Name, Department: engine.Value(r.Body.Department), By: by, Today: s.today(), At: s.Clock.Now(),
		}
	})
	return rest.CreateOrganisation201JSONResponse{Body: o, Headers: rest.CreateOrganisation201ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// AmendOrganisation changes what one is called and where it is.
func (s *Service) AmendOrganisation(ctx context.Context, r rest.AmendOrganisationRequestObject) (rest.AmendOrganisationResponseObject, error) {
	done, o, err := s.changedOrganisation(ctx, r.ID, func(by domain.Granter) fundCommand {
		return domain.AmendOrganisation{
			Organisation: r.ID, Name: r.Body.Name, Department: engine.Value(r.Body.Department), By: by, Today: s.today(), At: s.Clock.Now(),
		}
	})
	return rest.AmendOrganisation200JSONResponse{Body: o, Headers: rest.AmendOrganisation200ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// CloseOrganisation ends the work with one.
func (s *Service) CloseOrganisation(ctx context.Context, r rest.CloseOrganisationRequestObject) (rest.CloseOrganisationResponseObject, error) {
	done, o, err := s.changedOrganisation(ctx, r.ID, func(by domain.Granter) fundCommand {
		return domain.CloseOrganisation{Organisation: r.ID, By: by, Today: s.today(), At: s.Clock.Now()}
	})
	return rest.CloseOrganisation200JSONResponse{Body: o, Headers: rest.CloseOrganisation200ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}
