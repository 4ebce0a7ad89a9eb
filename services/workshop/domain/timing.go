package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// StatusAt is the session's status at a moment: it runs when its first meeting begins, and is over after its last. A
// labelled one is over when its papers are there and the provider says so.
func (w Workshop) StatusAt(now time.Time) string {
	if w.Status != "open" && w.Status != "confirmed" && w.Status != "running" {
		return w.Status
	}
	switch first, last := w.span(); {
	case now.Before(first) && w.Status == "confirmed":
		return "confirmed"
	case now.Before(first):
		return "open"
	case now.Before(last), w.plan.Labelled:
		return "running"
	}
	return "closed"
}

// TakesRequests says whether somebody may still ask for a seat.
func (w Workshop) TakesRequests(now time.Time) bool {
	return w.upcoming(now) && !w.closed && now.Before(w.plan.RegistrationClosesAt)
}

// upcoming: it is open or confirmed, and has not begun.
func (w Workshop) upcoming(now time.Time) bool {
	status := w.StatusAt(now)
	return status == "open" || status == "confirmed"
}

// begun: it runs, or is over in its time.
func (w Workshop) begun(now time.Time) bool {
	status := w.StatusAt(now)
	return status == "running" || status == "closed"
}

// span is when the first meeting begins and the last one ends, of those that take place.
func (w Workshop) span() (first, last time.Time) {
	for i, m := range w.plan.Meetings {
		if w.TakesPlace(i + 1) {
			if first.IsZero() {
				first = m.StartsAt
			}
			last = m.EndsAt
		}
	}
	return first, last
}

// TakesPlace says whether a meeting, counted from 1, was not cancelled.
func (w Workshop) TakesPlace(meeting int) bool {
	return meeting >= 1 && meeting <= len(w.plan.Meetings) && !slices.Contains(w.cancelled, meeting)
}

// answerBy is the earliest of thirty days, half the time to the first meeting (at least two working days) and
// the closing of registration.
func (w Workshop) answerBy(at time.Time) time.Time {
	first, _ := w.span()
	half := at.Add(first.Sub(at) / 2)
	if least := reference.WorkingDaysLater(at, 2); half.Before(least) {
		half = least
	}
	return earliest(at.In(reference.Paris).AddDate(0, 0, 30), half, w.plan.RegistrationClosesAt).UTC().Truncate(time.Microsecond)
}

func earliest(first time.Time, others ...time.Time) time.Time {
	for _, t := range others {
		if t.Before(first) {
			first = t
		}
	}
	return first
}

// Registration closes by default so many working days before the first meeting; what is free then for the last days is
// called out.
const (
	closingDays = 2
	lastSeats   = 72 * time.Hour
)

func defaultClosing(first time.Time) time.Time {
	y, m, d := reference.WorkingDaysLater(first, -closingDays).Date()
	return time.Date(y, m, d, 18, 0, 0, 0, reference.Paris).UTC()
}

// Close of registration: CloseRegistration is due then. Those who ask or wait have no seat any more.
type CloseRegistration struct {
	SessionID string
	At        time.Time
}

// Decide says nothing before the time, or twice.
func (c CloseRegistration) Decide(w Workshop) ([]events.Workshop, error) {
	if c.At.Before(w.plan.RegistrationClosesAt) {
		return nil, nil
	}
	t := w.decide(c.SessionID, c.At)
	t.closeRegistration("")
	return t.facts, nil
}

// EndRegistration is a provider that takes no more requests before the time. Reschedule opens registration again.
type EndRegistration struct{ Change }

// Decide closes it once: what was asked lapses, who waits is unserved and comes first next time.
func (c EndRegistration) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.upcoming(w); err != nil {
		return nil, err
	}
	t := w.decide(c.SessionID, c.At)
	t.closeRegistration(c.By)
	return t.facts, nil
}

func (t *telling) closeRegistration(by string) {
	if t.closed || t.Status != "open" && t.Status != "confirmed" {
		return
	}
	t.tell(events.RegistrationClosed{SessionID: t.sessionID, By: by, At: t.at})
	for _, r := range t.requests {
		if r.open() {
			t.tell(events.RequestLapsed{SessionID: t.sessionID, ReferralID: r.referralID, At: t.at})
		}
	}
	t.releaseAll("closed")
	for _, id := range t.waiting {
		t.tell(events.RequestUnserved{SessionID: t.sessionID, ReferralID: id, At: t.at})
	}
}

// CallLastSeats is due three days before registration closes.
type CallLastSeats struct {
	SessionID string
	At        time.Time
}

// Decide says how many seats are left.
func (c CallLastSeats) Decide(w Workshop) ([]events.Workshop, error) {
	if w.called || !w.TakesRequests(c.At) || c.At.Before(w.plan.RegistrationClosesAt.Add(-lastSeats)) {
		return nil, nil
	}
	return tell(events.LastSeatsCalled{SessionID: c.SessionID, Free: w.Free(), At: c.At})
}

// Start is due when the first meeting begins.
type Start struct {
	SessionID string
	At        time.Time
}

// Decide begins the session. By then registration is closed, whatever the plan said.
func (s Start) Decide(w Workshop) ([]events.Workshop, error) {
	t := w.decide(s.SessionID, s.At)
	t.start()
	return t.facts, nil
}

func (t *telling) start() {
	first, _ := t.span()
	if t.at.Before(first) || t.Status != "open" && t.Status != "confirmed" {
		return
	}
	t.closeRegistration("")
	t.tell(events.SessionStarted{SessionID: t.sessionID, At: t.at})
}

// End is due when the last meeting is over.
type End struct {
	SessionID string
	At        time.Time
}

// Decide closes the session, unless it has a label: then its papers are looked at first.
func (e End) Decide(w Workshop) ([]events.Workshop, error) {
	if _, last := w.span(); e.At.Before(last) {
		return nil, nil
	}
	t := w.decide(e.SessionID, e.At)
	t.start()
	if t.Status == "running" && !t.plan.Labelled {
		t.tell(events.SessionClosed{SessionID: e.SessionID, At: e.At})
	}
	return t.facts, nil
}
