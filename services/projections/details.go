package projections

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/projections/rest"
)

var (
	personRegistered = events.Name(events.PersonRegistered{})
	seniorFlagged    = events.Name(events.SeniorFlagged{})
	requestDeclined  = events.Name(events.RequestDeclined{})
)

// people are the opened details of a page, by person.
type people map[string]events.Sealed[events.Person]

// sealedPerson is a person as a row has it; both are empty for somebody anonymous or not heard of yet.
type sealedPerson struct {
	PersonID  *string
	PersonBox []byte
}

func (p sealedPerson) sealed() sealedPerson { return p }

// open opens the persons of a page. Their keys come in one query.
func open[T interface{ sealed() sealedPerson }](ctx context.Context, s *Service, rows []T) (people, error) {
	found, subjects := people{}, []string{}
	for _, row := range rows {
		p := row.sealed()
		if p.PersonID == nil || p.PersonBox == nil {
			continue
		}
		if _, ok := found[*p.PersonID]; !ok {
			found[*p.PersonID] = events.Shut[events.Person](*p.PersonID, p.PersonBox)
			subjects = append(subjects, *p.PersonID)
		}
	}
	if len(subjects) == 0 {
		return found, nil
	}
	if err := s.Vault.Prefetch(ctx, subjects); err != nil {
		return nil, engine.Away(err)
	}
	for id, details := range found {
		if err := s.Vault.Unseal(ctx, "person:"+id, personRegistered, &details); err != nil {
			return nil, err
		}
		found[id] = details
	}
	return found, nil
}

// name is what lists show of a person.
func (p people) name(id *string) *rest.PersonName {
	person, ok := p[the(id)].Value()
	if !ok {
		return nil
	}
	return &rest.PersonName{GivenName: person.GivenName, FamilyName: person.FamilyName}
}

// details are all that is known of a person.
func (p people) details(id *string) *rest.PersonDetails {
	person, ok := p[the(id)].Value()
	if !ok {
		return nil
	}
	d := &rest.PersonDetails{
		GivenName: person.GivenName, FamilyName: person.FamilyName, BirthName: known(person.BirthName), BirthDate: known(person.BirthDate),
		Sex: known(person.Sex), Phone: known(person.Phone), Email: known(person.Email), Language: known(person.Language),
	}
	if a := person.Address; a != nil {
		d.Address = &rest.Address{Street: known(a.Street), Postcode: known(a.Postcode), Insee: known(a.Insee)}
	}
	return d
}
