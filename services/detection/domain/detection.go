// Package domain holds the rules of a flag: who needs help, was the sheet reviewed, is help on its way.
//
// The review of the observation, and what is done for the person:
//
//	status:  submitted ──► validated
//	         submitted ──► returned ──► submitted       the author is asked, and amends
//	         submitted ──► dismissed                    and returned, where nobody answered in time
//	         submitted, returned ──► withdrawn
//	         a programme that reviews nothing leaves its flags submitted: they are counted at once
//
//	help:    none                      anonymous, or no consent to be referred
//	         to_refer ──► referred     a referral is open
//	             ▲            │
//	             └────────────┘        the last one ended without a seat
//	to_refer ──► wished                nothing that is offered suits; a referral ends the wish
//	any but referred ──► closed        by hand, with what came of it; open again within seven days: to_refer or none
//	any but none ──► closed            dead, moved to another fund, objected, or one of two flags of one person
//	any but closed ──► none            the consent to be referred was taken back; to_refer when it is given again
package domain

import (
	"maps"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/next"
)

// What is done for the person.
const (
	HelpNone     = "none"
	HelpToRefer  = "to_refer"
	HelpWished   = "wished"
	HelpReferred = "referred"
	HelpClosed   = "closed"
)

// The review of the observation.
const (
	Submitted = "submitted"
	Validated = "validated"
	Returned  = "returned"
	Dismissed = "dismissed"
	Withdrawn = "withdrawn"
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

	Department string
	AssignedTo string // account; empty: the whole desk
	Outcome    string // of a closed flag
	Deadline   string

	FindingDate string
	Unreviewed  bool   // its programme reviews nothing: it counted at once
	institution string // only while the sheet is readable
	oneOpen     string // the claim it holds
	mayRefer    bool
	referrals   map[string]bool // true: open

	submittedAt, statusAt, helpAt, closedAt time.Time
	held                                    string // claim that it held when it was closed
	signals                                 map[string]Signal

	found      finding
	sheet      events.Sheet // as it stands after all amendments
	readable   bool
	subject    string   // of the key of the sheet
	amenders   []string // whose sheet it is too
	first      string   // institution before the referent chose another
	unanswered bool     // the author was asked and did not answer in time
}

// finding is where somebody was found; who moves later was found there all the same.
type finding struct{ desk, department, channel string }

// MayRefer says whether a referral is allowed now, as far as the review goes.
func (f Flag) MayRefer() bool { return f.mayRefer || f.Status == Validated }

