package projections

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/projections/rest"
)

var (
	wishesNoted     = events.Name(events.WishesNoted{})
	deathTold       = events.Name(events.DeathTold{})
	seniorFlagged   = events.Name(events.SeniorFlagged{})
	flagClosed      = events.Name(events.FlagClosed{})
	helpWished      = events.Name(events.HelpWished{})
	helpActed       = events.Name(events.HelpActed{})
	signalSent      = events.Name(events.SignalSent{})
	signalAnswered  = events.Name(events.SignalAnswered{})
	flagAmended     = events.Name(events.FlagAmended{})
	requestDeclined = events.Name(events.RequestDeclined{})
	outcomeRecorded = events.Name(events.OutcomeRecorded{})
)

// people are the opened details of a page, by person.
type people map[string]events.Sealed[events.Person]

// sealedPerson is a person as a row has it; both are empty for somebody anonymous or not heard of yet.
type sealedPerson struct {
	PersonID   *string // of the record that is shown, after all merges
	PersonBox  []byte
	PersonFact *string // that sealed it
	PersonDead *bool
}

// personOf gives the columns and the joins of sealedPerson: id is what a row says of the person.
func personOf(id string) (columns, joins string) {
	return `coalesce(p.id, ` + id + `) as person_id, p.box as person_box, p.fact as person_fact, p.dead as person_dead`,
		` left join model.person o on o.id = ` + id + ` left join model.person p on p.id = o.root`
}

func (p sealedPerson) dead() bool { return p.PersonDead != nil && *p.PersonDead }

func (p sealedPerson) sealed() sealedPerson { return p }

// open opens the persons of a page. Their keys come in one query.
func open[T interface{ sealed() sealedPerson }](ctx context.Context, s *Service, rows []T) (people, error) {
	found, subjects, facts := people{}, []string{}, map[string]string{}
	for _, row := range rows {
		p := row.sealed()
		if p.PersonID == nil || p.PersonBox == nil {
			continue
		}
		if _, ok := found[*p.PersonID]; !ok {
			found[*p.PersonID] = events.Shut[events.Person](*p.PersonID, p.PersonBox)
			subjects, facts[*p.PersonID] = append(subjects, *p.PersonID), the(p.PersonFact)
		}
	}
	if len(subjects) == 0 {
		return found, nil
	}
	if err := s.Vault.Prefetch(ctx, subjects); err != nil {
		return nil, engine.Away(err)
	}
	for id, details := range found {
		if err := s.Vault.Unseal(ctx, "person:"+id, facts[id], &details); err != nil {
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
