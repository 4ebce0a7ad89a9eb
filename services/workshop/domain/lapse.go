package domain

import (
	"strings"
	"time"

	"example.org/passerelle/api/events"
)

// Lapse ends a request that nobody answered in time.
type Lapse struct {
	SessionID, ReferralID string
	At                    time.Time
}

// Decide says nothing for a request that was answered, or whose time is not over.
func (l Lapse) Decide(w Workshop) ([]events.Workshop, error) {
	r := w.find(l.ReferralID)
	if !r.open() || l.At.Before(r.answerBy) {
		return nil, nil
	}
	t := telling{Workshop: w}
	t.tell(events.RequestLapsed{SessionID: l.SessionID, ReferralID: l.ReferralID, At: l.At})
	t.passOn(l.SessionID, l.At)
	return t.facts, nil
}

// Deadline is a moment at which a session has to decide something.
type Deadline struct {
	Kind string // "request:<referral>"
	At   time.Time
}

const requestDeadline = "request:"

// Due gives the deadline that a fact sets, nil if none, and the kind of the one that it settles, empty if none.
func Due(fact events.Workshop) (set *Deadline, done string) {
	switch e := fact.(type) {
	case events.SeatRequested:
		return &Deadline{requestDeadline + e.ReferralID, e.AnswerBy}, ""
	case events.SeatTaken:
		return nil, requestDeadline + e.ReferralID
	case events.WaitingListJoined:
		return nil, requestDeadline + e.ReferralID
	case events.RequestDeclined:
		return nil, requestDeadline + e.ReferralID
	case events.RequestLapsed:
		return nil, requestDeadline + e.ReferralID
	case events.RequestWithdrawn:
		return nil, requestDeadline + e.ReferralID
	case events.SessionPlanned, events.SeatHeld, events.RequestQueued, events.ProviderRegistered,
		events.SessionOpened, events.SessionConfirmed, events.SessionCapacityChanged, events.SessionRescheduled, events.SessionAmended, events.MeetingCancelled,
		events.SessionAdapted, events.OwnSeatsSet, events.RelaySet, events.LastSeatsCalled, events.RegistrationClosed, events.SessionStarted, events.SessionCancelled,
		events.SessionStopped, events.SessionClosed, events.PaperFiled, events.ServicesPresented, events.AttendanceRecorded,
		events.RequestStudied, events.AnswerReminded, events.HoldEnded, events.SeatOffered, events.SeatOfferPassed, events.SeatOfferNotReached,
		events.SeatOfferLapsed, events.SeatFreed, events.RequestUnserved, events.RequestCancelled, events.ParticipantDropped, events.ParticipantRemoved,
		events.ParticipantRestored, events.NoShow, events.OutcomeRecorded:
	}
	return nil, ""
}

// DueReferral is the referral that a deadline's kind names, empty for another kind.
func DueReferral(kind string) string {
	referral, ok := strings.CutPrefix(kind, requestDeadline)
	if !ok {
		return ""
	}
	return referral
}
