-- What everybody sees. Each column belongs to one service and only that service's facts write it; nothing
-- here depends on which service was heard first. Details stay sealed: subject is the key, box is what it opens.

-- detection
create table person (
  id          text primary key, -- also the subject of the boxes
  fund        text not null,
  root        text not null, -- the record it is shown with, after all merges; itself: none
  merged_into text,
  box         bytea,
  fact        text not null, -- that sealed the box
  wishes      bytea,
  dead        boolean not null default false,
  death       bytea,
  objected    boolean not null default false,
  hidden      boolean not null default false, -- an erasure was asked for: nobody sees the person, figures count on
  erased      boolean not null default false,
  version     int not null
) with (fillfactor = 50);
create index person_root on person (root);
create index person_merged on person (merged_into) where merged_into is not null;

-- detection; the last word
create table consent (
  person_id    text not null,
  kind         text not null,
  given        boolean not null,
  text_version text,
  channel      text not null,
  told_by      text not null,
  by           text not null,
  at           timestamptz not null,
  primary key (person_id, kind)
);

-- detection; both ways
create table link (
  person_id text not null,
  other_id  text not null,
  kind      text not null,
  primary key (person_id, other_id, kind)
);
create index link_other on link (other_id);

-- detection
create table flag (
  id           text primary key,
  reference    text not null,
  person_id    text,
  fund         text not null,
  programme    text not null,
  desk         text not null,
  department   text not null,
  channel      text not null,
  finding_date text not null, -- days are text, as in the facts: YYYY-MM-DD in Paris
  status       text not null,
  help         text not null,
  deadline     text,
  may_refer    boolean not null,
  author       text not null,
  submitted_at timestamptz not null,
  validated_at timestamptz,
  unreviewed   boolean not null, -- its programme reviews nothing: it counted at once
  reviewer     text,
  subject      text,
  box          bytea,
  fact         text not null, -- that sealed the box
  hidden       boolean not null default false, -- as the person
  version      int not null,
  -- the life of the help
  assigned_to  text,
  outcome      text,
  status_at    timestamptz,
  help_at      timestamptz,
  note_box     bytea, -- of the closing, under the key of the sheet
  wish_box     bytea
) with (fillfactor = 50);
create index flag_assigned on flag (assigned_to) where assigned_to is not null;
create index flag_open on flag (desk) where help in ('to_refer', 'wished', 'referred') or status in ('submitted', 'returned');
create index flag_desk on flag (desk, id);
create index flag_desk_age on flag (desk, submitted_at, id);
create index flag_desk_status on flag (desk, status, id) include (author);
create index flag_desk_help on flag (desk, help, id);
create index flag_author on flag (author, id);
create index flag_person on flag (person_id);
create index flag_reference on flag (reference);
create index flag_figures on flag (fund, finding_date) include (id, desk, department, channel, programme, author, status, help, may_refer);

-- detection
create table help_act (
  id      text primary key,
  flag_id text not null,
  kind    text not null,
  mode    text not null,
  minutes int,
  by      text not null,
  at      timestamptz not null,
  box     bytea -- under the key of the sheet
);
create index help_act_flag on help_act (flag_id);

-- detection
create table signal (
  id          text primary key,
  flag_id     text not null,
  reference   text not null,
  person_id   text not null,
  subject     text not null,
  from_desk   text not null,
  desk        text not null, -- that is told
  status      text not null,
  deadline    text,
  sent_by     text not null,
  sent_at     timestamptz not null,
  answered_at timestamptz,
  box         bytea,
  answer_box  bytea
);
create index signal_flag on signal (flag_id);
create index signal_desk on signal (desk, id);
create index signal_from on signal (from_desk, id);
create index signal_person on signal (person_id);

