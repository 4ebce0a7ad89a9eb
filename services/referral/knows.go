package referral

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/referral/domain"
)

// What a referral must know of the others. Each table is written by the facts of one service, so the order between
// services does not matter.
const tables = `
create table flag (
  id          text primary key,
  person_id   text not null,
  fund        text not null,
  programme   text not null,
  desk        text not null,
  department  text not null,
  help        text not null,
  may_refer   boolean not null, -- by programme, deadline or review
  loan_wanted boolean not null,
  language    text not null,
  deadline    text not null,
  priority    text not null, -- why the person comes first on a waiting list
  ended       text not null default '', -- why help ended, while it is ended
  erasure     text not null default '' -- why the person is to be erased
);
create table reference ( -- the short code on letters
  flag_id   text primary key,
  reference text not null
);
create index on flag (person_id);
create table dead (person_id text primary key);
create table session (
  id                     text primary key,
  provider_id            text not null,
  status                 text not null,
  first_meeting          timestamptz not null,
  registration_closes_at timestamptz not null,
  last_meeting           timestamptz not null
);
create table referral (
  id         text primary key,
  flag_id    text not null,
  session_id text not null, -- or place
  open       boolean not null,
  status     text not null
);
create index on referral (flag_id) where open;
create table seat ( -- what the session said last
  referral_id   text primary key,
  status        text not null,
  seat          text not null,
  held_until    timestamptz,
  would_be_rank int,
  rank          int,
  session_id    text not null,
  started       boolean not null default false, -- had a seat when the session began
  finished      boolean not null default false -- and still when it was over
);
create index on seat (session_id);
create table sheet ( -- of a flag, as sealed last
  flag_id text primary key,
  channel text not null,
  subject text not null,
  box     bytea not null,
  fact    text not null
);
create table person (
  id   text primary key,
  box  bytea not null,
  fact text not null
);
create table provider (
  id         text primary key,
  fund       text not null,
  department text not null
);
create table plan ( -- what a session offers
  session_id text primary key,
  plan       jsonb not null,
  own        int not null default 0,
  renewed_at timestamptz not null,
  lat        float8, -- null: nobody goes anywhere, or not known
  lon        float8
);
create table relay ( -- from which a session is followed
  session_id text not null,
  place_id   text not null,
  primary key (session_id, place_id)
);
create table alternative ( -- a seat that is kept for somebody whose session does not take place
  referral_id text primary key,
  flag_id     text not null,
  session_id  text not null
);
create index on alternative (flag_id);
create table place ( -- that are open
  id      text primary key,
  name    text not null,
  by_mail boolean not null, -- they say that they may be written to
  subject text not null,
  box     bytea,
  fact    text not null
);
create table letter ( -- to somebody whom nobody reaches, or with whom a tablet is late: that has the identifier of its loan
  id        text primary key,
  person_id text not null
)`

func knowledge() projection.Projection {
	return projection.Projection{
		Name: "referral_knows", Services: []string{"detection", "workshop", "equipment", Name}, Tables: tables, Version: 9, Apply: note, Lazy: true,
	}
}

func note(b *projection.Batch, h projection.Heard) error {
	n := noting{b}
	switch e := h.Fact.(type) {
	case events.Detection:
		n.detection(e)
		n.sealed(h)
	case events.Workshop:
		n.workshop(e)
		return n.plans(e)
	case events.Providers:
		n.providers(e)
	case events.Places:
		n.places(e, h.Name)
	case events.LoanLate:
		if e.Kind == "letter" && e.PersonID != "" {
			n.write(`insert into model.letter values ($1, $2) on conflict do nothing`, e.LoanID, e.PersonID)
		}
	case events.Referral:
		n.referral(e)
	}
	return nil
}

type noting struct{ *projection.Batch }

func (n noting) write(sql string, args ...any) { n.Queue(engine.In(n.Schema(), sql), args...) }

const setErasure = `update model.flag set erasure = $2 where person_id = $1`

