// Package reference is what every service knows without hearing it: funds, desks, programmes, accounts and
// code lists. It is pure, and a constant until each part becomes facts of its own.
package reference

import "slices"

// Fund is a regional retirement fund.
type Fund struct {
	ID, Name    string
	Departments []string
}

// Desk is a team in charge of flags: an agency, a phone platform, or a unit of the social service.
type Desk struct {
	ID, Name    string
	Fund        string
	Kind        string // agency, phone_platform, unit
	Departments []string
	Phone       string
}

// Provider runs workshops; its pool of equipment has the same identifier. Those registered later are facts of the workshop
// service and not here.
type Provider struct {
	ID, Name   string
	Fund       string
	Department string
}

// Programme is under which rules somebody is flagged and referred.
type Programme struct {
	ID, Name              string
	Fund                  string
	Opens                 map[string]string // first finding date by department of the person; "" stands for any other
	Closes                string            // last finding date, empty: none
	AgeOver               int               // strictly, in whole years at the finding date
	ReviewFirst           bool              // a referral needs a validated flag
	OneOpenPerInstitution bool              // else one open flag per person
	TakesFlags            bool
}

// Role is what an account may do.
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

// Account is somebody, or some software, that signs in.
type Account struct {
	ID          string
	Label       string // in French, for people
	Role        Role
	Fund        string // empty: all funds
	Desks       []string
	Departments []string // empty: those of the fund
	Provider    string
}

// Funds, in the order people list them.
func Funds() []Fund { return slices.Clone(funds) }

// Desks of all funds.
func Desks() []Desk { return slices.Clone(desks) }

// Providers of all funds.
func Providers() []Provider { return slices.Clone(providers) }

// Programmes of all funds.
func Programmes() []Programme { return slices.Clone(programmes) }

// Accounts of the demo directory.
func Accounts() []Account { return slices.Clone(accounts) }

// FindDesk finds a desk by its identifier.
func FindDesk(id string) (Desk, bool) { return find(desks, func(d Desk) bool { return d.ID == id }) }

// FindProvider finds a provider by its identifier.
func FindProvider(id string) (Provider, bool) {
	return find(providers, func(p Provider) bool { return p.ID == id })
}

// FindProgramme finds a programme by its identifier.
func FindProgramme(id string) (Programme, bool) {
	return find(programmes, func(p Programme) bool { return p.ID == id })
}

// FindAccount finds an account by its identifier, the subject of its tokens.
func FindAccount(id string) (Account, bool) {
	return find(accounts, func(a Account) bool { return a.ID == id })
}

// DeskFor is the desk of the fund that looks after a department when the author has none that refers people:
// the first agency there, in the order of the directory.
func DeskFor(fund, department string) (Desk, bool) {
	return find(desks, func(d Desk) bool {
		return d.Fund == fund && d.Kind == "agency" && slices.Contains(d.Departments, department)
	})
}

// DepartmentOf is the department of a commune by its INSEE code: two characters, or three overseas.
func DepartmentOf(insee string) string {
	if len(insee) != 5 {
		return ""
	}
	if insee[:2] == "97" || insee[:2] == "98" {
		return insee[:3]
	}
	return insee[:2]
}

// Covers tells whether the account's territory holds the department.
func (a Account) Covers(department string) bool {
	if len(a.Departments) > 0 {
		return slices.Contains(a.Departments, department)
	}
	if a.Fund == "" {
		return true
	}
	fund, ok := find(funds, func(f Fund) bool { return f.ID == a.Fund })
	return ok && slices.Contains(fund.Departments, department)
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}
