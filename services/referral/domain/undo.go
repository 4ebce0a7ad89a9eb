package domain

import (
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of an undoing.
var (
	ErrNothingToUndo = refusal.New(refusal.Conflict, "nothing_to_undo", "No decision of your desk has ended this referral.")
	ErrUndoTooLate   = refusal.New(refusal.Conflict, "undo_too_late", "An end may be undone within 7 days. Send the person there anew.")
)

const undoDays = 7

// Undo takes back a withdrawal, or what came of an address, that was a mistake.
type Undo struct {
	ReferralID string
	Flag       Flag
	Session    Session // zero: to a place
	Slot       int     // as in Open
	Reason     string
	By         string
	At         time.Time
}

// Decide opens the referral again. A session is asked anew: the seat may be somebody else's by now.
func (u Undo) Decide(r Referral) ([]events.Referral, error) {
	switch {
	case !r.exists():
		return nil, ErrNoReferral
	case strings.TrimSpace(u.Reason) == "":
		return nil, refusal.Faults{{Field: "reason", Code: "required", Detail: "Say in a few words what was wrong."}}
	case r.Open(), r.endedBy == "":
		return nil, ErrNothingToUndo
	case u.At.After(r.endedAt.AddDate(0, 0, undoDays)):
		return nil, ErrUndoTooLate
	case r.SessionID != "" && !u.Session.takesRequests(u.At):
		return nil, ErrSessionNotOpen
	}
	if err := u.Flag.refusal(r.SessionID+r.PlaceID, u.Slot); err != nil {
		return nil, err
	}
	undone := events.ReferralUndone{
		ReferralID: r.ID, FlagID: r.FlagID, PersonID: r.PersonID, SessionID: r.SessionID, PlaceID: r.PlaceID, Desk: u.Flag.Desk,
		LoanWanted: r.loanWanted, Status: Requested, Slot: u.Slot, RelayID: r.relay, Priority: r.priority, By: u.By, At: u.At,
		Details: events.Clear(r.PersonID, events.Note{Text: u.Reason}),
	}
	if r.PlaceID != "" {
		undone.Status = Advised
	}
	return tell(undone)
}
