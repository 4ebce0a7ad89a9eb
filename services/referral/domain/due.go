package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// Deadline is a moment at which something is asked of a desk. Its kind is that of a call, or NoNews.
type Deadline struct {
	Kind string
	At   time.Time
}

// NoNews is due when nothing was heard for 30 days after a letter.
const NoNews = "no_news"

const noNewsDays = 30

// Due gives the deadline that a fact sets, nil if none, and the kinds of those that it settles.
func Due(fact events.Referral) (set *Deadline, done []string) {
	switch e := fact.(type) {
	case events.AddressGiven:
		return &Deadline{AddressCall, morning(e.At.AddDate(0, 0, addressDays))}, nil
	case events.ReferralDated:
		return &Deadline{Reminder, morning(reference.WorkingDaysLater(e.StartsAt, -remindDays))}, []string{Reminder}
	case events.ReferralAnswered:
		return dueAfter(e)
	case events.ReferralUndone:
		if e.Status == Advised {
			return &Deadline{AddressCall, morning(e.At.AddDate(0, 0, addressDays))}, nil
		}
	case events.ReferralWithdrawn, events.AddressFollowedUp:
		return nil, []string{AddressCall, Reminder}
	case events.CallAsked:
		return nil, []string{e.Kind}
	case events.ContactNoted:
		return dueAfterContact(e)
	case events.CloseAsked:
		return nil, []string{NoNews}
	case events.PlaceLinkIssued, events.PlaceLinkOpened, events.PlaceLinkCodeMissed, events.ReferralOpened, events.ReferralHandedOver, events.LetterAsked, events.LetterDue, events.LetterSent, events.AlternativeSought, events.AlternativeForgone:
	}
	return nil, nil
}

// dueAfter: who followed a session to its end is asked three months later; who has begun it needs no reminder.
func dueAfter(e events.ReferralAnswered) (set *Deadline, done []string) {
	switch e.Answer {
	case Completed:
		return &Deadline{ThreeMonths, morning(e.At.AddDate(0, laterMonths, 0))}, []string{Reminder}
	case Enrolled:
		return nil, nil
	case Dropped, NoShow: // of one that was completed: see answers
		return nil, []string{Reminder, ThreeMonths}
	}
	return nil, []string{Reminder}
}

func dueAfterContact(e events.ContactNoted) (set *Deadline, done []string) {
	switch {
	case heardOf(e):
		return nil, []string{NoNews}
	case letterSent(e):
		return &Deadline{NoNews, morning(e.At.AddDate(0, 0, noNewsDays))}, []string{NoNews}
	}
	return nil, nil
}
