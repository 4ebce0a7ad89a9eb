package domain

import (
	"slices"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

// ErrNotGranter says that who asks has no role, or no longer one, that manages this.
var ErrNotGranter = refusal.New(refusal.Forbidden, "forbidden", "Only an administrator of the fund may do this, and a provider for its own people.")

// Granter is who asks. The fund itself says what an account may do there at that very moment; the operator of the
// installation may do everything.
type Granter struct {
	Account  string
	Operator bool
}

// administers tells whether the granter manages the whole fund.
func (f Fund) administers(g Granter, today string) bool {
	return g.Operator || f.holds(g.Account, today, func(m Membership) bool { return m.Role == directory.Administrator })
}

// provides tells whether the granter works for a provider.
func (f Fund) provides(g Granter, today, provider string) bool {
	return f.holds(g.Account, today, func(m Membership) bool {
		return m.Role == directory.ProviderRole && (provider == "" || m.Scope.ID == provider)
	})
}

func (f Fund) holds(account, today string, is func(Membership) bool) bool {
	return account != "" && slices.ContainsFunc(f.memberships, func(m Membership) bool {
		return m.Account == account && m.State(today) == Active && is(m)
	})
}

// grants tells whether the granter may give or take back a role in a scope.
func (f Fund) grants(g Granter, today string, role directory.Role, scope directory.Scope) bool {
	switch {
	case scope.Kind == directory.ScopeNetwork:
		return g.Operator
	case f.administers(g, today):
		return true
	}
	return role == directory.ProviderRole && scope.Kind == directory.ScopeProvider && f.provides(g, today, scope.ID)
}