create table referral (
  id              text primary key,
  -- referral; null until ReferralOpened is heard
  flag_id         text,
  person_id       text,
  session_id      text, -- null: to a place
  provider_id     text,
  fund            text,
  programme       text,
  desk            text,
  department      text,
  loan_wanted     boolean,
  follows         text,
  together_with   text,
  may_be_parted   boolean not null default false, -- of two who come together
  opened_at       timestamptz,
  withdrawn_at    timestamptz,
  withdraw_reason text,
  place_id        text,
  followed_at     timestamptz,
  result          text, -- of an address
  handed_over     boolean not null default false,
  undone          boolean not null default false, -- a withdrawal: what the session says after it counts
  version         int,
  -- workshop; null until the session has spoken
  seat             text check (seat in ('asked', 'held', 'queued', 'taken', 'waiting', 'declined', 'lapsed', 'withdrawn',
    'unserved', 'cancelled', 'dropped', 'no_show')),
  seat_session     text,
  seat_provider    text,
  seat_person      text,
  seat_desk        text,
  seat_loan_wanted boolean,
  relay_id         text,
  priority         text, -- why they come first on the waiting list
  asked_at         timestamptz,
  answer_by        timestamptz,
  held_until       timestamptz,
  place            int, -- in the order of the session: its version at the request, from the yes on at the yes
  answered_at      timestamptz,
  accepted_at      timestamptz, -- the first yes, kept when the place is given back
  seated_at        timestamptz, -- the first yes with a seat
  decline_reason   text,
  message_subject  text,
  message_box      bytea,
  attendance       jsonb not null default '{}', -- present, excused, absent, by meeting
  outcome_subject  text,
  outcome_box      bytea,
  outcome_at       timestamptz,
  studied          boolean not null default false,
  offer_id         text, -- while a seat is offered
  offer_until      timestamptz,
  offered_at       timestamptz,
  not_reached      int not null default 0, -- calls on this offer
  course           text, -- in_progress, completed: of those with a seat when the session began, was over
  -- both: the referral's own end first, else what the session said
  status text generated always as (case
    when withdrawn_at is not null or seat = 'withdrawn' and not undone then 'withdrawn'
    when place_id is not null then case when result is null then 'advised' when result = 'unreachable' then result else 'followed_up' end
    when seat = 'taken' then coalesce(course, 'enrolled')
    when seat = 'waiting' and offer_id is not null then 'offered'
    when seat = 'waiting' then 'waitlisted'
    when seat in ('unserved', 'cancelled', 'dropped', 'no_show') then seat
    when seat = 'declined' then 'declined'
    when seat = 'lapsed' then 'expired'
    when studied then 'in_study'
    else 'requested' end) stored
) with (fillfactor = 50);
create index referral_desk on referral (desk, id);
create index referral_desk_status on referral (desk, status, id);
create index referral_provider on referral (provider_id, id);
create index referral_session on referral (session_id, id);
create index referral_fund on referral (fund, id);
create index referral_flag on referral (flag_id) include (provider_id, status, opened_at, accepted_at, seated_at);
create index referral_person on referral (person_id);
create index referral_outcome on referral (outcome_subject) where outcome_subject is not null;
create index referral_message on referral (message_subject) where message_subject is not null;
create index referral_inbox on referral (seat_provider, answer_by, id) where seat in ('held', 'queued');
create index referral_handed_over on referral (desk) where handed_over;
create index referral_seats on referral (seat_session, seat, place) include (offer_id);
create index referral_offers on referral (desk, offer_until, id) where offer_id is not null;

-- What a desk is asked to say to somebody: each row is written by one service, and answered by a contact about it.
create table call (
  about       text not null, -- referral, seat offer or letter
  kind        text not null, -- of the line on today's list
  why         text not null,
  referral_id text,
  person_id   text not null,
  desk        text not null, -- at that time
  since       timestamptz not null,
  until       timestamptz not null,
  primary key (about, kind)
);
create index call_desk on call (desk, since);
create index call_referral on call (referral_id) where referral_id is not null;
create index call_person on call (person_id);

