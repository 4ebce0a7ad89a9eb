-- What funds decided: each table by the facts of one service, of nobody but organisations. Money is in cents.

create table structure (
  id       text primary key, -- of a provider the provider's
  fund     text not null,
  name     text not null,
  networks text[] not null
);

create table project (
  id            text primary key,
  fund          text not null,
  call_id       text not null,
  structure_id  text not null,
  name          text not null,
  cost_cents    bigint not null,
  asked_cents   bigint not null,
  target_people int not null,
  tablets       int not null,
  criteria      text[] not null
);
create index project_structure on project (structure_id);

create table committee (
  id      text primary key,
  fund    text not null,
  date    text not null,
  agenda  jsonb not null,
  minutes text
);

-- the last on a project
create table vote (
  project_id   text primary key,
  fund         text not null,
  committee_id text not null,
  answer       text not null,
  amount_cents bigint not null
);

create table line (
  decision_id     text not null,
  number          int not null, -- from 1
  fund            text not null,
  committee_id    text,
  project_id      text,
  date            text not null,
  amount_cents    bigint not null,
  paid_cents      bigint not null default 0, -- with what has to come back
  recovered_cents bigint not null default 0,
  primary key (decision_id, number)
);
create index line_project on line (project_id) where project_id is not null;

-- the last of a project
create table report (
  project_id text primary key,
  fund       text not null,
  reached    int not null,
  finished   int not null,
  autonomous int not null,
  held       int not null,
  final      boolean not null
);

-- The second fence, as on the board: a fund's money is for those who look after it, a project for its structure too.
create function may(what text) returns text[] language sql stable
  return string_to_array(current_setting('passerelle.' || what, true), E'\x1f');

alter table project enable row level security;
create policy reader on project for select using (
  fund = any ((select may('purses'))::text[]) or structure_id = any ((select may('structures'))::text[]));

alter table structure enable row level security;
create policy reader on structure for select using (fund = any ((select may('purses'))::text[]) or id = any ((select may('structures'))::text[]));

alter table committee enable row level security;
create policy reader on committee for select using (fund = any ((select may('purses'))::text[]));

alter table vote enable row level security;
create policy reader on vote for select using (fund = any ((select may('purses'))::text[]));

alter table line enable row level security;
create policy reader on line for select using (
  fund = any ((select may('purses'))::text[]) or exists (select from project p where p.id = line.project_id));

alter table report enable row level security;
create policy reader on report for select using (exists (select from project p where p.id = report.project_id));

do $$ begin
  execute format('grant usage on schema %1$I to passerelle_reader; grant select on all tables in schema %1$I to passerelle_reader', current_schema());
end $$;
