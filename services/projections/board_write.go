package projections

// What facts write. A referral's row is begun by whichever service is heard first, so each of them inserts
// or updates its own columns; the facts of one service come in their order.
const (
	putFlag = `
insert into model.flag (id, reference, person_id, fund, programme, desk, department, channel, finding_date,
  status, help, deadline, may_refer, author, submitted_at, status_at, help_at, subject, box, version, unreviewed, fact, hidden)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $15, $16, $17, $18, $19, $20, coalesce((select p.hidden from model.person p where p.id = $3), false))`
	validateFlag = `update model.flag set status = 'validated', validated_at = $2, status_at = $2, version = $3, reviewer = $4 where id = $1`
	// What was closed by a death stays closed, whatever was on its way.
	setHelp      = `update model.flag set help = case when help = 'closed' then help else $2 end, help_at = $4, version = $3 where id = $1`
	setOutcome   = `update model.flag set outcome = $3 where id = $1 and $2 = 'closed'`
	handOverFlag = `update model.flag set desk = $2, department = $3, assigned_to = null, version = $4 where id = $1`

	openReferral = `
insert into model.referral as r (id, flag_id, person_id, session_id, provider_id, fund, programme, desk, department,
  loan_wanted, follows, together_with, opened_at, version, may_be_parted)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (id) do update set flag_id = excluded.flag_id, person_id = excluded.person_id, session_id = excluded.session_id,
  provider_id = excluded.provider_id, fund = excluded.fund, programme = excluded.programme, desk = excluded.desk,
  department = excluded.department, loan_wanted = excluded.loan_wanted, follows = excluded.follows,
  together_with = excluded.together_with, may_be_parted = excluded.may_be_parted, opened_at = excluded.opened_at, version = excluded.version`
	handOverReferral   = `update model.referral set desk = $2, department = $3, version = $4, handed_over = true where id = $1`
	setReferralVersion = `update model.referral set version = $2 where id = $1`
	withdrawReferral   = `update model.referral set withdrawn_at = $2, withdraw_reason = $3, version = $4 where id = $1`

	// The provider is that of the session, which the same service has planned before.
	requestSeat = `
insert into model.referral as r (id, seat, seat_session, seat_provider, seat_person, seat_desk, seat_loan_wanted, asked_at, answer_by, place, relay_id, priority)
select $1, 'asked', s.id, s.provider_id, $3, $4, $5::boolean, $6::timestamptz, $7::timestamptz, $8::int, $9::text, $10::text from model.session s where s.id = $2
on conflict (id) do update set seat = excluded.seat, seat_session = excluded.seat_session, seat_provider = excluded.seat_provider,
  seat_person = excluded.seat_person, seat_desk = excluded.seat_desk, seat_loan_wanted = excluded.seat_loan_wanted,
  asked_at = excluded.asked_at, answer_by = excluded.answer_by, place = excluded.place, studied = false, course = null, offer_id = null,
  relay_id = excluded.relay_id, priority = excluded.priority`
	holdSeat  = `update model.referral set seat = 'held', held_until = $2 where id = $1`
	answerYes = `
update model.referral set seat = 'taken', held_until = null, offer_id = null, offer_until = null, answered_at = $2, place = $3,
  accepted_at = coalesce(accepted_at, $2), seated_at = coalesce(seated_at, $2)
where id = $1`
	declineRequest = `
update model.referral set seat = 'declined', held_until = null, answered_at = $2, decline_reason = $3, message_subject = said.subject, message_box = said.box
from (select 1) here left join lateral (
  select $4::text as subject, $5::bytea as box where not exists (select from model.person p where p.id = $4 and p.erased)) said on true
where id = $1`
	queueSeat = `update model.referral set seat = 'queued', held_until = null where id = $1`
	// A withdrawal may cross its request: then the session speaks of it for the first time.
	endRequest = `
insert into model.referral as r (id, seat, seat_session, answered_at) values ($1, $2, $3, $4)
on conflict (id) do update set seat = excluded.seat, held_until = null, offer_id = null, offer_until = null, seat_session = excluded.seat_session, answered_at = excluded.answered_at`

	planSession = `
insert into model.session (id, provider_id, status, mode, insee, skills, languages, capacity, first_at, last_at, plan, version, change, renewed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	setSessionVersion = `update model.session set version = greatest(version, $2), change = greatest(change, $3) where id = $1`

	putProvider = `
insert into model.provider (id, name, fund, department, insee, street, subject, box, fact) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	amendProvider = `
update model.provider set name = $2, department = $3, insee = $4, street = $5, subject = $6, box = $7, fact = $8, abilities = $9, networks = $10, relay = $11 where id = $1`
	labelProvider = `update model.provider set labels = labels || $2::jsonb where id = $1`
	closeProvider = `update model.provider set closed = true where id = $1`

	putPlace = `
insert into model.place as p (id, fund, source, source_id, provider_id, name, insee, department, lat, lon, services, publics, care, support, sheet, score, missing, subject, box, fact, version, change)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`
	amendPlace = `
update model.place set provider_id = $2, name = $3, insee = $4, department = $5, lat = $6, lon = $7, services = $8, publics = $9, care = $10, support = $11,
  sheet = $12, score = $13, missing = $14, subject = $15, box = $16, fact = $17, version = $18, change = $19, reports = 0, reported = '[]' where id = $1`
	reportPlace = `update model.place set reports = reports + 1, reported = reported || $4::jsonb, version = $2, change = $3 where id = $1`
	closePlace  = `update model.place set closed = true, reports = 0, reported = '[]', version = $2, change = $3 where id = $1`

	addHistory = `
insert into model.history (service, position, flag_id, referral_id, at, what, by, about)
select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])`
)
