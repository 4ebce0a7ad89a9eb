// Package domain holds the rules of a referral: who may be sent to which session, and what came of it.
//
//	requested ──► waitlisted ──► enrolled
//	    │              │
//	    ├──────────────┴───────► declined | expired | withdrawn
//	    └──► enrolled
package domain

import (
	"fmt"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// What became of a referral.
const (
	Requested  = "requested"
	Enrolled   = "enrolled"
	Waitlisted = "waitlisted"
	Declined   = "declined"
	Expired    = "expired"
	Withdrawn  = "withdrawn"
)

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
	SessionID string
	Desk      string
	By        string
	Status    string

	slot int
}

// Open says whether it holds a seat, waits for one, or waits for an answer.
func (r Referral) Open() bool {
	return r.Status == Requested || r.Status == Waitlisted || r.Status == Enrolled
}

func (r Referral) exists() bool { return r.ID != "" }

// Evolve is the referral after a fact.
func Evolve(r Referral, fact events.Referral) Referral {
	switch e := fact.(type) {
	case events.ReferralOpened:
		return Referral{
			ID: e.ReferralID, FlagID: e.FlagID, PersonID: e.PersonID, SessionID: e.SessionID, Desk: e.Desk,
			By: e.By, Status: Requested, slot: e.Slot,
		}
	case events.ReferralAnswered:
		r.Status = e.Answer
	case events.ReferralWithdrawn:
		r.Status = Withdrawn
	case events.ReferralHandedOver:
		r.Desk = e.Desk
	}
	return r
}

const (
	sessionClaim = "referral:"
	slotClaim    = "referral-slot:"
)

// Claims are what an open referral holds: its session for this flag, and one of the flag's three places.
func Claims(before Referral, fact events.Referral) (take, release []string) {
	switch e := fact.(type) {
	case events.ReferralOpened:
		return claimsOf(e.FlagID, e.SessionID, e.Slot), nil
	case events.ReferralHandedOver:
	case events.ReferralAnswered, events.ReferralWithdrawn:
		if before.Open() && !Evolve(before, fact).Open() {
			return nil, claimsOf(before.FlagID, before.SessionID, before.slot)
		}
	}
	return nil, nil
}

func claimsOf(flagID, sessionID string, slot int) []string {
	return []string{sessionClaim + flagID + ":" + sessionID, fmt.Sprintf("%s%s:%d", slotClaim, flagID, slot)}
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

func tell(facts ...events.Referral) ([]events.Referral, error) { return facts, nil }
