package domain

import (
	"cmp"
	"slices"

	"example.org/passerelle/api/events"
)

// Loan is how far the tablet of a referral is, or of one of the provider's own participants.
type Loan struct {
	ID, ItemID                      string
	SessionID, ReferralID, PersonID string
	From, To                        string // days in Paris, both included
	Own                             int    // number among the provider's own participants; 0: a referral
	First                           bool   // comes first when tablets are short
	Status                          string

	number int    // in the order they were asked for
	late   string // what was said last of its being late
}

// How far a loan is.
const (
	Lacking    = "lacking"
	Kept       = "kept"
	Lent       = "lent"
	Returned   = "returned"
	Lost       = "lost" // an item, too
	WrittenOff = "written_off"
)

func (l *Loan) keep(e events.TabletKept) {
	l.ItemID, l.SessionID, l.ReferralID, l.PersonID = e.ItemID, e.SessionID, e.ReferralID, e.PersonID
	l.From, l.To, l.Own, l.First, l.Status = e.From, e.To, e.Own, e.First, Kept
}

func (l *Loan) lack(e events.TabletLacking) {
	l.ItemID, l.SessionID, l.ReferralID, l.PersonID = "", e.SessionID, e.ReferralID, e.PersonID
	l.From, l.To, l.Own, l.First, l.Status = e.From, e.To, e.Own, e.First, Lacking
}

// Loan finds a loan; the zero one is unknown, or was released.
func (p Pool) Loan(id string) Loan { return p.loans.Value(id) }

// none is why there is no such loan.
func (p Pool) none(id string) error {
	if _, was := p.unneeded.Get(id); was {
		return ErrReleased
	}
	return ErrNoLoan
}

// loan finds a loan, or begins it.
func (p Pool) loan(id string) Loan {
	if l, known := p.loans.Get(id); known {
		return l
	}
	return Loan{ID: id, number: p.asked + 1}
}

// took is the pool with a loan as it is now.
func (p Pool) took(l Loan) Pool {
	p.loans, p.asked = p.loans.With(l.ID, l), max(p.asked, l.number)
	if l.Status == Lacking {
		p.queue = p.queue.With(l.ID, struct{}{})
	} else {
		p.queue = p.queue.Without(l.ID)
	}
	return p
}

// ofReferral finds the loan of a referral.
func (p Pool) ofReferral(id string) Loan {
	return p.loanThat(func(l Loan) bool { return l.Own == 0 && l.ReferralID == id })
}

// ofOwn finds the loan of one of the provider's own participants, as long as it is not over.
func (p Pool) ofOwn(session string, number int) Loan {
	return p.loanThat(func(l Loan) bool {
		return l.SessionID == session && l.Own == number && slices.Contains([]string{Lacking, Kept, Lent}, l.Status)
	})
}

// OfSession are the loans of a session, as they were asked for.
func (p Pool) OfSession(id string) (list []Loan) {
	for l := range p.loans.Values() {
		if l.SessionID == id {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b Loan) int { return cmp.Compare(a.number, b.number) })
	return list
}

func (p Pool) loanThat(is func(Loan) bool) Loan {
	for l := range p.loans.Values() {
		if is(l) {
			return l
		}
	}
	return Loan{}
}

// knows says whether the pool has answered for this referral: a tablet is kept, it waits, or it needs none any more.
func (p Pool) knows(referralID string) bool {
	return p.needsNone(referralID) || p.ofReferral(referralID).ID != ""
}

func (p Pool) needsNone(referralID string) bool {
	_, released := p.released.Get(referralID)
	return released
}

// Queue is how many people wait for a tablet.
func (p Pool) Queue() int { return p.queue.Len() }

// waiting are those without a tablet, in the order they get one: first those who have no equipment for want of money,
// then as they were asked for. Who had one that is not there any more comes before those who asked later.
func (p Pool) waiting() []Loan {
	list := make([]Loan, 0, p.queue.Len())
	for id := range p.queue.Keys() {
		list = append(list, p.loans.Value(id))
	}
	slices.SortFunc(list, inTurn)
	return list
}

func inTurn(a, b Loan) int {
	if a.First != b.First {
		if a.First {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.number, b.number)
}