// Next is what happens next with the flag, as far as its own facts say; referrals are its open ones. Who has left the desk
// has left the flag to the whole desk.
func (f Flag) Next(d *directory.Directory, at time.Time, referrals ...next.Referral) next.Step {
	assigned := f.AssignedTo
	if !d.WorksAt(assigned, f.Desk, at) {
		assigned = ""
	}
	return next.Of(next.Flag{
		Status: f.Status, Help: f.Help, MayRefer: f.mayRefer, Unreviewed: f.Unreviewed, Desk: f.Desk, AssignedTo: assigned, Deadline: f.Deadline,
		SubmittedAt: f.submittedAt, StatusAt: f.statusAt, HelpAt: f.helpAt, Back: len(f.referrals) > f.openReferrals(), Referrals: referrals,
	})
}

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
			Author: e.By, oneOpen: e.OneOpen, mayRefer: e.MayRefer, FindingDate: e.FindingDate, Unreviewed: e.Unreviewed,
			Department: e.Department, Deadline: e.Deadline, submittedAt: e.At, statusAt: e.At, helpAt: e.At,
			found: finding{e.Desk, e.Department, e.Channel}, subject: e.Details.Subject(),
		}
		f = f.written(e.Details.Value())
	case events.FlagValidated:
		f.Status, f.statusAt = Validated, e.At
	case events.FlagReturned:
		f.Status, f.unanswered, f.statusAt = Returned, false, e.At
	case events.FlagAmended:
		f = f.amended(e)
		f.statusAt = e.At
	case events.FlagReclassified:
		f = f.reclassified(e)
	case events.FlagDismissed:
		f.Status, f.oneOpen, f.statusAt = Dismissed, f.kept(), e.At
	case events.FlagWithdrawn:
		f.Status, f.oneOpen, f.statusAt = Withdrawn, f.kept(), e.At
	case events.ReviewReminded:
		f.unanswered = e.Reason == Unanswered
	case events.CampaignOpened, events.ObservationTold, events.ObservationCorrected, events.ObservationsPublished, events.CampaignEnded, events.CampaignClosed,
		events.ValidationBegun, events.FlagsValidated, events.RefusalCounted, events.EnquiryCounted, events.TablesPublished, events.RecommendationProposed, events.RecommendationMoved: // in other streams
	case events.HelpReferred:
		f.Help, f.helpAt = HelpReferred, e.At
		f.referrals = with(f.referrals, e.ReferralID, true)
	case events.HelpReturned:
		f.Help, f.helpAt = e.Help, e.At
		f.referrals = with(f.referrals, e.ReferralID, false)
	case events.HelpEnded:
		f.Help, f.helpAt = e.Help, e.At
		if e.Help == HelpClosed {
			f = f.let(e.At)
		}
	case events.HelpResumed:
		f.Help, f.helpAt = e.Help, e.At
	case events.FlagHandedOver:
		f.Desk, f.Department, f.AssignedTo = e.Desk, e.Department, ""
	case events.FlagClosed:
		f.Help, f.Outcome, f.helpAt = e.Help, e.Outcome, e.At
		f = f.let(e.At)
	case events.FlagReopened:
		f.Help, f.Outcome, f.helpAt, f.oneOpen = e.Help, "", e.At, e.OneOpen
	case events.HelpWished:
		f.Help, f.helpAt = e.Help, e.At
	case events.FlagTransferred:
		f.Desk, f.AssignedTo = e.Desk, ""
	case events.FlagTakenUp:
		f.AssignedTo = e.AssignedTo
	case events.SignalSent:
		f = f.signalled(e.SignalID, Signal{e.FromDesk, e.Desk, SignalSent, e.Deadline, e.At})
	case events.SignalAnswered:
		f = f.signalAnswered(e)
	case events.HelpActed: // nothing decides on it
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
	switch e := events.Fact(fact).(type) { // most facts claim nothing
	case events.SeniorFlagged:
		return append([]string{ReferenceClaim + e.Reference}, claim(e.OneOpen)...), nil
	case events.HelpEnded:
		return nil, before.free(e.Help)
	case events.FlagClosed:
		return nil, before.free(e.Help)
	case events.FlagReopened:
		return claim(e.OneOpen), nil
	case events.FlagAmended:
		return before.moved(e.OneOpen)
	case events.FlagReclassified:
		return before.moved(e.OneOpen)
	case events.FlagDismissed, events.FlagWithdrawn:
		if before.kept() == "" {
			return nil, claim(before.oneOpen)
		}
	default: // the others take and free nothing
	}
	return nil, nil
}

// moved is what changes when a flag is about another institution from now on.
func (f Flag) moved(oneOpen string) (take, release []string) {
	if oneOpen == f.oneOpen {
		return nil, nil
	}
	return claim(oneOpen), claim(f.oneOpen)
}

// kept is the claim that stays when the observation has ended: that of a flag under which somebody is helped still.
func (f Flag) kept() string {
	if f.ended() {
		return ""
	}
	return f.oneOpen
}

func claim(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// let is a closed flag: its claim is free, and taken again if it is opened again.
func (f Flag) let(at time.Time) Flag {
	f.closedAt, f.held, f.oneOpen = at, f.oneOpen, ""
	return f
}

// free is the claim of a flag that is closed now.
func (f Flag) free(help string) []string {
	if help != HelpClosed || f.oneOpen == "" {
		return nil
	}
	return []string{f.oneOpen}
}

func tell(facts ...events.Detection) ([]events.Detection, error) { return facts, nil }
