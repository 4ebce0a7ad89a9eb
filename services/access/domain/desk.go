package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

var (
	// ErrNoDesk says that the fund has no such desk, or unit.
	ErrNoDesk = refusal.New(refusal.NotFound, "unknown_desk", "There is no such desk. Look for it in the directory.")
	// ErrLastDesk says that nobody would be in charge of what the desk looks after.
	ErrLastDesk = refusal.New(refusal.Conflict, "last_desk", "No other desk of the fund could take over what this one looks after. Open another one first.")
	// ErrDeskClosed says that a closed desk is not amended.
	ErrDeskClosed = refusal.New(refusal.Conflict, "desk_closed", "This desk is closed. Open another one.")
)

// OpenDesk makes a team: an agency, a phone platform, or a unit of the social service.
type OpenDesk struct {
	Desk, Kind, Name string
	Departments      []string
	Phone            string
	By               Granter
	Today            string
	At               time.Time
}

// Decide tells the desk, or every fault.
func (o OpenDesk) Decide(f Fund) ([]events.Access, error) {
	if _, known := f.Desk(o.Desk); known {
		return nil, nil
	}
	return f.setDesk(events.DeskSet{
		Fund: f.ID, Desk: o.Desk, Kind: o.Kind, Name: o.Name, Departments: o.Departments, Phone: o.Phone, By: o.By.Account, At: o.At,
	}, o.By, o.Today)
}

// AmendDesk changes what a desk is called and where it is. Its kind stays.
type AmendDesk struct {
	Desk        string
	Unit        bool // it is amended as a unit, and must be one
	Name        string
	Departments []string
	Phone       string
	By          Granter
	Today       string
	At          time.Time
}

// Decide tells the desk as it is now, or every fault. Nothing changed is nothing new.
func (a AmendDesk) Decide(f Fund) ([]events.Access, error) {
	d, ok := f.Desk(a.Desk)
	switch {
	case !ok || d.Unit() != a.Unit:
		return nil, ErrNoDesk
	case d.Closed:
		return nil, ErrDeskClosed
	}
	return f.setDesk(events.DeskSet{
		Fund: f.ID, Desk: d.ID, Kind: d.Kind, Name: a.Name, Departments: a.Departments, Phone: a.Phone, By: a.By.Account, At: a.At,
	}, a.By, a.Today)
}

// CloseDesk ends a team: it takes nobody new, and another one takes over its open flags.
type CloseDesk struct {
	Desk  string
	Unit  bool
	By    Granter
	Today string
	At    time.Time
}

// Decide tells that the desk is closed. Closed twice is nothing new.
func (c CloseDesk) Decide(f Fund) ([]events.Access, error) {
	d, ok := f.Desk(c.Desk)
	switch {
	case !ok || d.Unit() != c.Unit:
		return nil, ErrNoDesk
	case !f.administers(c.By, c.Today):
		return nil, ErrNotGranter
	case d.Closed:
		return nil, nil
	case !f.successorOf(d):
		return nil, ErrLastDesk
	}
	closed := deskFact(d)
	closed.Closed, closed.By, closed.At = true, c.By.Account, c.At
	return tell(closed)
}

func (f Fund) setDesk(e events.DeskSet, by Granter, today string) ([]events.Access, error) {
	switch faults := append(nameFault(e.Name), departmentFaults(e.Departments, f.Departments)...); {
	case !f.Known():
		return nil, ErrNoFund
	case !f.administers(by, today):
		return nil, ErrNotGranter
	case len(faults) > 0:
		return nil, faults
	}
	e.Name, e.Phone, e.Departments = strings.TrimSpace(e.Name), strings.TrimSpace(e.Phone), sorted(e.Departments)
	if old, ok := f.Desk(e.Desk); ok && sameDesk(old, e) {
		return nil, nil
	}
	return tell(e)
}

// successorOf tells whether another desk could take over.
func (f Fund) successorOf(d directory.Desk) bool {
	return slices.ContainsFunc(f.desks, func(other directory.Desk) bool { return other.Succeeds(d) })
}

func sameDesk(d directory.Desk, e events.DeskSet) bool {
	return d.Name == e.Name && d.Phone == e.Phone && slices.Equal(d.Departments, e.Departments)
}

func deskFact(d directory.Desk) events.DeskSet {
	return events.DeskSet{Fund: d.Fund, Desk: d.ID, Kind: d.Kind, Name: d.Name, Departments: d.Departments, Phone: d.Phone, Closed: d.Closed}
}
