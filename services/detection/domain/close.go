package domain

import (
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// reopenable is how long a closing can be taken back.
const reopenable = 7 * 24 * time.Hour

// Refusals of what is done for a person.
var (
	ErrHelpClosed     = refusal.New(refusal.Conflict, "help_closed", "Help for this flag is closed. Open it again first.")
	ErrReferralOpen   = refusal.New(refusal.Conflict, "referral_open", "Somebody is asked to take this person. Wait for the answer, or take the request back first.")
	ErrConsentMissing = refusal.New(refusal.Invalid, "consent_missing", "The person has not agreed to be referred, or is anonymous. Ask for the consent first.")
	ErrNotClosed      = refusal.New(refusal.Conflict, "not_closed", "This flag is open. Go on with it.")
	ErrClosingSettled = refusal.New(refusal.Conflict, "closing_settled", "This flag was closed more than seven days ago. Flag the person again.")
	ErrObjected       = refusal.New(refusal.Conflict, "person_objected", "The person does not want to be kept here. Nothing more is done.")
)

// Close says that nothing more is done under a flag, and what came of it.
type Close struct {
	FlagID, Outcome, Note string
	By                    string
	At                    time.Time
}

// Decide closes the flag, unless somebody is asked to take the person. The same outcome again says nothing new.
func (c Close) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help == HelpClosed && f.Outcome == c.Outcome:
		return nil, nil
	case f.Help == HelpClosed:
		return nil, ErrHelpClosed
	case f.openReferrals() > 0:
		return nil, ErrReferralOpen
	}
	details, err := f.note("note", c.Note)
	if err != nil {
		return nil, err
	}
	return tell(events.FlagClosed{FlagID: f.ID, Help: HelpClosed, Outcome: c.Outcome, By: c.By, At: c.At, Details: details})
}

// Reopen says that a closing was too early. Is is the person as told so far; nobody for an anonymous sheet.
type Reopen struct {
	FlagID, Reason string
	Is             Person
	By             string
	At             time.Time
}

// Decide opens the flag again within seven days, for the living only. It is one open flag of the person again.
func (r Reopen) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help != HelpClosed:
		return nil, ErrNotClosed
	case r.At.Sub(f.closedAt) > reopenable:
		return nil, ErrClosingSettled
	case r.Is.Dead:
		return nil, ErrDead
	case r.Is.Objected:
		return nil, ErrObjected
	}
	details, err := f.note("reason", r.Reason)
	if err != nil {
		return nil, err
	}
	return tell(events.FlagReopened{FlagID: f.ID, Help: r.help(f), OneOpen: f.held, By: r.By, At: r.At, Details: details})
}

func (r Reopen) help(f Flag) string {
	if f.PersonID == "" || !r.Is.Consents[ConsentReferral].Given {
		return HelpNone
	}
	return HelpToRefer
}

// note is free text about who is flagged, sealed with the key of the sheet.
func (f Flag) note(field, text string) (events.Sealed[events.Note], error) {
	s := sheet{}
	s.nirInText(field, text)
	return events.Clear(f.subject, events.Note{Text: text}), s.faults.OrNil()
}
