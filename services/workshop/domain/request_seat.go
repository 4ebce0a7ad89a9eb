package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// ErrNoSession says that there is no such session, or none of this provider.
var ErrNoSession = refusal.New(refusal.NotFound, "unknown_session", "There is no such session. Look for it again in the list of sessions.")

// RequestSeat is a referral that reaches the session.
type RequestSeat struct {
	SessionID, ReferralID, FlagID, PersonID string
	Desk                                    string
	LoanWanted                              bool
	At                                      time.Time
}

// Decide holds a free seat, queues the request, or, under the provider's standing yes, seats or ranks it at
// once. A session that takes no requests declines by itself. Asked twice, nothing new.
func (r RequestSeat) Decide(w Workshop) ([]events.Workshop, error) {
	if !w.exists() {
		return nil, ErrNoSession
	}
	if w.find(r.ReferralID) != nil {
		return nil, nil
	}
	requested := events.SeatRequested{
		SessionID: r.SessionID, ReferralID: r.ReferralID, FlagID: r.FlagID, PersonID: r.PersonID,
		Desk: r.Desk, LoanWanted: r.LoanWanted, AnswerBy: r.At, At: r.At,
	}
	if !w.TakesRequests(r.At) {
		return tell(requested, events.RequestDeclined{
			SessionID: r.SessionID, ReferralID: r.ReferralID, Reason: "session_not_open", At: r.At,
		})
	}
	requested.AnswerBy = w.answerBy(r.At)
	return tell(requested, r.answer(w, requested.AnswerBy))
}

func (r RequestSeat) answer(w Workshop, by time.Time) events.Workshop {
	switch {
	case w.seatsAtOnce():
		return w.seat(r.SessionID, request{referralID: r.ReferralID, flagID: r.FlagID, personID: r.PersonID, loanWanted: r.LoanWanted}, w.plan.By, r.At)
	case w.ranksAtOnce():
		return events.WaitingListJoined{SessionID: r.SessionID, ReferralID: r.ReferralID, Rank: len(w.waiting) + 1, By: w.plan.By, At: r.At}
	case w.seatFor():
		return events.SeatHeld{SessionID: r.SessionID, ReferralID: r.ReferralID, Until: by, At: r.At}
	}
	return events.RequestQueued{SessionID: r.SessionID, ReferralID: r.ReferralID, WouldBeRank: w.wouldBeRank(), At: r.At}
}

// seatsAtOnce: the standing yes covers so many seats; in a webinar everybody.
func (w Workshop) seatsAtOnce() bool {
	return w.standingYes() && w.seatFor() && (w.Unlimited() || w.immediate < w.plan.ImmediateSeats)
}

// ranksAtOnce: the standing yes ranks while the session is full, up to the limit of the waiting list.
func (w Workshop) ranksAtOnce() bool {
	return w.standingYes() && !w.seatFor() && (w.plan.WaitingLimit == nil || len(w.waiting) < *w.plan.WaitingLimit)
}

func (w Workshop) standingYes() bool { return w.plan.Booking == "immediate" }

// wouldBeRank is the rank of a new request if those without a seat before it get their yes first.
func (w Workshop) wouldBeRank() int {
	rank := len(w.waiting) + 1
	for _, r := range w.requests {
		rank += count(r.answer == Queued)
	}
	return rank
}

func (w Workshop) seat(sessionID string, r request, by string, at time.Time) events.SeatTaken {
	meetings := w.plan.Meetings
	return events.SeatTaken{
		SessionID: sessionID, ReferralID: r.referralID, FlagID: r.flagID, PersonID: r.personID,
		ProviderID: w.ProviderID, LoanWanted: r.loanWanted,
		From: reference.Day(meetings[0].StartsAt), To: reference.Day(meetings[len(meetings)-1].EndsAt), By: by, At: at,
	}
}

// answerBy is the earliest of thirty days, half the time to the first meeting (at least two working days) and
// the closing of registration.
func (w Workshop) answerBy(at time.Time) time.Time {
	half := at.Add(w.plan.Meetings[0].StartsAt.Sub(at) / 2)
	if least := reference.WorkingDaysLater(at, 2); half.Before(least) {
		half = least
	}
	return earliest(at.In(reference.Paris).AddDate(0, 0, 30), half, w.plan.RegistrationClosesAt).UTC().Truncate(time.Microsecond)
}

func earliest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.Before(first) {
			first = t
		}
	}
	return first
}
