package equipment

import (
	"context"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// Who has a pool beside those of the directory: the registered providers, and in which fund. Which pool answers for an
// item, a loan, a seat and a session, on which days; of which flag comes first when tablets are short or may be given
// something for good, and who looks after it; and who accompanies whom.
const tables = `
create table provider (id text primary key, fund text not null);
create table item (id text primary key, pool text not null, tag text not null, serial text not null);
create index on item (upper(tag));
create index on item (upper(serial));
create table loan (id text primary key, pool text not null, person_id text not null);
create table seat (
  referral_id text primary key,
  pool        text not null,
  person_id   text not null,
  flag_id     text not null,
  session_id  text not null,
  from_day    text not null,
  to_day      text not null,
  wanted      boolean not null, -- a tablet
  gone        boolean not null default false
);
create index on seat (person_id);
create table session (
  id          text primary key,
  provider_id text not null,
  from_day    text not null,
  to_day      text not null,
  own         int not null default 0, -- seats for own participants
  gone        boolean not null default false
);
create table flag (
  id         text primary key,
  person_id  text not null,
  fund       text not null,
  department text not null,
  desk       text not null,
  author     text not null,
  first      boolean not null, -- when tablets are short
  meant      boolean not null  -- by what is given for good
);
create index on flag (person_id);
create table entitlement (
  id          text primary key,
  programme   text not null,
  person_id   text not null,
  flag_id     text not null,
  provider_id text not null default '', -- the coach, or
  account     text not null default ''
);
create index on entitlement (person_id);`

func knowledge() projection.Projection {
	return projection.Projection{Name: "equipment_knows", Services: []string{"workshop", "detection", Name}, Tables: tables, Version: 4, Apply: note, Lazy: true}
}

type noting func(sql string, args ...any)

func note(b *projection.Batch, h projection.Heard) error {
	write := noting(func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) })
	switch e := h.Fact.(type) {
	case events.ProviderRegistered:
		write(`insert into model.provider values ($1, $2) on conflict do nothing`, e.ProviderID, e.Fund)
	case events.SeniorFlagged:
		write(`insert into model.flag values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
			e.FlagID, e.PersonID, e.Fund, e.Department, e.Desk, e.By, e.LoanFirst, e.GrantMeant)
	case events.FlagAmended:
		write(`update model.flag set first = $2, meant = $3 where id = $1`, e.FlagID, e.LoanFirst, e.GrantMeant)
	case events.FlagHandedOver:
		write(`update model.flag set desk = $2, department = $3 where id = $1`, e.FlagID, e.Desk, e.Department)
	case events.FlagTransferred:
		write(`update model.flag set desk = $2 where id = $1`, e.FlagID, e.Desk)
	case events.EntitlementRequested:
		write(`insert into model.entitlement (id, programme, person_id, flag_id) values ($1, $2, $3, $4) on conflict do nothing`,
			e.EntitlementID, e.Programme, e.PersonID, e.FlagID)
	case events.CoachNamed:
		write(`update model.entitlement set provider_id = $2, account = $3 where id = $1`, e.EntitlementID, e.ProviderID, e.Account)
	case events.ItemRegistered:
		write(`insert into model.item values ($1, $2, $3, $4) on conflict do nothing`, e.ItemID, e.Pool, e.AssetTag, e.Serial)
	case events.ItemReceived:
		write(`update model.item set pool = $2 where id = $1`, e.ItemID, e.Pool)
	case events.TabletKept:
		write.loan(e.LoanID, e.Pool, e.PersonID, e.ReferralID)
	case events.TabletLacking:
		write.loan(e.LoanID, e.Pool, e.PersonID, e.ReferralID)
	default:
		write.session(h.Fact)
		write.seat(h.Fact)
	}
	return nil
}

func (write noting) loan(id, pool, person, referral string) {
	write(`insert into model.loan values ($1, $2, $3) on conflict do nothing`, id, pool, person)
	if referral != "" {
		write(`update model.seat set wanted = true where referral_id = $1`, referral)
	}
}

func (write noting) session(fact events.Fact) {
	moved := func(id, from, to string) {
		write(`update model.session set from_day = $2, to_day = $3 where id = $1`, id, from, to)
	}
	switch e := fact.(type) {
	case events.SessionPlanned:
		from, to := days(e.Meetings)
		write(`insert into model.session (id, provider_id, from_day, to_day) values ($1, $2, $3, $4) on conflict do nothing`, e.SessionID, e.ProviderID, from, to)
	case events.SessionRescheduled:
		from, to := days(e.Meetings)
		moved(e.SessionID, from, to)
	case events.MeetingCancelled:
		moved(e.SessionID, dayOf(e.StartsAt), dayOf(e.EndsAt))
	case events.OwnSeatsSet:
		write(`update model.session set own = $2 where id = $1`, e.SessionID, e.Seats)
	case events.SessionCancelled:
		write(`update model.session set gone = true where id = $1`, e.SessionID)
	case events.SessionStopped:
		write(`update model.session set gone = true where id = $1`, e.SessionID)
	}
}

func (write noting) seat(fact events.Fact) {
	gone := func(referral string) { write(`update model.seat set gone = true where referral_id = $1`, referral) }
	switch e := fact.(type) {
	case events.SeatTaken:
		write(`insert into model.seat (referral_id, pool, person_id, flag_id, session_id, from_day, to_day, wanted) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (referral_id) do update set gone = false`, e.ReferralID, e.ProviderID, e.PersonID, e.FlagID, e.SessionID, e.From, e.To, e.LoanWanted)
	case events.RequestWithdrawn:
		gone(e.ReferralID)
	case events.SeatFreed:
		gone(e.ReferralID)
	case events.RequestCancelled:
		gone(e.ReferralID)
	case events.ParticipantDropped:
		gone(e.ReferralID)
	case events.ParticipantRemoved:
		gone(e.ReferralID)
	case events.NoShow:
		gone(e.ReferralID)
	case events.ParticipantRestored:
		write(`update model.seat set gone = false where referral_id = $1`, e.ReferralID)
	}
}

var errNotRegistered = refusal.New(refusal.NotFound, "unknown_provider", "There is no such provider.")

// fundOfRegistered is the fund of a registered provider, "unknown" for none. One so new that it was not heard yet is
// waited for.
func (s *Service) fundOfRegistered(ctx context.Context, id string) (string, error) {
	type provider struct{ Fund string }
	found, err := web.Find(ctx, func(ctx context.Context) (provider, error) {
		return engine.Row[provider](ctx, s.Pool, s.knows, errNotRegistered, `select fund from model.provider where id = $1`, id)
	})
	if errors.Is(err, errNotRegistered) {
		return "unknown", nil
	}
	return found.Fund, err
}
