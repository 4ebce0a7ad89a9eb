package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// EndHelp is heard when something told of the person ends what is done under a flag.
type EndHelp struct {
	FlagID string
	Reason string // deceased, duplicate, objected, consent_withdrawn
	At     time.Time
}

// Decide tells it once. A flag without consent lives on, and may be helped again; the others are closed.
func (c EndHelp) Decide(f Flag) ([]events.Detection, error) {
	help := HelpClosed
	if c.Reason == "consent_withdrawn" {
		help = HelpNone
	}
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help == HelpClosed, f.Help == help:
		return nil, nil
	}
	return tell(events.HelpEnded{FlagID: f.ID, Help: help, Reason: c.Reason, At: c.At})
}

// ResumeHelp is heard when the person agrees to be referred.
type ResumeHelp struct {
	FlagID string
	At     time.Time
}

// Decide puts the person on the desk's list, where only the consent was missing.
func (c ResumeHelp) Decide(f Flag) ([]events.Detection, error) {
	switch {
	case !f.exists():
		return nil, ErrNoFlag
	case f.Help != HelpNone, f.PersonID == "", f.Status == Withdrawn, f.Status == Dismissed:
		return nil, nil
	}
	return tell(events.HelpResumed{FlagID: f.ID, Help: HelpToRefer, At: c.At})
}

// SameCase tells whether two flags say the same of one person: under one programme, and where it takes a flag for each
// institution, about one institution.
func (f Flag) SameCase(other Flag, perInstitution bool) bool {
	return f.Programme == other.Programme && (!perInstitution || f.institution == other.institution)
}
