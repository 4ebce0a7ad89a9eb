package projections

import (
	"context"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

// Refusals of a reading.
var (
	ErrNoAccount  = refusal.New(refusal.Forbidden, "no_account", "This account has no role here. Ask your administrator for one.")
	ErrNever      = refusal.New(refusal.Forbidden, "role_never_may", "Your role does not see this. Ask a colleague of the desk in charge.")
	ErrNoFlag     = refusal.New(refusal.NotFound, "unknown_flag", "There is no such flag. Look for the person again.")
	ErrNoPerson   = refusal.New(refusal.NotFound, "unknown_person", "There is no such person. Look for them again by name.")
	ErrNoReferral = refusal.New(refusal.NotFound, "unknown_referral", "There is no such referral. Look for the person again.")
	ErrNoSession  = refusal.New(refusal.NotFound, "unknown_session", "There is no such session. Look for it again in the list of sessions.")
	ErrNoProvider = refusal.New(refusal.NotFound, "unknown_provider", "There is no such provider. Look for it again in the list of providers.")
)

// caller is the account that asks. It is refused when its role never may do such a thing.
func caller(ctx context.Context, action policy.Action) (reference.Account, error) {
	a, ok := reference.FindAccount(web.Account(ctx))
	switch {
	case !ok:
		return a, ErrNoAccount
	case !policy.May(a, action):
		return a, ErrNever
	}
	return a, nil
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
type columns struct{ desk, author, provider, fund string }

// reachOf asks the policy about every desk, provider and fund, and about the caller's own: a rule looks at one of them.
func (c columns) reachOf(a reference.Account, action policy.Action) reach {
	may := func(on policy.Resource) bool { return policy.Can(a, action, on) == policy.Allowed }
	all := []struct {
		column string
		values []string
	}{
		{c.desk, keep(reference.Desks(), func(d reference.Desk) (string, bool) { return d.ID, may(policy.Resource{Desk: d.ID}) })},
		{c.author, keep([]reference.Account{a}, func(a reference.Account) (string, bool) { return a.ID, may(policy.Resource{Author: a.ID}) })},
		{c.provider, keep(reference.Providers(), func(p reference.Provider) (string, bool) { return p.ID, may(policy.Resource{Provider: p.ID}) })},
		{c.fund, keep(reference.Funds(), func(f reference.Fund) (string, bool) { return f.ID, may(policy.Resource{Fund: f.ID}) })},
	}
	for _, one := range all {
		if one.column != "" && len(one.values) > 0 {
			return reach{column: one.column, values: one.values}
		}
	}
	return reach{column: "false"}
}

// poolReach is which items and loans are for the caller. A pool has the identifier of its provider or desk.
func poolReach(a reference.Account, column string) reach {
	may := func(fund, pool string) bool {
		return policy.Can(a, policy.ReadItem, policy.Resource{Fund: fund, Pool: pool}) == policy.Allowed
	}
	return reach{column: column, funds: fundsWhole(a, policy.ReadItem), values: append(
		keep(reference.Providers(), func(p reference.Provider) (string, bool) { return p.ID, may(p.Fund, p.ID) }),
		keep(reference.Desks(), func(d reference.Desk) (string, bool) { return d.ID, may(d.Fund, d.ID) })...)}
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
