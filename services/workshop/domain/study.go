package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// A study lasts so many days at most, never past the closing of registration, and keeps a held seat for fewer.
const (
	studyDays     = 60
	studyHoldDays = 15
)

// Study is a provider that needs more time to answer.
type Study struct {
	SessionID, ReferralID, ProviderID string
	By                                string
	At                                time.Time
}

// Decide gives the time; asked twice, nothing new. Who comes along is studied too.
func (s Study) Decide(w Workshop) ([]events.Workshop, error) {
	r, err := w.asked(s.ReferralID, s.ProviderID)
	switch {
	case err != nil:
		return nil, err
	case r.answer == Enrolled, r.waits():
		return nil, ErrAnsweredYes
	case !w.answerable(r, s.At):
		return nil, ErrRequestEnded
	case r.studied:
		return nil, nil
	}
	t := w.decide(s.SessionID, s.At)
	for _, one := range w.unit(r) {
		t.tell(w.study(s, one))
	}
	return t.facts, nil
}

func (w Workshop) study(s Study, r *request) events.RequestStudied {
	studied := events.RequestStudied{SessionID: s.SessionID, ReferralID: r.referralID, Until: w.studyUntil(s.At, studyDays), By: s.By, At: s.At}
	if r.answer == Held {
		held := w.studyUntil(s.At, studyHoldDays)
		studied.HeldUntil = &held
	}
	return studied
}

func (w Workshop) studyUntil(at time.Time, days int) time.Time {
	return earliest(at.In(reference.Paris).AddDate(0, 0, days), w.plan.RegistrationClosesAt).UTC().Truncate(time.Microsecond)
}

// EndHold is due when a study goes on longer than its seat is held.
type EndHold struct {
	SessionID, ReferralID string
	At                    time.Time
}

// Decide gives the seat on. The request stays where it is.
func (e EndHold) Decide(w Workshop) ([]events.Workshop, error) {
	r := w.find(e.ReferralID)
	if r == nil || r.answer != Held || !r.studied || e.At.Before(r.heldUntil) {
		return nil, nil
	}
	t := w.decide(e.SessionID, e.At)
	for _, one := range w.unit(r) {
		t.tell(events.HoldEnded{SessionID: e.SessionID, ReferralID: one.referralID, At: e.At})
	}
	return t.done()
}
