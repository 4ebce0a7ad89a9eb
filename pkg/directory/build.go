package directory

import (
	"maps"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/paris"
)

// Membership is one as it was granted: who holds it, and until when.
type Membership struct {
	ID, Fund     string
	Account      string // empty: invited, and nobody has come yet
	Role         Role
	Scope        Scope
	Organisation string
	From, To     string
	EmailMark    string // keyed hash of the address that was invited
	GrantedBy    string
	Details      events.Sealed[events.Member] // sealed
}

// Builder folds facts into directories. The zero Builder has heard nothing. It is not for several goroutines.
type Builder struct {
	funds         []Fund
	desks         []Desk
	organisations []Organisation
	programmes    []Programme
	memberships   []Membership
}

// Apply hears a fact of the access service; others change nothing.
func (b *Builder) Apply(fact events.Fact) {
	switch e := fact.(type) {
	case events.FundRegistered:
		b.funds = put(b.funds, Fund{e.Fund, e.Name, e.Departments, e.ErasureDays}, func(f Fund) bool { return f.ID == e.Fund })
	case events.DeskSet:
		b.desks = put(b.desks, Desk{e.Desk, e.Name, e.Fund, e.Kind, e.Departments, e.Phone, e.Closed}, func(d Desk) bool { return d.ID == e.Desk })
	case events.OrganisationSet:
		b.organisations = put(b.organisations, Organisation{e.Organisation, e.Name, e.Kind, e.Fund, e.Department, e.Closed},
			func(o Organisation) bool { return o.ID == e.Organisation })
	case events.ProgrammeSet:
		b.programmes = put(b.programmes, b.programme(e), func(p Programme) bool { return p.ID == e.Programme })
	case events.MembershipGranted:
		b.memberships = put(b.memberships, granted(e), func(m Membership) bool { return m.ID == e.MembershipID })
	case events.MembershipBound:
		for i, m := range b.memberships {
			if m.ID == e.MembershipID {
				b.memberships[i].Account = e.Account
			}
		}
	case events.MembershipEnded:
		b.memberships = slices.DeleteFunc(b.memberships, func(m Membership) bool { return m.ID == e.MembershipID })
	}
}

// programme is one as it is now, with the versions of its text so far.
func (b *Builder) programme(e events.ProgrammeSet) Programme {
	p := ProgrammeOf(e)
	for _, before := range b.programmes {
		if before.ID == p.ID {
			p.Texts = append(p.Texts, before.Texts...)
		}
	}
	if !p.HasText(p.TextVersion) {
		p.Texts = append(p.Texts, p.TextVersion)
	}
	return p
}

func granted(e events.MembershipGranted) Membership {
	return Membership{
		ID: e.MembershipID, Fund: e.Fund, Account: e.Account, Role: Role(e.Role), Scope: Scope(e.Scope), Organisation: e.Organisation,
		From: e.From, To: e.To, EmailMark: e.EmailMark, GrantedBy: e.By, Details: e.Details,
	}
}

func put[T any](list []T, one T, is func(T) bool) []T {
	if i := slices.IndexFunc(list, is); i >= 0 {
		list[i] = one
		return list
	}
	return append(list, one)
}

// Build is the directory now. It shares nothing with the Builder that is changed later.
func (b *Builder) Build() *Directory {
	d := &Directory{
		funds: slices.Clone(b.funds), desks: slices.Clone(b.desks), organisations: slices.Clone(b.organisations),
		programmes: slices.Clone(b.programmes), accounts: map[string]Account{}, memberships: make(map[string]Membership, len(b.memberships)),
	}
	for _, m := range b.memberships {
		d.memberships[m.ID] = m
		if m.Account == "" {
			continue
		}
		a := d.accounts[m.Account]
		g := d.resolve(m)
		a.ID, a.Fund, a.Grants = m.Account, g.Fund, append(a.Grants, g)
		d.accounts[m.Account] = a
	}
	return d
}

// Of is the directory after some facts.
func Of(facts ...events.Access) *Directory {
	var b Builder
	for _, f := range facts {
		b.Apply(f)
	}
	return b.Build()
}

// resolve says what the scope of a membership comes to.
func (d *Directory) resolve(m Membership) Grant {
	g := Grant{Membership: m.ID, Role: m.Role, Scope: m.Scope, Fund: m.Fund, Organisation: m.Organisation, From: m.From, To: m.To}
	if m.Fund == Network {
		g.Fund = ""
	}
	switch m.Scope.Kind {
	case ScopeDepartment:
		g.Departments = []string{m.Scope.ID}
		if m.Role == Referent {
			g.Desks = d.agencies(m.Fund, m.Scope.ID)
		}
	case ScopeFund:
		if m.Role == Referent {
			g.Desks = d.units(m.Fund)
		}
	case ScopeDesk:
		desk, _ := d.Desk(m.Scope.ID)
		g.Desks = []string{m.Scope.ID}
		if desk.Kind != KindPhone {
			g.Departments = desk.Departments
		}
	case ScopeProvider:
		g.Provider, g.Pool, g.Organisation = m.Scope.ID, m.Scope.ID, m.Scope.ID
		if o, ok := d.Organisation(m.Scope.ID); ok {
			g.Departments = without(o.Department)
		}
	case ScopeOrganisation:
		g.Organisation = m.Scope.ID
		if o, ok := d.Organisation(m.Scope.ID); ok {
			g.Departments = without(o.Department)
		}
	case ScopePool:
		g.Pool = m.Scope.ID
	}
	g.Territory = g.Departments
	if fund, ok := d.Fund(g.Fund); ok && len(g.Territory) == 0 {
		g.Territory = fund.Departments
	}
	return g
}

// agencies are those of a department: a coordinator of agencies has no part in what the social service knows.
func (d *Directory) agencies(fund, department string) (list []string) {
	for _, k := range d.desks {
		if k.Fund == fund && k.Kind == KindAgency && slices.Contains(k.Departments, department) {
			list = append(list, k.ID)
		}
	}
	return list
}

// units are those of the social service of a fund: a deputy reviews where nobody else can.
func (d *Directory) units(fund string) (list []string) {
	for _, k := range d.desks {
		if k.Fund == fund && k.Unit() {
			list = append(list, k.ID)
		}
	}
	return list
}

// Account finds who signs in under an identifier, with the grants that hold at a moment.
func (d *Directory) Account(id string, at time.Time) (Account, bool) {
	a, ok := d.accounts[id]
	a = a.on(paris.Day(at))
	return a, ok && a.Known()
}

// Accounts are all that have a role at a moment, by identifier.
func (d *Directory) Accounts(at time.Time) (list []Account) {
	for _, id := range slices.Sorted(maps.Keys(d.accounts)) {
		if a, ok := d.Account(id, at); ok {
			list = append(list, a)
		}
	}
	return list
}

// Memberships are those of a fund, in the order in which they were granted.
func (d *Directory) Memberships(fund string) (list []Membership) {
	for _, m := range d.memberships {
		if m.Fund == fund {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b Membership) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// Membership finds one that was granted and not ended.
func (d *Directory) Membership(id string) (Membership, bool) {
	m, ok := d.memberships[id]
	return m, ok
}
