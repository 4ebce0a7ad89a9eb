package domain

import (
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

// ErrProviderHasPeople says that somebody works for the provider already.
var ErrProviderHasPeople = refusal.New(refusal.Conflict, "provider_has_people", "Somebody works for this provider already: they invite their colleagues themselves.")

// InviteProvider is a grant by the partnership officer who has registered a provider: to the first of its people.
type InviteProvider struct{ Grant }

// Decide invites, or tells every fault.
func (i InviteProvider) Decide(f Fund) ([]events.Access, error) {
	i.From = i.Today
	switch _, done := f.Membership(i.MembershipID); {
	case done:
		return nil, nil
	case !f.Known():
		return nil, ErrNoFund
	case !f.partners(i.By, i.Today):
		return nil, ErrNotGranter
	}
	if err := append(i.whoFaults(), f.scopeFaults(i.Role, i.Scope)...).OrNil(); err != nil {
		return nil, err
	}
	switch {
	case f.hasPeople(i.Scope, i.Today):
		return nil, ErrProviderHasPeople
	case slices.ContainsFunc(f.memberships, func(m Membership) bool { return i.repeats(f, m) }):
		return nil, ErrAlreadyMember
	}
	return tell(i.fact())
}

// partners tells whether the granter looks after the providers of the fund.
func (f Fund) partners(g Granter, today string) bool {
	return f.administers(g, today) || f.holds(g.Account, today, func(m Membership) bool { return m.Role == directory.Partnership })
}

func (f Fund) hasPeople(scope directory.Scope, today string) bool {
	return slices.ContainsFunc(f.memberships, func(m Membership) bool {
		return m.Role == directory.ProviderRole && m.Scope == scope && m.State(today) == Active
	})
}
