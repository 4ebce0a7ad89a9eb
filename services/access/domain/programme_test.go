package domain

import (
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/story"
)

func givenProgramme(t *testing.T, facts ...events.Access) story.Case[Programme, events.Access] {
	return story.Given(t, EvolveProgramme, facts...)
}

var (
	caisse = directory.Fund{ID: "lr", Name: "Caisse Exemple", Departments: []string{"30", "34"}}
	teams  = []directory.Desk{{ID: "montpellier", Fund: "lr"}, {ID: "unite", Fund: "lr"}, {ID: "nievre", Fund: "bfc"}}
)

// study is a campaign in its first version, changed.
func study(change func(*events.ProgrammeSet)) events.ProgrammeSet {
	e := events.ProgrammeSet{
		Fund: "lr", Programme: "etude-2022", Version: 1, Decision: "CA du 2 mars, exemple", Name: "Étude Exemple", Kind: directory.KindCampaign, TakesFlags: true,
		Opens: []events.Opening{{Department: "34", From: "2022-01-01"}, {From: "2022-01-15"}}, Closes: "2022-02-28", AgeOver: 55, LowestGIR: 5,
		ReviewFirst: true, Reviewed: true, OneOpen: directory.OpenPerPerson, Desks: []string{"montpellier"}, TextVersion: "2022-01", Text: "Nous vous disons pourquoi.",
		By: "prt", At: noon,
	}
	if change != nil {
		change(&e)
	}
	return e
}

// making is the first version as it is typed, changed.
func making(change func(*events.ProgrammeSet)) MakeProgramme {
	typed := study(change)
	typed.Fund, typed.Version = "", 0
	return MakeProgramme{Rules: typed, Fund: caisse, Desks: teams}
}

// amending is a later version as it is typed by somebody who has seen one.
func amending(seen int, change func(*events.ProgrammeSet)) AmendProgramme {
	typed := study(change)
	typed.Fund, typed.Programme, typed.Version = "", "", 0
	return AmendProgramme{Seen: seen, Rules: typed, Fund: caisse, Desks: teams}
}

func later(version int, change func(*events.ProgrammeSet)) events.ProgrammeSet {
	e := study(change)
	e.Version = version
	return e
}

func TestAProgrammeIsMadeOnceAndAmendedFromTheVersionThatWasRead(t *testing.T) {
	t.Parallel()
	longer := func(e *events.ProgrammeSet) { e.Closes, e.Decision = "2022-03-31", "CA du 4 avril, exemple" }
	older := func(e *events.ProgrammeSet) { longer(e); e.AgeOver = 60 }
	c := givenProgramme(t).When(making(nil)).Then(study(nil))
	c.When(making(nil)).Refused(ErrProgrammeExists)
	c = c.When(amending(1, longer)).Then(later(2, longer))
	c.When(amending(1, older)).Refused(ErrOldVersion)
	c.When(amending(3, older)).Refused(ErrOldVersion)
	c.When(amending(2, longer)).Then()
	c = c.When(amending(2, older)).Then(later(3, older))
	if all := c.State.Versions(); len(all) != 3 || all[0].Closes != "2022-02-28" || c.State.Now().AgeOver != 60 {
		t.Errorf("%+v", all)
	}
	givenProgramme(t).When(amending(1, longer)).Refused(ErrNoProgramme)
	foreign := amending(1, longer)
	foreign.Fund = directory.Fund{ID: "bfc"}
	givenProgramme(t, study(nil)).When(foreign).Refused(ErrNoProgramme)
}

func TestWhatIsTypedIsKeptTrimmedAndWithLists(t *testing.T) {
	t.Parallel()
	makes := making(func(e *events.ProgrammeSet) {
		e.Name, e.Decision, e.Text, e.TextVersion, e.Desks = " Étude Exemple ", " CA du 2 mars, exemple", "Nous vous disons pourquoi.\n", "2022-01 ", nil
	})
	givenProgramme(t).When(makes).Then(study(func(e *events.ProgrammeSet) { e.Desks = []string{} }))
	givenProgramme(t).When(making(func(e *events.ProgrammeSet) { // equipment: nobody is flagged
		e.Kind, e.TakesFlags, e.Opens, e.Closes, e.Text, e.TextVersion = directory.KindNoFlags, false, nil, "", "", ""
	})).Then(study(func(e *events.ProgrammeSet) {
		e.Kind, e.TakesFlags, e.Opens, e.Closes, e.Text, e.TextVersion = directory.KindNoFlags, false, []events.Opening{}, "", "", ""
	}))
}

func TestEveryFaultOfAProgrammeIsToldAtOnce(t *testing.T) {
	t.Parallel()
	nothing := MakeProgramme{Rules: events.ProgrammeSet{Programme: "Étude 2022", TakesFlags: true, AgeOver: -1, LowestGIR: 7, ReviewFirst: true}, Fund: caisse}
	givenProgramme(t).When(nothing).Faults("id not_an_identifier", "name required", "decision required", "kind unknown_kind", "reviewed review_first",
		"one_open unknown_rule", "age_over out_of_range", "lowest_gir out_of_range", "opens required", "text required", "text_version not_a_version")
	givenProgramme(t).When(making(func(e *events.ProgrammeSet) {
		e.Name, e.Decision, e.Text, e.TextVersion = strings.Repeat("é", 101), strings.Repeat("é", 201), strings.Repeat("é", 4001), "mars 2022"
		e.Opens = []events.Opening{{Department: "34", From: "2022-02-30"}, {Department: "21", From: "2022-03-01"}, {Department: "21", From: "2022-03-01"}}
		e.Closes, e.AgeOver, e.Desks = "2022-02-28", 121, []string{"montpellier", "nievre", "montpellier"}
	})).Faults("name too_long", "decision too_long", "age_over out_of_range", "opens[0].from not_a_day", "opens[1].department not_your_territory",
		"opens[2].department not_your_territory", "opens[2].department twice", "closes before_opening", "desks[1] unknown_desk", "desks[2] twice",
		"text too_long", "text_version not_a_version")
}

