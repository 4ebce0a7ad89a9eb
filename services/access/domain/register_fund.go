package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

var (
	// ErrFundExists says that the identifier is in use.
	ErrFundExists = refusal.New(refusal.Conflict, "fund_exists", "This fund is registered already. Its administrator may amend it.")
	// ErrNoFund says that nobody has registered the fund.
	ErrNoFund = refusal.New(refusal.NotFound, "unknown_fund", "There is no such fund.")
	// ErrDepartmentInUse says that an open desk is in a department that was left out.
	ErrDepartmentInUse = refusal.New(refusal.Conflict, "department_in_use", "An open desk or unit has a department that is left out here. Amend or close it first.")
)

// Bounds of the delay between hiding a person and destroying the key.
const (
	mostErasureDays  = 30
	UsualErasureDays = 3
)

// RegisterFund lets a fund work with Passerelle. Only the operator of the installation does.
type RegisterFund struct {
	Fund, Name  string
	Departments []string
	ErasureDays int
	By          Granter
	At          time.Time
}

var fundID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,39}$`)

// Decide tells the fund, or every fault.
func (r RegisterFund) Decide(f Fund) ([]events.Access, error) {
	var faults refusal.Faults
	if !fundID.MatchString(r.Fund) || r.Fund == directory.Network {
		faults = append(faults, refusal.Fault{Field: "id", Code: "not_an_identifier", Detail: "Give 2 to 40 small letters, digits and hyphens, such as carsat-lr."})
	}
	faults = append(faults, fundFaults(r.Name, r.Departments, r.ErasureDays)...)
	switch {
	case !r.By.Operator:
		return nil, ErrNotGranter
	case f.Known():
		return nil, ErrFundExists
	case len(faults) > 0:
		return nil, faults
	}
	return tell(fundFact(r.Fund, r.Name, r.Departments, r.ErasureDays, r.By, r.At))
}

// AmendFund changes what a fund is called and covers.
type AmendFund struct {
	Name        string
	Departments []string
	ErasureDays int
	By          Granter
	Today       string
	At          time.Time
}

// Decide tells the fund as it is now, or every fault. Nothing changed is nothing new.
func (a AmendFund) Decide(f Fund) ([]events.Access, error) {
	switch faults := fundFaults(a.Name, a.Departments, a.ErasureDays); {
	case !f.Known():
		return nil, ErrNoFund
	case !f.administers(a.By, a.Today):
		return nil, ErrNotGranter
	case len(faults) > 0:
		return nil, faults
	}
	now := fundFact(f.ID, a.Name, a.Departments, a.ErasureDays, a.By, a.At)
	if slices.ContainsFunc(f.desks, func(d directory.Desk) bool { return !d.Closed && !holdsAll(now.Departments, d.Departments) }) {
		return nil, ErrDepartmentInUse
	}
	if now.Name == f.Name && now.ErasureDays == f.ErasureDays && slices.Equal(now.Departments, f.Departments) {
		return nil, nil
	}
	return tell(now)
}

func fundFact(id, name string, departments []string, days int, by Granter, at time.Time) events.FundRegistered {
	return events.FundRegistered{Fund: id, Name: strings.TrimSpace(name), Departments: sorted(departments), ErasureDays: days, By: by.Account, At: at}
}

func fundFaults(name string, departments []string, days int) (faults refusal.Faults) {
	faults = append(nameFault(name), departmentFaults(departments, nil)...)
	if days < 0 || days > mostErasureDays {
		faults = append(faults, refusal.Fault{Field: "erasure_days", Code: "out_of_range", Detail: fmt.Sprintf("Give 0 to %d days.", mostErasureDays)})
	}
	return faults
}

const longestName = 100

func nameFault(name string) refusal.Faults {
	switch n := len([]rune(strings.TrimSpace(name))); {
	case n == 0:
		return refusal.Faults{{Field: "name", Code: "required", Detail: "Fill in the name."}}
	case n > longestName:
		return refusal.Faults{{Field: "name", Code: "too_long", Detail: fmt.Sprintf("Give at most %d characters.", longestName)}}
	}
	return nil
}

// departmentFaults wants at least one department, each of France, and, where within is given, one of these.
func departmentFaults(departments, within []string) (faults refusal.Faults) {
	if len(departments) == 0 {
		faults = append(faults, refusal.Fault{Field: "departments", Code: "required", Detail: "Give at least one department."})
	}
	for i, d := range departments {
		field := fmt.Sprintf("departments[%d]", i)
		switch {
		case !slices.ContainsFunc(reference.Departments(), func(known reference.Department) bool { return known.Code == d }):
			faults = append(faults, refusal.Fault{Field: field, Code: "unknown_department", Detail: "There is no such department."})
		case within != nil && !slices.Contains(within, d):
			faults = append(faults, refusal.Fault{Field: field, Code: "not_your_territory", Detail: "This department is none of the fund's."})
		}
	}
	return faults
}

func sorted(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

func holdsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
}

func tell(facts ...events.Access) ([]events.Access, error) { return facts, nil }
