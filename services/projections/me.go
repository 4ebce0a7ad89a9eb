package projections

import (
	"context"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// counts are of what the caller may act on; nobody reviews a flag of their own.
const counts = `select
  (select count(*) from model.flag where desk = any($1::text[]) and status = 'submitted' and author <> $5 and not hidden)::int as to_review,
  (select count(*) from model.flag where desk = any($2::text[]) and help = 'to_refer' and not hidden)::int as to_refer,
  (select count(*) from model.referral r where seat in ('held', 'queued') and ` + seenSeat + ` and seat_provider in (
    select unnest($3::text[]) union select id from model.provider where fund = any($6::text[])))::int as to_answer,
  (select count(*) from model.referral r where desk = any($4::text[]) and status in ('requested', 'in_study', 'waitlisted', 'offered') and ` + seenReferral + `)::int as waiting`

// GetMe tells who the caller is here and what waits.
func (s *Service) GetMe(ctx context.Context, _ rest.GetMeRequestObject) (rest.GetMeResponseObject, error) {
	a := s.account(ctx)
	if !a.Known() {
		return nil, ErrNoAccount
	}
	ctx = s.within(ctx, a, policy.ReviewFlag, policy.Refer, policy.AnswerRequest, policy.ReadReferral)
	n, err := one[rest.Counts](ctx, s, nil, counts, s.desks(a, policy.ReviewFlag), s.desks(a, policy.Refer),
		s.providers(a, policy.AnswerRequest), s.desks(a, policy.ReadReferral), a.ID, s.fundsWhole(a, policy.AnswerRequest))
	if err != nil {
		return nil, err
	}
	me := rest.Me{Account: a.ID, Roles: []string{}, Scopes: []rest.Scope{}, Desks: listOf(a.Desks()), Counts: n}
	for _, role := range a.Roles() {
		me.Roles = append(me.Roles, string(role))
	}
	for _, g := range a.Grants {
		me.Scopes = append(me.Scopes, s.scope(g))
	}
	return rest.GetMe200JSONResponse(me), nil
}

func (s *Service) scope(g directory.Grant) rest.Scope {
	scope := rest.Scope{Fund: known(g.Fund), Departments: listOf(g.Departments), Units: s.units(g), Providers: listOf(nil)}
	if g.Provider != "" {
		scope.Providers = []string{g.Provider}
	}
	return scope
}

// desks are those at which the caller may do something.
func (s *Service) desks(a directory.Account, action policy.Action) []string {
	return keep(s.Directory().Desks(), func(d directory.Desk) (string, bool) {
		return d.ID, policy.Can(a, action, onDesk(d)) == policy.Allowed
	})
}

func (s *Service) units(g directory.Grant) []string {
	return keep(g.Desks, func(id string) (string, bool) {
		d, _ := s.Directory().Desk(id)
		return id, d.Unit()
	})
}
