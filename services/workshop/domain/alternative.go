package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// AlternativeDays are the working days for which a seat is kept for somebody whose own session does not take place.
const AlternativeDays = 5

// alternative ends the name of a kept seat, where an offer has its number.
const alternative = "alternative"

// ErrAskInstead says that a kept seat is asked for like any other.
var ErrAskInstead = refusal.New(refusal.Conflict, "ask_for_the_seat", "This seat is kept for the person. Send them to the session: they have it at once.")

// kept is a seat for somebody who has not asked here.
type kept struct {
	events.AlternativeHeld

	ended bool
}

// HoldAlternative keeps a seat for somebody whose own session does not take place.
type HoldAlternative struct {
	SessionID, ReferralID, FlagID, PersonID, Desk string
	At                                            time.Time
}

// Decide takes a free seat for which nobody waits, and none for somebody who asks here already.
func (h HoldAlternative) Decide(w Workshop) ([]events.Workshop, error) {
	switch {
	case !w.exists():
		return nil, ErrNoSession
	case w.keptFor(h.ReferralID) != nil:
		return nil, nil
	case !w.TakesRequests(h.At), w.asks(h.FlagID), !w.seatsFor([]*request{{}}):
		return nil, ErrNotFree
	}
	return tell(events.AlternativeHeld{
		SessionID: h.SessionID, ReferralID: h.ReferralID, OfferID: h.SessionID + "." + h.ReferralID + "." + alternative,
		FlagID: h.FlagID, PersonID: h.PersonID, Desk: h.Desk,
		Until: earliest(reference.WorkingDaysLater(h.At, AlternativeDays), w.plan.RegistrationClosesAt).UTC(), At: h.At,
	})
}

// KeptSince says whether a seat was kept for a cancelled referral at or after a moment, also one that is free again.
func (w Workshop) KeptSince(referralID string, at time.Time) bool {
	for _, k := range w.kept {
		if k.ReferralID == referralID && !k.At.Before(at) {
			return true
		}
	}
	return false
}

func (w Workshop) keptFor(referralID string) *kept {
	return w.keptWhere(func(k kept) bool { return k.ReferralID == referralID })
}

func (w Workshop) keptWhere(is func(kept) bool) *kept {
	for _, k := range w.kept {
		if !k.ended && is(k) {
			return &k
		}
	}
	return nil
}

// asks says whether somebody has an open request here under a flag.
func (w Workshop) asks(flagID string) bool {
	for _, r := range w.requests {
		if r.flagID == flagID && r.alive() {
			return true
		}
	}
	return false
}

// EndAlternative frees a kept seat: nobody was asked in time, or the person goes elsewhere.
type EndAlternative struct {
	SessionID, ReferralID string
	Forgone               bool // else it is due
	At                    time.Time
}

// Decide gives the seat on.
func (e EndAlternative) Decide(w Workshop) ([]events.Workshop, error) {
	k := w.keptFor(e.ReferralID)
	reason := "forgone"
	if !e.Forgone {
		reason = "lapsed"
	}
	if k == nil || !e.Forgone && e.At.Before(k.Until) {
		return nil, nil
	}
	t := w.decide(e.SessionID, e.At)
	t.release(*k, reason, "")
	return t.done()
}

// refuse is a no of the person to a kept seat.
func (o PassOffer) refuse(w Workshop, k kept) ([]events.Workshop, error) {
	if k.ended {
		return nil, nil // said twice, or too late to matter
	}
	t := w.decide(o.SessionID, o.At)
	t.release(k, "refused", o.By)
	return t.done()
}

// keptUnder finds a kept seat by its name, also one that is free again.
func (w Workshop) keptUnder(offerID string) *kept {
	for i := len(w.kept) - 1; i >= 0; i-- {
		if w.kept[i].OfferID == offerID {
			return &w.kept[i]
		}
	}
	return nil
}

func (t *telling) release(k kept, reason, by string) {
	t.tell(events.AlternativeEnded{
		SessionID: t.sessionID, ReferralID: k.ReferralID, OfferID: k.OfferID, FlagID: k.FlagID, Reason: reason, By: by, At: t.at,
	})
}

func (t *telling) releaseAll(reason string) {
	for _, k := range t.kept {
		if !k.ended {
			t.release(k, reason, "")
		}
	}
}

// claim gives people the seats that were kept for them, and says whether that is one for each of them.
func (t *telling) claim(unit []*request) bool {
	claimed := 0
	for _, r := range unit {
		if k := t.keptWhere(func(k kept) bool { return k.FlagID == r.flagID }); k != nil {
			t.release(*k, "asked", "")
			claimed++
		}
	}
	return claimed == len(unit)
}

// keeps is the session with one kept seat more.
func (w Workshop) keeps(e events.AlternativeHeld) Workshop {
	w.kept = append(w.kept[:len(w.kept):len(w.kept)], kept{AlternativeHeld: e})
	w.Held++
	return w
}

// frees is the session without a kept seat. One that becomes a request is nobody else's.
func (w Workshop) frees(e events.AlternativeEnded) Workshop {
	list := make([]kept, len(w.kept))
	copy(list, w.kept)
	for i, k := range list {
		if k.ReferralID == e.ReferralID && !k.ended {
			list[i].ended = true
			w.Held--
		}
	}
	w.kept = list
	return w.seatsGrow(e.Reason != "asked")
}