func (n noting) detection(fact events.Detection) {
	switch e := fact.(type) {
	case events.PersonRegistered, events.PersonCorrected, events.PersonMoved, events.PersonMerged, events.PersonParted, events.RecordJoined, events.RecordLeft,
		events.PersonLinked, events.WishesNoted, events.ConsentNoted, events.PersonObjected: // no concern of a referral
	case events.ErasureRequested:
		n.write(setErasure, e.PersonID, e.Reason)
	case events.ErasureUndone:
		n.write(setErasure, e.PersonID, "")
	case events.PersonErased:
		n.write(setErasure, e.PersonID, e.Reason)
	case events.SeniorFlagged:
		n.write(`insert into model.flag values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
			e.FlagID, e.PersonID, e.Fund, e.Programme, e.Desk, e.Department, e.Help, e.MayRefer, e.LoanWanted, e.Language, e.Deadline, e.Priority)
		n.write(`insert into model.reference values ($1, $2) on conflict do nothing`, e.FlagID, e.Reference)
	case events.DeathTold:
		n.write(`insert into model.dead values ($1) on conflict do nothing`, e.PersonID)
	case events.DeathUndone:
		n.write(`delete from model.dead where person_id = $1`, e.PersonID)
	case events.HelpEnded:
		n.write(`update model.flag set help = $2, ended = $3 where id = $1`, e.FlagID, e.Help, e.Reason)
	case events.HelpResumed:
		n.write(`update model.flag set help = $2, ended = '' where id = $1`, e.FlagID, e.Help)
	case events.FlagHandedOver:
		n.write(`update model.flag set desk = $2, department = $3 where id = $1`, e.FlagID, e.Desk, e.Department)
	case events.FlagTransferred:
		n.write(`update model.flag set desk = $2 where id = $1`, e.FlagID, e.Desk)
	case events.FlagClosed:
		n.write(`update model.flag set help = $2, ended = $3 where id = $1`, e.FlagID, e.Help, e.Outcome)
	case events.FlagReopened:
		n.write(`update model.flag set help = $2, ended = '' where id = $1`, e.FlagID, e.Help)
	case events.HelpWished:
		n.write(`update model.flag set help = $2 where id = $1`, e.FlagID, e.Help)
	case events.HelpActed, events.SignalSent, events.SignalAnswered, events.FlagTakenUp: // no concern of a referral
	case events.FlagAmended:
		n.write(`update model.flag set may_refer = $2, loan_wanted = $3, deadline = $4, priority = $5 where id = $1`, e.FlagID, e.MayRefer, e.LoanWanted, e.Deadline, e.Priority)
	case events.FlagReturned, events.FlagReclassified, events.FlagDismissed, events.FlagWithdrawn, events.ReviewReminded,
		events.CampaignOpened, events.ObservationTold, events.ObservationCorrected, events.ObservationsPublished, events.CampaignEnded, events.CampaignClosed,
		events.ValidationBegun, events.FlagsValidated, events.RefusalCounted, events.EnquiryCounted, events.TablesPublished, events.RecommendationProposed, events.RecommendationMoved: // no concern of a referral
	case events.FlagValidated:
		n.write(`update model.flag set may_refer = true where id = $1`, e.FlagID)
	case events.HelpReferred:
		n.write(`update model.flag set help = 'referred' where id = $1`, e.FlagID)
	case events.HelpReturned:
		n.write(`update model.flag set help = $2 where id = $1`, e.FlagID, e.Help)
	}
}

func (n noting) referral(fact events.Referral) {
	switch e := fact.(type) {
	case events.ReferralOpened:
		n.opened(e.ReferralID, e.FlagID, e.SessionID)
	case events.AddressGiven:
		n.opened(e.ReferralID, e.FlagID, e.PlaceID)
	case events.ReferralAnswered:
		open := domain.Referral{Status: e.Answer}.Open()
		n.write(`update model.referral set open = $2, status = $3 where id = $1`, e.ReferralID, open, e.Answer)
	case events.ReferralUndone:
		n.write(`update model.referral set open = true where id = $1`, e.ReferralID)
	case events.ReferralWithdrawn:
		n.ended(e.ReferralID, domain.Withdrawn)
	case events.AddressFollowedUp:
		n.ended(e.ReferralID, e.Result)
	case events.ReferralHandedOver: // the flag says so too
	case events.LetterAsked:
		n.write(`insert into model.letter values ($1, $2) on conflict do nothing`, e.LetterID, e.PersonID)
	case events.ReferralDated, events.CallAsked, events.ContactNoted, events.LetterDue, events.LetterSent, events.CloseAsked,
		events.AlternativeSought, events.AlternativeForgone, events.PlaceLinkIssued, events.PlaceLinkOpened, events.PlaceLinkCodeMissed: // nobody is sent anywhere
	}
}

func (n noting) opened(referral, flag, where string) {
	n.write(`insert into model.referral values ($1, $2, $3, true, 'open') on conflict do nothing`, referral, flag, where)
}

func (n noting) ended(referral, how string) {
	n.write(`update model.referral set open = false, status = $2 where id = $1`, referral, how)
}
