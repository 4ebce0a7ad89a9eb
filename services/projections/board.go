package projections

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
)

//go:embed board.sql
var tables string

// Board is the read model. Raise Version with every change of what a fact writes.
func Board() projection.Projection {
	return projection.Projection{Name: "board", Services: Services(), Tables: tables, Version: 11, Apply: apply}
}

func apply(b *projection.Batch, h projection.Heard) error {
	return entry{b, b.Schema(), h}.apply()
}

// entry is one fact on its way into the tables of a generation.
type entry struct {
	batch  *projection.Batch
	schema string
	projection.Heard
}

func (e entry) apply() error {
	switch fact := e.Fact.(type) {
	case events.Places:
		return e.places(fact)
	case events.Providers:
		return e.providers(fact)
	case events.Detection:
		e.detection(fact)
	case events.Referral:
		e.referral(fact)
	case events.Workshop:
		return e.workshop(fact)
	case events.Equipment:
		e.equipment(fact)
	case events.Grant:
		e.grants(fact)
	}
	return nil
}

func (e entry) write(sql string, args ...any) { e.batch.Queue(engine.In(e.schema, sql), args...) }

// line is what a fact adds to the history of a flag or of a referral.
type line struct {
	flag, referral string
	at             time.Time
	what           string
	by             string
	about          string
}

func (e entry) tell(l line) {
	e.batch.Add(engine.In(e.schema, addHistory), e.Service, e.Position, known(l.flag), known(l.referral), l.at, l.what, known(l.by), known(l.about))
}

// known is nil for what the fact leaves empty.
func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (e entry) detection(fact events.Detection) {
	switch f := fact.(type) {
	case events.PersonRegistered, events.PersonCorrected, events.PersonMoved, events.PersonMerged, events.PersonParted, events.RecordJoined, events.RecordLeft,
		events.PersonLinked, events.WishesNoted, events.ConsentNoted, events.PersonObjected, events.DeathTold, events.DeathUndone,
		events.ErasureRequested, events.ErasureUndone, events.PersonErased:
		e.person(fact)
	case events.SeniorFlagged:
		e.write(putFlag, f.FlagID, f.Reference, known(f.PersonID), f.Fund, f.Programme, f.Desk, f.Department, f.Channel, f.FindingDate,
			f.Status, f.Help, known(f.Deadline), f.MayRefer, f.By, f.At, known(f.Details.Subject()), f.Details.Box(), e.Version, f.Unreviewed, e.Name)
		e.tell(line{flag: f.FlagID, at: f.At, what: "flagged", by: f.By, about: f.Programme})
	case events.FlagValidated:
		e.write(validateFlag, f.FlagID, f.At, e.Version, f.By)
		e.tell(line{flag: f.FlagID, at: f.At, what: "validated", by: f.By})
	case events.FlagReturned, events.FlagAmended, events.FlagReclassified, events.FlagDismissed, events.FlagWithdrawn, events.ReviewReminded:
		e.review(fact)
	case events.CampaignOpened, events.ObservationTold, events.ObservationCorrected, events.ObservationsPublished, events.CampaignEnded, events.CampaignClosed,
		events.ValidationBegun, events.FlagsValidated, events.RefusalCounted, events.EnquiryCounted, events.TablesPublished, events.RecommendationProposed, events.RecommendationMoved: // of nobody
	case events.HelpReferred:
		e.write(setHelp, f.FlagID, "referred", e.Version, f.At)
		e.tell(line{flag: f.FlagID, at: f.At, what: "referred", about: f.ReferralID})
	case events.HelpReturned:
		e.write(setHelp, f.FlagID, f.Help, e.Version, f.At)
		e.tell(line{flag: f.FlagID, at: f.At, what: "referral_ended", about: f.ReferralID})
	case events.HelpEnded:
		e.write(setHelp, f.FlagID, f.Help, e.Version, f.At)
		e.write(setOutcome, f.FlagID, f.Help, endOutcomes[f.Reason])
		e.tell(line{flag: f.FlagID, at: f.At, what: "help_ended", about: f.Reason})
	case events.HelpResumed:
		e.write(setHelp, f.FlagID, f.Help, e.Version, f.At)
		e.tell(line{flag: f.FlagID, at: f.At, what: "help_resumed"})
	case events.FlagHandedOver:
		e.write(handOverFlag, f.FlagID, f.Desk, f.Department, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "handed_over", about: f.Desk})
	case events.FlagClosed, events.FlagReopened, events.HelpWished, events.HelpActed, events.SignalSent, events.SignalAnswered, events.FlagTransferred, events.FlagTakenUp:
		e.help(fact)
	}
}

