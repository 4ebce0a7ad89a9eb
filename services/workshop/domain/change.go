package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a change.
var (
	ErrNotDraft    = refusal.New(refusal.Conflict, "not_a_draft", "This session is no draft any more. Look at its state.")
	ErrNotUpcoming = refusal.New(refusal.Conflict, "not_upcoming", "This is for a session that is open or confirmed and has not begun. Look at its state.")
	ErrNotBegun    = refusal.New(refusal.Conflict, "not_begun", "The session has not begun. Wait for its first meeting.")
	ErrOver        = refusal.New(refusal.Conflict, "session_over", "This session is over: it is not changed any more.")
	ErrTooLate     = refusal.New(refusal.Conflict, "too_late", "The first meeting lies in the past. Move the session to another day first.")
)

// Change is what every command of a provider on its session says.
type Change struct {
	SessionID, ProviderID string
	By                    string
	At                    time.Time
}

// changeReasons are why a session is not held as planned.
var changeReasons = []string{"too_few", "animator", "place", "health_rules", "demand", "other"}

func reasonFaults(reason string, list []string) refusal.Faults {
	if slices.Contains(list, reason) {
		return nil
	}
	return refusal.Faults{{Field: "reason", Code: "not_in_list", Detail: "Choose one of the reasons of the list."}}
}

func (c Change) known(w Workshop) error {
	if !w.exists() || w.ProviderID != c.ProviderID {
		return ErrNoSession
	}
	return nil
}

// changeable: it is planned, open, confirmed or running, and not over.
func (c Change) changeable(w Workshop) error {
	if err := c.known(w); err != nil {
		return err
	}
	switch w.StatusAt(c.At) {
	case "draft", "open", "confirmed", "running":
		return nil
	}
	return ErrOver
}

// upcoming: it is open or confirmed and has not begun.
func (c Change) upcoming(w Workshop) error {
	if err := c.known(w); err != nil {
		return err
	}
	if !w.upcoming(c.At) {
		return ErrNotUpcoming
	}
	return nil
}

// Open makes a draft take requests.
type Open struct{ Change }

// Decide opens a draft that still lies ahead.
func (c Open) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	switch first, _ := w.span(); {
	case w.StatusAt(c.At) == "open":
		return nil, nil
	case w.Status != "draft":
		return nil, ErrNotDraft
	case !c.At.Before(first), !c.At.Before(w.plan.RegistrationClosesAt):
		return nil, ErrTooLate
	}
	return tell(events.SessionOpened{
		SessionID: c.SessionID, Meetings: w.plan.Meetings, RegistrationClosesAt: w.plan.RegistrationClosesAt, Labelled: w.plan.Labelled,
		By: c.By, At: c.At,
	})
}

// Confirm says that the session takes place, however many come.
type Confirm struct{ Change }

// Decide confirms an open session once.
func (c Confirm) Decide(w Workshop) ([]events.Workshop, error) {
	switch err := c.upcoming(w); {
	case err != nil:
		return nil, err
	case w.Status == "confirmed":
		return nil, nil
	}
	return tell(events.SessionConfirmed{SessionID: c.SessionID, By: c.By, At: c.At})
}

// SetCapacity gives a session more seats, or fewer.
type SetCapacity struct {
	Change

	Capacity int
	Reason   string
}

// Decide never takes a seat from anybody: below what is taken and held nothing is free, and no new seat is held. New
// seats are offered in order.
func (c SetCapacity) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.changeable(w); err != nil {
		return nil, err
	}
	if err := c.faults(w).OrNil(); err != nil {
		return nil, err
	}
	if c.Capacity == w.Capacity {
		return nil, nil
	}
	t := w.decide(c.SessionID, c.At)
	t.tell(events.SessionCapacityChanged{SessionID: c.SessionID, Capacity: c.Capacity, Reason: c.Reason, By: c.By, At: c.At})
	return t.done()
}

func (c SetCapacity) faults(w Workshop) refusal.Faults {
	faults := reasonFaults(c.Reason, changeReasons)
	if w.Unlimited() {
		return append(faults, refusal.Fault{Field: "capacity", Code: "unlimited", Detail: "A webinar has no limit."})
	}
	if c.Capacity < 1 {
		faults = append(faults, refusal.Fault{Field: "capacity", Code: "too_small", Detail: "A session has at least one seat. Cancel it if it does not take place."})
	}
	return faults
}

// SetOwnSeats keeps so many seats for the provider's own public, from now on.
type SetOwnSeats struct {
	Change

	Seats int
}

// ErrNotFree says that others have the seats.
var ErrNotFree = refusal.New(refusal.Conflict, "no_free_seat", "There are not as many free seats. Raise the capacity first; nobody loses a seat for the own public.")

// Decide takes free seats only; those that are given up are offered in order.
func (c SetOwnSeats) Decide(w Workshop) ([]events.Workshop, error) {
	switch err := c.upcoming(w); {
	case err != nil:
		return nil, err
	case c.Seats < 0:
		return nil, refusal.Faults{{Field: "seats", Code: "negative", Detail: "The number of seats cannot be below zero."}}
	case c.Seats == w.Own:
		return nil, nil
	case !w.Unlimited() && c.Seats > w.Own+w.Free():
		return nil, ErrNotFree
	}
	t := w.decide(c.SessionID, c.At)
	t.tell(events.OwnSeatsSet{SessionID: c.SessionID, Seats: c.Seats, By: c.By, At: c.At})
	return t.done()
}

// SetRelay says that people come together in a place to follow the session.
type SetRelay struct {
	Change

	PlaceID string
	Seats   int
}

// Decide is for sessions at a distance. Nobody loses a seat by fewer; more of them are offered in order.
func (c SetRelay) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.changeable(w); err != nil {
		return nil, err
	}
	var faults refusal.Faults
	if w.Mode != "webinar" && w.Mode != "video" && w.Mode != "hybrid" {
		faults = append(faults, refusal.Fault{Field: "place_id", Code: "not_at_a_distance", Detail: "Only a session at a distance is followed from another place."})
	}
	if c.Seats < 0 {
		faults = append(faults, refusal.Fault{Field: "seats", Code: "negative", Detail: "The number of seats cannot be below zero."})
	}
	if err := faults.OrNil(); err != nil {
		return nil, err
	}
	t := w.decide(c.SessionID, c.At)
	t.tell(events.RelaySet{SessionID: c.SessionID, PlaceID: c.PlaceID, Seats: c.Seats, By: c.By, At: c.At})
	return t.done()
}

// Adapt holds the session in another way than planned.
type Adapt struct {
	Change

	Mode, Reason string
}

// Decide changes the mode. A webinar has no seats, so nothing becomes one or stops being one.
func (c Adapt) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.changeable(w); err != nil {
		return nil, err
	}
	faults := reasonFaults(c.Reason, changeReasons)
	if w.Unlimited() || !slices.Contains([]string{"in_person", "video", "phone", "hybrid"}, c.Mode) {
		faults = append(faults, refusal.Fault{Field: "mode", Code: "not_possible", Detail: "A session with seats becomes none without, and the other way round. Plan another one."})
	}
	if err := faults.OrNil(); err != nil {
		return nil, err
	}
	if c.Mode == w.Mode {
		return nil, nil
	}
	return tell(events.SessionAdapted{SessionID: c.SessionID, Mode: c.Mode, Reason: c.Reason, By: c.By, At: c.At})
}
