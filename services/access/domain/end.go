package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

var (
	// ErrNoMembership says that the fund has no such membership, or none that is for the caller to end.
	ErrNoMembership = refusal.New(refusal.NotFound, "unknown_membership", "There is no such membership. Look for it in the list.")
	// ErrLastAdministrator says that nobody would administer the fund for good.
	ErrLastAdministrator = refusal.New(refusal.Conflict, "last_administrator", "Nobody else administers this fund without a last day. Make somebody else administrator first, and wait until they have signed in.")
)

// EndMembership takes a role back.
type EndMembership struct {
	MembershipID string
	Reason       string // left, changed_role, unused, error, other
	By           Granter
	Today        string
	At           time.Time
}

// Decide tells that it is over. Ended twice is nothing new.
func (e EndMembership) Decide(f Fund) ([]events.Access, error) {
	m, ok := f.Membership(e.MembershipID)
	switch {
	case !f.administers(e.By, e.Today) && !f.provides(e.By, e.Today, ""):
		return nil, ErrNotGranter
	case !ok || !f.grants(e.By, e.Today, m.Role, m.Scope):
		return nil, ErrNoMembership
	case !m.EndedAt.IsZero():
		return nil, nil
	case m.Role == directory.Administrator && m.State(e.Today) == Active && !f.administeredWithout(m.ID, e.Today):
		return nil, ErrLastAdministrator
	}
	return tell(events.MembershipEnded{MembershipID: m.ID, Fund: m.Fund, Reason: e.Reason, By: e.By.Account, At: e.At})
}

// administeredWithout tells whether somebody else administers the fund, and no date takes that away.
func (f Fund) administeredWithout(membership, today string) bool {
	return slices.ContainsFunc(f.memberships, func(m Membership) bool { return m.ID != membership && m.stands(today) })
}

// stands tells whether somebody administers the fund by this membership until it is ended.
func (m Membership) stands(today string) bool {
	return m.Role == directory.Administrator && m.State(today) == Active && m.To == ""
}
