package domain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// What a letter about a referral tells.
const (
	SeatLetter  = "seat"  // there is one, then and there
	MovedLetter = "moved" // the session meets then, or there, instead
)

// Refusals of a letter.
var (
	ErrNoLetter       = refusal.New(refusal.NotFound, "unknown_letter", "There is no such letter. Look at the list of the day again.")
	ErrLetterReplaced = refusal.New(refusal.Conflict, "letter_replaced", "The session has moved since. Print the new letter.")
)

// letter is the one that a new date makes due. It leaves in time for the first meeting.
func (d Date) letter(r Referral) events.LetterDue {
	kind := SeatLetter
	if !r.startsAt.IsZero() {
		kind = MovedLetter
	}
	until := evening(reference.WorkingDaysLater(d.At, letterDays))
	if d.StartsAt.Before(until) {
		until = d.StartsAt
	}
	return events.LetterDue{
		LetterID: fmt.Sprintf("%s.%d", r.ID, r.letters+1), ReferralID: r.ID, FlagID: r.FlagID, PersonID: r.PersonID, Desk: r.Desk, Kind: kind, Until: until, At: d.At,
	}
}

// ReferralOfLetter is the referral that a letter is about; false for one to somebody whom nobody reaches.
func ReferralOfLetter(letterID string) (referralID string, ok bool) {
	referralID, _, ok = strings.Cut(letterID, ".")
	return referralID, ok
}

// SendLetter is a letter about a referral that was printed and leaves.
type SendLetter struct {
	ReferralID, LetterID string
	By                   string
	At                   time.Time
}

// Decide notes it once. What is not true any more does not leave.
func (s SendLetter) Decide(r Referral) ([]events.Referral, error) {
	switch {
	case !r.exists(), !r.HadLetter(s.LetterID):
		return nil, ErrNoLetter
	case slices.Contains(r.lettersSent, s.LetterID):
		return nil, nil
	case s.LetterID != r.letter:
		return nil, ErrLetterReplaced
	case r.Status != Enrolled:
		return nil, ErrEnded
	}
	return tell(events.LetterSent{
		LetterID: s.LetterID, ReferralID: r.ID, FlagID: r.FlagID, PersonID: r.PersonID, Desk: r.Desk, By: s.By, At: s.At,
	})
}

// HadLetter says whether such a letter was ever due.
func (r Referral) HadLetter(id string) bool {
	for n := range r.letters {
		if id == fmt.Sprintf("%s.%d", r.ID, n+1) {
			return true
		}
	}
	return false
}
