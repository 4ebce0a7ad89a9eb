package access

import (
	"context"
	"slices"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

var errNotTheDirectory = refusal.New(refusal.Forbidden, "forbidden", "Only the administrator of a fund changes its directory.")

// ListDesks gives the desks and units of the caller's fund.
func (s *Service) ListDesks(ctx context.Context, r rest.ListDesksRequestObject) (rest.ListDesksResponseObject, error) {
	_, fund, err := s.caller(ctx, policy.ManageDirectory)
	if err != nil {
		return nil, err
	}
	items := []rest.FundDesk{}
	for _, d := range fund.Desks() {
		if r.Params.Kind == nil || *r.Params.Kind == d.Kind {
			items = append(items, deskLine(d))
		}
	}
	return rest.ListDesks200JSONResponse{Items: items}, nil
}

func deskLine(d directory.Desk) rest.FundDesk {
	return rest.FundDesk{
		ID: d.ID, Fund: d.Fund, Kind: d.Kind, Name: d.Name, Departments: d.Departments, Phone: optional(d.Phone), Closed: d.Closed,
	}
}

// changed gives an administrator's command about a desk, and shows the desk.
func (s *Service) changedDesk(ctx context.Context, id string, command func(domain.Granter) fundCommand) (decided, rest.FundDesk, error) {
	done, id, err := s.change(ctx, id, command)
	d, _ := done.State.Desk(id)
	return done, deskLine(d), err
}

// change gives an administrator's command about something in the fund. The identifier is that of the first answer
// where the request is repeated.
func (s *Service) change(ctx context.Context, id string, command func(domain.Granter) fundCommand) (decided, string, error) {
	account := s.Account(ctx)
	if policy.Can(account, policy.ManageDirectory, policy.Resource{Fund: account.Fund}) != policy.Allowed {
		return decided{}, id, errNotTheDirectory
	}
	done, err := engine.Command(ctx, s.funds, "fund", account.Fund, command(domain.Granter{Account: account.ID}), func(domain.Fund, int) any { return created{id} })
	if err != nil {
		return done, id, err
	}
	first, err := engine.Answered[created](done)
	return done, first.ID, err
}

// CreateDesk opens an agency or a phone platform.
func (s *Service) CreateDesk(ctx context.Context, r rest.CreateDeskRequestObject) (rest.CreateDeskResponseObject, error) {
	done, desk, err := s.openDesk(ctx, r.Body.Kind, rest.DeskAmendment{Name: r.Body.Name, Departments: r.Body.Departments, Phone: r.Body.Phone})
	return rest.CreateDesk201JSONResponse{Body: desk, Headers: rest.CreateDesk201ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// CreateUnit opens a unit of the social service.
func (s *Service) CreateUnit(ctx context.Context, r rest.CreateUnitRequestObject) (rest.CreateUnitResponseObject, error) {
	done, desk, err := s.openDesk(ctx, directory.KindUnit, *r.Body)
	return rest.CreateUnit201JSONResponse{Body: desk, Headers: rest.CreateUnit201ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func (s *Service) openDesk(ctx context.Context, kind string, b rest.DeskAmendment) (decided, rest.FundDesk, error) {
	id := engine.NewID()
	return s.changedDesk(ctx, id, func(by domain.Granter) fundCommand {
		return domain.OpenDesk{
			Desk: id, Kind: kind, Name: b.Name, Departments: b.Departments, Phone: engine.Value(b.Phone), By: by, Today: s.today(), At: s.Clock.Now(),
		}
	})
}

// AmendDesk changes what a desk is called and where it is.
func (s *Service) AmendDesk(ctx context.Context, r rest.AmendDeskRequestObject) (rest.AmendDeskResponseObject, error) {
	done, desk, err := s.amendDesk(ctx, r.ID, false, *r.Body)
	return rest.AmendDesk200JSONResponse{Body: desk, Headers: rest.AmendDesk200ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// AmendUnit changes what a unit is called and where it is.
func (s *Service) AmendUnit(ctx context.Context, r rest.AmendUnitRequestObject) (rest.AmendUnitResponseObject, error) {
	done, desk, err := s.amendDesk(ctx, r.ID, true, *r.Body)
	return rest.AmendUnit200JSONResponse{Body: desk, Headers: rest.AmendUnit200ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func (s *Service) amendDesk(ctx context.Context, id string, unit bool, b rest.DeskAmendment) (decided, rest.FundDesk, error) {
	return s.changedDesk(ctx, id, func(by domain.Granter) fundCommand {
		return domain.AmendDesk{
			Desk: id, Unit: unit, Name: b.Name, Departments: b.Departments, Phone: engine.Value(b.Phone), By: by, Today: s.today(), At: s.Clock.Now(),
		}
	})
}

// CloseDesk ends a desk.
func (s *Service) CloseDesk(ctx context.Context, r rest.CloseDeskRequestObject) (rest.CloseDeskResponseObject, error) {
	done, desk, err := s.closeDesk(ctx, r.ID, false)
	return rest.CloseDesk200JSONResponse{Body: desk, Headers: rest.CloseDesk200ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// CloseUnit ends a unit.
func (s *Service) CloseUnit(ctx context.Context, r rest.CloseUnitRequestObject) (rest.CloseUnitResponseObject, error) {
	done, desk, err := s.closeDesk(ctx, r.ID, true)
	return rest.CloseUnit200JSONResponse{Body: desk, Headers: rest.CloseUnit200ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func (s *Service) closeDesk(ctx context.Context, id string, unit bool) (decided, rest.FundDesk, error) {
	return s.changedDesk(ctx, id, func(by domain.Granter) fundCommand {
		return domain.CloseDesk{Desk: id, Unit: unit, By: by, Today: s.today(), At: s.Clock.Now()}
	})
}

// ListUnitsWithoutReferent gives open units where nobody reviews what is flagged.
func (s *Service) ListUnitsWithoutReferent(ctx context.Context, _ rest.ListUnitsWithoutReferentRequestObject) (rest.ListUnitsWithoutReferentResponseObject, error) {
	_, fund, err := s.caller(ctx, policy.ManageDirectory)
	if err != nil {
		return nil, err
	}
	items := []rest.UnitWithoutReferent{}
	for _, d := range fund.Desks() {
		if states := referents(fund, d, s.today()); d.Unit() && !d.Closed && !slices.Contains(states, domain.Active) {
			coming := slices.Contains(states, domain.Invited) || slices.Contains(states, domain.Upcoming)
			items = append(items, rest.UnitWithoutReferent{Unit: deskLine(d), Coming: coming})
		}
	}
	return rest.ListUnitsWithoutReferent200JSONResponse{Items: items}, nil
}

// referents are the states of the memberships of a unit's referents.
func referents(f domain.Fund, d directory.Desk, today string) (states []string) {
	for _, m := range f.Memberships() {
		if m.Role == directory.Referent && m.Scope == (directory.Scope{Kind: directory.ScopeDesk, ID: d.ID}) {
			states = append(states, m.State(today))
		}
	}
	return states
}
