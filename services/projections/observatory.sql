-- What was observed, and what follows from it. Readers have no right on observations: figures are counted in memory, from
-- rows that the projector's own role loads, see observatory_copy.go. Days are text, as in the facts: YYYY-MM-DD in Paris.

-- detection
create table campaign (
  id        text primary key,
  fund      text not null,
  programme text not null,
  closed    text,           -- day; null: not yet
  change    bigint not null -- the position of the last fact that touched the row, in every table
);
create index campaign_change on campaign (change);

-- detection; each version of an observation while it is pseudonymous, then what was published in its place
create table observation (
  id          text not null, -- without meaning once it is published
  told        bigint not null, -- position
  campaign_id text not null,
  fund        text not null,
  known_from  text not null,
  known_to    text, -- from this day on it is known otherwise
  subject     text, -- the campaign's key, the fact that sealed, and the box; null: published
  fact        text,
  box         bytea,
  published   jsonb,
  change      bigint not null,
  primary key (id, told)
);
create index observation_change on observation (change);
create index observation_sealed on observation (campaign_id) where box is not null;

-- detection
create table refusal (
  id           text primary key,
  fund         text not null,
  programme    text not null,
  desk         text not null,
  finding_date text not null,
  known_from   text not null,
  change       bigint not null
);
create index refusal_change on refusal (change);

-- detection; the tables of a closed campaign that may leave the house
create table publication (
  campaign_id text primary key,
  fund        text not null,
  programme   text not null,
  months      text[] not null,
  day         text not null,
  threshold   int not null,
  tables      jsonb not null
);

-- detection
create table recommendation (
  id        text primary key,
  fund      text not null,
  desk      text,
  programme text,
  from_day  text,
  to_day    text,
  title     text not null,
  text      text not null,
  status    text not null,
  by        text not null,
  at        timestamptz not null,
  version   int not null
);
create index recommendation_fund on recommendation (fund, id);

-- detection
create table recommendation_step (
  recommendation_id text not null,
  position          bigint not null,
  status            text not null,
  by                text not null,
  at                timestamptz not null,
  note              text,
  primary key (recommendation_id, position)
);

-- These tell of nobody, and are not behind a policy.
do $$ begin
  execute format('grant usage on schema %1$I to passerelle_reader; grant select on publication, recommendation, recommendation_step to passerelle_reader', current_schema());
end $$;
