package projections

import (
	"time"

	"example.org/passerelle/api/events"
)

// What the session says to one of those who asked it.
const (
	studyRequest = `update model.referral set studied = true, answer_by = $2, held_until = $3, seat = case when $3::timestamptz is null then 'queued' else 'held' end where id = $1`
	endHold      = `update model.referral set held_until = null, seat = 'queued' where id = $1`
	offerSeat    = `update model.referral set seat = 'offered', held_until = $2 where id = $1`
	passOffer    = `update model.referral set seat = 'waiting', held_until = null, place = case when $2 then place else $3 end where id = $1`
	endSeat      = `update model.referral set seat = $2, phase = null, held_until = null, answered_at = $3, decline_reason = $4 where id = $1`
	restoreSeat  = `update model.referral set seat = 'taken', phase = 'in_progress', decline_reason = null where id = $1`
	startSeats   = `update model.referral set phase = 'in_progress' where seat_session = $1 and seat = 'taken' and phase is null`
	finishSeats  = `update model.referral set phase = 'completed' where seat_session = $1 and seat = 'taken'`

	askCall = `
insert into model.call (about, kind, why, referral_id, person_id, desk, since, until) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (about, kind) do update set why = excluded.why, since = excluded.since, until = excluded.until`
	endCall = `delete from model.call where referral_id = $1 and kind = $2`
	// The desk and the person are those of the request, which the same service has told.
	callEverybody = `
insert into model.call (about, kind, why, referral_id, person_id, desk, since, until)
select r.id, $2, $3, r.id, r.seat_person, r.seat_desk, $4, $5 from model.referral r
where r.seat_session = $1 and r.seat in ('held', 'queued', 'taken', 'waiting', 'offered') and r.seat_person is not null
on conflict (about, kind) do update set why = excluded.why, since = excluded.since, until = excluded.until`
)

func (e entry) seat(fact events.Workshop) {
	switch f := fact.(type) {
	case events.RequestStudied:
		e.write(studyRequest, f.ReferralID, f.Until, f.HeldUntil)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "studied", by: f.By})
	case events.AnswerReminded:
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "answer_reminded"})
	case events.HoldEnded:
		e.write(endHold, f.ReferralID)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "hold_ended"})
	case events.SeatOffered, events.SeatOfferPassed, events.SeatOfferNotReached, events.SeatOfferLapsed:
		e.offer(fact)
	case events.ParticipantRestored:
		e.write(restoreSeat, f.ReferralID)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "restored", by: f.By})
	default:
		e.lost(fact)
	}
}

// offer is what becomes of a seat that fell free.
func (e entry) offer(fact events.Workshop) {
	switch f := fact.(type) {
	case events.SeatOffered:
		e.write(offerSeat, f.ReferralID, f.Until)
		e.write(askCall, f.OfferID, "seat_offer", "seat_free", f.ReferralID, f.PersonID, f.Desk, f.At, f.Until)
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "seat_offered"})
	case events.SeatOfferPassed:
		e.write(passOffer, f.ReferralID, true, e.Version)
		e.write(endCall, f.ReferralID, "seat_offer")
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "offer_passed", by: f.By})
	case events.SeatOfferNotReached:
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "offer_not_reached", by: f.By})
	case events.SeatOfferLapsed:
		e.write(passOffer, f.ReferralID, f.Kept, e.Version)
		e.write(endCall, f.ReferralID, "seat_offer")
		e.said(f.SessionID, line{referral: f.ReferralID, at: f.At, what: "offer_lapsed"})
	default: // see seat
	}
}

// lost is the end of a request or of a seat.
func (e entry) lost(fact events.Workshop) {
	end := func(session, referral, seat, by, reason string, at time.Time) {
		e.write(endSeat, referral, seat, at, known(reason))
		e.write(endCall, referral, "seat_offer")
		e.said(session, line{referral: referral, at: at, what: seat, by: by, about: reason})
	}
	switch f := fact.(type) {
	case events.SeatFreed:
		end(f.SessionID, f.ReferralID, "dropped", f.By, f.Reason, f.At)
	case events.RequestUnserved:
		end(f.SessionID, f.ReferralID, "unserved", "", "", f.At)
	case events.RequestCancelled:
		end(f.SessionID, f.ReferralID, "cancelled", "", f.Reason, f.At)
		e.write(askCall, f.ReferralID, "session_cancelled", f.Reason, f.ReferralID, f.PersonID, f.Desk, f.At, f.At)
	case events.ParticipantDropped:
		end(f.SessionID, f.ReferralID, "dropped", f.By, f.Reason, f.At)
	case events.ParticipantRemoved:
		end(f.SessionID, f.ReferralID, "dropped", f.By, f.Reason, f.At)
	case events.NoShow:
		end(f.SessionID, f.ReferralID, "no_show", f.By, "", f.At)
	default: // see seat
	}
}

// everybody is what a session says to all of its people at once.
func (e entry) everybody(fact events.Workshop) {
	switch f := fact.(type) {
	case events.SessionStarted:
		e.write(startSeats, f.SessionID)
		e.write(setSessionVersion, f.SessionID, e.Version)
	case events.SessionClosed:
		e.write(finishSeats, f.SessionID)
		e.write(setSessionVersion, f.SessionID, e.Version)
	case events.SessionRescheduled:
		if first, _ := span(f.Meetings); !first.IsZero() {
			e.write(callEverybody, f.SessionID, "session_moved", f.Reason, f.At, first)
		}
		e.write(setSessionVersion, f.SessionID, e.Version)
	case events.MeetingCancelled:
		e.write(callEverybody, f.SessionID, "session_moved", "meeting_cancelled", f.At, f.StartsAt)
		e.write(setSessionVersion, f.SessionID, e.Version)
	default: // see workshop
	}
}

func span(meetings []events.Meeting) (first, last time.Time) {
	if n := len(meetings); n > 0 {
		return meetings[0].StartsAt, meetings[n-1].EndsAt
	}
	return first, last
}
