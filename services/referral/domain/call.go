package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// Calls that a desk is asked to make about a referral.
const (
	AddressCall = "address"      // two weeks after an address: what came of it?
	Reminder    = "reminder"     // two working days before the first meeting
	ThreeMonths = "three_months" // after the end: still using it? alone? help again?
)

const (
	addressDays  = 14
	remindDays   = 2 // working days
	laterMonths  = 3
	callMorning  = 9  // o'clock in Paris, when calls begin
	callEvening  = 18 // and end
	daysForACall = 3  // working days
)

// Date is heard when there is a seat, and when the session of a seat is moved.
type Date struct {
	ReferralID       string
	StartsAt, EndsAt time.Time
	At               time.Time
}

// Decide notes when the person goes there.
func (d Date) Decide(r Referral) ([]events.Referral, error) {
	if !r.exists() || r.Status != Enrolled || d.StartsAt.IsZero() || d.StartsAt.Equal(r.startsAt) {
		return nil, nil
	}
	dated := events.ReferralDated{
		ReferralID: r.ID, FlagID: r.FlagID, SessionID: r.SessionID, StartsAt: d.StartsAt, EndsAt: d.EndsAt, At: d.At,
	}
	if !d.At.Before(d.StartsAt) { // noted afterwards
		return tell(dated)
	}
	return tell(dated, d.letter(r))
}

// AskCall is due.
type AskCall struct {
	ReferralID, Kind string
	At               time.Time
}

// Decide asks the desk once, while there is still something to say.
func (a AskCall) Decide(r Referral) ([]events.Referral, error) {
	if !a.wanted(r) {
		return nil, nil
	}
	until := evening(reference.WorkingDaysLater(a.At, daysForACall))
	if a.Kind == Reminder && r.startsAt.Before(until) {
		until = r.startsAt
	}
	return tell(events.CallAsked{
		ReferralID: r.ID, FlagID: r.FlagID, PersonID: r.PersonID, Desk: r.Desk, Kind: a.Kind, Until: until, At: a.At,
	})
}

func (a AskCall) wanted(r Referral) bool {
	switch a.Kind {
	case AddressCall:
		return r.Status == Advised && r.asked != AddressCall
	case Reminder:
		return r.Status == Enrolled && !r.reminded.Equal(r.startsAt) && a.At.Before(r.startsAt)
	case ThreeMonths:
		return r.Status == Completed && r.asked != ThreeMonths
	}
	return false
}

func morning(at time.Time) time.Time { return oClock(at, callMorning) }
func evening(at time.Time) time.Time { return oClock(at, callEvening) }

func oClock(at time.Time, hour int) time.Time {
	y, m, d := at.In(reference.Paris).Date()
	return time.Date(y, m, d, hour, 0, 0, 0, reference.Paris).UTC()
}
