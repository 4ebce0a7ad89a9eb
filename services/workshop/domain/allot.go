package domain

import (
	"fmt"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// OfferDays are the working days for which a seat is offered.
const OfferDays = 3

// allot gives what is free: by offer to those who wait, in their order; when nobody waits for it, to the oldest
// request that holds none.
func (t *telling) allot() {
	for t.TakesRequests(t.at) && (t.Unlimited() || t.Free() > 0) {
		if next := t.nextWaiting(); next != nil {
			t.offer(next)
		} else if next := t.oldestQueued(); next != nil {
			t.hold(next)
		} else {
			return
		}
	}
}

// nextWaiting is whose turn it is: the first on the list who has not let this seat go by, and for whom it is enough.
func (w Workshop) nextWaiting() []*request {
	for _, id := range w.waiting {
		r := w.find(id)
		if r.answer != Waitlisted || slices.Contains(w.passed, id) {
			continue
		}
		if unit := w.atOnce(r); w.room(unit) {
			return unit
		}
	}
	return nil
}

func (t *telling) offer(unit []*request) {
	until := earliest(reference.WorkingDaysLater(t.at, OfferDays), t.plan.RegistrationClosesAt).UTC()
	for _, r := range unit {
		t.tell(events.SeatOffered{
			SessionID: t.sessionID, ReferralID: r.referralID, OfferID: offerID(t.sessionID, r.referralID, r.offers+1),
			FlagID: r.flagID, PersonID: r.personID, Desk: r.desk, Until: until, At: t.at,
		})
	}
}

// offerID names an offer by what it is: whoever has it finds the session.
func offerID(sessionID, referralID string, n int) string {
	return fmt.Sprintf("%s.%s.%d", sessionID, referralID, n)
}

// oldestQueued is the first request without a seat that may still be answered. One that is studied had its time with one.
func (t *telling) oldestQueued() []*request {
	for _, r := range t.requests {
		if r.answer != Queued || r.studied || !t.at.Before(r.answerBy) || t.alone(r) {
			continue
		}
		if unit := t.atOnce(r); t.room(unit) {
			return unit
		}
	}
	return nil
}

func (t *telling) hold(unit []*request) {
	for _, r := range unit {
		t.tell(events.SeatHeld{SessionID: t.sessionID, ReferralID: r.referralID, Until: r.answerBy, At: t.at})
	}
}

func (t *telling) take(unit []*request, by string) {
	for _, r := range unit {
		t.tell(t.seat(t.sessionID, *r, by, t.at))
	}
}

// rank puts people on the waiting list: behind those who said yes before; who comes first by a programme's word,
// behind the others who do.
func (t *telling) rank(unit []*request, by string) {
	for _, r := range unit {
		t.tell(events.WaitingListJoined{SessionID: t.sessionID, ReferralID: r.referralID, Rank: t.rankOf(r), By: by, At: t.at})
	}
}

func (w Workshop) rankOf(r *request) int {
	if r.priority == "" {
		return len(w.waiting) + 1
	}
	first := 0
	for _, id := range w.waiting {
		first += count(w.find(id).priority != "")
	}
	return first + 1
}

func (w Workshop) seat(sessionID string, r request, by string, at time.Time) events.SeatTaken {
	first, last := w.span()
	return events.SeatTaken{
		SessionID: sessionID, ReferralID: r.referralID, FlagID: r.flagID, PersonID: r.personID,
		ProviderID: w.ProviderID, LoanWanted: r.loanWanted,
		From: reference.Day(first), To: reference.Day(last), By: by, At: at,
	}
}
