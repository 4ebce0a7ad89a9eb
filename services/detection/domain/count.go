package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/services/reference"
)

// Counted tells whether something was counted already.
type Counted bool

// EvolveCounted is it after a fact.
func EvolveCounted(Counted, events.Detection) Counted { return true }

// CountRefusal counts somebody who does not want to take part in the study.
type CountRefusal struct {
	RefusalID   string
	Programme   directory.Programme
	Author      Author
	Directory   *directory.Directory
	Desk        string // empty: the author's only one, or the agency where the author works
	FindingDate string
	At          time.Time
}

// Decide counts, or tells every fault.
func (c CountRefusal) Decide(Counted) ([]events.Detection, error) {
	s := sheet{}
	desk := s.counting("unit", c.Author, c.Directory, c.Desk)
	s.fault(!c.Programme.TakesFlags || c.Programme.Fund != c.Author.Fund, "programme", "unknown_programme", "Choose a programme of your fund that takes flags.")
	_, err := time.Parse(day, c.FindingDate)
	s.fault(err != nil, "finding_date", "not_a_day", "Write the day as YYYY-MM-DD.")
	s.fault(err == nil && c.FindingDate > reference.Day(c.At), "finding_date", "in_future", "The finding date is a day that has come.")
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.RefusalCounted{
		RefusalID: c.RefusalID, Fund: c.Author.Fund, Programme: c.Programme.ID, Desk: desk, FindingDate: c.FindingDate, At: c.At,
	})
}

// CountEnquiry counts somebody who only asked.
type CountEnquiry struct {
	EnquiryID    string
	Author       Author
	Directory    *directory.Directory
	Desk         string // empty: the author's only one, or the agency where the author works
	Insee, Topic string
	At           time.Time
}

// Decide counts, or tells every fault.
func (c CountEnquiry) Decide(Counted) ([]events.Detection, error) {
	s := sheet{}
	desk := s.counting("desk", c.Author, c.Directory, c.Desk)
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.EnquiryCounted{EnquiryID: c.EnquiryID, Fund: c.Author.Fund, Desk: desk, Insee: c.Insee, Topic: c.Topic, At: c.At})
}

// counting is the desk for which something is counted: one of the author's own, or the agency where the author works.
func (s *sheet) counting(field string, a Author, d *directory.Directory, desk string) string {
	own := a.Desks
	if len(own) == 0 && len(a.Departments) > 0 {
		if agency, ok := d.DeskFor(a.Fund, a.Departments[0]); ok {
			own = []directory.Desk{agency}
		}
	}
	if desk == "" && len(own) == 1 {
		return own[0].ID
	}
	s.fault(desk == "", field, "desk_required", "Say for which desk this is.")
	yours := slices.ContainsFunc(own, func(k directory.Desk) bool { return k.ID == desk })
	s.fault(desk != "" && !yours, field, "desk_not_yours", "This desk is none of yours. Choose one of your own.")
	return desk
}
