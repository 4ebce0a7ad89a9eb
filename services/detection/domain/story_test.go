package domain

import (
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/story"
	"example.org/passerelle/services/reference"
)

func given(t *testing.T, facts ...events.Detection) story.Case[Flag, events.Detection] {
	return story.Given(t, Evolve, facts...)
}

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, reference.Paris)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func yes() *bool { v := true; return &v }
func no() *bool  { v := false; return &v }

var noon = at("2021-11-15 12:00")

func programme(id string) directory.Programme {
	p, ok := sample.Directory().Programme(id)
	if !ok {
		panic(id)
	}
	return p
}

func desk(id string) directory.Desk {
	d, ok := sample.Directory().Desk(id)
	if !ok {
		panic(id)
	}
	return d
}

var (
	montpellier = Author{Account: "advisor-34", Fund: "carsat-lr", Desks: []directory.Desk{desk("montpellier")}}
	platform    = Author{Account: "phone-lr", Fund: "carsat-lr", Desks: []directory.Desk{desk("plateforme-telephonique")}}
	evaluator   = Author{Account: "evaluator-34", Fund: "carsat-lr", Channel: "evaluator", Departments: []string{"34"}}
	nievre      = Author{Account: "advisor-58", Fund: "carsat-bfc", Desks: []directory.Desk{desk("nievre")}}
)

func testine() *NewPerson {
	return &NewPerson{Person: events.Person{
		GivenName: "Testine", FamilyName: "Exemplaire", BirthDate: "1958-03-02", Sex: "F", Phone: "+33465710000", Language: "fr",
		Address: &events.Address{Postcode: "34000", Insee: "34172"},
	}}
}

// flag is an advisor's flag of somebody new, changed.
func flag(change func(*FlagSenior)) FlagSenior {
	c := FlagSenior{
		Directory: sample.Directory(),
		FlagID:    "f1", Reference: "LR-7K2M", Programme: programme("reperage-lr"), Author: montpellier, At: noon,
		FindingDate: "2021-11-15", PersonID: "p1", Person: testine(),
		Sheet: events.Sheet{
			Consents: events.Consents{Study: yes(), Referral: yes()},
			Answers:  events.Answers{Institution: "carsat_retraite", Equipment: yes(), EquipmentKinds: []string{"computer"}},
		},
	}
	if change != nil {
		change(&c)
	}
	return c
}

// anonymous is an observation of the study, changed.
func anonymous(change func(*FlagSenior)) FlagSenior {
	age := 50
	return flag(func(c *FlagSenior) {
		c.Programme, c.Author, c.FindingDate, c.At = programme("observation-bfc-2020"), nievre, "2020-02-10", at("2020-02-10 12:00")
		c.Person, c.PersonID, c.Subject, c.Mark = nil, "", "sheet-key", "m4rk"
		c.Sheet.FirstContact = "social_worker"
		c.Sheet.Profile = events.Profile{Sex: "F", Age: &age, Department: "58"}
		if change != nil {
			change(c)
		}
	})
}

// known is a flag of somebody the fund knows, changed.
func known(change func(*FlagSenior)) FlagSenior {
	return flag(func(c *FlagSenior) {
		c.Known, c.Person = &testine().Person, nil
		if change != nil {
			change(c)
		}
	})
}

func flagged(change func(*events.SeniorFlagged)) events.SeniorFlagged {
	e := events.SeniorFlagged{
		FlagID: "f1", Reference: "LR-7K2M", PersonID: "p1", Fund: "carsat-lr", Programme: "reperage-lr", Desk: "montpellier",
		Department: "34", Channel: "agency", FindingDate: "2021-11-15", Status: "submitted", Help: "to_refer",
		Language: "fr", MayRefer: true, OneOpen: "open-flag:reperage-lr:p1", By: "advisor-34", At: noon,
		Details: events.Clear("p1", flag(nil).complete().Sheet),
	}
	if change != nil {
		change(&e)
	}
	return e
}

// told is the flag that a command tells.
func told(t *testing.T, c FlagSenior) events.SeniorFlagged {
	t.Helper()
	facts, _ := given(t).When(c).Told()
	for _, fact := range facts {
		if e, ok := fact.(events.SeniorFlagged); ok {
			return e
		}
	}
	t.Fatal("nobody is flagged")
	return events.SeniorFlagged{}
}

func hints(t *testing.T, c FlagSenior) []string {
	t.Helper()
	sheet, ok := told(t, c).Details.Value()
	if !ok {
		t.Fatal("the sheet is not readable")
	}
	return sheet.Hints
}

// agreed is what Testine said beside the sheet.
func agreed(kind string) events.ConsentNoted {
	return events.ConsentNoted{PersonID: "p1", Kind: kind, Given: true, TextVersion: "2021-11", Channel: "oral", ToldBy: "person", By: "advisor-34", At: noon}
}