-- referral
create table contact (
  id        text primary key,
  person_id text not null,
  desk      text not null,
  direction text not null,
  channel   text not null,
  outcome   text not null,
  about     text,
  next_at   timestamptz,
  by        text not null,
  at        timestamptz not null,
  subject   text,
  box       bytea,
  letter_of text -- the referral of a printed letter
);
create index contact_person on contact (person_id, at);

-- workshop: the seat that is kept for somebody whose session does not take place
create table alternative (
  referral_id text primary key, -- the cancelled one
  session_id  text not null,
  offer_id    text not null,
  until       timestamptz not null
);
create index contact_about on contact (about) where about is not null;
create index contact_next on contact (desk, next_at) where next_at is not null;

-- workshop
create table session (
  id          text primary key,
  provider_id text not null,
  status      text not null, -- as last told; what it is now depends on the clock
  mode        text not null,
  insee       text,
  skills      text[] not null,
  languages   text[] not null,
  capacity    int not null,
  own         int not null default 0, -- seats of the provider's own public
  kept        int not null default 0, -- for people whose own session does not take place
  relays      jsonb not null default '{}', -- seats by place
  presented   text[] not null default '{}', -- services
  recording   text, -- where it can be watched afterwards
  papers      jsonb not null default '{}', -- title and moment by kind
  attendance  jsonb not null default '{}', -- how many, by meeting
  called_at   timestamptz, -- the last seats
  cancelled   int[] not null default '{}', -- numbers of meetings
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  plan        jsonb not null,
  version     int not null,
  renewed_at  timestamptz not null, -- since when it is offered as it is: planned, opened, moved, grown
  change      bigint not null -- position of the last fact of the session, for the copy of what is offered
) with (fillfactor = 50);
create index session_provider on session (provider_id, id);
create index session_insee on session (insee, id);
create index session_first on session (first_at);
create index session_change on session (change);

-- workshop; those of the demonstration are constants and not here
create table provider (
  id         text primary key,
  name       text not null,
  fund       text not null,
  department text not null,
  insee      text not null,
  street     text,
  subject    text, -- null: nothing sealed
  box        bytea,
  fact       text not null, -- that sealed the box
  abilities  jsonb not null default '[]',
  networks   text[] not null default '{}',
  labels     jsonb not null default '[]',
  relay      boolean not null default false,
  closed     boolean not null default false
);
create index provider_fund on provider (fund);

-- workshop; open data but for the box, so everybody who has a role reads it
create table place (
  id          text primary key,
  fund        text not null,
  source      text,
  source_id   text,
  provider_id text,
  name        text not null,
  insee       text not null,
  department  text not null,
  lat         float8, -- null: nobody knows
  lon         float8,
  services    text[] not null,
  publics     text[] not null,
  care        text[] not null,
  support     text[] not null,
  sheet       jsonb not null,
  score       int not null, -- how complete it is, of 100
  missing     text[] not null,
  reports     int not null default 0, -- since it was last amended
  reported    jsonb not null default '[]', -- what they say, oldest first; notes are boxes
  closed      boolean not null default false,
  subject     text,
  box         bytea,
  fact        text not null, -- that sealed the box
  version     int not null,
  change      bigint not null -- position of its last fact, for the copy of what is offered
);
create index place_change on place (change);
create index place_department on place (department, id);
create index place_insee on place (insee, id);
create index place_lat on place (lat);
create index place_fund on place (fund, id);

-- equipment
create table item (
  id        text primary key,
  pool      text not null,
  kind      text not null,
  asset_tag text not null,
  serial    text,
  state     text not null default '', -- to_reset, repair, retired, lost; empty: it can be lent
  missing   boolean not null default false -- at the last stocktake
);
create index item_pool on item (pool, id);
create index item_tag on item (pool, asset_tag, id);

-- equipment: what happened to an item. No person is in it: who has it stands with the loan
create table item_line (
  item_id  text not null,
  position bigint not null,
  at       timestamptz not null,
  what     text not null,
  by       text, -- account
  about    text, -- code, pool or day
  loan_id  text,
  primary key (item_id, position, what)
);

