package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrNoSession says that there is no such session, or none of this provider.
var ErrNoSession = refusal.New(refusal.NotFound, "unknown_session", "There is no such session. Look for it again in the list of sessions.")

// RequestSeat is a referral that reaches the session.
type RequestSeat struct {
	SessionID, ReferralID, FlagID, PersonID string
	Desk                                    string
	LoanWanted                              bool
	Again                                   bool   // it was taken back by mistake
	Together                                string // the referral of somebody who comes along; that one names this one too
	MayPart                                 bool   // one of the two may come without the other
	Priority                                string // why they come first, where a programme cites the decision for it
	RelayID                                 string // the place from which they follow it
	At                                      time.Time
}

// Decide holds a free seat, queues the request, or, under the provider's standing yes, seats or ranks it at
// once. A session that takes no requests declines by itself. Asked twice, nothing new.
//
// Of two who come together the first one waits; the second one decides for both: two seats, or none. Two who may be parted
// are asked one by one from then on, so that a single free seat is enough for one of them.
func (r RequestSeat) Decide(w Workshop) ([]events.Workshop, error) {
	if !w.exists() {
		return nil, ErrNoSession
	}
	if before := w.find(r.ReferralID); before != nil && (!r.Again || before.answer != Withdrawn) {
		return nil, nil
	}
	t := w.decide(r.SessionID, r.At)
	requested := events.SeatRequested{
		SessionID: r.SessionID, ReferralID: r.ReferralID, FlagID: r.FlagID, PersonID: r.PersonID,
		Desk: r.Desk, LoanWanted: r.LoanWanted, Together: r.Together, MayPart: r.MayPart, Priority: r.Priority, RelayID: r.RelayID, AnswerBy: r.At, At: r.At,
	}
	if !w.TakesRequests(r.At) {
		t.tell(requested, events.RequestDeclined{SessionID: r.SessionID, ReferralID: r.ReferralID, Reason: "session_not_open", At: r.At})
		return t.facts, nil
	}
	requested.AnswerBy = w.answerBy(r.At)
	t.tell(requested)
	t.answer(t.find(r.ReferralID))
	return t.done()
}

func (t *telling) answer(r *request) {
	unit := t.asking(r)
	switch {
	case t.alone(r):
		t.queue(r)
	case t.claim(unit) && t.room(unit):
		t.hold(unit)
	case t.seatsAtOnce(unit):
		t.take(unit, t.plan.By)
	case t.ranksAtOnce(unit):
		t.rank(unit, t.plan.By)
	case t.seatsFor(unit):
		t.hold(unit)
	default:
		t.queue(r)
	}
}

// asking is who asks: a request, and one that has waited for it to come along.
func (w Workshop) asking(r *request) []*request {
	if first := w.find(r.together); first != nil && first.together == r.referralID && first.answer == Queued && !first.studied {
		return []*request{first, r}
	}
	return []*request{r}
}

func (t *telling) queue(r *request) {
	t.tell(events.RequestQueued{SessionID: t.sessionID, ReferralID: r.referralID, WouldBeRank: t.wouldBeRank(), At: t.at})
}

// RequestPair is two who come together and ask at once.
type RequestPair struct{ First, Second RequestSeat }

// Decide is one decision: two seats, or both wait.
func (p RequestPair) Decide(w Workshop) ([]events.Workshop, error) {
	p.First.Together, p.Second.Together = p.Second.ReferralID, p.First.ReferralID
	facts, err := p.First.Decide(w)
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		w = Evolve(w, f)
	}
	more, err := p.Second.Decide(w)
	return append(facts, more...), err
}

// seatsAtOnce: the standing yes covers so many seats; in a webinar everybody.
func (w Workshop) seatsAtOnce(unit []*request) bool {
	return w.standingYes() && w.seatsFor(unit) && (w.Unlimited() || w.immediate+len(unit) <= w.plan.ImmediateSeats)
}

// ranksAtOnce: the standing yes ranks while the session is full, up to the limit of the waiting list.
func (w Workshop) ranksAtOnce(unit []*request) bool {
	return w.standingYes() && !w.seatsFor(unit) && w.listOpen(len(unit))
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
