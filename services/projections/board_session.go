package projections

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"example.org/passerelle/api/events"
)

// session is what becomes of a session, beside its seats.
func (e entry) session(fact events.Workshop) error {
	switch f := fact.(type) {
	case events.SessionOpened:
		e.write(setSessionStatus, f.SessionID, "open")
		e.write(renewSession, f.SessionID, f.At)
	case events.SessionConfirmed:
		e.write(setSessionStatus, f.SessionID, "confirmed")
	case events.SessionStarted:
		e.write(setSessionStatus, f.SessionID, "running")
		e.write(setCourse, f.SessionID, "in_progress")
	case events.SessionCancelled:
		e.write(setSessionStatus, f.SessionID, "cancelled")
	case events.SessionStopped:
		e.write(setSessionStatus, f.SessionID, "stopped")
	case events.SessionClosed:
		e.write(setSessionStatus, f.SessionID, "closed")
		e.write(setCourse, f.SessionID, "completed")
	case events.SessionCapacityChanged:
		e.write(setCapacity, f.SessionID, f.Capacity, f.At)
	case events.OwnSeatsSet:
		e.write(setOwnSeats, f.SessionID, f.Seats)
	case events.SessionAdapted:
		e.write(adaptSession, f.SessionID, f.Mode, f.At)
	case events.MeetingCancelled:
		e.write(cancelMeeting, f.SessionID, f.Meeting, f.StartsAt, f.EndsAt)
	case events.SessionRescheduled:
		return e.rescheduled(f)
	case events.SessionAmended:
		return e.amended(f)
	case events.RelaySet:
		e.write(setRelay, f.SessionID, f.PlaceID, f.Seats)
	case events.LastSeatsCalled:
		e.write(callLastSeats, f.SessionID, f.At)
	case events.ServicesPresented:
		e.write(setPresented, f.SessionID, listOf(f.Services))
	case events.RecordingLinked:
		e.write(linkRecording, f.SessionID, known(f.URL))
	case events.RegistrationClosed:
		e.write(closeRegistration, f.SessionID, f.At, f.At.UTC().Format(time.RFC3339Nano))
	case events.PaperFiled:
		return e.sessionPart(filePaper, f.SessionID, f.Kind, map[string]any{"title": f.Title, "at": f.At})
	case events.AttendanceRecorded:
		e.write(notePresence, f.SessionID, strconv.Itoa(f.Meeting), listOf(f.Present), listOf(f.Excused), listOf(f.Absent))
		return e.sessionPart(noteAttendance, f.SessionID, strconv.Itoa(f.Meeting), map[string]any{
			"present": len(f.Present), "excused": len(f.Excused), "absent": len(f.Absent), "own_present": f.OwnPresent, "at": f.At,
		})
	case events.AttendanceCounted:
		return e.sessionPart(noteCount, f.SessionID, strconv.Itoa(f.Meeting), map[string]any{"at_home": f.AtHome, "relays": f.Relays})
	default: // of a seat
	}
	return nil
}

// sessionPart writes one member of what is kept as JSON.
func (e entry) sessionPart(sql, session, member string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("part of session %s: %w", session, err)
	}
	e.write(sql, session, member, text)
	return nil
}

func (e entry) rescheduled(f events.SessionRescheduled) error {
	plan, err := json.Marshal(map[string]any{
		"meetings": f.Meetings, "insee": f.Insee, "place": f.Place, "registration_closes_at": f.RegistrationClosesAt,
	})
	if err != nil {
		return fmt.Errorf("plan of session %s: %w", f.SessionID, err)
	}
	first, last := f.At, f.At
	if n := len(f.Meetings); n > 0 {
		first, last = f.Meetings[0].StartsAt, f.Meetings[n-1].EndsAt
	}
	e.write(moveSession, f.SessionID, first, last, known(f.Insee), plan, f.At)
	return nil
}

