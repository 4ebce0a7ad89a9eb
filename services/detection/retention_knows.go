package detection

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"slices"
)

// When somebody took part in something last, and what holds their erasure. Each service writes rows of its own, and no row
// goes when somebody is erased: there are identifiers and moments only.
const contactTables = `
create table person (
  person_id   text primary key,
  fund        text not null,
  root        text not null, -- the record it is shown with, after all merges; itself: none
  merged_into text not null default '',
  flag_id     text not null default '', -- the last flag
  desk        text not null default '', -- in charge of it
  reference   text not null default '',
  hidden      boolean not null default false,
  erased      boolean not null default false,
  erase_at    timestamptz,
  reason      text
);
create index on person (root);
create index on person (merged_into);
create index on person (flag_id);
create index on person (person_id) where hidden;
create table contact (
  person_id text not null,
  service   text not null,
  at        timestamptz not null, -- the last of this service
  primary key (person_id, service)
);
create index on contact (at);
create table seat (
  referral_id text primary key,
  person_id   text not null,
  until       timestamptz not null -- the last day of the session: the person is expected until then
);
create index on seat (person_id);
create table open ( -- requests that wait, tablets in hand
  kind      text not null,
  id        text not null,
  person_id text not null,
  primary key (kind, id)
);
create index on open (person_id);`

func contacts() projection.Projection {
	return projection.Projection{
		Name: "detection_contacts", Services: []string{Name, "referral", "workshop", "equipment"}, Tables: contactTables, Version: 6, Apply: noteContact, Lazy: true,
	}
}

func noteContact(b *projection.Batch, h projection.Heard) error {
	n := contactNote{func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) }, h.Service}
	switch fact := h.Fact.(type) {
	case events.Detection:
		n.detection(fact)
	case events.Referral:
		n.referral(fact)
	case events.Workshop:
		n.workshop(fact)
	case events.Equipment:
		n.equipment(fact)
	case events.Grant:
		n.grant(fact)
	}
	return nil
}

type contactNote struct {
	write   writing
	service string
}

const tookPart = `
insert into model.contact as c (person_id, service, at) select $1, $2, $3::timestamptz where $1 <> ''
on conflict (person_id, service) do update set at = greatest(c.at, excluded.at)`

func (n contactNote) tookPart(person string, at any) { n.write(tookPart, person, n.service, at) }

// tookPartUnder is for facts that name the flag only: the person of their last one.
func (n contactNote) tookPartUnder(flag string, at any) {
	n.write(`
insert into model.contact as c (person_id, service, at) select person_id, $2, $3::timestamptz from model.person where flag_id = $1
on conflict (person_id, service) do update set at = greatest(c.at, excluded.at)`, flag, n.service, at)
}

func (n contactNote) opened(kind, id, person string) {
	n.write(`insert into model.open values ($1, $2, $3) on conflict do nothing`, kind, id, person)
}

func (n contactNote) ended(kind, id string) {
	n.write(`delete from model.open where kind = $1 and id = $2`, kind, id)
}

func (n contactNote) detection(fact events.Detection) {
	switch e := fact.(type) {
	case events.PersonRegistered:
		n.write(`insert into model.person (person_id, fund, root) values ($1, $2, $1) on conflict do nothing`, e.PersonID, e.Fund)
	case events.SeniorFlagged:
		n.write(`update model.person set flag_id = $2, desk = $3, reference = $4 where person_id = $1`, e.PersonID, e.FlagID, e.Desk, e.Reference)
		n.tookPart(e.PersonID, e.At)
	case events.PersonMoved:
		n.tookPart(e.PersonID, e.At)
	case events.WishesNoted:
		n.tookPart(e.PersonID, e.At)
	case events.ConsentNoted:
		n.tookPart(e.PersonID, e.At)
	case events.FlagTransferred:
		n.write(`update model.person set desk = $2 where flag_id = $1`, e.FlagID, e.Desk)
	case events.FlagHandedOver:
		n.write(`update model.person set desk = $2 where flag_id = $1`, e.FlagID, e.Desk)
	case events.HelpActed:
		n.tookPartUnder(e.FlagID, e.At)
	case events.HelpWished:
		n.tookPartUnder(e.FlagID, e.At)
	case events.SignalSent: // with the word of the person
		n.tookPartUnder(e.FlagID, e.At)
	case events.RecordJoined, events.RecordLeft:
		noteMerge(n.write, e)
	case events.ErasureRequested:
		n.write(`update model.person set hidden = true, erase_at = $2, reason = $3 where person_id = $1`, e.PersonID, e.EraseAt, e.Reason)
	case events.ErasureUndone: // somebody wants to stay
		n.write(`update model.person set hidden = false, erase_at = null, reason = null where person_id = $1`, e.PersonID)
		n.tookPart(e.PersonID, e.At)
	case events.PersonErased:
		n.write(`update model.person set hidden = true, erased = true where person_id = $1`, e.PersonID)
	case events.FlagValidated, events.HelpReferred, events.HelpReturned, events.HelpEnded, events.HelpResumed, events.PersonCorrected, events.PersonMerged, events.PersonParted, events.PersonLinked, events.PersonObjected,
		events.DeathTold, events.DeathUndone,
		events.FlagReturned, events.FlagAmended, events.FlagReclassified, events.FlagDismissed, events.FlagWithdrawn, events.ReviewReminded,
		events.CampaignOpened, events.ObservationTold, events.ObservationCorrected, events.ObservationsPublished, events.CampaignEnded, events.CampaignClosed,
		events.ValidationBegun, events.FlagsValidated, events.RefusalCounted, events.EnquiryCounted, events.TablesPublished, events.RecommendationProposed, events.RecommendationMoved,
		events.FlagClosed, events.FlagReopened, events.FlagTakenUp, events.SignalAnswered: // the person took no part
	}
}

