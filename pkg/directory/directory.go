// Package directory is how the funds are organised and who may work there: funds, desks, organisations, programmes
// and memberships, as the access service has told them. It is pure; a Directory never changes, and a Builder makes the
// next one.
package directory

import (
	"slices"
	"time"
)

// Fund is a regional retirement fund.
type Fund struct {
	ID, Name    string
	Departments []string
	ErasureDays int // from hiding a person to destroying the key
}

// Desk is a team in charge of flags: an agency, a phone platform, or a unit of the social service.
type Desk struct {
	ID, Name    string
	Fund        string
	Kind        string // agency, phone_platform, unit
	Departments []string
	Phone       string
	Closed      bool // takes nobody new
}

// Unit tells whether the desk is one of the social service, which is bound to secrecy.
func (d Desk) Unit() bool { return d.Kind == KindUnit }

// Succeeds tells whether the desk may take over from one that is closed: open, of the same fund, and within the same secrecy.
func (d Desk) Succeeds(old Desk) bool {
	return !d.Closed && d.ID != old.ID && d.Fund == old.Fund && d.Unit() == old.Unit()
}

// Organisation is another house that works with a fund. A provider's pool of equipment has the same identifier.
type Organisation struct {
	ID, Name   string
	Kind       string // provider, partner, funder, other
	Fund       string
	Department string
	Closed     bool
}

// The kinds of desks.
const (
	KindAgency = "agency"
	KindPhone  = "phone_platform"
	KindUnit   = "unit"
)

// KindProvider is an organisation that runs workshops.
const KindProvider = "provider"

// Directory is everything at one moment, in the order in which it was registered. The zero one is empty.
type Directory struct {
	funds         []Fund
	desks         []Desk
	organisations []Organisation
	programmes    []Programme
	accounts      map[string]Account
	memberships   map[string]Membership
}

// Funds are all funds.
func (d *Directory) Funds() []Fund { return slices.Clone(d.funds) }

// Desks are those of all funds, closed ones too.
func (d *Directory) Desks() []Desk { return slices.Clone(d.desks) }

// Organisations are those of all funds, closed ones too.
func (d *Directory) Organisations() []Organisation { return slices.Clone(d.organisations) }

// Providers are the organisations that run workshops.
func (d *Directory) Providers() []Organisation {
	return slices.DeleteFunc(d.Organisations(), func(o Organisation) bool { return o.Kind != KindProvider })
}

// Fund finds a fund by its identifier.
func (d *Directory) Fund(id string) (Fund, bool) {
	return find(d.funds, func(f Fund) bool { return f.ID == id })
}

// Desk finds a desk by its identifier.
func (d *Directory) Desk(id string) (Desk, bool) {
	return find(d.desks, func(k Desk) bool { return k.ID == id })
}

// Organisation finds an organisation by its identifier.
func (d *Directory) Organisation(id string) (Organisation, bool) {
	return find(d.organisations, func(o Organisation) bool { return o.ID == id })
}

// Provider finds a provider by its identifier.
func (d *Directory) Provider(id string) (Organisation, bool) {
	o, ok := d.Organisation(id)
	return o, ok && o.Kind == KindProvider
}

// DeskFor is the desk of the fund that looks after a department when the author has none that refers people:
// the first open agency there. Where some are named, it is one of these.
func (d *Directory) DeskFor(fund, department string, among ...string) (Desk, bool) {
	return find(d.desks, func(k Desk) bool {
		return k.Fund == fund && k.Kind == KindAgency && !k.Closed && slices.Contains(k.Departments, department) &&
			(len(among) == 0 || slices.Contains(among, k.ID))
	})
}

// WorksAt tells whether an account has a role at a desk at a moment.
func (d *Directory) WorksAt(account, desk string, at time.Time) bool {
	a, _ := d.Account(account, at)
	return desk != "" && slices.Contains(a.Desks(), desk)
}

// Successor is the desk that takes over from one that is closed: the open one that looks after the department, else one
// with a department in common, else any of the fund. What a unit knows goes to a unit only.
func (d *Directory) Successor(closed, department string) (Desk, bool) {
	old, _ := d.Desk(closed)
	able := func(where func(Desk) bool) func(Desk) bool {
		return func(k Desk) bool { return k.Succeeds(old) && where(k) }
	}
	for _, where := range []func(Desk) bool{
		func(k Desk) bool { return k.Kind != KindPhone && slices.Contains(k.Departments, department) },
		func(k Desk) bool {
			return slices.ContainsFunc(k.Departments, func(d string) bool { return slices.Contains(old.Departments, d) })
		},
		func(Desk) bool { return true },
	} {
		if k, ok := find(d.desks, able(where)); ok {
			return k, true
		}
	}
	return Desk{}, false
}

func find[T any](list []T, is func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}
