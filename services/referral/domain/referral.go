// Package domain holds the rules of a referral: who may be sent to which session or place, and what came of it; and of
// what is said with a person meanwhile.
//
//	requested ──► in_study ──► enrolled ──► in_progress ──► completed | dropped
//	    │             │            ▲  │
//	    │             │            │  └───► no_show
//	    ├─────────────┴──► waitlisted ◄──► offered ──► unserved
//	    └──► declined | expired
//
//	advised ──► followed_up | unreachable
//
// Any open one may become withdrawn, or cancelled with its session. What was ended by mistake is undone.
package domain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// What became of a referral.
const (
	Requested  = "requested"
	InStudy    = "in_study"
	Waitlisted = "waitlisted"
	Offered    = "offered"
	Enrolled   = "enrolled"
	InProgress = "in_progress"

	Completed = "completed"
	Dropped   = "dropped"
	NoShow    = "no_show"
	Declined  = "declined"
	Expired   = "expired"
	Unserved  = "unserved"
	Cancelled = "cancelled"
	Withdrawn = "withdrawn"

	Advised     = "advised"
	FollowedUp  = "followed_up"
	Unreachable = "unreachable"
)

// open are the states in which a referral holds a seat, waits for one, for an answer, or for the call about an address.
var open = []string{Requested, InStudy, Waitlisted, Offered, Enrolled, InProgress, Advised}

// MaxOpen is how many referrals of one flag may be open at a time.
const MaxOpen = 3

// Refusals of a claim.
var (
	ErrAlreadyAsked = refusal.New(refusal.Conflict, "already_asked", "This person has an open referral to this session. Go on with that one.")
	ErrTooManyOpen  = refusal.New(refusal.Conflict, "too_many_open", "Three referrals of this flag are open. Take one back before you ask for another seat.")
)

// Referral is one referral.
type Referral struct {
	ID        string
	FlagID    string
	PersonID  string
	SessionID string // empty: to a place
	PlaceID   string
	Together  string // the referral of somebody who came along from the beginning
	Desk      string
	By        string
	Status    string

	slot       int
	loanWanted bool
	startsAt   time.Time // of the session, once there is a seat
	reminded   time.Time // the startsAt for which the reminder was asked
	endedAt    time.Time
	endedBy    string // account; empty: by itself
	asked      string // the last kind of call
	relay      string // the place from which the person follows the session
	priority   string
	sought     time.Time // the last alternative to a session that does not take place
	forgone    string    // the session on which it is not wanted any more

	letters     int    // that were due
	letter      string // the last of them
	lettersSent []string

	links  []placeLink
	result string // of an address
}

// Open says whether something is still to come of it.
func (r Referral) Open() bool { return slices.Contains(open, r.Status) }

func (r Referral) exists() bool { return r.ID != "" }

// Evolve is the referral after a fact.
func Evolve(r Referral, fact events.Referral) Referral {
	switch e := fact.(type) {
	case events.ReferralOpened:
		return Referral{
			ID: e.ReferralID, FlagID: e.FlagID, PersonID: e.PersonID, SessionID: e.SessionID, Together: e.Together, Desk: e.Desk,
			By: e.By, Status: Requested, slot: e.Slot, loanWanted: e.LoanWanted, relay: e.RelayID, priority: e.Priority,
		}
	case events.AddressGiven:
		return Referral{
			ID: e.ReferralID, FlagID: e.FlagID, PersonID: e.PersonID, PlaceID: e.PlaceID, Desk: e.Desk,
			By: e.By, Status: Advised, slot: e.Slot,
		}
	case events.ReferralAnswered:
		return r.turned(e.Answer, "", e.At)
	case events.ReferralWithdrawn:
		return r.turned(Withdrawn, e.By, e.At)
	case events.AddressFollowedUp:
		r.result = e.Result
		return r.turned(followedUp(e.Result), e.By, e.At)
	case events.ReferralUndone:
		r.Status, r.slot, r.endedBy, r.endedAt, r.startsAt = e.Status, e.Slot, "", time.Time{}, time.Time{}
	case events.ReferralHandedOver:
		r.Desk = e.Desk
	case events.ReferralDated:
		r.startsAt = e.StartsAt
	case events.CallAsked:
		if r.asked = e.Kind; e.Kind == Reminder {
			r.reminded = r.startsAt
		}
	case events.LetterDue:
		r.letters, r.letter = r.letters+1, e.LetterID
	case events.LetterSent:
		r.lettersSent = append(slices.Clip(r.lettersSent), e.LetterID)
	case events.AlternativeSought:
		r.sought = e.At
		r.forgone = ""
	case events.AlternativeForgone:
		r.forgone = e.SessionID
	case events.PlaceLinkIssued, events.PlaceLinkOpened, events.PlaceLinkCodeMissed:
		return r.evolveLink(e)
	case events.ContactNoted, events.LetterAsked, events.CloseAsked: // in the stream of the person
	}
	return r
}

// turned is the referral in another state.
func (r Referral) turned(status, by string, at time.Time) Referral {
	if r.Status = status; !r.Open() {
		r.endedBy, r.endedAt = by, at
	}
	return r
}

const (
	sessionClaim = "referral:"
	slotClaim    = "referral-slot:"
)

// Claims are what an open referral holds: its session or place for this flag, and one of the flag's three places.
func Claims(before Referral, fact events.Referral) (take, release []string) {
	if e, issued := fact.(events.PlaceLinkIssued); issued {
		return []string{PlaceLinkClaim(e.Hash)}, nil
	}
	if _, begins := fact.(events.ReferralOpened); begins { // of two who come together, the second in a stream of its own
		before = Referral{}
	}
	after := Evolve(before, fact)
	switch {
	case !before.Open() && after.Open():
		return after.claims(), nil
	case before.Open() && !after.Open():
		return nil, before.claims()
	}
	return nil, nil
}

func (r Referral) claims() []string {
	return []string{sessionClaim + r.FlagID + ":" + r.SessionID + r.PlaceID, fmt.Sprintf("%s%s:%d", slotClaim, r.FlagID, r.slot)}
}

// RefusalOf is what it means that another referral holds a claim; nil for a claim that is none of ours.
// After ErrTooManyOpen the caller may try the next slot: two referrals may have chosen the same one.
func RefusalOf(claim string) error {
	switch {
	case strings.HasPrefix(claim, sessionClaim):
		return ErrAlreadyAsked
	case strings.HasPrefix(claim, slotClaim):
		return ErrTooManyOpen
	}
	return nil
}

// FlagOf is the flag whose place a claim on one of its places takes.
func FlagOf(claim string) string {
	flag := strings.TrimPrefix(claim, slotClaim)
	return flag[:max(0, strings.LastIndexByte(flag, ':'))]
}

func tell(facts ...events.Referral) ([]events.Referral, error) { return facts, nil }
