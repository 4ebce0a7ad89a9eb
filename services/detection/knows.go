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
  person_id text primary key,
  flag_id   text not null default '',
  desk      text not null default '',
  help      text not null default '',
  fund      text not null,
  part_of   text not null default '', -- the person with whom this record is shown; empty: by itself
  hidden    boolean not null default false -- an erasure was asked for
);
create index on person (flag_id);
create index on person (part_of) where part_of <> '';
create table flag ( -- of people whose names are known
  flag_id   text primary key,
  person_id text not null,
  reference text not null,
  desk      text not null,
  help      text not null,
  subject   text not null -- of the key of its sheet
);
create index on flag (person_id);
create table lent ( -- what people have in hand
  loan_id   text primary key,
  person_id text not null
);
create index on lent (person_id);
create table mark (
  mark      bytea not null,
  person_id text not null,
  primary key (mark, person_id)
);`

// knowledge is what the service knows of what it has told itself, so that a known person is found again.
//
// Two requests about one new person that arrive within milliseconds of each other may both register the person:
// look_alikes shows it with the next flag. Who sends the position of the first one is safe.
func (s *Service) knowledge() projection.Projection {
	return projection.Projection{Name: "detection_knows", Services: []string{Name, "equipment"}, Tables: tables, Version: 2, Apply: s.note}
}

func (s *Service) note(b *projection.Batch, h projection.Heard) error {
	write := func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) }
	switch e := h.Fact.(type) {
	case events.PersonRegistered:
		write(`insert into model.person (person_id, fund) values ($1, $2) on conflict do nothing`, e.PersonID, e.Fund)
		marks, err := s.marksOf(h, e)
		if err != nil {
			return err
		}
		write(`insert into model.mark (mark, person_id) select unnest($1::bytea[]), $2 on conflict do nothing`, marks, e.PersonID)
	case events.SeniorFlagged:
		write(`update model.person set flag_id = $2, desk = $3, help = $4 where person_id = $1`, e.PersonID, e.FlagID, e.Desk, e.Help)
		noteFlag(write, e)
	case events.HelpReferred:
		write(`update model.person set help = 'referred' where flag_id = $1`, e.FlagID)
		write(`update model.flag set help = 'referred' where flag_id = $1`, e.FlagID)
	case events.HelpReturned:
		write(`update model.person set help = $2 where flag_id = $1`, e.FlagID, e.Help)
		write(`update model.flag set help = $2 where flag_id = $1`, e.FlagID, e.Help)
	default:
		noteErasure(write, e)
	}
	return nil
}

// marksOf opens the details for a moment. Who was erased, or whose key is lost (the vault has raised the alarm), is
// not known again.
func (s *Service) marksOf(h projection.Heard, e events.PersonRegistered) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.Vault.Unseal(ctx, h.Stream, h.Name, &e.Details)
	if errors.Is(err, vault.ErrMissing) {
		return nil, nil
	}
	person, ok := e.Details.Value()
	if err != nil || !ok {
		return nil, err
	}
	same, alike := marker{s.Secret, e.Fund}.marks(person)
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
from model.mark m join model.person p using (person_id)
where m.mark = any($2) and not p.hidden group by p.person_id order by same desc, p.person_id limit $3`

// alike finds whom the fund knows by the same name, birth date and phone or address, and who is merely alike.
func (s *Service) alike(ctx context.Context, fund string, person events.Person) ([]acquaintance, error) {
	same, alike := marker{s.Secret, fund}.marks(person)
	return engine.Rows[acquaintance](ctx, s.Pool, s.knows, findAlike, same, append(alike, same...), mostAlike)
}