// TestE7_APriorityCitesItsDecision and names criteria of the list; without a priority the order is that of the yes.
func TestE7_APriorityCitesItsDecision(t *testing.T) {
	t.Parallel()
	with := func(decision string, criteria ...string) MakeProgramme {
		return making(func(e *events.ProgrammeSet) { e.Priority = &events.Priority{Criteria: criteria, Decision: decision} })
	}
	c := givenProgramme(t)
	c.When(with("", "isolated")).Faults("priority.decision required")
	c.When(with("CA du 2 mars, exemple")).Faults("priority.criteria required")
	c.When(with(" ", "isolated", "rich")).Faults("priority.decision required", "priority.criteria[1] not_in_list")
	kept := study(func(e *events.ProgrammeSet) {
		e.Priority = &events.Priority{Criteria: []string{"isolated", "precarious", "no_network"}, Decision: "CA du 2 mars, exemple"}
	})
	c.When(with("CA du 2 mars, exemple", "isolated", "precarious", "no_network")).Then(kept)
}

func TestARuleOfAProgramme(t *testing.T) {
	t.Parallel()
	for fault, change := range map[string]func(*events.ProgrammeSet){
		"id not_an_identifier":            func(e *events.ProgrammeSet) { e.Programme = "etude.2022-01" }, // a month of a permanent one is named so
		"closes required":                 func(e *events.ProgrammeSet) { e.Closes = "" },
		"closes not_a_day":                func(e *events.ProgrammeSet) { e.Closes = "2022-02-29" },
		"closes before_opening":           func(e *events.ProgrammeSet) { e.Closes = "2022-01-14" }, // one department opens later
		"takes_flags kind_takes_no_flags": func(e *events.ProgrammeSet) { e.Kind = directory.KindNoFlags },
		"lowest_gir out_of_range":         func(e *events.ProgrammeSet) { e.LowestGIR = -1 },
		"one_open unknown_rule":           func(e *events.ProgrammeSet) { e.OneOpen = "institution" },
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			givenProgramme(t).When(making(change)).Faults(fault)
		})
	}
	givenProgramme(t).When(making(func(e *events.ProgrammeSet) { e.Kind, e.Closes = directory.KindPermanent, "" })).Told()
	givenProgramme(t).When(making(func(e *events.ProgrammeSet) { e.Closes = "2022-01-15" })).Told()
}

func TestWhatOldFlagsRestOnStays(t *testing.T) {
	t.Parallel()
	c := givenProgramme(t, study(nil))
	c.When(amending(1, func(e *events.ProgrammeSet) {
		e.Kind, e.OneOpen = directory.KindPermanent, directory.OpenPerInstitution
	})).
		Faults("kind stays", "one_open stays")
	c.When(amending(1, func(e *events.ProgrammeSet) { e.Text = "Un autre texte." })).Faults("text_version text_changed")

	another := func(e *events.ProgrammeSet) { e.Text, e.TextVersion = "Un autre texte.", "2022-02" }
	c = c.When(amending(1, another)).Then(later(2, another))
	c.When(amending(2, func(e *events.ProgrammeSet) { e.Text = "Encore un autre." })).Faults("text_version text_changed") // 2022-01 was another
	c = c.When(amending(2, nil)).Then(later(3, nil))                                                                      // the first text again

	stopped := func(e *events.ProgrammeSet) { e.TakesFlags = false }
	c = c.When(amending(3, stopped)).Then(later(4, stopped))
	c.When(amending(4, func(e *events.ProgrammeSet) { e.TakesFlags, e.OneOpen = false, directory.OpenPerInstitution })).Faults("one_open stays")

	perInstitution := func(e *events.ProgrammeSet) { e.OneOpen = directory.OpenPerInstitution }
	givenProgramme(t, study(stopped)).When(amending(1, perInstitution)).Then(later(2, perInstitution)) // nobody was flagged yet
}

func TestAVersionBeforeIsLeftAsItWas(t *testing.T) {
	t.Parallel()
	first := EvolveProgramme(Programme{}, study(nil))
	second := EvolveProgramme(first, later(2, nil))
	EvolveProgramme(first, later(2, func(e *events.ProgrammeSet) { e.At = noon.Add(time.Hour) }))
	if len(first.Versions()) != 1 || !second.Now().At.Equal(noon) {
		t.Errorf("%+v", second)
	}
}

func TestAClosedCampaignIsAsItIs(t *testing.T) {
	t.Parallel()
	closing := CloseProgramme{By: "prt", At: noon.Add(time.Hour)}
	closed := later(2, func(e *events.ProgrammeSet) {
		e.TakesFlags, e.Closed, e.Decision, e.At = false, true, "Campagne close", noon.Add(time.Hour)
	})
	c := givenProgramme(t, study(nil)).When(closing).Then(closed).When(closing).Then()
	c.When(amending(2, nil)).Refused(ErrProgrammeClosed)
	permanent := study(func(e *events.ProgrammeSet) { e.Kind = directory.KindPermanent })
	givenProgramme(t, permanent).When(closing).Then()
	givenProgramme(t).When(closing).Then()
}
