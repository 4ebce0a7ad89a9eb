package domain

import (
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
)

// The consents that something follows from.
const (
	ConsentStudy    = "study"
	ConsentReferral = "referral"
)

// NoteConsent keeps that the person was informed and agreed, or takes it back.
type NoteConsent struct {
	PersonID    string
	Kind        string
	Given       bool
	TextVersion string
	Channel     string
	ToldBy      string // empty: the person
	Directory   *directory.Directory
	By          string
	At          time.Time
}

// Decide tells it, each time: another text, another day.
func (c NoteConsent) Decide(p Person) ([]events.Detection, error) {
	if err := p.living(); err != nil {
		return nil, err
	}
	s := sheet{}
	s.nirInText("text_version", c.TextVersion)
	s.fault(c.TextVersion != "" && len(s.faults) == 0 && !c.known(p.Fund), "text_version", "unknown_text",
		"No programme of the fund has such a text. Leave it out where it is not known which one was read.")
	if err := s.faults.OrNil(); err != nil {
		return nil, err
	}
	return tell(c.noted())
}

// known tells whether the text is one of the fund's: of any of its programmes, as it is now or was before.
func (c NoteConsent) known(fund string) bool {
	return slices.ContainsFunc(c.Directory.Programmes(), func(p directory.Programme) bool { return p.Fund == fund && p.HasText(c.TextVersion) })
}

func (c NoteConsent) noted() events.ConsentNoted {
	if c.ToldBy == "" {
		c.ToldBy = "person"
	}
	return events.ConsentNoted{
		PersonID: c.PersonID, Kind: c.Kind, Given: c.Given, TextVersion: c.TextVersion, Channel: c.Channel, ToldBy: c.ToldBy, By: c.By, At: c.At,
	}
}

// noted are the consents of a sheet, as facts of the person.
func (c FlagSenior) noted() (facts []events.Detection) {
	said := c.Sheet.Consents
	channel := said.Given
	if channel == "" {
		channel = "oral"
	}
	for _, one := range []struct {
		kind  string
		given *bool
	}{{ConsentStudy, said.Study}, {ConsentReferral, said.Referral}} {
		if one.given == nil || c.anonymous() {
			continue
		}
		facts = append(facts, NoteConsent{
			PersonID: c.PersonID, Kind: one.kind, Given: *one.given, TextVersion: said.TextVersion, Channel: channel, ToldBy: said.By,
			By: c.Author.Account, At: c.At,
		}.noted())
	}
	return facts
}

// Object keeps that the person does not want to be kept here. The privacy officer decides on the rest.
type Object struct {
	PersonID, By string
	At           time.Time
}

// Decide tells it once.
func (c Object) Decide(p Person) ([]events.Detection, error) {
	if err := p.living(); err != nil || p.Objected {
		return nil, err
	}
	return tell(events.PersonObjected{PersonID: p.ID, By: c.By, At: c.At})
}
