package projections

import (
	"context"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// counts are of what the caller may act on; nobody reviews a flag of their own.
const counts = `select
  (select count(*) from model.flag where desk = any($1::text[]) and status = 'submitted' and author <> $5)::int as to_review,
  (select count(*) from model.flag where desk = any($2::text[]) and help = 'to_refer')::int as to_refer,
  (select count(*) from model.referral where seat in ('held', 'queued') and seat_provider in (
    select unnest($3::text[]) union all select id from model.provider where fund = any($6::text[])))::int as to_answer,
  (select count(*) from model.referral where desk = any($4::text[]) and status in ('requested', 'waitlisted'))::int as waiting`

// GetMe tells who the caller is here and what waits.
func (s *Service) GetMe(ctx context.Context, _ rest.GetMeRequestObject) (rest.GetMeResponseObject, error) {
	a, ok := reference.FindAccount(web.Account(ctx))
	if !ok {
		return nil, ErrNoAccount
	}
	n, err := one[rest.Counts](ctx, s, nil, counts, desks(a, policy.ReviewFlag), desks(a, policy.Refer),
		providers(a, policy.AnswerRequest), desks(a, policy.ReadReferral), a.ID, fundsWhole(a, policy.AnswerRequest))
	if err != nil {
		return nil, err
	}
	scope := rest.Scope{Fund: known(a.Fund), Departments: listOf(a.Departments), Units: units(a), Providers: listOf(nil)}
	if a.Provider != "" {
		scope.Providers = []string{a.Provider}
	}
	return rest.GetMe200JSONResponse{
		Account: a.ID, Roles: []string{string(a.Role)}, Scopes: []rest.Scope{scope}, Desks: listOf(a.Desks), Counts: n,
	}, nil
}

// desks are those at which the caller may do something.
func desks(a reference.Account, action policy.Action) []string {
	return keep(reference.Desks(), func(d reference.Desk) (string, bool) {
		return d.ID, policy.Can(a, action, policy.Resource{Fund: d.Fund, Desk: d.ID}) == policy.Allowed
	})
}

func units(a reference.Account) []string {
	return keep(a.Desks, func(id string) (string, bool) {
		d, _ := reference.FindDesk(id)
		return id, d.Kind == "unit"
	})
}