func (e entry) referral(fact events.Referral) {
	switch f := fact.(type) {
	case events.ReferralOpened:
		e.write(openReferral, f.ReferralID, f.FlagID, f.PersonID, f.SessionID, f.ProviderID, f.Fund, f.Programme, f.Desk, f.Department,
			f.LoanWanted, known(f.Follows), known(f.Together), f.At, e.Version, f.MayPart)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "opened", by: f.By, about: f.SessionID})
	case events.ReferralAnswered: // the session has said it in its own words
		e.write(setReferralVersion, f.ReferralID, e.Version)
	case events.ReferralHandedOver:
		e.write(handOverReferral, f.ReferralID, f.Desk, f.Department, e.Version)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "handed_over", about: f.Desk})
	case events.ReferralWithdrawn:
		e.write(withdrawReferral, f.ReferralID, f.At, f.Reason, e.Version)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "withdrawn", by: f.By, about: f.Reason})
	case events.AddressGiven, events.AddressFollowedUp, events.ReferralUndone, events.ReferralDated, events.CallAsked, events.LetterDue, events.LetterSent,
		events.PlaceLinkIssued, events.PlaceLinkOpened, events.PlaceLinkCodeMissed:
		e.afterwards(fact)
	case events.ContactNoted, events.LetterAsked, events.CloseAsked:
		e.contact(fact)
	case events.AlternativeSought, events.AlternativeForgone: // the session says what is kept
		e.write(setReferralVersion, strings.TrimPrefix(f.Stream(), "referral:"), e.Version)
	}
}

func (e entry) workshop(fact events.Workshop) error {
	switch f := fact.(type) {
	case events.ProviderRegistered: // see providers
	case events.SessionPlanned:
		return e.sessionPlanned(f)
	case events.SeatRequested:
		e.write(requestSeat, f.ReferralID, f.SessionID, f.PersonID, f.Desk, f.LoanWanted, f.At, f.AnswerBy, e.Version, known(f.RelayID), known(f.Priority))
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "seat_requested", about: f.SessionID})
	case events.SeatHeld:
		e.write(holdSeat, f.ReferralID, f.Until)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "seat_held"})
	case events.RequestQueued:
		e.write(queueSeat, f.ReferralID)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "queued"})
	case events.SeatTaken:
		e.write(answerYes, f.ReferralID, f.At, e.Version)
		e.write(endCall, f.ReferralID, "seat_offer")
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "seat_taken", by: f.By})
	case events.WaitingListJoined:
		e.write(joinList, f.ReferralID, f.At, f.Rank, f.SessionID, e.Version)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "waiting_list_joined", by: f.By})
	case events.RequestDeclined:
		e.write(declineRequest, f.ReferralID, f.At, f.Reason, known(f.Message.Subject()), f.Message.Box())
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "declined", by: f.By, about: f.Reason})
	case events.RequestLapsed:
		e.write(endRequest, f.ReferralID, "lapsed", f.SessionID, f.At)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "lapsed"})
	case events.SessionOpened, events.SessionConfirmed, events.SessionCapacityChanged, events.SessionRescheduled, events.SessionAmended,
		events.MeetingCancelled, events.SessionAdapted, events.OwnSeatsSet, events.RelaySet, events.LastSeatsCalled, events.RegistrationClosed,
		events.SessionStarted, events.SessionCancelled, events.SessionStopped, events.SessionClosed, events.PaperFiled, events.ServicesPresented, events.RecordingLinked,
		events.AttendanceRecorded, events.AttendanceCounted:
		e.write(setSessionVersion, strings.TrimPrefix(f.Stream(), "session:"), e.Version, e.Position)
		e.calls(fact)
		return e.session(fact)
	case events.RequestStudied, events.AnswerReminded, events.HoldEnded, events.SeatOffered, events.SeatOfferPassed, events.SeatOfferNotReached,
		events.SeatOfferLapsed, events.SeatFreed, events.RequestUnserved, events.RequestCancelled, events.ParticipantDropped,
		events.ParticipantRemoved, events.ParticipantRestored, events.NoShow, events.OutcomeRecorded, events.RequestHandedOver, events.AlternativeHeld,
		events.AlternativeEnded:
		e.write(setSessionVersion, strings.TrimPrefix(f.Stream(), "session:"), e.Version, e.Position)
		e.seat(fact)
		e.calls(fact)
	case events.LinkIssued, events.LinkOpened, events.LinkCodeMissed, events.LinkUsed, events.LinkAsked:
		e.write(setSessionVersion, strings.TrimPrefix(f.Stream(), "session:"), e.Version, e.Position)
		e.link(fact)
	case events.RequestWithdrawn:
		e.write(endRequest, f.ReferralID, "withdrawn", f.SessionID, f.At)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "request_withdrawn"})
	}
	return nil
}

// said is what every later fact of a session does: its version moves on, the referral has a line more.
func (e entry) said(session string, l line) {
	e.write(setSessionVersion, session, e.Version, e.Position)
	e.tell(l)
}

func (e entry) sessionPlanned(f events.SessionPlanned) error {
	plan, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("plan of session %s: %w", f.SessionID, err)
	}
	first, last := f.At, f.At
	if n := len(f.Meetings); n > 0 {
		first, last = f.Meetings[0].StartsAt, f.Meetings[n-1].EndsAt
	}
	e.write(planSession, f.SessionID, f.ProviderID, f.Status, f.Mode, known(f.Insee), listOf(f.Skills), listOf(f.Languages), f.Capacity,
		first, last, plan, e.Version, e.Position, f.At)
	return nil
}

// listOf is the list itself, empty where there is none.
func listOf(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
