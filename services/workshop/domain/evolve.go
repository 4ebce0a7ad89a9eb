package domain

import (
	"slices"

	"example.org/passerelle/api/events"
)

// Evolve is the session after a fact.
func Evolve(w Workshop, fact events.Workshop) Workshop {
	switch e := fact.(type) {
	case events.ProviderRegistered: // in a stream of its own: see Provider
	case events.AlternativeHeld:
		return w.keeps(e)
	case events.AlternativeEnded:
		return w.frees(e)
	case events.RequestHandedOver:
		return w.with(e.ReferralID, func(r *request) { r.desk = e.Desk })
	case events.SessionPlanned, events.SessionOpened, events.SessionConfirmed, events.SessionCapacityChanged, events.SessionRescheduled,
		events.SessionAmended, events.MeetingCancelled, events.SessionAdapted, events.OwnSeatsSet, events.RelaySet, events.LastSeatsCalled,
		events.RegistrationClosed, events.SessionStarted, events.SessionCancelled, events.SessionStopped, events.SessionClosed,
		events.PaperFiled, events.ServicesPresented, events.RecordingLinked, events.AttendanceRecorded, events.AttendanceCounted:
		return w.evolveSession(fact)
	case events.SeatRequested:
		w.requests = append(w.but(e.ReferralID), &request{
			referralID: e.ReferralID, flagID: e.FlagID, personID: e.PersonID, desk: e.Desk, loanWanted: e.LoanWanted,
			together: e.Together, parts: e.MayPart, priority: e.Priority, relay: e.RelayID, answerBy: e.AnswerBy, answer: asked,
		})
	case events.SeatHeld:
		return w.with(e.ReferralID, func(r *request) { r.answer, r.heldUntil = Held, e.Until })
	case events.RequestQueued:
		return w.with(e.ReferralID, func(r *request) { r.answer, r.wouldBeRank = Queued, e.WouldBeRank })
	case events.RequestStudied:
		return w.with(e.ReferralID, func(r *request) {
			r.said(e.By, e.At)
			r.studied, r.answerBy, r.reminded = true, e.Until, 0
			if e.HeldUntil != nil {
				r.heldUntil = *e.HeldUntil
			}
		})
	case events.AnswerReminded:
		return w.with(e.ReferralID, func(r *request) { r.reminded = e.Times })
	case events.HoldEnded:
		return w.with(e.ReferralID, func(r *request) { r.answer = Queued })
	case events.SeatTaken:
		if r := w.find(e.ReferralID); r != nil && r.answer == asked {
			w.immediate++
		}
		w.waiting = without(w.waiting, e.ReferralID)
		return w.with(e.ReferralID, func(r *request) {
			r.said(e.By, e.At)
			r.answer, r.left = Enrolled, ""
		})
	case events.WaitingListJoined:
		place := min(max(0, e.Rank-1), len(w.waiting))
		w.waiting = slices.Insert(slices.Clone(w.waiting), place, e.ReferralID)
		return w.with(e.ReferralID, func(r *request) {
			r.said(e.By, e.At)
			r.answer, r.left = Waitlisted, ""
		})
	case events.SeatOffered:
		return w.with(e.ReferralID, func(r *request) {
			r.answer, r.offerID, r.offerUntil = Offered, e.OfferID, e.Until
			r.offers++
		})
	case events.SeatOfferPassed:
		return w.letGo(e.ReferralID, false)
	case events.SeatOfferLapsed:
		if !e.Kept {
			w.waiting = append(slices.Clip(without(w.waiting, e.ReferralID)), e.ReferralID)
		}
		return w.letGo(e.ReferralID, true)
	case events.SeatOfferNotReached: // the offer goes on
	case events.RequestDeclined:
		return w.with(e.ReferralID, func(r *request) { r.said(e.By, e.At) }).ends(e.ReferralID, Declined)
	case events.RequestLapsed:
		return w.ends(e.ReferralID, Expired)
	case events.RequestWithdrawn:
		return w.ends(e.ReferralID, Withdrawn)
	case events.RequestUnserved:
		return w.ends(e.ReferralID, Unserved)
	case events.RequestCancelled:
		return w.ends(e.ReferralID, Cancelled)
	case events.SeatFreed:
		return w.ends(e.ReferralID, Withdrawn).with(e.ReferralID, func(r *request) { r.left, r.leftAt = "freed", e.At })
	case events.ParticipantDropped:
		return w.ends(e.ReferralID, Dropped).with(e.ReferralID, func(r *request) { r.left, r.leftAt = "dropped", e.At })
	case events.ParticipantRemoved:
		return w.ends(e.ReferralID, Dropped).with(e.ReferralID, func(r *request) { r.left, r.leftAt = "removed", e.At })
	case events.NoShow:
		return w.ends(e.ReferralID, NoShow).with(e.ReferralID, func(r *request) { r.left, r.leftAt = "no_show", e.At })
	case events.ParticipantRestored:
		return w.with(e.ReferralID, func(r *request) { r.answer, r.left = Enrolled, "" })
	case events.LinkIssued, events.LinkOpened, events.LinkCodeMissed, events.LinkUsed, events.LinkAsked:
		return w.evolveLink(fact)
	case events.OutcomeRecorded: // nothing follows from it here
	}
	return w
}

