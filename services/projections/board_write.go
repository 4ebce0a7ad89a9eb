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
  loan_wanted, follows, together_with, opened_at, version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict (id) do update set flag_id = excluded.flag_id, person_id = excluded.person_id, session_id = excluded.session_id,
  provider_id = excluded.provider_id, fund = excluded.fund, programme = excluded.programme, desk = excluded.desk,
  department = excluded.department, loan_wanted = excluded.loan_wanted, follows = excluded.follows,
  together_with = excluded.together_with, opened_at = excluded.opened_at, version = excluded.version`
	handOverReferral   = `update model.referral set desk = $2, department = $3, version = $4 where id = $1`
	setReferralVersion = `update model.referral set version = $2 where id = $1`
	withdrawReferral   = `update model.referral set withdrawn_at = $2, withdraw_reason = $3, version = $4 where id = $1`

	// The provider is that of the session, which the same service has planned before.
	requestSeat = `
insert into model.referral as r (id, seat, seat_session, seat_provider, seat_person, seat_desk, seat_loan_wanted, asked_at, answer_by, place)
select $1, 'asked', s.id, s.provider_id, $3, $4, $5::boolean, $6::timestamptz, $7::timestamptz, $8::int from model.session s where s.id = $2
on conflict (id) do update set seat = excluded.seat, seat_session = excluded.seat_session, seat_provider = excluded.seat_provider,
  seat_person = excluded.seat_person, seat_desk = excluded.seat_desk, seat_loan_wanted = excluded.seat_loan_wanted,
  asked_at = excluded.asked_at, answer_by = excluded.answer_by, place = excluded.place`
	holdSeat  = `update model.referral set seat = 'held', held_until = $2 where id = $1`
	answerYes = `
update model.referral set seat = $2, held_until = null, answered_at = $3, place = $4, accepted_at = coalesce(accepted_at, $3),
  seated_at = case when $2 = 'taken' then coalesce(seated_at, $3) else seated_at end
where id = $1`
	declineRequest = `
update model.referral set seat = 'declined', held_until = null, answered_at = $2, decline_reason = $3, message_subject = said.subject, message_box = said.box
from (select 1) here left join lateral (
  select $4::text as subject, $5::bytea as box where not exists (select from model.person p where p.id = $4 and p.erased)) said on true
where id = $1`
	queueSeat = `update model.referral set seat = 'queued' where id = $1`
	// A withdrawal may cross its request: then the session speaks of it for the first time.
	endRequest = `
insert into model.referral as r (id, seat, seat_session, answered_at) values ($1, $2, $3, $4)
on conflict (id) do update set seat = excluded.seat, held_until = null, seat_session = excluded.seat_session, answered_at = excluded.answered_at`

	planSession = `
insert into model.session (id, provider_id, status, mode, insee, skills, languages, capacity, first_at, last_at, plan, version, change, renewed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`
	setSessionVersion = `update model.session set version = greatest(version, $2), change = greatest(change, $3) where id = $1`

	putProvider = `
insert into model.provider (id, name, fund, department, insee, street, subject, box) values ($1, $2, $3, $4, $5, $6, $7, $8)`

	putItem = `insert into model.item (id, pool, kind, asset_tag) values ($1, $2, $3, $4)`
	putLoan = `
insert into model.loan (id, pool, item_id, session_id, referral_id, person_id, from_day, to_day, since)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (id) do update set item_id = excluded.item_id, from_day = excluded.from_day, to_day = excluded.to_day, since = excluded.since`
	lend     = `update model.loan set item_id = $2, lent_at = $3 where id = $1`
	giveBack = `update model.loan set returned_at = $2 where id = $1`
	release  = `delete from model.loan where id = $1`

	addHistory = `
insert into model.history (service, position, flag_id, referral_id, at, what, by, about) values ($1, $2, $3, $4, $5, $6, $7, $8)`
)
