package detection

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
)

// Whom the funds know: by keyed hashes only, with the desk in charge of the last flag and the help given.
const tables = `
create table person (
  person_id   text primary key,
  fund        text not null,
  root        text not null, -- the record it is shown with, after all merges; itself: none
  merged_into text not null default '',
  flag_id     text not null default '',
  desk        text not null default '',
  help        text not null default '',
  hidden      boolean not null default false -- an erasure was asked for
);
create index on person (flag_id);
create index on person (root);
create index on person (merged_into);
create table flag ( -- of people whose names are known
  flag_id    text primary key,
  person_id  text not null,
  reference  text not null,
  fund       text not null,
  desk       text not null,
  department text not null,
  author     text not null,
  help       text not null,
  subject    text not null, -- of the key of its sheet
  position   bigint not null -- of its first fact
);
create index on flag (person_id);
create table charge ( -- which desk is in charge, of anonymous sheets too
  flag_id text primary key,
  desk    text not null,
  open    boolean not null
);
create index on charge (desk) where open;
create table lent ( -- what people have in hand
  loan_id   text primary key,
  person_id text not null
);
create index on lent (person_id);
create table campaign (
  campaign_id text primary key,
  subject     text not null, -- of the key
  ended_by    text,          -- null: not ended; empty: by the calendar
  closed      boolean not null default false
);
create table observation ( -- of open campaigns, sealed
  observation_id text primary key,
  campaign_id    text not null,
  subject        text not null,
  fact           text not null, -- that sealed it
  box            bytea not null
);
create index on observation (campaign_id);
create table mark (
  mark      bytea not null,
  person_id text not null,
  primary key (mark, person_id)
);
create index on mark (person_id);`

// knowledge is what the service knows of what it has told itself, so that a known person is found again.
func (s *Service) knowledge() projection.Projection {
	return projection.Projection{Name: "detection_knows", Services: []string{Name, "equipment"}, Tables: tables, Version: 6, Apply: s.note, Lazy: true}
}

func (s *Service) note(b *projection.Batch, h projection.Heard) error {
	var write writing = func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) }
	switch e := h.Fact.(type) {
	case events.PersonRegistered:
		write(`insert into model.person (person_id, fund, root) values ($1, $2, $1) on conflict do nothing`, e.PersonID, e.Fund)
		return s.mark(write, h, e.PersonID, e.Fund, e.Details)
	case events.PersonCorrected:
		return s.mark(write, h, e.PersonID, e.Fund, e.Details)
	case events.PersonMoved:
		return s.mark(write, h, e.PersonID, e.Fund, e.Details)
	default:
		noteFlag(write, h)
		noteCharge(write, e)
		noteMerge(write, e)
		noteErasure(write, e)
		noteObservation(write, h)
	}
	return nil
}

// mark makes the marks of somebody anew: who is known otherwise now is not found by what was wrong.
func (s *Service) mark(write writing, h projection.Heard, person, fund string, details events.Sealed[events.Person]) error {
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
where m.mark = any($2) and not o.hidden and not p.hidden group by p.person_id order by same desc, p.person_id limit $3`

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
select f.flag_id, f.person_id, f.fund, f.desk, f.department, f.author, f.position from model.flag f join model.person p using (person_id)
where p.root = (select root from model.person where person_id = $1) order by f.flag_id`

// flagsOf are all flags of somebody, those of the records shown with this one too.
func (s *Service) flagsOf(ctx context.Context, person string) ([]where, error) {
	return engine.Rows[where](ctx, s.Pool, s.knows, flagsOf, person)
}
