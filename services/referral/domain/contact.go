package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/reference"
)

// ErrNoPerson says that there is nobody of that identifier in the desk's charge.
var ErrNoPerson = refusal.New(refusal.NotFound, "unknown_person", "There is no such person. Look for them again by name.")

const (
	letter      = "letter"
	missedCalls = 3 // on so many half-days, then the person is written to
	letterDays  = 2 // working days to print it
	closeDays   = 5 // working days to decide
)

var (
	directions = []string{"in", "out"}
	channels   = []string{"phone", letter, "sms", "email", "counter", "helper"}
	outcomes   = []string{"reached", "not_reached", "wrong_number", "call_back", "left_word", "sent", "returned"}
)

// Contacts is what was said with one person, as far as it decides what the desk is asked for.
type Contacts struct {
	missed []string // half-days on which nobody was reached, since somebody was
	letter string   // that was asked for since
	sent   bool
}

// LetterWanted says whether a letter was asked for and not sent yet.
func (c Contacts) LetterWanted() bool { return c.letter != "" && !c.sent }

// NoteContact keeps what was said, or that nobody answered.
type NoteContact struct {
	ContactID, PersonID, Desk   string
	Direction, Channel, Outcome string
	AboutID                     string
	NextAt                      *time.Time
	Note                        string
	LetterID                    string // of the letter, if one is wanted now
	By                          string
	At                          time.Time
}

// Decide keeps the contact. The third half-day on which nobody was reached asks for a letter.
func (n NoteContact) Decide(c Contacts) ([]events.Referral, error) {
	if err := n.faults().OrNil(); err != nil {
		return nil, err
	}
	noted := events.ContactNoted{
		ContactID: n.ContactID, PersonID: n.PersonID, Desk: n.Desk, Direction: n.Direction, Channel: n.Channel, Outcome: n.Outcome,
		AboutID: n.AboutID, NextAt: n.NextAt, By: n.By, At: n.At,
	}
	if n.Note != "" {
		noted.Details = events.Clear(n.PersonID, events.Note{Text: n.Note})
	}
	if letterSent(noted) && c.sent && c.letter == noted.AboutID {
		return nil, nil // it was said before
	}
	if after := EvolveContacts(c, noted); len(after.missed) < missedCalls || after.letter != "" {
		return tell(noted)
	}
	return tell(noted, events.LetterAsked{
		LetterID: n.LetterID, PersonID: n.PersonID, Desk: n.Desk, Until: evening(reference.WorkingDaysLater(n.At, letterDays)), At: n.At,
	})
}

func (n NoteContact) faults() (faults refusal.Faults) {
	add := func(wrong bool, field, code, detail string) {
		if wrong {
			faults = append(faults, refusal.Fault{Field: field, Code: code, Detail: detail})
		}
	}
	add(!slices.Contains(directions, n.Direction), "direction", "not_in_list", "Say whether the person rang, or you did.")
	add(!slices.Contains(channels, n.Channel), "channel", "not_in_list", "Choose one of the channels of the list.")
	add(!slices.Contains(outcomes, n.Outcome), "outcome", "not_in_list", "Choose one of the outcomes of the list.")
	add(n.Outcome == "call_back" && n.NextAt == nil, "next_at", "required", "Say when to ring again.")
	add(n.NextAt != nil && !n.NextAt.After(n.At), "next_at", "in_the_past", "Ring again later than now.")
	return faults
}

// AskClose is due.
type AskClose struct {
	PersonID, Desk string
	At             time.Time
}

// Decide asks the desk to close, unless something was heard of the person.
func (a AskClose) Decide(c Contacts) ([]events.Referral, error) {
	if !c.sent {
		return nil, nil
	}
	return tell(events.CloseAsked{
		LetterID: c.letter, PersonID: a.PersonID, Desk: a.Desk, Until: evening(reference.WorkingDaysLater(a.At, closeDays)), At: a.At,
	})
}

// EvolveContacts is the conversation after a fact.
func EvolveContacts(c Contacts, fact events.Referral) Contacts {
	switch e := fact.(type) {
	case events.ContactNoted:
		switch half := halfDay(e.At); {
		case heardOf(e):
			return Contacts{}
		case letterSent(e):
			c.letter, c.sent = e.AboutID, true
		case e.Outcome == "not_reached" && !slices.Contains(c.missed, half):
			c.missed = append(slices.Clip(c.missed), half)
		}
	case events.LetterAsked:
		c.letter = e.LetterID
	case events.CloseAsked:
		return Contacts{}
	case events.ReferralOpened, events.ReferralAnswered, events.ReferralWithdrawn, events.ReferralHandedOver, events.ReferralUndone,
		events.ReferralDated, events.LetterDue, events.LetterSent, events.AddressGiven, events.AddressFollowedUp, events.CallAsked,
		events.AlternativeSought, events.AlternativeForgone, events.PlaceLinkIssued, events.PlaceLinkOpened, events.PlaceLinkCodeMissed: // in streams of their own
	}
	return c
}

// heardOf says whether the person has been there, or somebody who speaks for them.
func heardOf(e events.ContactNoted) bool {
	return e.Direction == "in" && e.Outcome != "returned" || e.Outcome == "reached" || e.Outcome == "call_back"
}

// letterSent says whether a letter about something went out, to which an answer is awaited.
func letterSent(e events.ContactNoted) bool {
	return e.Channel == letter && e.Outcome == "sent" && e.AboutID != ""
}

func halfDay(at time.Time) string {
	if at = at.In(reference.Paris); at.Hour() < 13 {
		return reference.Day(at) + " am"
	}
	return reference.Day(at) + " pm"
}
