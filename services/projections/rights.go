package projections

import (
	"context"
	"slices"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
)

// Refusals of a reading.
var (
	ErrNoAccount  = refusal.New(refusal.Forbidden, "no_account", "This account has no role here. Ask your administrator for one.")
	ErrNever      = refusal.New(refusal.Forbidden, "role_never_may", "Your role does not see this. Ask a colleague of the desk in charge.")
	ErrNoFlag     = refusal.New(refusal.NotFound, "unknown_flag", "There is no such flag. Look for the person again.")
	ErrNoPerson   = refusal.New(refusal.NotFound, "unknown_person", "There is no such person. Look for them again by name.")
	ErrNoReferral = refusal.New(refusal.NotFound, "unknown_referral", "There is no such referral. Look for the person again.")
	ErrNoSession  = refusal.New(refusal.NotFound, "unknown_session", "There is no such session. Look for it again in the list of sessions.")
	ErrNoDesk     = refusal.New(refusal.NotFound, "unknown_desk", "There is no such desk. Look for it in the directory.")
	ErrNoProvider = refusal.New(refusal.NotFound, "unknown_provider", "There is no such provider. Look for it again in the list of providers.")
)

// account is the caller with the roles that hold now.
func (s *Service) account(ctx context.Context) directory.Account {
	a, _ := s.Directory().Account(web.Account(ctx), s.Clock.Now())
	return a
}

// caller is the account that asks, and the context in which it reads: nothing beside what the action is for. It is refused
// when its role never may do such a thing.
func (s *Service) caller(ctx context.Context, action policy.Action) (context.Context, directory.Account, error) {
	a := s.account(ctx)
	switch {
	case !a.Known():
		return ctx, a, ErrNoAccount
	case !policy.May(a, action):
		return ctx, a, ErrNever
	}
	return s.within(ctx, a, action), a, nil
}

// reach is which rows of a list are for the caller: those where column equals one of the values.
type reach struct {
	column string // "f.desk = reach.value"
	values []string
	funds  []string // the registered providers of these are values too
}

// from gives the values as rows.
func (r reach) from(f *filter) string {
	if len(r.funds) > 0 {
		return f.put(providersOf, r.values, r.funds)
	}
	return f.put("unnest(?::text[])", r.values)
}

// columns say where a list keeps what the rules of policy look at. An empty one is not there.
type columns struct{ fund, desk, author, provider string }

// reachesOf is what each of the caller's roles gives: rows of its funds, its desks, its own, its providers. The fund comes
// first: most rows are found by it where it holds.
func (s *Service) reachesOf(c columns, a directory.Account, action policy.Action) (list []reach) {
	of := policy.ReachOf(a, action)
	for _, one := range []reach{
		{column: c.fund, values: s.fundsOf(of)}, {column: c.desk, values: of.Desks}, {column: c.author, values: of.Authors}, {column: c.provider, values: of.Providers},
	} {
		if one.column != "" && len(one.values) > 0 {
			list = append(list, one)
		}
	}
	return list
}

// fundsOf names the funds of a reach.
func (s *Service) fundsOf(r policy.Reach) []string {
	if !r.AllFunds {
		return r.Funds
	}
	return keep(s.Directory().Funds(), func(f directory.Fund) (string, bool) { return f.ID, true })
}

// poolReach is which items and loans are for the caller. A pool has the identifier of its provider or desk.
func (s *Service) poolReach(a directory.Account, column string) []reach {
	return []reach{{column: column, funds: s.fundsWhole(a, policy.ReadItem), values: s.pools(a)}}
}

// pools are those of the directory that the caller may see; fundsWhole says whose registered ones.
func (s *Service) pools(a directory.Account) []string {
	d := s.Directory()
	may := func(fund, pool string) bool {
		return policy.Can(a, policy.ReadItem, policy.Resource{Fund: fund, Pool: pool}) == policy.Allowed
	}
	return slices.Concat(
		keep(d.Providers(), func(p directory.Organisation) (string, bool) { return p.ID, may(p.Fund, p.ID) }),
		keep(d.Desks(), func(k directory.Desk) (string, bool) { return k.ID, may(k.Fund, k.ID) }),
		keep(d.Funds(), func(f directory.Fund) (string, bool) { return f.ID, may(f.ID, f.ID) }))
}

// onDesk is what the rules look at of a desk.
func onDesk(d directory.Desk) policy.Resource {
	return policy.Resource{Fund: d.Fund, Desk: d.ID, Unit: d.Unit()}
}

func keep[T any](list []T, is func(T) (string, bool)) []string {
	kept := []string{}
	for _, one := range list {
		if id, ok := is(one); ok {
			kept = append(kept, id)
		}
	}
	return kept
}
