// Package domain holds the rules of a session: who asked, whose seat is held or taken, who waits, who came.
//
// A request:
//
//	                 ┌─────────► declined | expired | withdrawn
//	asked ──► held ──┤
//	  │        ▲     └─────────► enrolled ──► withdrawn | dropped | no_show
//	  │        │ a seat fell free   ▲   ▲
//	  ├──► queued ──────────────────┘   │ taken
//	  │        └─────► waitlisted ──► offered ──► waitlisted (passed, lapsed)
//	  ├──► enrolled | waitlisted          the provider's standing yes
//	  └──► declined                       the session takes no requests
//
// When registration closes, held and queued expire, waitlisted and offered become unserved. When the session is
// cancelled or stopped, whatever is open becomes cancelled.
//
// taken + held never exceeds the capacity, unless that was lowered. A seat that falls free is offered to those who
// wait, in their order; a pair that needs two keeps its place while one is free, and the next one is asked; two who may be
// parted are asked each on their own. Whoever lets a seat go by is asked again when another one falls free.
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
	Offered    = "offered"
	Declined   = "declined"
	Expired    = "expired"
	Withdrawn  = "withdrawn"
	Unserved   = "unserved"
	Cancelled  = "cancelled"
	Dropped    = "dropped"
	NoShow     = "no_show"

	asked = "asked" // only within the decision that takes a request
)

// Workshop is one session. It is never changed in place: Evolve gives the next one.
type Workshop struct {
	ProviderID string
	Mode       string
	Capacity   int
	Status     string // as last told; StatusAt says what it is now
	Taken      int
	Held       int // by requests, by offers, and for people whose own session was cancelled
	Own        int // kept for the provider's own public

	plan      events.SessionPlanned
	requests  []*request // in the order they came
	waiting   []string   // referrals, in the order of offers; those with an offer keep their place
	passed    []string   // who has let the present free seat go by
	immediate int        // seats taken by the standing yes
	closed    bool       // registration
	called    bool       // the last seats

	cancelled  []int // numbers of meetings
	papers     []events.PaperFiled
	links      []link // by which requests may be answered, in the order they were issued
	kept       []kept // seats for people whose own session does not take place
	relays     []relay
	presented  []string // services
	recording  string   // where it can be watched
	attendance map[int]events.AttendanceRecorded
	counts     map[int]events.AttendanceCounted
}

type request struct {
	referralID, flagID, personID, desk string
	together, priority, relay          string
	loanWanted                         bool
	parts                              bool // may come without who comes along
	answerBy                           time.Time
	heldUntil                          time.Time
	wouldBeRank                        int
	answer                             string

	studied    bool
	reminded   int
	offers     int // how many there were
	offerID    string
	offerUntil time.Time
	saidPass   bool      // to the last of them
	lapsed     bool      // an offer, once: the place was kept
	left       string    // freed, dropped, removed, no_show: how the part of somebody with a seat has ended
	leftAt     time.Time // it may be undone for some days
	saidBy     string    // who gave the provider's answer; empty: nobody, or the standing yes
	saidAt     time.Time
}

func (r *request) open() bool { return r != nil && (r.answer == Held || r.answer == Queued) }

func (r *request) waits() bool { return r != nil && (r.answer == Waitlisted || r.answer == Offered) }

// alive: it waits for an answer or for a seat, or has one.
func (r *request) alive() bool { return r.open() || r.waits() || r != nil && r.answer == Enrolled }

// Plan is the session as planned and changed since; its lists are not to be changed.
func (w Workshop) Plan() events.SessionPlanned { return w.plan }

// Unlimited says that everybody finds a seat: a webinar.
func (w Workshop) Unlimited() bool { return w.Mode == "webinar" }

// Free is how many seats are neither taken nor held.
func (w Workshop) Free() int { return max(0, w.Capacity-w.Taken-w.Held-w.Own) }

// Over is how many seats are taken beyond the capacity, after it was lowered.
func (w Workshop) Over() int {
	if w.Unlimited() {
		return 0
	}
	return max(0, w.Taken+w.Own-w.Capacity)
}

// Waiting is how many people are on the waiting list, those included who have an offer.
func (w Workshop) Waiting() int { return len(w.waiting) }

