package domain

import (
	"fmt"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Reschedule moves a session to other days, or to another place.
type Reschedule struct {
	Change

	Meetings             []events.Meeting // nil: as they are
	Insee, Place         *string          // nil: as they are
	Reason               string
	RegistrationClosesAt time.Time // zero: as by default for the new first day, or as it is when that stays
}

// Decide moves it. Everybody keeps the seat or the rank; registration that was closed opens again if there is time.
func (c Reschedule) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.changeable(w); err != nil {
		return nil, err
	}
	moved := c.moved(w)
	if err := c.faults(w, moved).OrNil(); err != nil {
		return nil, err
	}
	t := w.decide(c.SessionID, c.At)
	t.tell(moved)
	return t.done()
}

func (c Reschedule) moved(w Workshop) events.SessionRescheduled {
	moved := events.SessionRescheduled{
		SessionID: c.SessionID, Meetings: w.left(), Insee: w.plan.Insee, Place: w.plan.Place, Reason: c.Reason,
		RegistrationClosesAt: w.plan.RegistrationClosesAt, Labelled: w.plan.Labelled, Status: w.StatusAt(c.At), By: c.By, At: c.At,
	}
	if c.Meetings != nil {
		moved.Meetings = inUTC(c.Meetings)
	}
	if c.Insee != nil {
		moved.Insee = *c.Insee
	}
	if c.Place != nil {
		moved.Place = *c.Place
	}
	first, _ := w.span()
	switch begins := len(moved.Meetings) > 0 && !moved.Meetings[0].StartsAt.Equal(first); {
	case !c.RegistrationClosesAt.IsZero():
		moved.RegistrationClosesAt = c.RegistrationClosesAt.UTC()
	case begins:
		moved.RegistrationClosesAt = defaultClosing(moved.Meetings[0].StartsAt)
	}
	return moved
}

func (c Reschedule) faults(w Workshop, moved events.SessionRescheduled) refusal.Faults {
	faults := append(meetingFaults(moved.Meetings), reasonFaults(c.Reason, changeReasons)...)
	if len(moved.Meetings) == 0 {
		return faults
	}
	begun := w.begun(c.At)
	if !begun && !c.At.Before(moved.Meetings[0].StartsAt) {
		faults = append(faults, refusal.Fault{Field: "meetings[0].starts_at", Code: "in_the_past", Detail: "A session moves to a day that lies ahead."})
	}
	if moved.RegistrationClosesAt.After(moved.Meetings[0].StartsAt) {
		faults = append(faults, closesLate)
	}
	if begun {
		faults = append(faults, w.keptFaults(moved.Meetings, c.At)...)
	}
	return faults
}

var closesLate = refusal.Fault{Field: "registration_closes_at", Code: "after_first_meeting", Detail: "Registration closes before the first meeting begins.", Of: "meetings[0].starts_at"}

// keptFaults: what has begun has been.
func (w Workshop) keptFaults(meetings []events.Meeting, now time.Time) (faults refusal.Faults) {
	for i, m := range w.left() {
		if !now.Before(m.StartsAt) && (i >= len(meetings) || !meetings[i].StartsAt.Equal(m.StartsAt)) {
			faults = append(faults, refusal.Fault{Field: fmt.Sprintf("meetings[%d]", i), Code: "has_been", Detail: "This meeting has begun: it stays as it was. Change the later ones."})
		}
	}
	return faults
}

// left are the meetings that take place.
func (w Workshop) left() []events.Meeting {
	if len(w.cancelled) == 0 {
		return w.plan.Meetings
	}
	var list []events.Meeting
	for i, m := range w.plan.Meetings {
		if w.TakesPlace(i + 1) {
			list = append(list, m)
		}
	}
	return list
}

func inUTC(meetings []events.Meeting) []events.Meeting {
	list := slices.Clone(meetings)
	for i, m := range list {
		list[i] = events.Meeting{StartsAt: m.StartsAt.UTC(), EndsAt: m.EndsAt.UTC()}
	}
	return list
}

// CancelMeeting takes one meeting out of a session of several.
type CancelMeeting struct {
	Change

	Meeting int // from 1
	Reason  string
}

// Refusals of a meeting's end.
var (
	ErrNoMeeting   = refusal.New(refusal.NotFound, "unknown_meeting", "The session has no such meeting.")
	ErrLastMeeting = refusal.New(refusal.Conflict, "last_meeting", "This is the only meeting left. Cancel the session instead.")
	ErrMeetingWas  = refusal.New(refusal.Conflict, "meeting_begun", "This meeting has begun.")
)

// Decide cancels a meeting that lies ahead.
func (c CancelMeeting) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.changeable(w); err != nil {
		return nil, err
	}
	if err := reasonFaults(c.Reason, changeReasons).OrNil(); err != nil {
		return nil, err
	}
	switch {
	case c.Meeting < 1 || c.Meeting > len(w.plan.Meetings):
		return nil, ErrNoMeeting
	case !w.TakesPlace(c.Meeting):
		return nil, nil
	case !c.At.Before(w.plan.Meetings[c.Meeting-1].StartsAt):
		return nil, ErrMeetingWas
	case len(w.left()) == 1:
		return nil, ErrLastMeeting
	}
	e := events.MeetingCancelled{SessionID: c.SessionID, Meeting: c.Meeting, Reason: c.Reason, Labelled: w.plan.Labelled, By: c.By, At: c.At}
	e.StartsAt, e.EndsAt = Evolve(w, e).span()
	return tell(e)
}