func (e entry) amended(f events.SessionAmended) error {
	f.By = "" // the plan says who planned
	plan, err := json.Marshal(map[string]any{
		"title": f.Title, "skills": f.Skills, "languages": f.Languages, "accessible": f.Accessible, "lends_equipment": f.LendsEquipment,
		"minimum": f.Minimum, "project_id": f.ProjectID, "programmes": f.Programmes, "audience": f.Audience, "cost_cents": f.CostCents,
		"transport": f.Transport, "level": f.Level, "booking": f.Booking, "immediate_seats": f.ImmediateSeats, "waiting_limit": f.WaitingLimit,
		"assessment_required": f.AssessmentRequired,
	})
	if err != nil {
		return fmt.Errorf("plan of session %s: %w", f.SessionID, err)
	}
	e.write(amendSession, f.SessionID, listOf(f.Skills), listOf(f.Languages), plan)
	return nil
}

// seat is what becomes of a seat after it was asked for.
func (e entry) seat(fact events.Workshop) {
	switch f := fact.(type) {
	case events.RequestStudied:
		e.write(studySeat, f.ReferralID, f.Until, f.HeldUntil)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "studied", by: f.By})
	case events.HoldEnded:
		e.write(queueSeat, f.ReferralID)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "hold_ended"})
	case events.AnswerReminded:
		e.tell(line{referral: f.ReferralID, at: f.At, what: "answer_reminded"})
	case events.SeatOffered:
		e.write(offerSeat, f.ReferralID, f.OfferID, f.Until, f.At)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "seat_offered"})
	case events.SeatOfferPassed:
		e.write(endOffer, f.ReferralID, nil)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "offer_passed", by: f.By})
	case events.SeatOfferNotReached:
		e.write(noteNotReached, f.ReferralID)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "offer_not_reached", by: f.By})
	case events.SeatOfferLapsed:
		var place *int // the one it has
		if !f.Kept {
			place = &e.Version
		}
		e.write(endOffer, f.ReferralID, place)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "offer_lapsed"})
	case events.SeatFreed:
		e.leaves(f.ReferralID, "dropped", line{at: f.At, what: "removed", by: f.By, about: f.Reason})
	case events.ParticipantDropped:
		e.leaves(f.ReferralID, "dropped", line{at: f.At, what: "dropped", by: f.By, about: f.Reason})
	case events.ParticipantRemoved:
		e.leaves(f.ReferralID, "dropped", line{at: f.At, what: "removed", by: f.By, about: f.Reason})
	case events.NoShow:
		e.leaves(f.ReferralID, "no_show", line{at: f.At, what: "no_show", by: f.By})
	case events.RequestUnserved:
		e.leaves(f.ReferralID, "unserved", line{at: f.At, what: "unserved"})
	case events.RequestCancelled:
		e.leaves(f.ReferralID, "cancelled", line{at: f.At, what: "session_cancelled", about: f.Reason})
	case events.ParticipantRestored:
		e.write(setSeat, f.ReferralID, "taken", f.At)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "restored", by: f.By, about: f.Reason})
	case events.RequestHandedOver:
		e.write(handOverSeat, f.ReferralID, f.Desk)
	case events.AlternativeHeld:
		e.write(keepAlternative, f.ReferralID, f.SessionID, f.OfferID, f.Until)
		e.write(keepSeats, f.SessionID, 1)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "alternative_held", about: f.SessionID})
	case events.AlternativeEnded:
		e.write(endAlternative, f.ReferralID, f.SessionID)
		e.write(keepSeats, f.SessionID, -1)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "alternative_ended", by: f.By, about: f.Reason})
	case events.OutcomeRecorded:
		e.write(noteOutcome, f.ReferralID, known(f.Details.Subject()), f.Details.Box(), f.At)
		e.tell(line{referral: f.ReferralID, at: f.At, what: "outcome_recorded", by: f.By})
	default: // of the session
	}
}

func (e entry) leaves(referral, seat string, l line) {
	e.write(setSeat, referral, seat, l.at)
	l.referral = referral
	e.tell(l)
}

