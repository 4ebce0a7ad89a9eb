// Package domain holds the rules of a fund's directory: which desks and organisations it has, and who may do what there.
package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

// Fund is how one fund is organised, and everybody who may work there. It is never changed in place: Evolve gives the
// next one. The fund "network" holds only those who work for all funds.
type Fund struct {
	directory.Fund
	desks         []directory.Desk
	organisations []directory.Organisation
	memberships   []Membership
}

// Membership is one as it was granted, and how it ended.
type Membership struct {
	directory.Membership
	GrantedAt, EndedAt time.Time // EndedAt is zero: it was not ended
	EndReason          string
}

// Evolve is the fund after a fact.
func Evolve(f Fund, fact events.Access) Fund {
	switch e := fact.(type) {
	case events.FundRegistered:
		f.Fund = directory.Fund{ID: e.Fund, Name: e.Name, Departments: e.Departments, ErasureDays: e.ErasureDays}
	case events.DeskSet:
		d := directory.Desk{ID: e.Desk, Name: e.Name, Fund: e.Fund, Kind: e.Kind, Departments: e.Departments, Phone: e.Phone, Closed: e.Closed}
		f.desks = with(f.desks, d, func(old directory.Desk) bool { return old.ID == e.Desk })
	case events.OrganisationSet:
		o := directory.Organisation{ID: e.Organisation, Name: e.Name, Kind: e.Kind, Fund: e.Fund, Department: e.Department, Closed: e.Closed}
		f.organisations = with(f.organisations, o, func(old directory.Organisation) bool { return old.ID == e.Organisation })
	case events.MembershipGranted:
		f.memberships = with(f.memberships, granted(e), func(old Membership) bool { return old.ID == e.MembershipID })
	case events.MembershipBound:
		f = f.changed(e.MembershipID, func(m *Membership) { m.Account = e.Account })
	case events.MembershipEnded:
		f = f.changed(e.MembershipID, func(m *Membership) { m.EndedAt, m.EndReason = e.At, e.Reason })
	case events.ProgrammeSet, events.AccountLinked: // stand in streams of their own
	}
	return f
}

func granted(e events.MembershipGranted) Membership {
	return Membership{GrantedAt: e.At, Membership: directory.Membership{
		ID: e.MembershipID, Fund: e.Fund, Account: e.Account, Role: directory.Role(e.Role), Scope: directory.Scope(e.Scope),
		Organisation: e.Organisation, From: e.From, To: e.To, EmailMark: e.EmailMark, GrantedBy: e.By, Details: e.Details,
	}}
}

// with is a list with one more, or with one in the place of the old.
func with[T any](list []T, one T, is func(T) bool) []T {
	if i := slices.IndexFunc(list, is); i >= 0 {
		list = slices.Clone(list)
		list[i] = one
		return list
	}
	return append(slices.Clip(list), one)
}

func (f Fund) changed(membership string, change func(*Membership)) Fund {
	i := slices.IndexFunc(f.memberships, func(m Membership) bool { return m.ID == membership })
	if i < 0 {
		return f
	}
	f.memberships = slices.Clone(f.memberships)
	change(&f.memberships[i])
	return f
}

// Known tells whether the fund was registered.
func (f Fund) Known() bool { return f.ID != "" }

// Desks are all, closed ones too, in the order in which they were opened.
func (f Fund) Desks() []directory.Desk { return slices.Clone(f.desks) }

// Organisations are all, closed ones too, in the order in which they came.
func (f Fund) Organisations() []directory.Organisation { return slices.Clone(f.organisations) }

// Memberships are all that were ever granted, in that order.
func (f Fund) Memberships() []Membership { return slices.Clone(f.memberships) }

// Desk finds a desk, a closed one too.
func (f Fund) Desk(id string) (directory.Desk, bool) {
	return find(f.desks, func(d directory.Desk) bool { return d.ID == id })
}

// Organisation finds an organisation, a closed one too.
func (f Fund) Organisation(id string) (directory.Organisation, bool) {
	return find(f.organisations, func(o directory.Organisation) bool { return o.ID == id })
}

// Membership finds one that was granted, an ended one too.
func (f Fund) Membership(id string) (Membership, bool) {
	return find(f.memberships, func(m Membership) bool { return m.ID == id })
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// The states of a membership.
const (
	Invited  = "invited"
	Upcoming = "upcoming"
	Active   = "active"
	Over     = "over"
	Ended    = "ended"
)

// State is what has become of the membership by a day.
func (m Membership) State(day string) string {
	switch {
	case !m.EndedAt.IsZero():
		return Ended
	case m.To != "" && m.To < day:
		return Over
	case m.Account == "":
		return Invited
	case m.From > day:
		return Upcoming
	}
	return Active
}
