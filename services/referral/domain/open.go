package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Refusals of a new referral.
var (
	ErrNoFlag         = refusal.New(refusal.NotFound, "unknown_flag", "There is no such flag. Look for the person again.")
	ErrNoSession      = refusal.New(refusal.NotFound, "unknown_session", "There is no such session. Look for it again in the list of offers.")
	ErrConsentMissing = refusal.New(refusal.Invalid, "consent_missing", "The person has not agreed to be referred, or is anonymous. Ask for the consent first.")
	ErrDead           = refusal.New(refusal.Conflict, "person_deceased", "The death of this person was told. Nobody is sent anywhere.")
	ErrHelpClosed     = refusal.New(refusal.Conflict, "help_closed", "Help for this flag is closed. Open it again first.")
	ErrNotValidated   = refusal.New(refusal.Conflict, "not_validated", "The referent has to validate this flag first.")
	ErrSessionNotOpen = refusal.New(refusal.Conflict, "session_not_open", "This session takes no requests any more. Choose another one.")
	ErrExists         = refusal.New(refusal.Conflict, "referral_exists", "This referral is stored already.")
)

// Open asks for a seat for the person of a flag.
type Open struct {
	ReferralID string
	Flag       Flag
	Session    Session
	Slot       int // from 1 to MaxOpen; on ErrTooManyOpen of a claim the caller tries the next
	Follows    string
	Together   string // the referral of somebody who comes along; that one names this one too
	MayPart    bool   // of two: one may come without the other
	RelayID    string // the place from which the person follows the session
	Unserved   bool   // they waited in vain for the last session of this kind, of the same provider
	By         string
	At         time.Time
}

// Flag is what is known of the flag, as heard. The zero Flag is unknown.
type Flag struct {
	ID, PersonID                      string
	Fund, Programme, Desk, Department string
	Help                              string
	Ended                             string // why help ended, while it is ended
	Erasure                           string // why the person is to be erased
	MayRefer                          bool   // by programme, deadline or review
	LoanWanted                        bool
	Priority                          string // why they come first on a waiting list
	Language, Deadline                string
	Dead                              bool     // the person, as far as heard
	Open                              []string // sessions and places of its open referrals
}

// Session is what is known of the session, as heard. The zero Session is unknown.
type Session struct {
	ID, ProviderID       string
	Status               string
	FirstMeeting         time.Time
	RegistrationClosesAt time.Time
}

// Decide opens the referral.
func (o Open) Decide(r Referral) ([]events.Referral, error) {
	if r.exists() {
		return nil, ErrExists
	}
	if err := o.refusal(); err != nil {
		return nil, err
	}
	return tell(events.ReferralOpened{
		ReferralID: o.ReferralID, FlagID: o.Flag.ID, PersonID: o.Flag.PersonID, SessionID: o.Session.ID,
		ProviderID: o.Session.ProviderID, Fund: o.Flag.Fund, Programme: o.Flag.Programme, Desk: o.Flag.Desk,
		Department: o.Flag.Department, LoanWanted: o.Flag.LoanWanted, Language: o.Flag.Language,
		Deadline: o.Flag.Deadline, Follows: o.Follows, Together: o.Together, MayPart: o.MayPart, Slot: o.Slot, RelayID: o.RelayID, Priority: o.priority(), By: o.By, At: o.At,
	})
}

// UnservedFirst is why somebody comes first who waited in vain the time before.
const UnservedFirst = "unserved"

func (o Open) priority() string {
	if o.Flag.Priority == "" && o.Unserved {
		return UnservedFirst
	}
	return o.Flag.Priority
}

func (o Open) refusal() error {
	if o.Flag.ID != "" && o.Flag.Erasure == "" && o.Session.ID == "" {
		return ErrNoSession
	}
	if err := o.Flag.refusal(o.Session.ID, o.Slot); err != nil {
		return err
	}
	if !o.Session.takesRequests(o.At) {
		return ErrSessionNotOpen
	}
	return nil
}

// MayBeSent says why nobody is sent anywhere under this flag; nil where somebody may be.
func (f Flag) MayBeSent() error { return f.refusal("", 1) }

// refusal says why nobody is sent to a session or place under this flag.
func (f Flag) refusal(where string, slot int) error {
	switch {
	case f.ID == "", f.Erasure != "":
		return ErrNoFlag
	case f.Dead:
		return ErrDead
	case f.Help == "none", f.PersonID == "":
		return ErrConsentMissing
	case f.Help == "closed":
		return ErrHelpClosed
	case !f.MayRefer:
		return ErrNotValidated
	case slices.Contains(f.Open, where):
		return ErrAlreadyAsked
	case len(f.Open) >= MaxOpen, slot < 1, slot > MaxOpen:
		return ErrTooManyOpen
	}
	return nil
}

func (s Session) takesRequests(at time.Time) bool {
	return (s.Status == "open" || s.Status == "confirmed") && at.Before(s.RegistrationClosesAt) && at.Before(s.FirstMeeting)
}