-- equipment
create table stocktake (
  id         text primary key,
  pool       text not null,
  at         timestamptz not null,
  found      text[] not null,
  missing    text[] not null,
  unexpected text[] not null,
  unknown    text[] not null
);
create index stocktake_pool on stocktake (pool, id);

-- equipment
create table loan (
  id          text primary key,
  pool        text not null,
  item_id     text, -- null: lacking
  session_id  text not null,
  referral_id text not null, -- empty: of one of the provider's own participants
  person_id   text not null,
  own         int not null, -- number among those, 0: none of them
  first       boolean not null, -- comes first when tablets are short
  asked       bigint not null, -- position of its first fact: its place in the queue
  from_day    text not null,
  to_day      text not null,
  since       timestamptz not null,
  lent_at     timestamptz, -- handed over
  condition   text,
  accessories text[] not null default '{}',
  late        text, -- what was said last of its being late, and when
  late_at     timestamptz,
  lost        boolean not null default false,
  written_off boolean not null default false,
  decision    text, -- of the write-off, as it was typed: it may hold words about somebody
  returned_at timestamptz -- or written off: the loan is over
);
create index loan_pool on loan (pool, id);
create index loan_item on loan (item_id, to_day);
create index loan_referral on loan (referral_id);
create index loan_person on loan (person_id) where returned_at is null;
create index loan_queue on loan (pool, first, asked) where item_id is null;
create index loan_out on loan (to_day) where lent_at is not null and returned_at is null;

-- equipment: what a programme gives for good, as of its last decision
create table grants (
  programme         text primary key,
  fund              text not null,
  version           int not null,
  decision          text not null,
  quota             int not null,
  minutes           int not null,
  connection_months int not null,
  from_day          text not null,
  to_day            text not null
);

-- equipment
create table entitlement (
  id             text primary key,
  programme      text not null,
  person_id      text not null,
  flag_id        text not null, -- under which it was asked
  fund           text, -- null: the grant was never opened
  status         text not null,
  derogation     text,
  reason         text, -- why it was refused, released or ended
  version        int, -- of the grant; null: not approved
  approved_at    timestamptz,
  minutes        int not null default 0, -- promised
  used           int not null default 0,
  item_id        text, -- given for good
  asset_tag      text,
  provider_id    text, -- the coach, or
  account        text,
  coach          text, -- whichever it is
  connection_from text,
  connection_to  text,
  alerted_at     timestamptz, -- of the end of the line
  requested_at   timestamptz not null,
  requested_by   text not null
);
create index entitlement_programme on entitlement (programme, status, id);
create index entitlement_person on entitlement (person_id);
create index entitlement_flag on entitlement (flag_id);
create index entitlement_coach on entitlement (coach);

-- equipment
create table appointment (
  entitlement_id text not null,
  number         int not null,
  person_id      text not null,
  starts_at      timestamptz not null,
  minutes        int not null, -- planned; used, when it is done
  place          text not null,
  status         text not null, -- planned, done, missed
  reason         text,
  skills         text[] not null default '{}',
  primary key (entitlement_id, number)
);
create index appointment_start on appointment (starts_at);

-- detection; what referent and author say to each other, sealed with the sheet's key
create table thread (
  position bigint primary key,
  flag_id  text not null,
  at       timestamptz not null,
  what     text not null,
  by       text not null,
  reason   text,
  subject  text,
  box      bytea,
  fact     text not null -- that sealed the box
);
create index thread_flag on thread (flag_id);

-- each service its own rows
create table history (
  service     text not null,
  position    bigint not null,
  flag_id     text,
  referral_id text,
  at          timestamptz not null,
  what        text not null,
  by          text,
  about       text,
  primary key (service, position)
);
create index history_flag on history (flag_id) where flag_id is not null;
create index history_referral on history (referral_id) where referral_id is not null;

