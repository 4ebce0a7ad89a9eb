package detection

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/services/detection/domain"
)

// Whom the funds know: by keyed hashes only, with the desk in charge of the last flag and the help given.
const tables = `
create table person (
  person_id   text primary key,
  root        text not null, -- the record it is shown with, after all merges; itself: none
  merged_into text not null default '',
  flag_id     text not null default '',
  desk        text not null default '',
  help        text not null default ''
);
create index on person (flag_id);
create index on person (root);
create index on person (merged_into);
create table flag (
  flag_id    text primary key,
  person_id  text not null,
  fund       text not null,
  desk       text not null,
  department text not null,
  author     text not null,
  position   bigint not null -- of its first fact
);
create index on flag (person_id);
create table mark (
  mark      bytea not null,
  person_id text not null,
  primary key (mark, person_id)
);`

// knowledge is what the service knows of what it has told itself, so that a known person is found again.
func (s *Service) knowledge() projection.Projection {
	return projection.Projection{Name: "detection_knows", Services: []string{Name}, Tables: tables, Version: 2, Apply: s.note}
}

func (s *Service) note(b *projection.Batch, h projection.Heard) error {
	write := func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) }
	switch e := h.Fact.(type) {
	case events.PersonRegistered:
		write(`insert into model.person (person_id, root) values ($1, $1) on conflict do nothing`, e.PersonID)
		return s.mark(write, h, e.PersonID, e.Fund, e.Details)
	case events.PersonCorrected:
		return s.mark(write, h, e.PersonID, e.Fund, e.Details)
	case events.PersonMoved:
		return s.mark(write, h, e.PersonID, e.Fund, e.Details)
	case events.RecordJoined:
		write(`update model.person set merged_into = $2 where person_id = $1`, e.PersonID, e.WithID)
		write(`update model.person set root = $2 where root = $1`, e.PersonID, e.WithID)
	case events.RecordLeft:
		write(`update model.person set merged_into = '' where person_id = $1`, e.PersonID)
		write(setRoot, e.PersonID)
	case events.SeniorFlagged:
		write(`update model.person set flag_id = $2, desk = $3, help = $4 where person_id = $1`, e.PersonID, e.FlagID, e.Desk, e.Help)
		write(`insert into model.flag values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
			e.FlagID, e.PersonID, e.Fund, e.Desk, e.Department, e.By, h.Position)
	case events.HelpReferred:
		write(setHelp, e.FlagID, domain.HelpReferred)
	case events.HelpReturned:
		write(setHelp, e.FlagID, e.Help)
	case events.HelpEnded:
		write(setHelp, e.FlagID, e.Help)
	case events.HelpResumed:
		write(setHelp, e.FlagID, e.Help)
	case events.FlagHandedOver:
		write(`update model.person set desk = $2 where flag_id = $1`, e.FlagID, e.Desk)
		write(`update model.flag set desk = $2, department = $3 where flag_id = $1`, e.FlagID, e.Desk, e.Department)
	}
	return nil
}

const (
	setHelp = `update model.person set help = $2 where flag_id = $1`
	// A record that leaves takes along those that were shown with it before.
	setRoot = `
with recursive below as (
  select person_id from model.person where person_id = $1
  union all select p.person_id from model.person p join below on p.merged_into = below.person_id)
update model.person set root = $1 where person_id in (select person_id from below)`
)

// mark makes the marks of somebody anew: who is known otherwise now is not found by what was wrong.
func (s *Service) mark(write func(string, ...any), h projection.Heard, person, fund string, details events.Sealed[events.Person]) error {
	marks, err := s.marksOf(h, fund, details)
	if err != nil {
		return err
	}
	write(`delete from model.mark where person_id = $1`, person)
	write(`insert into model.mark (mark, person_id) select unnest($1::bytea[]), $2 on conflict do nothing`, marks, person)
	return nil
}

// marksOf opens the details for a moment. Who was erased, or whose key is lost (the vault has raised the alarm), is
// not known again.
func (s *Service) marksOf(h projection.Heard, fund string, details events.Sealed[events.Person]) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.Vault.Unseal(ctx, h.Stream, h.Name, &details)
	if errors.Is(err, vault.ErrMissing) {
		return nil, nil
	}
	person, ok := details.Value()
	if err != nil || !ok {
		return nil, err
	}
	same, alike := marker{s.Secret, fund}.marks(person)
	return append(same, alike...), nil
}

// acquaintance is somebody who may be the one a sheet is about.
type acquaintance struct {
	PersonID, Desk, Help string
	Same                 bool // not merely alike
}

const mostAlike = 10

const findAlike = `
select p.person_id, p.desk, p.help, bool_or(m.mark = any($1)) as same
from model.mark m join model.person o using (person_id) join model.person p on p.person_id = o.root
where m.mark = any($2) group by p.person_id order by same desc, p.person_id limit $3`

// alike finds whom the fund knows by the same name, birth date and phone or address, and who is merely alike.
func (s *Service) alike(ctx context.Context, fund string, person events.Person) ([]acquaintance, error) {
	same, alike := marker{s.Secret, fund}.marks(person)
	return engine.Rows[acquaintance](ctx, s.Pool, s.knows, findAlike, same, append(alike, same...), mostAlike)
}

// where is a flag of somebody, as far as it decides who may do something with the person.
type where struct {
	FlagID, PersonID, Fund, Desk, Department, Author string
	Position                                         int64
}

const flagsOf = `
select f.* from model.flag f join model.person p using (person_id)
where p.root = (select root from model.person where person_id = $1) order by f.flag_id`

// flagsOf are all flags of somebody, those of the records shown with this one too.
func (s *Service) flagsOf(ctx context.Context, person string) ([]where, error) {
	return engine.Rows[where](ctx, s.Pool, s.knows, flagsOf, person)
}