func (n contactNote) referral(fact events.Referral) {
	switch e := fact.(type) {
	case events.ReferralOpened:
		n.opened("referral", e.ReferralID, e.PersonID)
		n.tookPart(e.PersonID, e.At)
	case events.ReferralAnswered:
		if !slices.Contains([]string{"in_study", "waitlisted", "offered"}, e.Answer) { // from here on the seat says how long it lasts
			n.ended("referral", e.ReferralID)
		}
	case events.ReferralWithdrawn:
		n.ended("referral", e.ReferralID)
	case events.AddressGiven:
		n.opened("referral", e.ReferralID, e.PersonID)
		n.tookPart(e.PersonID, e.At)
	case events.PlaceLinkIssued, events.PlaceLinkOpened, events.PlaceLinkCodeMissed: // what came of it is said by AddressFollowedUp
	case events.AddressFollowedUp:
		n.ended("referral", e.ReferralID)
		if e.Result != "unreachable" {
			n.tookPartUnder(e.FlagID, e.At)
		}
	case events.ReferralUndone:
		n.opened("referral", e.ReferralID, e.PersonID)
	case events.ContactNoted:
		if e.Direction == "in" && e.Outcome != "returned" || e.Outcome == "reached" || e.Outcome == "call_back" {
			n.tookPart(e.PersonID, e.At)
		}
	case events.ReferralHandedOver, events.ReferralDated, events.CallAsked, events.LetterAsked, events.LetterDue, events.LetterSent, events.CloseAsked,
		events.AlternativeSought, events.AlternativeForgone: // the person took no part
	}
}

const noSeat = `delete from model.seat where referral_id = $1`

func (n contactNote) workshop(fact events.Workshop) {
	switch e := fact.(type) {
	case events.SeatTaken:
		n.write(`insert into model.seat values ($1, $2, ($3::date + 1)::timestamp at time zone 'Europe/Paris') on conflict do nothing`, e.ReferralID, e.PersonID, e.To)
		n.tookPart(e.PersonID, e.At)
	case events.RequestWithdrawn:
		n.write(noSeat, e.ReferralID)
	case events.SeatFreed:
		n.write(noSeat, e.ReferralID)
	case events.RequestCancelled:
		n.write(noSeat, e.ReferralID)
	case events.ProviderRegistered, events.SessionPlanned, events.SeatRequested, events.SeatHeld, events.RequestQueued, events.WaitingListJoined,
		events.RequestDeclined, events.RequestLapsed,
		events.SessionOpened, events.SessionConfirmed, events.SessionCapacityChanged, events.SessionRescheduled, events.SessionAmended, events.MeetingCancelled,
		events.SessionAdapted, events.OwnSeatsSet, events.RelaySet, events.LastSeatsCalled, events.RegistrationClosed, events.SessionStarted, events.SessionCancelled,
		events.SessionStopped, events.SessionClosed, events.PaperFiled, events.ServicesPresented, events.RecordingLinked, events.AttendanceRecorded, events.AttendanceCounted,
		events.RequestStudied, events.AnswerReminded, events.HoldEnded, events.SeatOffered, events.SeatOfferPassed, events.SeatOfferNotReached,
		events.SeatOfferLapsed, events.RequestUnserved, events.ParticipantDropped, events.ParticipantRemoved,
		events.ParticipantRestored, events.NoShow, events.OutcomeRecorded, events.RequestHandedOver, events.AlternativeHeld, events.AlternativeEnded,
		events.LinkIssued, events.LinkOpened, events.LinkCodeMissed, events.LinkUsed, events.LinkAsked:
	}
}

func (n contactNote) equipment(fact events.Equipment) {
	switch e := fact.(type) {
	case events.TabletHandedOver:
		if e.PersonID == "" {
			return // one of the provider's own participants
		}
		n.opened("loan", e.LoanID, e.PersonID)
		n.tookPart(e.PersonID, e.At)
	case events.TabletReturned:
		n.ended("loan", e.LoanID)
		if e.PersonID != "" {
			n.tookPart(e.PersonID, e.At)
		}
	case events.LoanWrittenOff:
		n.ended("loan", e.LoanID)
	case events.ItemRegistered, events.ItemReset, events.ItemSentToRepair, events.ItemRetired, events.StocktakeTaken, events.TabletKept,
		events.TabletLacking, events.TabletReleased, events.TabletSwapped, events.LoanExtended, events.LoanLate, events.LoanLost, events.ItemGranted,
		events.ItemFound, events.ItemTransferred, events.ItemReceived:
	}
}

func (n contactNote) grant(fact events.Grant) {
	switch e := fact.(type) {
	case events.EntitlementRequested:
		n.tookPart(e.PersonID, e.At)
	case events.ItemGiven:
		n.tookPart(e.PersonID, e.At)
	case events.ConnectionBegun:
		n.tookPart(e.PersonID, e.At)
	case events.AppointmentMade:
		n.tookPart(e.PersonID, e.At)
	case events.MinutesUsed:
		n.tookPart(e.PersonID, e.At)
	case events.GrantOpened, events.EntitlementApproved, events.EntitlementRefused, events.EntitlementReleased, events.EntitlementEnded,
		events.EntitlementCompleted, events.ItemGranted, events.CoachNamed, events.AppointmentMissed, events.ConnectionEnding:
	}
}
