package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// Correct says what is right about somebody. Person is all that is known from now on.
type Correct struct {
	PersonID string
	Person   NewPerson
	By       string
	At       time.Time
}

// Decide tells what is known now, or every fault.
func (c Correct) Decide(p Person) ([]events.Detection, error) {
	if err := p.living(); err != nil {
		return nil, err
	}
	if err := c.check(p).faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(events.PersonCorrected{PersonID: p.ID, Fund: p.Fund, By: c.By, At: c.At, Details: events.Clear(p.ID, c.Person.Person)})
}

// Hints are what should be looked at once more.
func (c Correct) Hints() []string { return append([]string{}, c.check(Person{}).hints...) }

// check refuses to take away the last way to reach somebody; who was only reached through a helper stays so.
func (c Correct) check(p Person) sheet {
	s := sheet{}
	before, _ := p.Details.Value()
	s.identity(c.Person, reachable(c.Person.Person, nil) || !reachable(before, nil))
	s.born(c.Person.BirthDate, "person.birth_date", reference.Day(c.At))
	s.everyText("person", asJSON(c.Person.Person))
	return s
}
