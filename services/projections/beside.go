package projections

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

type consentRow struct {
	Kind            string
	Given           bool
	TextVersion     *string
	Channel, ToldBy string
	By              string
	At              time.Time
}

type linkRow struct {
	sealedPerson

	OtherID, Kind string
}

const consentsOf = `select kind, given, text_version, channel, told_by, by, at from model.consent where person_id = $1 order by kind`

// recordRow is a record that is shown with another one, as it was before.
type recordRow struct {
	sealedPerson

	References []string
}

const recordsBeside = `select p.id as person_id, p.box as person_box, p.fact as person_fact, p.dead as person_dead,
  array(select f.reference from model.flag f where f.person_id = p.id and not f.hidden order by f.id) as references
from model.person p where p.root = $1 and p.id <> $1 and not p.hidden order by p.id`

var (
	linkPerson, linkJoins = personOf("l.other_id")
	linksOf               = `select l.other_id, l.kind, ` + linkPerson + ` from model.link l` + linkJoins + ` where l.person_id = $1 order by l.other_id, l.kind`
)

// beside fills in what is known of somebody beside the details: wishes, consents, who belongs to them, other records.
func (s *Service) beside(ctx context.Context, a directory.Account, row personRow, person *rest.Person) (err error) {
	if err = s.wishes(ctx, row, person); err == nil {
		err = s.death(ctx, row, person)
	}
	if err == nil {
		err = s.consents(ctx, person)
	}
	if err == nil {
		err = s.links(ctx, a, person)
	}
	if err == nil {
		err = s.records(ctx, person)
	}
	return err
}

func (s *Service) records(ctx context.Context, person *rest.Person) error {
	rows, err := all[recordRow](ctx, s, recordsBeside, person.ID)
	if err != nil {
		return err
	}
	opened, err := open(ctx, s, rows)
	person.Merged, person.Records = make([]string, len(rows)), make([]rest.Record, len(rows))
	for i, r := range rows {
		person.Merged[i] = *r.PersonID
		person.Records[i] = rest.Record{ID: *r.PersonID, Person: opened.name(r.PersonID), References: r.References}
	}
	return err
}

func (s *Service) wishes(ctx context.Context, row personRow, person *rest.Person) error {
	if row.Wishes == nil {
		return nil
	}
	details := events.Shut[events.Wishes](person.ID, row.Wishes)
	err := s.Vault.Unseal(ctx, "person:"+person.ID, wishesNoted, &details)
	if w, ok := details.Value(); ok {
		person.Wishes = &rest.PersonWishes{
			PaperOnly: w.PaperOnly, NoCalls: listOf(w.NoCalls), Helper: beside(w.Helper), HelperOnly: w.HelperOnly, Note: known(w.Note),
		}
	}
	return err
}

func (s *Service) death(ctx context.Context, row personRow, person *rest.Person) error {
	if row.Death == nil {
		return nil
	}
	details := events.Shut[events.Death](person.ID, row.Death)
	err := s.Vault.Unseal(ctx, "person:"+person.ID, deathTold, &details)
	if d, ok := details.Value(); ok {
		person.Death = &rest.PersonDeath{On: known(d.On), ToldBy: known(d.ToldBy)}
	}
	return err
}

func (s *Service) consents(ctx context.Context, person *rest.Person) error {
	rows, err := all[consentRow](ctx, s, consentsOf, person.ID)
	person.Consents = make([]rest.PersonConsent, len(rows))
	for i, c := range rows {
		person.Consents[i] = rest.PersonConsent{
			Kind: c.Kind, Given: c.Given, TextVersion: c.TextVersion, Channel: c.Channel, ToldBy: c.ToldBy, By: c.By, At: c.At.UTC(),
		}
	}
	return err
}

// links name somebody only to those who may read them.
func (s *Service) links(ctx context.Context, a directory.Account, person *rest.Person) error {
	rows, err := all[linkRow](ctx, s, linksOf, person.ID)
	if err != nil {
		return err
	}
	opened, err := open(ctx, s, rows)
	person.Links = make([]rest.PersonLink, len(rows))
	for i, l := range rows {
		person.Links[i] = rest.PersonLink{PersonID: the(l.PersonID), Kind: l.Kind}
		_, refused := s.flagsOfPerson(ctx, a, l.OtherID)
		switch {
		case refused == nil:
			web.Concerns(ctx, the(l.PersonID))
			person.Links[i].Person = opened.name(l.PersonID)
		case !errors.Is(refused, ErrNoPerson):
			return refused
		}
	}
	return err
}

type idRow struct{ ID string }

func (s *Service) ids(ctx context.Context, sql string, args ...any) ([]string, error) {
	rows, err := all[idRow](ctx, s, sql, args...)
	return keep(rows, func(r idRow) (string, bool) { return r.ID, true }), err
}
