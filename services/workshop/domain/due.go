package domain

import (
	"strings"
	"time"

	"example.org/passerelle/api/events"
)

// Deadline is a moment at which a session has to decide something.
type Deadline struct {
	Kind string // of the session, or "<kind>:<referral>"
	At   time.Time
}

// What is due. Those of a session:
const (
	dueLastSeats = "call"
	dueClosing   = "closing"
	dueStart     = "start"
	dueEnd       = "end"
)

// And those of a request.
const (
	dueAnswer  = "request"
	dueRemind1 = "remind1"
	dueRemind2 = "remind2"
	dueHold    = "hold"
	dueOffer   = "offer"

	dueAlternative = "alternative"
)

// Due gives the deadlines that a fact sets, and the kinds of those that it settles; those come first.
func Due(fact events.Workshop) (set []Deadline, done []string) {
	switch e := fact.(type) {
	case events.SessionPlanned:
		first, last := spanOf(e.Meetings)
		return course(e.Status, e.At, e.RegistrationClosesAt, first, last, e.Labelled), nil
	case events.SessionOpened:
		first, last := spanOf(e.Meetings)
		return course("open", e.At, e.RegistrationClosesAt, first, last, e.Labelled), nil
	case events.SessionRescheduled:
		first, last := spanOf(e.Meetings)
		return course(e.Status, e.At, e.RegistrationClosesAt, first, last, e.Labelled), wholeCourse
	case events.MeetingCancelled:
		return meetingsMoved(e)
	case events.LastSeatsCalled:
		return nil, []string{dueLastSeats}
	case events.RegistrationClosed:
		return nil, []string{dueLastSeats, dueClosing}
	case events.SessionStarted:
		return nil, []string{dueLastSeats, dueClosing, dueStart}
	case events.SessionCancelled, events.SessionStopped, events.SessionClosed:
		return nil, wholeCourse
	case events.SessionConfirmed, events.SessionCapacityChanged, events.SessionAmended, events.SessionAdapted, events.OwnSeatsSet, events.RelaySet,
		events.PaperFiled, events.ServicesPresented, events.RecordingLinked, events.AttendanceRecorded, events.AttendanceCounted, events.ProviderRegistered:
	case events.SeatRequested:
		return answering(e.ReferralID, e.At, e.AnswerBy), nil
	case events.RequestStudied:
		set = answering(e.ReferralID, e.At, e.Until)
		if e.HeldUntil != nil && e.HeldUntil.Before(e.Until) {
			set = append(set, Deadline{of(dueHold, e.ReferralID), *e.HeldUntil})
		}
		return set, all(e.ReferralID)
	case events.AnswerReminded:
		if e.Times == 1 {
			return nil, []string{of(dueRemind1, e.ReferralID)}
		}
		return nil, []string{of(dueRemind1, e.ReferralID), of(dueRemind2, e.ReferralID)}
	case events.HoldEnded:
		return nil, []string{of(dueHold, e.ReferralID)}
	case events.SeatOffered:
		return []Deadline{{of(dueOffer, e.ReferralID), e.Until}}, nil
	case events.SeatOfferPassed:
		return nil, []string{of(dueOffer, e.ReferralID)}
	case events.SeatOfferLapsed:
		return nil, []string{of(dueOffer, e.ReferralID)}
	case events.SeatTaken:
		return nil, all(e.ReferralID)
	case events.WaitingListJoined:
		return nil, all(e.ReferralID)
	case events.RequestDeclined:
		return nil, all(e.ReferralID)
	case events.RequestLapsed:
		return nil, all(e.ReferralID)
	case events.RequestWithdrawn:
		return nil, all(e.ReferralID)
	case events.RequestUnserved:
		return nil, all(e.ReferralID)
	case events.RequestCancelled:
		return nil, all(e.ReferralID)
	case events.AlternativeHeld:
		return []Deadline{{of(dueAlternative, e.ReferralID), e.Until}}, nil
	case events.AlternativeEnded:
		return nil, []string{of(dueAlternative, e.ReferralID)}
	case events.SeatHeld, events.RequestQueued, events.SeatOfferNotReached, events.RequestHandedOver, events.SeatFreed, events.ParticipantDropped, events.ParticipantRemoved,
		events.ParticipantRestored, events.NoShow, events.OutcomeRecorded,
		events.LinkIssued, events.LinkOpened, events.LinkCodeMissed, events.LinkUsed, events.LinkAsked:
	}
	return nil, nil
}

var wholeCourse = []string{dueLastSeats, dueClosing, dueStart, dueEnd}

// course is what is due in the life of a session, from a moment on.
func course(status string, at, closes, first, last time.Time, labelled bool) (list []Deadline) {
	if status == "open" || status == "confirmed" {
		if call := closes.Add(-lastSeats); at.Before(call) {
			list = append(list, Deadline{dueLastSeats, call})
		}
		list = append(list, Deadline{dueClosing, closes}, Deadline{dueStart, first})
	}
	if !labelled && (status == "running" || len(list) > 0) {
		list = append(list, Deadline{dueEnd, last})
	}
	return list
}

func meetingsMoved(e events.MeetingCancelled) (set []Deadline, done []string) {
	if e.At.Before(e.StartsAt) {
		set, done = append(set, Deadline{dueStart, e.StartsAt}), append(done, dueStart)
	}
	if !e.Labelled {
		set, done = append(set, Deadline{dueEnd, e.EndsAt}), append(done, dueEnd)
	}
	return set, done
}

func spanOf(meetings []events.Meeting) (first, last time.Time) {
	return Workshop{plan: events.SessionPlanned{Meetings: meetings}}.span()
}

// answering is what is due until a request is answered. One that was declined at once was never due.
func answering(referralID string, at, by time.Time) []Deadline {
	whole := by.Sub(at)
	if whole <= 0 {
		return nil
	}
	return []Deadline{
		{of(dueRemind1, referralID), at.Add(whole / 3)}, {of(dueRemind2, referralID), at.Add(2 * (whole / 3))}, {of(dueAnswer, referralID), by},
	}
}

func of(kind, referralID string) string { return kind + ":" + referralID }

// all are the deadlines that a request may have.
func all(referralID string) []string {
	list := []string{dueAnswer, dueRemind1, dueRemind2, dueHold, dueOffer}
	for i, kind := range list {
		list[i] = of(kind, referralID)
	}
	return list
}

// Decision is a command on a session.
type Decision interface {
	Decide(w Workshop) ([]events.Workshop, error)
}

// AtDue is the command that a deadline asks for; nil for a kind of which nothing is known.
func AtDue(sessionID, kind string, at time.Time) Decision {
	what, referral, _ := strings.Cut(kind, ":")
	switch what {
	case dueLastSeats:
		return CallLastSeats{sessionID, at}
	case dueClosing:
		return CloseRegistration{sessionID, at}
	case dueStart:
		return Start{sessionID, at}
	case dueEnd:
		return End{sessionID, at}
	case dueAnswer:
		return Lapse{sessionID, referral, at}
	case dueRemind1:
		return Remind{sessionID, referral, 1, at}
	case dueRemind2:
		return Remind{sessionID, referral, 2, at}
	case dueHold:
		return EndHold{sessionID, referral, at}
	case dueOffer:
		return LapseOffer{sessionID, referral, at}
	case dueAlternative:
		return EndAlternative{SessionID: sessionID, ReferralID: referral, At: at}
	}
	return nil
}