-- Seats are counted whoever has them: read with the owner's right, and nothing here tells of whom.
create view seat as select seat_session, seat, place, offer_id is not null as offered, relay_id from referral where seat is not null;

-- What is left of a grant is counted whoever has it, and tells of nobody. Who was approved is counted to the end, who was released is not.
create view granted as select g.programme, count(e.id)::int as counted, count(e.item_id)::int as equipped, (count(*) filter (where e.status = 'completed'))::int as completed,
  coalesce(sum(e.minutes), 0)::int as minutes_due, coalesce(sum(e.used), 0)::int as minutes_used
from grants g left join entitlement e on e.programme = g.programme and e.version = g.version and e.status <> 'released' group by g.programme;

-- How many tablets were handed over for a session and did not come back, whoever had them: counts, read with the owner's right too.
create view lending as select pool, session_id, to_day, count(*)::int as lent, (count(*) filter (where lost or written_off))::int as lost
from loan where lent_at is not null group by pool, session_id, to_day;

-- What happened on a waiting list, for whoever asks why: rules and moments, and nothing that leads to anybody. Read with the owner's right too.
create view turn as select r.seat_session, r.programme, r.priority, r.accepted_at, h.position, h.at, h.what
from history h join referral r on r.id = h.referral_id
where h.service = 'workshop' and h.what in ('seat_offered', 'waiting_list_joined');

-- The second fence. Readers are a role that owns nothing; each says in settings of its transaction what its caller may
-- see, and without them sees nothing. Sub-selects are worked out once for a statement. Projectors write as the owner.
create function may(what text) returns text[] language sql stable
  return string_to_array(current_setting('passerelle.' || what, true), E'\x1f');

-- with the owner's right: whoever reads a link may not read the other person
create function gone(who text) returns boolean language sql stable security definer
  return exists (select from person where id = who and hidden);

-- with the owner's right: for the access log, of whom a flag is that was refused
create function whose(one text) returns text language sql stable security definer
  return (select person_id from flag where id = one);

-- with the owner's right: a desk that was told of somebody sees who it is, and nothing of the flag
create function told() returns text[] language sql stable security definer
  return (select array_agg(distinct q.id) from signal s join person p on p.id = s.person_id join person q on q.root = p.root
    where s.desk = any (may('signals')) and not p.hidden and not q.hidden);

create function of_funds(what text) returns text[] language sql stable
  return (select array_agg(id) from provider where fund = any (may(what)));

-- Who sees a flag or a referral is said once, for the rule of the table and for what follows from it. What follows is
-- asked of functions with the owner's right, which a connection plans once: rules that read tables under rules took
-- Postgres 100 ms to plan, for one row.
do $$ declare
  of_flag text := $r$
    fund = any ((select may('funds'))::text[]) or desk = any ((select may('desks'))::text[]) or author = any ((select may('authors'))::text[])
    or desk = any ((select may('cards'))::text[]) or ((select may('providers') <> '{}' or may('seat_funds') <> '{}') and asked_of(id))$r$;
  of_referral text := $r$
    fund = any ((select may('funds'))::text[]) or desk = any ((select may('desks'))::text[]) or desk = any ((select may('cards'))::text[])
    or provider_id = any ((select may('providers'))::text[]) or seat_provider = any ((select may('providers'))::text[])
    or ((select may('seat_funds') <> '{}') and (fund = any ((select may('seat_funds'))::text[]) or seat_provider = any ((select of_funds('seat_funds'))::text[])))
    or ((select may('authors') <> '{}') and wrote(flag_id))$r$;
  of_loan text := $r$
    pool = any ((select may('pools'))::text[]) or ((select may('pool_funds') <> '{}') and pool = any ((select of_funds('pool_funds'))::text[]))
    or sees_referral(referral_id)$r$;
  ask text := 'create function %s returns boolean language plpgsql stable security definer cost 10000 set search_path from current as $b$ begin return %s; end $b$';
