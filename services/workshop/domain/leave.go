package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// undoDays are the days within which the end of somebody's part is undone.
const undoDays = 7

var leaveReasons = []string{"absent", "health", "level", "group", "family", "equipment", "moved", "deceased", "other"}

// Refusals of an end, and of its undoing.
var (
	ErrNotSeated  = refusal.New(refusal.Conflict, "not_a_participant", "This person has no seat on the session. Look at the list of participants again.")
	ErrNotUndone  = refusal.New(refusal.Conflict, "nothing_to_undo", "Nothing ended here that could be undone.")
	ErrUndoneLate = refusal.New(refusal.Conflict, "too_late_to_undo", "This ended more than seven days ago. The desk may send the person to another session.")
)

// Drop is a participant who stays away from now on.
type Drop struct {
	Change

	ReferralID, Reason string
}

// Decide ends the part of somebody in a session that has begun. Who stays away and never came is a no-show.
func (c Drop) Decide(w Workshop) ([]events.Workshop, error) {
	r, err := c.seated(w, c.ReferralID, c.Reason)
	switch {
	case err != nil:
		return nil, err
	case r.answer == Dropped, r.answer == NoShow:
		return nil, nil
	case !w.begun(c.At):
		return nil, ErrNotBegun
	case c.Reason == "absent" && w.present(c.ReferralID) == 0:
		return tell(events.NoShow{SessionID: c.SessionID, ReferralID: c.ReferralID, By: c.By, At: c.At})
	}
	return tell(events.ParticipantDropped{SessionID: c.SessionID, ReferralID: c.ReferralID, Reason: c.Reason, By: c.By, At: c.At})
}

// Remove is a provider that takes somebody out.
type Remove struct {
	Change

	ReferralID, Reason string
}

// Decide gives the seat to the next one as long as the session has not begun.
func (c Remove) Decide(w Workshop) ([]events.Workshop, error) {
	r, err := c.seated(w, c.ReferralID, c.Reason)
	switch {
	case err != nil:
		return nil, err
	case r.answer == Dropped, r.answer == NoShow, r.left == "freed":
		return nil, nil
	case w.begun(c.At):
		return tell(events.ParticipantRemoved{SessionID: c.SessionID, ReferralID: c.ReferralID, Reason: c.Reason, By: c.By, At: c.At})
	}
	t := w.decide(c.SessionID, c.At)
	t.tell(events.SeatFreed{SessionID: c.SessionID, ReferralID: c.ReferralID, Reason: c.Reason, By: c.By, At: c.At})
	return t.done()
}

// seated finds somebody who has a seat, or whose part has ended already.
func (c Change) seated(w Workshop, referralID, reason string) (*request, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	if err := reasonFaults(reason, leaveReasons).OrNil(); err != nil {
		return nil, err
	}
	r := w.find(referralID)
	switch {
	case r == nil:
		return nil, ErrNotAsked
	case r.answer == Enrolled && (w.upcoming(c.At) || w.begun(c.At)), r.left != "":
		return r, nil
	}
	return nil, ErrNotSeated
}

// Undo takes the end of somebody's part back, within seven days.
type Undo struct {
	Change

	ReferralID, Reason string
}

// Decide gives the part back. A seat that somebody else has meanwhile stays theirs: then the person is the first on the
// waiting list.
func (c Undo) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	r := w.find(c.ReferralID)
	switch {
	case r == nil:
		return nil, ErrNotAsked
	case !slices.Contains([]string{"entered_in_error", "changed_mind", "other"}, c.Reason):
		return nil, refusal.Faults{{Field: "reason", Code: "not_in_list", Detail: "Choose one of the reasons of the list."}}
	case r.left == "":
		return nil, ErrNotUndone
	case c.At.Sub(r.leftAt) > undoDays*24*time.Hour:
		return nil, ErrUndoneLate
	case r.left == "freed":
		return c.backToTheList(w, r)
	case !w.begun(c.At):
		return nil, ErrOver
	}
	return tell(events.ParticipantRestored{SessionID: c.SessionID, ReferralID: c.ReferralID, Reason: c.Reason, By: c.By, At: c.At})
}

func (c Undo) backToTheList(w Workshop, r *request) ([]events.Workshop, error) {
	t := w.decide(c.SessionID, c.At)
	switch {
	case !w.upcoming(c.At):
		return nil, ErrNotUpcoming
	case w.seatsFor([]*request{r}):
		t.take([]*request{r}, c.By)
	case w.TakesRequests(c.At):
		t.tell(events.WaitingListJoined{SessionID: c.SessionID, ReferralID: r.referralID, Rank: 1, By: c.By, At: c.At})
	default:
		return nil, ErrNotFree
	}
	return t.done()
}
