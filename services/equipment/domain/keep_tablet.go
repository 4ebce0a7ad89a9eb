package domain

import (
	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a loan that is asked for.
var (
	ErrHasLoan    = refusal.New(refusal.Conflict, "loan_exists", "There is a loan for this person already. Look for it in the list of loans.")
	ErrDaysPassed = refusal.New(refusal.Conflict, "days_passed", "The days of this session are over.")
)

// KeepTablet is heard when somebody who needs one has a seat.
type KeepTablet struct {
	Act

	LoanID                          string
	SessionID, ReferralID, PersonID string
	From, To                        string // days in Paris, both included
	First                           bool   // without equipment for want of money
}

// Decide keeps the first tablet that is free on these days, or puts the person in the queue. Heard twice, nothing new.
func (k KeepTablet) Decide(p Pool) ([]events.Equipment, error) {
	if p.knows(k.ReferralID) {
		return nil, nil
	}
	return []events.Equipment{k.find(p, Loan{
		ID: k.LoanID, SessionID: k.SessionID, ReferralID: k.ReferralID, PersonID: k.PersonID, From: k.From, To: k.To, First: k.First,
	})}, nil
}

// AskTablet is somebody's word that a participant needs a tablet after all: one of a referral, or one of the provider's
// own participants, who are known by number.
type AskTablet struct {
	KeepTablet

	Own int // 0: a referral
}

// Decide keeps a tablet, or puts the participant in the queue.
func (a AskTablet) Decide(p Pool) ([]events.Equipment, error) {
	has := p.ofReferral(a.ReferralID)
	if a.Own > 0 {
		has = p.ofOwn(a.SessionID, a.Own)
	}
	switch {
	case has.ID != "":
		return nil, ErrHasLoan
	case a.To < a.Today:
		return nil, ErrDaysPassed
	}
	return []events.Equipment{a.find(p, Loan{
		ID: a.LoanID, SessionID: a.SessionID, ReferralID: a.ReferralID, PersonID: a.PersonID, From: a.From, To: a.To, First: a.First, Own: a.Own,
	})}, nil
}

// MoveDays is heard when a session meets on other days.
type MoveDays struct {
	Act

	LoanID   string
	From, To string
}

// Decide keeps the tablet for the new days, or another one. Who has it in hand may keep it until the new last day.
func (m MoveDays) Decide(p Pool) ([]events.Equipment, error) {
	l := p.Loan(m.LoanID)
	switch l.Status {
	case Kept, Lacking:
		if l.From == m.From && l.To == m.To {
			return nil, nil
		}
		l.From, l.To = m.From, m.To
		if it, _ := p.item(l.ItemID); it.mayBeKept() && p.free(it, l.ID, l.From, l.To, m.Today) {
			return m.then(p, m.kept(l, it.id)), nil
		}
		return m.then(p, m.find(p, l)), nil
	case Lent:
		if m.To > l.To {
			return m.then(p, m.extended(l, m.To)), nil
		}
	}
	return nil, nil
}