// CapacityStatus says in one word whether it is worth asking for a seat.
func (w Workshop) CapacityStatus() string {
	switch full := !w.Unlimited() && w.Free() == 0; {
	case !full && w.plan.AssessmentRequired:
		return "additional-assessment-required"
	case !full:
		return "capacity"
	case !w.listOpen(1):
		return "no-capacity"
	}
	return "waitlist"
}

// listOpen says whether the waiting list has room for so many more.
func (w Workshop) listOpen(more int) bool {
	return w.plan.WaitingLimit == nil || len(w.waiting)+more <= *w.plan.WaitingLimit
}

// Answer is what the session says to one referral.
type Answer struct {
	Status      string    // held, queued, enrolled, waitlisted, offered, declined, …; empty: never asked
	Studied     bool      // of a held or queued one: the provider needs more time
	Rank        int       // present rank, of a waitlisted or offered one
	WouldBeRank int       // of a queued one, when it came
	HeldUntil   time.Time // of a held one
	OfferID     string    // of an offered one
	OfferUntil  time.Time
	AnswerBy    time.Time
}

// AnswerTo gives what the session says to a referral.
func (w Workshop) AnswerTo(referralID string) Answer {
	r := w.find(referralID)
	switch {
	case r == nil && w.DeskOf(referralID) != "":
		return Answer{Status: Cancelled} // elsewhere: a seat is or was kept here
	case r == nil:
		return Answer{}
	}
	a := Answer{
		Status: r.answer, Studied: r.studied && r.open(), Rank: slices.Index(w.waiting, referralID) + 1, WouldBeRank: r.wouldBeRank,
		HeldUntil: r.heldUntil, AnswerBy: r.answerBy,
	}
	if r.answer == Offered {
		a.OfferID, a.OfferUntil = r.offerID, r.offerUntil
	}
	return a
}

// PersonOf is who a referral asked a seat for, empty if it never did.
func (w Workshop) PersonOf(referralID string) string {
	if r := w.find(referralID); r != nil {
		return r.personID
	}
	if k := w.keptFor(referralID); k != nil {
		return k.PersonID
	}
	return ""
}

// DeskOf is the desk that speaks for the person, empty if none does.
func (w Workshop) DeskOf(referralID string) string {
	if r := w.find(referralID); r != nil {
		return r.desk
	}
	for _, k := range w.kept {
		if k.ReferralID == referralID {
			return k.Desk
		}
	}
	return ""
}

// seatsFor says whether new people may have seats: they are free, and nobody waits for them.
func (w Workshop) seatsFor(unit []*request) bool {
	return w.room(unit) && (w.Unlimited() && !inRooms(unit) || len(w.nextWaiting()) == 0)
}

func (w Workshop) exists() bool { return w.ProviderID != "" }

func (w Workshop) find(referralID string) *request {
	for _, r := range w.requests {
		if r.referralID == referralID {
			return r
		}
	}
	return nil
}

// unit is who is decided on together: a request, and that of somebody who comes along and stands as far.
func (w Workshop) unit(r *request) []*request {
	partner := w.find(r.together)
	if partner == nil || partner.together != r.referralID || partner.answer != r.answer {
		return []*request{r}
	}
	if slices.Index(w.requests, partner) < slices.Index(w.requests, r) {
		return []*request{partner, r}
	}
	return []*request{r, partner}
}

// atOnce is who needs seats at the same time: two who come together, unless they may be parted.
func (w Workshop) atOnce(r *request) []*request {
	if r.parts {
		return []*request{r}
	}
	return w.unit(r)
}

// alone: somebody is to come along and has not asked yet.
func (w Workshop) alone(r *request) bool { return r.together != "" && w.find(r.together) == nil }

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
	sessionID string
	at        time.Time
	facts     []events.Workshop
}

// decide begins a decision.
func (w Workshop) decide(sessionID string, at time.Time) *telling {
	return &telling{Workshop: w, sessionID: sessionID, at: at}
}

func (t *telling) tell(facts ...events.Workshop) {
	for _, f := range facts {
		t.facts = append(t.facts, f)
		t.Workshop = Evolve(t.Workshop, f)
	}
}

// done ends a decision that may have filled or freed seats: enough people confirm the session, what is free is given on.
func (t *telling) done() ([]events.Workshop, error) {
	if t.Status == "open" && t.plan.Minimum > 0 && t.Taken+t.Own >= t.plan.Minimum {
		t.tell(events.SessionConfirmed{SessionID: t.sessionID, At: t.at})
	}
	t.allot()
	return t.facts, nil
}