const (
	handOverSeat    = `update model.referral set seat_desk = $2 where id = $1`
	keepAlternative = `
insert into model.alternative (referral_id, session_id, offer_id, until) values ($1, $2, $3, $4)
on conflict (referral_id) do update set session_id = excluded.session_id, offer_id = excluded.offer_id, until = excluded.until`
	endAlternative = `delete from model.alternative where referral_id = $1 and session_id = $2`
	keepSeats      = `update model.session set kept = kept + $2::int where id = $1`
	setRelay       = `update model.session set relays = relays || jsonb_build_object($2::text, $3::int) where id = $1`
	setPresented   = `update model.session set presented = $2 where id = $1`
	linkRecording  = `update model.session set recording = $2 where id = $1`
	// closeRegistration: what was closed by hand takes no requests from then on; else its time had come.
	closeRegistration = `
update model.session set plan = plan || jsonb_build_object('registration_closes_at', $3::text)
where id = $1 and (plan->>'registration_closes_at')::timestamptz > $2::timestamptz`
	filePaper      = `update model.session set papers = papers || jsonb_build_object($2::text, $3::jsonb) where id = $1`
	noteAttendance = `update model.session set attendance = attendance || jsonb_build_object($2::text, $3::jsonb) where id = $1`
	noteCount      = `update model.session set attendance = jsonb_set(attendance, array[$2::text, 'counted'], $3::jsonb) where id = $1`
	notePresence   = `
update model.referral set attendance = attendance - $2::text || case when id = any($3::text[]) then jsonb_build_object($2::text, 'present')
  when id = any($4::text[]) then jsonb_build_object($2::text, 'excused') when id = any($5::text[]) then jsonb_build_object($2::text, 'absent') else '{}' end
where seat_session = $1`
	noteOutcome = `
update model.referral set outcome_subject = said.subject, outcome_box = said.box, outcome_at = $4
from (select 1) here left join lateral (
  select $2::text as subject, $3::bytea as box where not exists (select from model.person p where p.id = $2 and p.erased)) said on true
where id = $1`
	callLastSeats = `update model.session set called_at = $2 where id = $1`

	renewSession     = `update model.session set renewed_at = $2 where id = $1`
	setSessionStatus = `update model.session set status = $2 where id = $1`
	setCapacity      = `
update model.session set capacity = $2::int, renewed_at = case when $2::int > capacity then $3 else renewed_at end, plan = plan || jsonb_build_object('capacity', $2::int) where id = $1`
	setOwnSeats   = `update model.session set own = $2 where id = $1`
	adaptSession  = `update model.session set mode = $2::text, renewed_at = $3, plan = plan || jsonb_build_object('mode', $2::text) where id = $1`
	cancelMeeting = `update model.session set cancelled = array_append(cancelled, $2::int), first_at = $3, last_at = $4 where id = $1`
	moveSession   = `update model.session set first_at = $2, last_at = $3, insee = $4, cancelled = '{}', plan = plan || $5::jsonb, renewed_at = $6 where id = $1`
	amendSession  = `update model.session set skills = $2, languages = $3, plan = plan || $4::jsonb where id = $1`

	setCourse = `update model.referral set course = $2 where seat_session = $1 and seat = 'taken'`
	studySeat = `
update model.referral set studied = true, answer_by = $2, held_until = case when seat = 'held' then coalesce($3, held_until) end where id = $1`
	offerSeat      = `update model.referral set offer_id = $2, offer_until = $3, offered_at = $4, not_reached = 0 where id = $1`
	noteNotReached = `update model.referral set not_reached = not_reached + 1 where id = $1`
	endOffer       = `update model.referral set offer_id = null, offer_until = null, place = coalesce($2, place) where id = $1`
	setSeat        = `
update model.referral set seat = $2, held_until = null, offer_id = null, offer_until = null, answered_at = $3 where id = $1`
	// joinList puts somebody on the waiting list; who comes before others moves them.
	joinList = `
with behind as (
  select min(place) as place from (
    select place from model.referral where seat_session = $4 and seat = 'waiting' order by place offset $3::int - 1) rest),
moved as (
  update model.referral r set place = r.place + 1 from behind b where r.seat_session = $4 and r.seat = 'waiting' and r.place >= b.place)
update model.referral set seat = 'waiting', held_until = null, offer_id = null, offer_until = null, answered_at = $2,
  accepted_at = coalesce(accepted_at, $2), place = coalesce((select place from behind), $5::int)
where id = $1`
)
