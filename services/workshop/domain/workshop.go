// Package domain holds the rules of a session: who asked, whose seat is held or taken, who waits.
//
// A request:
//
//	                 ┌─────────► declined | lapsed | withdrawn
//	asked ──► held ──┤
//	  │        ▲     └─────────► enrolled ──► withdrawn
//	  │        │ a seat fell free       ▲
//	  ├──► queued ──────────────────────┘ a yes, if a seat is free and nobody waits
//	  │        └───────────────► waitlisted (rank 1..n) ──► withdrawn
//	  ├──► enrolled | waitlisted          the provider's standing yes
//	  └──► declined                       the session takes no requests
//
// taken + held never exceeds the capacity; a seat that falls free while people wait is theirs, by offer.
package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
)

// What became of a request.
const (
	Held       = "held"
	Queued     = "queued"
	Enrolled   = "enrolled"
	Waitlisted = "waitlisted"
	Declined   = "declined"
	Expired    = "expired"
	Withdrawn  = "withdrawn"

	asked = "asked" // only within the decision that takes a request
)

// Workshop is one session. It is never changed in place: Evolve gives the next one.
type Workshop struct {
	ProviderID string
	Mode       string
	Capacity   int
	Status     string // as planned; StatusAt says what it is now
	Taken      int
	Held       int

	plan      events.SessionPlanned
	requests  []*request // in the order they came
	waiting   []string   // referrals, in the order of the yes
	immediate int        // seats taken by the standing yes
}

type request struct {
	referralID, flagID, personID string
	loanWanted                   bool
	answerBy                     time.Time
	heldUntil                    time.Time
	wouldBeRank                  int
	answer                       string
}

func (r *request) open() bool { return r != nil && (r.answer == Held || r.answer == Queued) }

// Plan is the session as it was planned; its lists are not to be changed.
func (w Workshop) Plan() events.SessionPlanned { return w.plan }

// Unlimited says that everybody finds a seat: a webinar.
func (w Workshop) Unlimited() bool { return w.Mode == "webinar" }

// Free is how many seats are neither taken nor held.
func (w Workshop) Free() int { return max(0, w.Capacity-w.Taken-w.Held) }

// Waiting is how many people are on the waiting list.
func (w Workshop) Waiting() int { return len(w.waiting) }

// CapacityStatus says in one word whether it is worth asking for a seat.
func (w Workshop) CapacityStatus() string {
	switch full := !w.Unlimited() && w.Free() == 0; {
	case !full && w.plan.AssessmentRequired:
		return "additional-assessment-required"
	case !full:
		return "capacity"
	case w.plan.WaitingLimit != nil && len(w.waiting) >= *w.plan.WaitingLimit:
		return "no-capacity"
	}
	return "waitlist"
}

// StatusAt is the session's status at a moment: an open one runs when its first meeting begins.
func (w Workshop) StatusAt(now time.Time) string {
	if w.Status != "open" && w.Status != "running" {
		return w.Status
	}
	return statusOf(w.plan.Meetings, now)
}

// TakesRequests says whether somebody may still ask for a seat.
func (w Workshop) TakesRequests(now time.Time) bool {
	return w.StatusAt(now) == "open" && now.Before(w.plan.RegistrationClosesAt)
}

// Answer is what the session says to one referral.
type Answer struct {
	Status      string    // held, queued, enrolled, waitlisted, declined, expired, withdrawn; empty: never asked
	Rank        int       // present rank, of a waitlisted one
	WouldBeRank int       // of a queued one, when it came
	HeldUntil   time.Time // of a held one
	AnswerBy    time.Time
}

// AnswerTo gives what the session says to a referral.
func (w Workshop) AnswerTo(referralID string) Answer {
	r := w.find(referralID)
	if r == nil {
		return Answer{}
	}
	return Answer{r.answer, slices.Index(w.waiting, referralID) + 1, r.wouldBeRank, r.heldUntil, r.answerBy}
}

// PersonOf is who a referral asked a seat for, empty if it never did.
func (w Workshop) PersonOf(referralID string) string {
	if r := w.find(referralID); r != nil {
		return r.personID
	}
	return ""
}

// seatFor says whether somebody new may have a seat: one is free, and nobody waits for it.
func (w Workshop) seatFor() bool { return w.Unlimited() || w.Free() > 0 && len(w.waiting) == 0 }

func (w Workshop) exists() bool { return w.ProviderID != "" }

func (w Workshop) find(referralID string) *request {
	for _, r := range w.requests {
		if r.referralID == referralID {
			return r
		}
	}
	return nil
}

