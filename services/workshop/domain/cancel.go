package domain

import (
	"example.org/passerelle/api/events"
)

// Cancel is a session that does not take place, or does not go on.
type Cancel struct {
	Change

	Reason string // too_few, animator, place, health_rules, other
}

var cancelReasons = []string{"too_few", "animator", "place", "health_rules", "other"}

// Decide ends the session, and every open request with it: nobody is forgotten on it.
func (c Cancel) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	if err := reasonFaults(c.Reason, cancelReasons).OrNil(); err != nil {
		return nil, err
	}
	t := w.decide(c.SessionID, c.At)
	switch {
	case w.Status == "cancelled", w.Status == "stopped":
		return nil, nil
	case w.upcoming(c.At):
		t.tell(events.SessionCancelled{SessionID: c.SessionID, Reason: c.Reason, By: c.By, At: c.At})
	case w.StatusAt(c.At) == "running":
		t.start()
		t.tell(events.SessionStopped{SessionID: c.SessionID, Reason: c.Reason, By: c.By, At: c.At})
	case w.Status == "draft":
		return nil, ErrNotUpcoming
	default:
		return nil, ErrOver
	}
	t.cancelAll(c.Reason)
	return t.facts, nil
}

func (t *telling) cancelAll(reason string) {
	t.releaseAll("cancelled")
	for _, r := range t.requests {
		if r.alive() {
			t.tell(events.RequestCancelled{
				SessionID: t.sessionID, ReferralID: r.referralID, Reason: reason, Was: r.answer, FlagID: r.flagID, PersonID: r.personID, Desk: r.desk, At: t.at,
			})
		}
	}
}
