package funding

import (
	"context"
	"slices"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

var (
	errNotYours  = refusal.New(refusal.Forbidden, "forbidden", "Only the funding officer of a fund may do this.")
	errNoFund    = refusal.Faults{{Field: "fund", Code: "unknown_fund", Detail: "There is no such fund, or it is not yours."}}
	errWhichFund = refusal.Faults{{Field: "fund", Code: "required", Detail: "You work for several funds. Say which."}}
)

// funds are those in which the caller may do it somewhere.
func (s *Service) funds(ctx context.Context, action policy.Action) (list []string, err error) {
	account := s.Account(ctx)
	for _, grant := range account.Grants {
		candidates := []string{grant.Fund}
		if grant.Fund == "" {
			candidates = nil
			for _, f := range s.Directory().Funds() {
				candidates = append(candidates, f.ID)
			}
		}
		for _, fund := range candidates {
			on := policy.Resource{Fund: fund, Provider: grant.Provider}
			if policy.Can(account, action, on) == policy.Allowed && !slices.Contains(list, fund) {
				list = append(list, fund)
			}
		}
	}
	if len(list) == 0 {
		return nil, errNotYours
	}
	return list, nil
}

// fund is the one that is asked for, or the caller's only one.
func (s *Service) fund(ctx context.Context, action policy.Action, asked string) (string, error) {
	list, err := s.funds(ctx, action)
	switch {
	case err != nil:
		return "", err
	case asked != "" && !slices.Contains(list, asked):
		return list[0], web.Fault(ctx, errNoFund) // more may be wrong
	case asked != "":
		return asked, nil
	case len(list) > 1:
		return list[0], web.Fault(ctx, errWhichFund)
	}
	return list[0], nil
}

// holding is the fund of the caller whose budget has something, with that budget: the first of them where none has.
func (s *Service) holding(ctx context.Context, action policy.Action, has func(domain.Budget) bool) (fund string, b domain.Budget, err error) {
	list, err := s.funds(ctx, action)
	if err != nil {
		return "", b, err
	}
	for _, id := range list {
		if b, _, err = s.budgets.Get(ctx, id); err != nil || has(b) {
			return id, b, err
		}
	}
	return list[0], b, nil
}

// sees says which structures' projects the caller may read in a fund.
func (s *Service) sees(ctx context.Context, fund string) func(structure string) bool {
	account := s.Account(ctx)
	return func(structure string) bool {
		return policy.Can(account, policy.ReadProject, policy.Resource{Fund: fund, Provider: structure}) == policy.Allowed
	}
}

func (s *Service) act(ctx context.Context, fund string) domain.Act {
	now := s.Clock.Now()
	return domain.Act{Fund: fund, By: web.Account(ctx), Today: reference.Day(now), At: now}
}