begin
  execute format(ask, 'asked_of(one text)',
    $e$exists (select from referral where flag_id = one and (provider_id = any (may('providers')) or fund = any (may('seat_funds'))))$e$);
  execute format(ask, 'wrote(one text)', $e$exists (select from flag where id = one and author = any (may('authors')))$e$);
  execute format(ask, 'sees_flag(one text)', 'exists (select from flag where id = one and (' || of_flag || '))');
  execute format(ask, 'sees_referral(one text)', 'exists (select from referral where id = one and (' || of_referral || '))');
  -- a person by one record: through a flag, a referral, what is lent to them, or what they are given
  execute format(ask, 'sees_record(one text)', 'exists (select from flag where person_id = one and (' || of_flag || ')) or exists (select from referral where person_id = one and ('
    || of_referral || ')) or exists (select from loan where person_id = one and returned_at is null and (' || of_loan || '))'
    || $e$ or (may('grant_funds') <> '{}' or may('coaches') <> '{}') and exists (select from entitlement where person_id = one
      and (fund = any (may('grant_funds')) or coach = any (may('coaches'))))$e$);
  execute format(ask, 'sees_entitlement(one text)', $e$exists (select from entitlement where id = one
    and (fund = any (may('grant_funds')) or coach = any (may('coaches')) or sees_flag(flag_id)))$e$);
  -- a person by any of their records, or by what a desk was told
  execute format(ask, 'sees_person(one text, its_root text)', $e$sees_record(one) or exists (select from person where root = its_root and id <> one and sees_record(id))
    or may('signals') <> '{}' and one = any (told())$e$);
  execute format(ask, 'sees_somebody(one text)', 'exists (select from person where id = one and sees_person(id, root))');
  execute format('create policy reader on flag for select using (%s)', of_flag);
  execute format('create policy reader on referral for select using (%s)', of_referral);
  execute format('create policy reader on loan for select using (%s)', of_loan);
end $$;

alter table flag enable row level security;
alter table referral enable row level security;
alter table loan enable row level security;

alter table person enable row level security;
create policy reader on person for select using (sees_person(id, root));

alter table help_act enable row level security;
create policy reader on help_act for select using (sees_flag(flag_id));

alter table signal enable row level security;
create policy reader on signal for select using (
  desk = any ((select may('signals'))::text[]) or sees_flag(flag_id));

alter table call enable row level security;
create policy reader on call for select using (sees_somebody(person_id));

alter table alternative enable row level security;
create policy reader on alternative for select using (exists (select from referral r where r.id = alternative.referral_id));

alter table contact enable row level security;
create policy reader on contact for select using (sees_somebody(person_id));

alter table consent enable row level security;
create policy reader on consent for select using (sees_somebody(person_id));

alter table link enable row level security;
create policy reader on link for select using (sees_somebody(person_id) and not gone(link.other_id));

alter table entitlement enable row level security;
create policy reader on entitlement for select using (
  fund = any ((select may('grant_funds'))::text[]) or coach = any ((select may('coaches'))::text[]) or sees_flag(flag_id));

alter table appointment enable row level security;
create policy reader on appointment for select using (sees_entitlement(entitlement_id));

alter table item enable row level security;
create policy reader on item for select using (pool = any ((select may('pools'))::text[]) or pool = any ((select of_funds('pool_funds'))::text[]));

alter table item_line enable row level security;
create policy reader on item_line for select using (exists (select from item i where i.id = item_line.item_id));

alter table stocktake enable row level security;
create policy reader on stocktake for select using (pool = any ((select may('pools'))::text[]) or pool = any ((select of_funds('pool_funds'))::text[]));

alter table thread enable row level security;
create policy reader on thread for select using (sees_flag(flag_id));

alter table history enable row level security;
create policy reader on history for select using (
  sees_flag(flag_id) or sees_referral(referral_id));

do $$ begin
  execute format('grant usage on schema %1$I to passerelle_reader; grant select on all tables in schema %1$I to passerelle_reader', current_schema());
end $$;
