package directory

import "slices"

// Role is what somebody does here.
type Role string

// The roles of product section 6.
const (
	Advisor       Role = "advisor"
	PhoneAdvisor  Role = "phone_advisor"
	Evaluator     Role = "evaluator"
	Referent      Role = "referent"
	Partnership   Role = "partnership_officer"
	ProviderRole  Role = "provider"
	Partner       Role = "partner"
	EquipmentRole Role = "equipment_manager"
	FundingRole   Role = "funding_officer"
	Analyst       Role = "analyst"
	Administrator Role = "administrator"
	Privacy       Role = "privacy_officer"
)

// Roles are all of them, in the order of the table of rights.
var Roles = []Role{
	Advisor, PhoneAdvisor, Evaluator, Referent, Partnership, ProviderRole, EquipmentRole, FundingRole, Analyst, Administrator, Privacy, Partner,
}

// The kinds of scopes.
const (
	ScopeNetwork      = "network" // all funds
	ScopeFund         = "fund"
	ScopeDepartment   = "department"
	ScopeDesk         = "desk"
	ScopeProvider     = "provider"
	ScopeOrganisation = "organisation"
	ScopePool         = "pool"
)

// Network stands for the fund of those who work for all funds.
const Network = "network"

// Scope is where a role holds.
type Scope struct{ Kind, ID string }

// Grant is a role with what its scope comes to.
type Grant struct {
	Membership   string
	Role         Role
	Scope        Scope
	Fund         string   // empty: all funds
	Desks        []string // whose people it looks after
	Departments  []string // it is bound to; empty: all of the fund
	Territory    []string // where that is; empty for all funds
	Provider     string
	Pool         string
	Organisation string
	From, To     string // days in Paris; To empty: until ended
}

// Account is somebody, or some software, that signs in.
type Account struct {
	ID     string
	Fund   string // empty: all funds
	Grants []Grant
}

// Known tells whether the account has a role here at all.
func (a Account) Known() bool { return len(a.Grants) > 0 }

// Has tells whether the account has a role.
func (a Account) Has(role Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == role })
}

// Roles are those of the account, each once.
func (a Account) Roles() []Role {
	return distinct(a.Grants, func(g Grant) []Role { return []Role{g.Role} })
}

// Desks are those of the account, whatever its role there.
func (a Account) Desks() []string {
	return distinct(a.Grants, func(g Grant) []string { return g.Desks })
}

// Providers are those the account works for.
func (a Account) Providers() []string {
	return distinct(a.Grants, func(g Grant) []string { return without(g.Provider) })
}

// Departments are those the account is bound to, and empty for one that has the whole fund.
func (a Account) Departments() []string {
	return distinct(a.Grants, func(g Grant) []string { return g.Departments })
}

// on is the account with the grants that hold on a day.
func (a Account) on(day string) Account {
	if !slices.ContainsFunc(a.Grants, func(g Grant) bool { return !g.holds(day) }) {
		return a
	}
	a.Grants = slices.DeleteFunc(slices.Clone(a.Grants), func(g Grant) bool { return !g.holds(day) })
	return a
}

func (g Grant) holds(day string) bool { return g.From <= day && (g.To == "" || day <= g.To) }

// Covers tells whether the grant's territory holds the department.
func (g Grant) Covers(department string) bool {
	return g.Fund == "" || slices.Contains(g.Territory, department)
}

func without(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func distinct[T comparable](grants []Grant, of func(Grant) []T) (list []T) {
	for _, g := range grants {
		for _, one := range of(g) {
			if !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
	}
	return list
}
