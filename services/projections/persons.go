package projections

import (
	"context"
	"slices"
	"strings"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

type personRow struct {
	sealedPerson

	Fund     string
	Wishes   []byte
	Death    []byte
	Objected bool
	Version  int
	Contacts []contactRow
}

// A record that is shown with another one is answered by that one, with the flags and referrals of both.
var onePerson = `
select p.id as person_id, p.box as person_box, p.fact as person_fact, p.dead as person_dead, p.fund, p.wishes, p.death, p.objected, p.version, ` + contactsWith + `
from model.person o join model.person p on p.id = o.root where o.id = $1 and not o.hidden and not p.hidden`

const recordsOf = `any(array(select id from model.person where root = (select root from model.person where id = ?)))`

var flagsOfPerson = `select ` + flagColumns + ` from model.flag f` + flagJoins + ` where f.person_id = ` + strings.Replace(recordsOf, "?", "$1", 1) + ` and ` + seenFlag + ` order by f.id desc`

// GetPerson gives somebody to those who may read one of their flags, with what they may see.
func (s *Service) GetPerson(ctx context.Context, request rest.GetPersonRequestObject) (rest.GetPersonResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadPerson)
	if err != nil {
		return nil, err
	}
	flags, err := web.Find(ctx, func(ctx context.Context) ([]flagRow, error) { return s.flagsOfPerson(ctx, a, request.ID) })
	if err != nil {
		return nil, err
	}
	row, err := one[personRow](ctx, s, ErrNoPerson, onePerson, request.ID)
	if err != nil {
		return nil, err
	}
	web.Concerns(ctx, request.ID)
	person, err := s.person(ctx, a, row, flags)
	return rest.GetPerson200JSONResponse{Body: person, Headers: rest.GetPerson200ResponseHeaders{ETag: web.ETag("person", row.Version)}}, err
}

func (s *Service) flagsOfPerson(ctx context.Context, a directory.Account, id string) ([]flagRow, error) {
	flags, err := all[flagRow](ctx, s, flagsOfPerson, id)
	flags = slices.DeleteFunc(flags, func(f flagRow) bool { return policy.Can(a, policy.ReadPerson, f.resource()) != policy.Allowed })
	if err == nil && len(flags) == 0 {
		err = ErrNoPerson
	}
	return flags, err
}

func (s *Service) person(ctx context.Context, a directory.Account, row personRow, flags []flagRow) (person rest.Person, err error) {
	opened, err := open(ctx, s, []personRow{row})
	if err != nil {
		return person, err
	}
	person = rest.Person{
		ID: *row.PersonID, Fund: row.Fund, Erased: opened[*row.PersonID].Erased(), Details: opened.details(row.PersonID),
		Deceased: row.dead(), Objected: row.Objected,
	}
	if err := s.beside(ctx, a, row, &person); err != nil {
		return person, err
	}
	if person.Flags, err = s.flagLines(ctx, flags, s.Clock.Now()); err != nil {
		return person, err
	}
	referrals, err := s.referralsOf(ctx, a, "r.person_id = "+recordsOf, *row.PersonID)
	if err != nil {
		return person, err
	}
	if person.Referrals, err = s.referralLines(ctx, referrals); err != nil {
		return person, err
	}
	if person.Contacts, err = s.contacts(ctx, s.hears(a, flags...), row.Contacts, referrals); err != nil {
		return person, err
	}
	ids := make([]string, len(referrals))
	for i, r := range referrals {
		ids[i] = r.ID
	}
	person.Loans, err = s.loansOf(s.within(ctx, a, policy.ReadReferral), ids)
	return person, err
}
