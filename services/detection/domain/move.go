package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/reference"
)

// Move says that somebody lives elsewhere. The commune decides the desk.
type Move struct {
	PersonID  string
	Address   events.Address
	From      string // day; empty: today in Paris
	Directory *directory.Directory
	By        string
	At        time.Time
}

// Decide tells the new place, and the desk that looks after it: none where it is another fund's.
func (m Move) Decide(p Person) ([]events.Detection, error) {
	if err := p.living(); err != nil {
		return nil, err
	}
	person, readable := p.Details.Value()
	if !readable {
		return nil, ErrNoPerson
	}
	if m.From == "" {
		m.From = reference.Day(m.At)
	}
	department, err := m.check()
	if err != nil {
		return nil, err
	}
	person.Address = &m.Address
	desk, _ := m.Directory.DeskFor(p.Fund, department)
	return tell(events.PersonMoved{
		PersonID: p.ID, Fund: p.Fund, Desk: desk.ID, Department: department, From: m.From, By: m.By, At: m.At, Details: events.Clear(p.ID, person),
	})
}

func (m Move) check() (department string, err error) {
	s := sheet{}
	department = departmentOf(&m.Address)
	s.fault(department == "", "address.insee", "required", "Choose the commune, so that the right desk is in charge.")
	_, wrong := time.Parse(day, m.From)
	s.fault(wrong != nil, "from", "not_a_day", "Write the day as YYYY-MM-DD.")
	s.everyText("address", asJSON(m.Address))
	return department, s.faults.OrNil()
}

// HandOver is heard when the person of a flag lives elsewhere.
type HandOver struct {
	FlagID, Department string
	Directory          *directory.Directory
	At                 time.Time
}

// Decide hands an open flag to the desk that looks after the place, unless the one in charge does. What the social
// service knows stays with the social service. Where no desk of the fund looks after it, help is closed here.
func (h HandOver) Decide(f Flag) ([]events.Detection, error) {
	if !f.exists() {
		return nil, ErrNoFlag
	}
	if f.Help == HelpClosed {
		return nil, nil
	}
	desk, ok := h.next(f)
	switch {
	case !ok:
		return tell(events.HelpEnded{FlagID: f.ID, Help: HelpClosed, Reason: "moved", At: h.At})
	case desk.ID == f.Desk:
		return nil, nil
	}
	return tell(events.FlagHandedOver{FlagID: f.ID, Desk: desk.ID, Department: h.Department, At: h.At})
}

func (h HandOver) next(f Flag) (directory.Desk, bool) {
	now, _ := h.Directory.Desk(f.Desk)
	if contains(now.Departments, h.Department) && !now.Closed {
		return now, true
	}
	if !now.Unit() {
		return h.Directory.DeskFor(f.Fund, h.Department)
	}
	for _, d := range h.Directory.Desks() {
		if d.Fund == f.Fund && d.Unit() && !d.Closed && contains(d.Departments, h.Department) {
			return d, true
		}
	}
	return directory.Desk{}, false
}
