package projections

import (
	"time"

	"example.org/passerelle/api/events"
)

// What a session has its desks say to people.
const (
	askCall = `
insert into model.call (about, kind, why, referral_id, person_id, desk, since, until) values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (about, kind) do update set why = excluded.why, since = excluded.since, until = excluded.until`
	endCall = `delete from model.call where referral_id = $1 and kind = $2`
	// The desk and the person are those of the request, which the same service has told.
	callEverybody = `
insert into model.call (about, kind, why, referral_id, person_id, desk, since, until)
select r.id, $2, $3, r.id, r.seat_person, r.seat_desk, $4, $5 from model.referral r
where r.seat_session = $1 and r.seat in ('held', 'queued', 'taken', 'waiting') and r.seat_person is not null
on conflict (about, kind) do update set why = excluded.why, since = excluded.since, until = excluded.until`
)

// calls are the lines of today's list that a session asks for, or that its word settles.
func (e entry) calls(fact events.Workshop) {
	switch f := fact.(type) {
	case events.SeatOffered:
		e.write(askCall, f.OfferID, "seat_offer", "seat_free", f.ReferralID, f.PersonID, f.Desk, f.At, f.Until)
	case events.SeatOfferPassed:
		e.write(endCall, f.ReferralID, "seat_offer")
	case events.SeatOfferLapsed:
		e.write(endCall, f.ReferralID, "seat_offer")
	case events.RequestUnserved:
		e.write(endCall, f.ReferralID, "seat_offer")
	case events.RequestCancelled:
		e.write(endCall, f.ReferralID, "seat_offer")
		e.write(askCall, f.ReferralID, "session_cancelled", f.Reason, f.ReferralID, f.PersonID, f.Desk, f.At, f.At)
	case events.SessionRescheduled:
		if first, _ := span(f.Meetings); !first.IsZero() {
			e.write(callEverybody, f.SessionID, "session_moved", f.Reason, f.At, first)
		}
	case events.MeetingCancelled:
		e.write(callEverybody, f.SessionID, "session_moved", "meeting_cancelled", f.At, f.StartsAt)
	default: // nobody is to be rung
	}
}

func span(meetings []events.Meeting) (first, last time.Time) {
	if n := len(meetings); n > 0 {
		return meetings[0].StartsAt, meetings[n-1].EndsAt
	}
	return first, last
}