// ends is the session with a request that is over.
func (w Workshop) ends(referralID, answer string) Workshop {
	w.waiting = without(w.waiting, referralID)
	return w.with(referralID, func(r *request) { r.answer = answer })
}

// letGo is the session with an offer that ended: its seat is not offered again to the same person.
func (w Workshop) letGo(referralID string, lapsed bool) Workshop {
	w = w.with(referralID, func(r *request) { r.answer, r.lapsed, r.saidPass = Waitlisted, r.lapsed || lapsed, !lapsed })
	w.passed = append(slices.Clip(without(w.passed, referralID)), referralID)
	return w
}

// with is the session with one request changed, and counted again. When a seat falls free by it, everybody who
// waits may have it.
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
	w.Held += count(after.holds()) - count(before.holds())
	if before.answer != Offered && before.occupies() && !after.occupies() {
		w.passed = nil
	}
	return w
}

// holds: a seat is kept for it, until it is answered or taken.
func (r *request) holds() bool { return r.answer == Held || r.answer == Offered }

func (r *request) occupies() bool { return r.holds() || r.answer == Enrolled }

// evolveSession is the session after a fact about itself.
func (w Workshop) evolveSession(fact events.Workshop) Workshop {
	switch e := fact.(type) {
	case events.SessionPlanned:
		return Workshop{ProviderID: e.ProviderID, Mode: e.Mode, Capacity: e.Capacity, Status: e.Status, plan: e}
	case events.SessionOpened:
		w.Status = "open"
	case events.SessionConfirmed:
		w.Status = "confirmed"
	case events.SessionStarted:
		w.Status = "running"
	case events.SessionCancelled:
		w.Status = "cancelled"
	case events.SessionStopped:
		w.Status = "stopped"
	case events.SessionClosed:
		w.Status = "closed"
	case events.RegistrationClosed:
		w.closed, w.plan.RegistrationClosesAt = true, earliest(w.plan.RegistrationClosesAt, e.At)
	case events.LastSeatsCalled:
		w.called = true
	case events.SessionCapacityChanged:
		w = w.seatsGrow(e.Capacity > w.Capacity)
		w.Capacity, w.plan.Capacity = e.Capacity, e.Capacity
	case events.OwnSeatsSet:
		w = w.seatsGrow(e.Seats < w.Own)
		w.Own = e.Seats
	case events.SessionAdapted:
		w.Mode, w.plan.Mode = e.Mode, e.Mode
	case events.SessionRescheduled:
		w.plan.Meetings, w.plan.Insee, w.plan.Place, w.plan.RegistrationClosesAt = e.Meetings, e.Insee, e.Place, e.RegistrationClosesAt
		w.cancelled, w.closed, w.called = nil, w.closed && !e.At.Before(e.RegistrationClosesAt), false
	case events.MeetingCancelled:
		w.cancelled = append(slices.Clip(w.cancelled), e.Meeting)
	case events.SessionAmended:
		return w.amended(e)
	case events.PaperFiled:
		return w.filed(e)
	case events.AttendanceRecorded:
		return w.attended(e)
	case events.AttendanceCounted:
		return w.counted(e)
	case events.RelaySet:
		return w.relayed(e)
	case events.RecordingLinked:
		w.recording = e.URL
	case events.ServicesPresented:
		w.presented = e.Services
	default: // of a seat: see Evolve
	}
	return w
}

// seatsGrow: new seats are for everybody who waits.
func (w Workshop) seatsGrow(more bool) Workshop {
	if more {
		w.passed = nil
	}
	return w
}

// but are the requests without the one of a referral that asks again.
func (w Workshop) but(referralID string) []*request {
	if w.find(referralID) == nil {
		return slices.Clip(w.requests)
	}
	return slices.DeleteFunc(slices.Clone(w.requests), func(r *request) bool { return r.referralID == referralID })
}
