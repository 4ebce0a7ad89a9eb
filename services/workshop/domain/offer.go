package domain

import (
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a word on an offered seat.
var (
	ErrNoOffer    = refusal.New(refusal.NotFound, "unknown_offer", "There is no such offer of a seat. Look at the list of offered seats again.")
	ErrOfferEnded = refusal.New(refusal.Conflict, "offer_ended", "This offer has ended: the seat was taken, passed on, or its time is over. The place on the waiting list tells what comes next.")
)

// OfferOf gives the session and the referral that an offer's name tells.
func OfferOf(offerID string) (sessionID, referralID string, ok bool) {
	parts := strings.Split(offerID, ".")
	if len(parts) != 3 {
		return "", "", false
	}
	return parts[0], parts[1], true
}

// Offer is what the desk says for somebody on an offered seat.
type Offer struct {
	SessionID, OfferID string
	By                 string
	At                 time.Time
}

// offered finds the one to whom an offer was made, and says whether it still stands.
func (o Offer) offered(w Workshop) (r *request, stands bool, err error) {
	_, referral, ok := OfferOf(o.OfferID)
	if r = w.find(referral); !ok || r == nil {
		return nil, false, ErrNoOffer
	}
	return r, r.answer == Offered && r.offerID == o.OfferID && o.At.Before(r.offerUntil) && w.TakesRequests(o.At), nil
}

// TakeOffer is a yes of the person.
type TakeOffer struct{ Offer }

// Decide seats the person, and who comes along.
func (o TakeOffer) Decide(w Workshop) ([]events.Workshop, error) {
	r, stands, err := o.offered(w)
	switch {
	case w.keptUnder(o.OfferID) != nil:
		return nil, ErrAskInstead
	case err != nil:
		return nil, err
	case r.answer == Enrolled && r.offerID == o.OfferID:
		return nil, nil // said twice
	case !stands:
		return nil, ErrOfferEnded
	}
	t := w.decide(o.SessionID, o.At)
	t.take(w.atOnce(r), o.By)
	return t.done()
}

// PassOffer is a no, for this time.
type PassOffer struct{ Offer }

// Decide offers the seat to the next. The place on the waiting list stays.
func (o PassOffer) Decide(w Workshop) ([]events.Workshop, error) {
	if k := w.keptUnder(o.OfferID); k != nil {
		return o.refuse(w, *k)
	}
	r, stands, err := o.offered(w)
	switch {
	case err != nil:
		return nil, err
	case r.answer == Waitlisted && r.offerID == o.OfferID && r.saidPass:
		return nil, nil // said twice
	case !stands:
		return nil, ErrOfferEnded
	}
	t := w.decide(o.SessionID, o.At)
	for _, one := range w.atOnce(r) {
		t.tell(events.SeatOfferPassed{SessionID: o.SessionID, ReferralID: one.referralID, OfferID: one.offerID, By: o.By, At: o.At})
	}
	return t.done()
}

// NotReached is a call that nobody answered.
type NotReached struct{ Offer }

// Decide notes it. The offer goes on: the desk may call again.
func (o NotReached) Decide(w Workshop) ([]events.Workshop, error) {
	r, stands, err := o.offered(w)
	if err != nil {
		return nil, err
	}
	if !stands {
		return nil, ErrOfferEnded
	}
	return tell(events.SeatOfferNotReached{SessionID: o.SessionID, ReferralID: r.referralID, OfferID: o.OfferID, By: o.By, At: o.At})
}

// LapseOffer is due when an offer ends.
type LapseOffer struct {
	SessionID, ReferralID string
	At                    time.Time
}

// Decide offers the seat to the next. The place on the waiting list stays once; then the person goes to its end.
func (o LapseOffer) Decide(w Workshop) ([]events.Workshop, error) {
	r := w.find(o.ReferralID)
	if r == nil || r.answer != Offered || o.At.Before(r.offerUntil) || !w.TakesRequests(o.At) {
		return nil, nil
	}
	t := w.decide(o.SessionID, o.At)
	for _, one := range w.atOnce(r) {
		t.tell(events.SeatOfferLapsed{SessionID: o.SessionID, ReferralID: one.referralID, OfferID: one.offerID, Kept: !one.lapsed, At: o.At})
	}
	return t.done()
}
