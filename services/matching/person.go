package matching

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference/communes"
)

// Flag is under what somebody is helped.
type Flag struct{ Fund, Programme, Department, Channel string }

// PersonOn is the person of a sheet.
func PersonOn(sheet events.Sheet, person events.Person, f Flag, now time.Time) Person {
	p := Person{
		Where: WhereIs("", f.Department), Born: FirstDay(person.BirthDate), Age: -1, Language: person.Language, Programme: f.Programme, Fund: f.Fund,
		Channel: f.Channel, Answers: sheet.Answers, Needs: sheet.Needs, Now: now,
	}
	if sheet.Profile.Age != nil {
		p.Age = *sheet.Profile.Age
	}
	if person.Address != nil && person.Address.Insee != "" {
		p.Where = WhereIs(person.Address.Insee, f.Department)
	}
	return p
}

// WhereIs a commune is, or a department of which nothing more is known.
func WhereIs(insee, department string) Where {
	c, ok := communes.Find(insee)
	if !ok {
		return Where{Department: department}
	}
	return Where{Lat: c.Lat, Lon: c.Lon, Precision: precisions[c.Precision], Insee: c.Insee, EPCI: c.EPCI, Department: c.Department}
}

var precisions = map[string]string{communes.Exact: Precise, communes.OfEPCI: EPCI, communes.OfDepartment: Department}
