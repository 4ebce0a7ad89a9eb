package referral

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/referral/domain"
)

func (n noting) workshop(fact events.Workshop) {
	switch e := fact.(type) {
	case events.ProviderRegistered: // see providers
	case events.SessionPlanned:
		first, last := span(e.Meetings)
		n.write(`insert into model.session values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
			e.SessionID, e.ProviderID, e.Status, first, e.RegistrationClosesAt, last)
	case events.RelaySet:
		n.write(`insert into model.relay values ($1, $2) on conflict do nothing`, e.SessionID, e.PlaceID)
	case events.AlternativeHeld:
		n.write(`insert into model.alternative values ($1, $2, $3) on conflict (referral_id) do update set session_id = excluded.session_id`, e.ReferralID, e.FlagID, e.SessionID)
	case events.AlternativeEnded:
		n.write(`delete from model.alternative where referral_id = $1 and session_id = $2`, e.ReferralID, e.SessionID)
	case events.SessionOpened:
		n.status(e.SessionID, "open")
	case events.SessionConfirmed:
		n.status(e.SessionID, "confirmed")
	case events.SessionCancelled:
		n.status(e.SessionID, "cancelled")
	case events.SessionStopped:
		n.status(e.SessionID, "stopped")
	case events.SessionRescheduled:
		first, last := span(e.Meetings)
		n.write(`update model.session set registration_closes_at = $2 where id = $1`, e.SessionID, e.RegistrationClosesAt)
		n.meets(e.SessionID, first, last)
	case events.MeetingCancelled:
		n.meets(e.SessionID, e.StartsAt, e.EndsAt)
	case events.SessionStarted:
		n.status(e.SessionID, "running")
		n.write(`update model.seat set status = $2, started = true where session_id = $1 and status = $3`, e.SessionID, domain.InProgress, domain.Enrolled)
	case events.SessionClosed:
		n.status(e.SessionID, "closed")
		n.write(`update model.seat set status = $2, finished = true where session_id = $1 and status = $3`, e.SessionID, domain.Completed, domain.InProgress)
	case events.SessionCapacityChanged, events.SessionAmended, events.SessionAdapted, events.OwnSeatsSet, events.LastSeatsCalled,
		events.RegistrationClosed, events.PaperFiled, events.ServicesPresented, events.RecordingLinked, events.AttendanceRecorded, events.AttendanceCounted, events.AnswerReminded, events.OutcomeRecorded,
		events.LinkIssued, events.LinkOpened, events.LinkCodeMissed, events.LinkUsed, events.LinkAsked, events.RequestHandedOver,
		events.SeatRequested: // what the session says to a referral follows in the same decision
	case events.SeatHeld, events.RequestQueued, events.SeatTaken, events.WaitingListJoined, events.RequestDeclined, events.RequestLapsed, events.RequestWithdrawn,
		events.RequestStudied, events.HoldEnded, events.SeatOffered, events.SeatOfferPassed, events.SeatOfferNotReached, events.SeatOfferLapsed,
		events.SeatFreed, events.RequestUnserved, events.RequestCancelled, events.ParticipantDropped, events.ParticipantRemoved,
		events.ParticipantRestored, events.NoShow:
		n.answer(fact)
	}
}

// answer notes what the session says to one referral.
func (n noting) answer(fact events.Workshop) {
	switch e := fact.(type) {
	case events.SeatHeld:
		n.seat(e.SessionID, e.ReferralID, seat{Status: domain.Requested, Seat: "held", HeldUntil: &e.Until})
	case events.RequestQueued:
		n.seat(e.SessionID, e.ReferralID, seat{Status: domain.Requested, Seat: "none", WouldBeRank: &e.WouldBeRank})
	case events.RequestStudied:
		n.seat(e.SessionID, e.ReferralID, seat{Status: domain.InStudy, Seat: holds(e.HeldUntil), HeldUntil: e.HeldUntil})
	case events.SeatTaken:
		n.seat(e.SessionID, e.ReferralID, seat{Status: domain.Enrolled, Seat: "taken"})
	case events.ParticipantRestored:
		n.seat(e.SessionID, e.ReferralID, seat{Status: domain.InProgress, Seat: "taken"})
	case events.WaitingListJoined:
		n.seat(e.SessionID, e.ReferralID, seat{Status: domain.Waitlisted, Seat: "none", Rank: &e.Rank})
	case events.SeatOffered:
		n.seat(e.SessionID, e.ReferralID, seat{Status: domain.Offered, Seat: "held", HeldUntil: &e.Until})
	default:
		if t, ok := toldOf(fact); ok {
			n.seat(t.session, t.referral, seat{Status: t.answer, Seat: "none"})
		}
	}
}

func holds(until *time.Time) string {
	if until == nil {
		return "none"
	}
	return "held"
}

func span(meetings []events.Meeting) (first, last time.Time) {
	if n := len(meetings); n > 0 {
		return meetings[0].StartsAt, meetings[n-1].EndsAt
	}
	return first, last
}

func (n noting) status(session, status string) {
	n.write(`update model.session set status = $2 where id = $1`, session, status)
}

func (n noting) meets(session string, first, last time.Time) {
	n.write(`update model.session set first_meeting = $2, last_meeting = $3 where id = $1`, session, first, last)
}

// seat is what the session has said to a referral.
type seat struct {
	Status, Seat      string
	HeldUntil         *time.Time
	WouldBeRank, Rank *int
}

func (n noting) seat(session, referral string, s seat) {
	n.write(`insert into model.seat values ($1, $2, $3, $4, $5, $6, $7)
on conflict (referral_id) do update set status = excluded.status, seat = excluded.seat, held_until = excluded.held_until,
  would_be_rank = excluded.would_be_rank, rank = excluded.rank`, referral, s.Status, s.Seat, s.HeldUntil, s.WouldBeRank, s.Rank, session)
}
