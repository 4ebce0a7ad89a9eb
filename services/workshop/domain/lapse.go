package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// Lapse ends a request that nobody answered in time.
type Lapse struct {
	SessionID, ReferralID string
	At                    time.Time
}

// Decide says nothing for a request that was answered, or whose time is not over.
func (l Lapse) Decide(w Workshop) ([]events.Workshop, error) {
	r := w.find(l.ReferralID)
	if !r.open() || l.At.Before(r.answerBy) {
		return nil, nil
	}
	t := w.decide(l.SessionID, l.At)
	for _, one := range w.unit(r) {
		t.tell(events.RequestLapsed{SessionID: l.SessionID, ReferralID: one.referralID, At: l.At})
	}
	return t.done()
}

// Remind is due when a third, and two thirds, of the time for an answer are over.
type Remind struct {
	SessionID, ReferralID string
	Times                 int
	At                    time.Time
}

// Decide reminds once, and not of what was answered.
func (m Remind) Decide(w Workshop) ([]events.Workshop, error) {
	if r := w.find(m.ReferralID); !w.answerable(r, m.At) || r.reminded >= m.Times {
		return nil, nil
	}
	return tell(events.AnswerReminded{SessionID: m.SessionID, ReferralID: m.ReferralID, Times: m.Times, At: m.At})
}
