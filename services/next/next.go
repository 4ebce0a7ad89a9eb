// Package next says what happens next for the person of a flag: what, who, by when. It is pure: the service that tells
// of flags and those who show them give the same answer.
package next

import (
	"cmp"
	"slices"
	"time"

	"example.org/passerelle/services/reference"
)

// The steps.
const (
	Review = "review" // the observation, before anything else may be done
	Amend  = "amend"  // the sheet, which the referent sent back
	Refer  = "refer"  // the person to a session
	Offer  = "offer"  // look for what the person wishes
	Close  = "close"  // there is nothing to refer under this flag
	Answer = "answer" // the provider says yes or no
	Wait   = "wait"   // for a seat
	Attend = "attend" // the person goes there
	Ask    = "ask"    // the person what came of an address
	None   = "none"
)

// Step is one thing to do.
type Step struct {
	What string
	Who  string // desk, account or provider; empty for None
	By   string // day in Paris; empty for None
}

// Flag is as much of a flag as decides.
type Flag struct {
	Status, Help string
	MayRefer     bool // before the review: by the programme or the deadline
	Unreviewed   bool // its programme reviews nothing
	Desk         string
	AssignedTo   string // account that still works at the desk; empty: the whole desk
	Deadline     string // day; empty: none
	SubmittedAt  time.Time
	StatusAt     time.Time // since the review stands so; zero: since it was submitted
	HelpAt       time.Time // since the help stands so; zero: since it was submitted
	Back         bool      // a referral has ended without a seat
	Gone         bool      // dead, or to be erased: nothing is done
	Referrals    []Referral
}

// Referral is one of the flag. Only open ones count.
type Referral struct {
	Status, Provider string
	OpenedAt         time.Time
	AnswerBy, First  time.Time // zero: not known yet
	Helped           time.Time // since then it has brought what it should; zero: not yet
}

// How long each step may take.
const (
	reviewDays  = 7
	amendDays   = 14
	closeDays   = 14
	offerDays   = 30
	answerDays  = 30
	askDays     = 17 // after an address: the call is asked for after 14
	referWithin = 10 // working days
	backWithin  = 3  // working days, for who has waited already
)

// Open tells whether something is still to be done under the flag, by somebody.
func Open(f Flag) bool { return Of(f).What != None }

// Of is the one next step: of an open referral, else of the help where it may go on, else of the review.
func Of(f Flag) Step {
	f = f.complete()
	if f.Gone || f.Help == "closed" {
		return Step{What: None}
	}
	if open := f.open(); len(open) > 0 {
		return slices.MinFunc(open, sooner).step(f)
	}
	if at := f.helped(); f.Help == "referred" && !at.IsZero() {
		return f.ours(Close, later(at, closeDays))
	}
	switch mayRefer := f.MayRefer || f.Status == "validated"; {
	case f.Help != "none" && mayRefer:
		return f.help()
	case f.Status == "submitted" && !f.Unreviewed:
		return Step{Review, f.Desk, later(f.StatusAt, reviewDays)}
	case f.Status == "returned":
		return f.ours(Amend, later(f.StatusAt, amendDays))
	case f.Help != "none":
		return f.ours(Close, later(f.StatusAt, closeDays))
	}
	return Step{What: None}
}

func (f Flag) complete() Flag {
	if f.StatusAt.IsZero() {
		f.StatusAt = f.SubmittedAt
	}
	if f.HelpAt.IsZero() {
		f.HelpAt = f.SubmittedAt
	}
	return f
}

// help is what the desk does for the person.
func (f Flag) help() Step {
	step := f.ours(Refer, reference.Day(reference.WorkingDaysLater(f.HelpAt, referWithin)))
	switch {
	case f.Help == "wished":
		step = f.ours(Offer, later(f.HelpAt, offerDays))
	case f.Back:
		step.By = reference.Day(reference.WorkingDaysLater(f.HelpAt, backWithin))
	}
	if f.Deadline != "" {
		step.By = min(step.By, f.Deadline)
	}
	return step
}

// ours is a step of whoever took the flag up, else of the whole desk.
func (f Flag) ours(what, by string) Step { return Step{what, cmp.Or(f.AssignedTo, f.Desk), by} }

func (f Flag) open() (list []Referral) {
	for _, r := range f.Referrals {
		if r.step(f).What != None {
			list = append(list, r)
		}
	}
	return list
}

// OfReferral is what happens next with one referral; desk is the one in charge of it.
func OfReferral(r Referral, desk string) Step {
	if slices.Contains([]string{"declined", "expired", "unserved", "cancelled", "dropped", "no_show", "unreachable"}, r.Status) {
		return Step{What: Refer, Who: desk}
	}
	return r.step(Flag{Desk: desk})
}

// helped is when a referral has helped, the last of them; zero: none has.
func (f Flag) helped() (at time.Time) {
	for _, r := range f.Referrals {
		if r.Helped.After(at) {
			at = r.Helped
		}
	}
	return at
}

func (r Referral) step(f Flag) Step {
	switch r.Status {
	case "advised":
		return f.ours(Ask, later(r.OpenedAt, askDays))
	case "requested", "in_study":
		return Step{Answer, r.Provider, r.day(r.AnswerBy)}
	case "waitlisted", "offered":
		return Step{Wait, r.Provider, r.day(r.First)}
	case "enrolled", "in_progress":
		return Step{Attend, r.Provider, r.day(r.First)}
	}
	return Step{What: None}
}

// day is a day that is known, else the last on which an answer is allowed.
func (r Referral) day(at time.Time) string {
	if at.IsZero() {
		return later(r.OpenedAt, answerDays)
	}
	return reference.Day(at)
}

// sooner prefers a seat to an answer, an answer to a place on a list, and what comes first.
func sooner(a, b Referral) int {
	order := []string{Attend, Answer, Wait, Ask}
	one, other := a.step(Flag{}), b.step(Flag{})
	return cmp.Or(cmp.Compare(slices.Index(order, one.What), slices.Index(order, other.What)), cmp.Compare(one.By, other.By))
}

func later(at time.Time, days int) string {
	return reference.Day(at.In(reference.Paris).AddDate(0, 0, days))
}
