package projections

import (
	"encoding/json"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
)

// Where the facts about somebody stand. The facts themselves stay in the streams: nothing here has to be erased.
const dossierTables = `
create table fact (
  service     text not null,
  position    bigint not null,
  name        text not null,
  person_id   text not null,
  other_id    text not null, -- of a second person
  flag_id     text not null,
  referral_id text not null,
  primary key (service, position)
);
create index on fact (person_id) where person_id <> '';
create index on fact (other_id) where other_id <> '';
create index on fact (flag_id) where flag_id <> '';
create index on fact (referral_id) where referral_id <> '';`

// Dossier is the read model from which everything about a person is exported. It looks at the identifiers that a fact
// has, whatever its name: a new one is not forgotten.
func Dossier() projection.Projection {
	return projection.Projection{Name: "dossier", Services: Services(), Tables: dossierTables, Version: 1, Apply: noteFact}
}

// about are the identifiers by which a fact is about somebody.
type about struct {
	PersonID   string `json:"person_id"`
	OtherID    string `json:"other_id"`
	FlagID     string `json:"flag_id"`
	ReferralID string `json:"referral_id"`
}

func noteFact(b *projection.Batch, h projection.Heard) error {
	var of about
	if err := json.Unmarshal(h.Data, &of); err != nil {
		return err
	}
	if of != (about{}) {
		b.Add(engine.In(b.Schema(), addFact), h.Service, h.Position, h.Name, of.PersonID, of.OtherID, of.FlagID, of.ReferralID)
	}
	return nil
}

const addFact = `
insert into model.fact select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) on conflict do nothing`

// factsOf are all facts about somebody and about the records that are shown with theirs: those that name the person,
// or a flag or a referral of the person.
const factsOf = `
with recursive merged as (
  select person_id, other_id from model.fact where name in ('detection.person-merged.v1', 'detection.person-parted.v1')
  group by person_id, other_id having count(*) filter (where name = 'detection.person-merged.v1') > count(*) filter (where name = 'detection.person-parted.v1')),
person as (select $1::text as id union select m.other_id from merged m join person p on m.person_id = p.id),
named as (select f.* from model.fact f join person p on f.person_id = p.id),
flag as (select distinct flag_id as id from named where flag_id <> ''),
referral as (
  select referral_id as id from named where referral_id <> ''
  union select f.referral_id from model.fact f join flag on f.flag_id = flag.id where f.referral_id <> '')
select service, position from named
union select f.service, f.position from model.fact f join person p on f.other_id = p.id
union select f.service, f.position from model.fact f join flag on f.flag_id = flag.id
union select f.service, f.position from model.fact f join referral r on f.referral_id = r.id`
