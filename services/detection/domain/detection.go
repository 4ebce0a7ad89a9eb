// Package domain holds the rules of a flag: who needs help, was the sheet reviewed, is help on its way.
//
// The review of the observation, and what is done for the person:
//
//	status:  submitted ──► validated
//
//	help:    none                      anonymous, or no consent to be referred
//	         to_refer ──► referred     a referral is open
//	             ▲            │
//	             └────────────┘        the last one ended without a seat
//	any but none ──► closed            dead, moved to another fund, objected, or one of two flags of one person
//	any but closed ──► none            the consent to be referred was taken back; to_refer when it is given again
package domain

import (
	"maps"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// What is done for the person.
const (
	HelpNone     = "none"
	HelpToRefer  = "to_refer"
	HelpReferred = "referred"
	HelpClosed   = "closed"
)

// The review of the observation.
const (
	Submitted = "submitted"
	Validated = "validated"
)

// ErrNoFlag says that there is no such flag.
var ErrNoFlag = refusal.New(refusal.NotFound, "unknown_flag", "There is no such flag. Look for the person again.")

// Flag is one flag. It is never changed in place: Evolve gives the next one.
type Flag struct {
	ID        string
	Reference string
	PersonID  string
	Fund      string
	Programme string
	Desk      string
	Status    string
	Help      string
	Author    string
	Hints     []string // what the referent should look at; only while the sheet is readable

	institution string // only while the sheet is readable
	oneOpen     string
	mayRefer    bool
	referrals   map[string]bool // true: open
}

// MayRefer says whether a referral is allowed now, as far as the review goes.
func (f Flag) MayRefer() bool { return f.mayRefer || f.Status == Validated }

func (f Flag) exists() bool { return f.ID != "" }

// ended tells whether nothing is done for the person under this flag.
func (f Flag) ended() bool { return f.Help == HelpNone || f.Help == HelpClosed }

func (f Flag) openReferrals() int {
	n := 0
	for _, open := range f.referrals {
		if open {
			n++
		}
	}
	return n
}

// Evolve is the flag after a fact.
func Evolve(f Flag, fact events.Detection) Flag {
	switch e := fact.(type) {
	case events.PersonRegistered, events.PersonCorrected, events.PersonMoved, events.PersonMerged, events.PersonParted, events.RecordJoined, events.RecordLeft, events.PersonLinked, events.WishesNoted,
		events.ConsentNoted, events.PersonObjected, events.DeathTold, events.DeathUndone, events.ErasureRequested, events.ErasureUndone, events.PersonErased: // of a person
	case events.SeniorFlagged:
		f = Flag{
			ID: e.FlagID, Reference: e.Reference, PersonID: e.PersonID, Fund: e.Fund, Programme: e.Programme, Desk: e.Desk, Status: e.Status, Help: e.Help,
			Author: e.By, oneOpen: e.OneOpen, mayRefer: e.MayRefer,
		}
		if sheet, ok := e.Details.Value(); ok {
			f.Hints, f.institution = sheet.Hints, sheet.Answers.Institution
		}
	case events.FlagValidated:
		f.Status = Validated
	case events.HelpReferred:
		f.Help = HelpReferred
		f.referrals = with(f.referrals, e.ReferralID, true)
	case events.HelpReturned:
		f.Help = e.Help
		f.referrals = with(f.referrals, e.ReferralID, false)
	case events.HelpEnded:
		f.Help = e.Help
	case events.HelpResumed:
		f.Help = e.Help
	case events.FlagHandedOver:
		f.Desk = e.Desk
	}
	return f
}

func with(referrals map[string]bool, id string, open bool) map[string]bool {
	next := maps.Clone(referrals)
	if next == nil {
		next = map[string]bool{}
	}
	next[id] = open
	return next
}

// Claims are what only one flag may hold: its reference, and the open flag of a person under the programme's rule.
func Claims(before Flag, fact events.Detection) (take, release []string) {
	if ended, ok := fact.(events.HelpEnded); ok && ended.Help == HelpClosed && before.oneOpen != "" {
		return nil, []string{before.oneOpen}
	}
	flagged, ok := fact.(events.SeniorFlagged)
	if !ok {
		return nil, nil
	}
	take = []string{referenceClaim + flagged.Reference}
	if flagged.OneOpen != "" {
		take = append(take, flagged.OneOpen)
	}
	return take, nil
}

func tell(facts ...events.Detection) ([]events.Detection, error) { return facts, nil }