// Evolve is the session after a fact.
func Evolve(w Workshop, fact events.Workshop) Workshop {
	switch e := fact.(type) {
	case events.ProviderRegistered: // in a stream of its own: see Provider
	case events.SessionOpened, events.SessionConfirmed, events.SessionCapacityChanged, events.SessionRescheduled, events.SessionAmended, events.MeetingCancelled,
		events.SessionAdapted, events.OwnSeatsSet, events.RelaySet, events.LastSeatsCalled, events.RegistrationClosed, events.SessionStarted, events.SessionCancelled,
		events.SessionStopped, events.SessionClosed, events.PaperFiled, events.ServicesPresented, events.AttendanceRecorded,
		events.RequestStudied, events.AnswerReminded, events.HoldEnded, events.SeatOffered, events.SeatOfferPassed, events.SeatOfferNotReached,
		events.SeatOfferLapsed, events.SeatFreed, events.RequestUnserved, events.RequestCancelled, events.ParticipantDropped, events.ParticipantRemoved,
		events.ParticipantRestored, events.NoShow, events.OutcomeRecorded: // to come
	case events.SessionPlanned:
		return Workshop{ProviderID: e.ProviderID, Mode: e.Mode, Capacity: e.Capacity, Status: e.Status, plan: e}
	case events.SeatRequested:
		w.requests = append(slices.Clip(w.requests), &request{
			referralID: e.ReferralID, flagID: e.FlagID, personID: e.PersonID, loanWanted: e.LoanWanted,
			answerBy: e.AnswerBy, answer: asked,
		})
	case events.SeatHeld:
		return w.with(e.ReferralID, func(r *request) { r.answer, r.heldUntil = Held, e.Until })
	case events.RequestQueued:
		return w.with(e.ReferralID, func(r *request) { r.answer, r.wouldBeRank = Queued, e.WouldBeRank })
	case events.SeatTaken:
		if r := w.find(e.ReferralID); r != nil && r.answer == asked {
			w.immediate++
		}
		return w.with(e.ReferralID, func(r *request) { r.answer = Enrolled })
	case events.WaitingListJoined:
		w.waiting = append(slices.Clip(w.waiting), e.ReferralID)
		return w.with(e.ReferralID, func(r *request) { r.answer = Waitlisted })
	case events.RequestDeclined:
		return w.with(e.ReferralID, func(r *request) { r.answer = Declined })
	case events.RequestLapsed:
		return w.with(e.ReferralID, func(r *request) { r.answer = Expired })
	case events.RequestWithdrawn:
		w.waiting = without(w.waiting, e.ReferralID)
		return w.with(e.ReferralID, func(r *request) { r.answer = Withdrawn })
	}
	return w
}

// with is the session with one request changed, and counted again.
func (w Workshop) with(referralID string, change func(*request)) Workshop {
	i := slices.IndexFunc(w.requests, func(r *request) bool { return r.referralID == referralID })
	if i < 0 { // withdrawn before it was heard
		w.requests = append(slices.Clip(w.requests), &request{referralID: referralID})
		i = len(w.requests) - 1
	}
	before, after := w.requests[i], *w.requests[i]
	change(&after)
	w.requests = slices.Clone(w.requests)
	w.requests[i] = &after
	w.Taken += count(after.answer == Enrolled) - count(before.answer == Enrolled)
	w.Held += count(after.answer == Held) - count(before.answer == Held)
	return w
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func without(list []string, out string) []string {
	i := slices.Index(list, out)
	if i < 0 {
		return list
	}
	return slices.Delete(slices.Clone(list), i, i+1)
}

func tell(facts ...events.Workshop) ([]events.Workshop, error) { return facts, nil }

// telling collects the facts of a decision, and the session as they leave it.
type telling struct {
	Workshop
	facts []events.Workshop
}

func (t *telling) tell(facts ...events.Workshop) {
	for _, f := range facts {
		t.facts = append(t.facts, f)
		t.Workshop = Evolve(t.Workshop, f)
	}
}

// passOn gives a hold that fell free to the oldest unanswered request without one; while people wait, the
// seat is theirs.
func (t *telling) passOn(sessionID string, at time.Time) {
	for t.seatFor() {
		next := t.oldestQueued(at)
		if next == nil {
			return
		}
		t.tell(events.SeatHeld{SessionID: sessionID, ReferralID: next.referralID, Until: next.answerBy, At: at})
	}
}

func (w Workshop) oldestQueued(at time.Time) *request {
	for _, r := range w.requests {
		if r.answer == Queued && at.Before(r.answerBy) {
			return r
		}
	}
	return nil
}
