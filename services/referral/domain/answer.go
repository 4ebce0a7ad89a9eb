package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// ErrNoReferral says that there is no such referral.
var ErrNoReferral = refusal.New(refusal.NotFound, "unknown_referral", "There is no such referral. Look for the person again.")

// Answer is heard from the session.
type Answer struct {
	ReferralID string
	Answer     string // a state that the session decides on
	Reason     string
	At         time.Time
}

// answers are the states that a session may give to a referral, by the state before.
var answers = map[string][]string{
	Requested:  {InStudy, Enrolled, Waitlisted, Offered, Declined, Expired, Unserved, Cancelled, InProgress},
	InStudy:    {Requested, Enrolled, Waitlisted, Offered, Declined, Expired, Unserved, Cancelled, InProgress},
	Waitlisted: {Offered, Enrolled, Declined, Expired, Unserved, Cancelled, InProgress},
	Offered:    {Waitlisted, Enrolled, Declined, Expired, Unserved, Cancelled, InProgress},
	Enrolled:   {InProgress, Completed, Dropped, NoShow, Cancelled},
	InProgress: {Completed, Dropped, NoShow, Cancelled},
	Dropped:    {InProgress, Completed, Enrolled, Waitlisted}, // the provider undoes it
	NoShow:     {InProgress, Completed},
}

// Decide keeps the answer. What was heard before, or comes after the end, says nothing new.
func (a Answer) Decide(r Referral) ([]events.Referral, error) {
	switch {
	case !r.exists():
		return nil, ErrNoReferral
	case slices.Contains(answers[r.Status], a.Answer):
		return tell(events.ReferralAnswered{ReferralID: r.ID, FlagID: r.FlagID, Answer: a.Answer, Reason: a.Reason, At: a.At})
	}
	return nil, nil
}
