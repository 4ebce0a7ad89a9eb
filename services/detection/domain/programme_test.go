package domain

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/refusal"
)

// under is a flag under the rules of a programme as changed.
func under(change func(*directory.Programme), more func(*FlagSenior)) FlagSenior {
	return flag(func(c *FlagSenior) {
		change(&c.Programme)
		if more != nil {
			more(c)
		}
	})
}

func TestA1_ASheetOfTheCampaignIsFoundOnOneOfItsDays(t *testing.T) {
	t.Parallel()
	on := func(day string) FlagSenior {
		return anonymous(func(c *FlagSenior) { c.FindingDate, c.At = day, at("2020-04-01 12:00") })
	}
	told(t, on("2020-01-01"))
	told(t, on("2020-02-29")) // 2020 is a leap year
	given(t).When(on("2020-03-01")).Faults("finding_date outside_campaign")
	given(t).When(on("2019-12-31")).Faults("finding_date outside_campaign")
	given(t).When(on("2020-02-30")).Faults("finding_date not_a_day")
	elsewhere := on("2020-02-10")
	elsewhere.Programme.Opens = map[string]string{"21": "2020-01-01"}
	given(t).When(elsewhere).Faults("finding_date territory_not_open")
	over := elsewhere
	over.Programme.TakesFlags, over.Programme.Opens = false, map[string]string{"": "2020-01-01"}
	given(t).When(over).Faults("programme unknown_programme")
	published := on("2020-02-10")
	published.Programme.Closed = true
	given(t).When(published).Faults("programme unknown_programme")
}

func TestA2_TheUnitIsADeskOfTheFund(t *testing.T) {
	t.Parallel()
	given(t).When(anonymous(func(c *FlagSenior) { c.Desk = "nowhere" })).Faults("desk desk_not_yours")
	if e := told(t, anonymous(func(c *FlagSenior) { c.Desk = "nievre" })); e.Desk != "nievre" {
		t.Error(e.Desk)
	}
}

func TestA3_ASheetTypedInFebruaryIsOfTheDayInJanuaryOnWhichItWasFound(t *testing.T) {
	t.Parallel()
	e := told(t, anonymous(func(c *FlagSenior) { c.FindingDate, c.At = "2020-01-15", at("2020-02-10 12:00") }))
	if e.FindingDate != "2020-01-15" || !e.At.Equal(at("2020-02-10 12:00")) {
		t.Error(e.FindingDate, e.At)
	}
}

func TestD1_TheTenChannelsOfTheNetworkAreThereAndEachFlagSaysItsOwn(t *testing.T) {
	t.Parallel()
	ten := 0
	for _, d := range sample.Directory().Desks() {
		if d.Fund != "carsat-lr" {
			continue
		}
		ten++
		e := told(t, flag(func(c *FlagSenior) { c.Author.Desks = []directory.Desk{d} }))
		if e.Desk != d.ID || e.Channel != d.Kind {
			t.Errorf("flagged by %s: desk %s, channel %s", d.ID, e.Desk, e.Channel)
		}
	}
	if ten != 10 {
		t.Error(ten)
	}
}

func TestD2_TheAgeRuleIsTheProgrammes(t *testing.T) {
	t.Parallel()
	born := map[int]string{54: "1966-11-16", 55: "1966-11-15", 56: "1965-11-15", 59: "1961-11-16", 60: "1961-11-15"}
	for over, ages := range map[int]struct{ refused, taken int }{55: {55, 56}, 54: {54, 55}, 59: {59, 60}} {
		of := func(age int) FlagSenior {
			return under(func(p *directory.Programme) { p.AgeOver = over }, func(c *FlagSenior) { c.Person.BirthDate = born[age] })
		}
		given(t).When(of(ages.refused)).Faults("person.birth_date too_young")
		told(t, of(ages.taken))
	}
}

func TestD2_WhoIsTooYoungHearsOfTheProgrammesOfTheFundThatFit(t *testing.T) {
	t.Parallel()
	young := anonymous(func(c *FlagSenior) {
		c.Programme, c.FindingDate, c.At = programme("accompagnement-bfc"), "2021-02-10", at("2021-02-10 12:00")
	})
	if text := detail(t, young); !strings.Contains(text, "aged 56 and over") || !strings.Contains(text, "No other programme") {
		t.Error(text)
	}
	var longer directory.Builder
	for _, f := range sample.Facts(noon) {
		longer.Apply(f)
	}
	for _, p := range sample.Programmes(noon) {
		if p.Programme == "observation-bfc-2020" {
			p.Closes = "2021-02-28"
			longer.Apply(p)
		}
	}
	young.Directory = longer.Build()
	if text := detail(t, young); !strings.Contains(text, "Observation de l'exclusion numérique 2020 (observation-bfc-2020).") {
		t.Error(text)
	}
}

func detail(t *testing.T, c FlagSenior) string {
	t.Helper()
	_, err := c.Decide(Flag{})
	var faults refusal.Faults
	if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Code != "too_young" {
		t.Fatal(err)
	}
	return faults[0].Detail
}

func TestD3_ATerritoryOpensOnItsDayWherePeopleLive(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		insee, found string
		open         bool
	}{
		{"34172", "2021-10-31", false}, {"34172", "2021-11-01", true},
		{"30189", "2021-12-15", false}, {"30189", "2022-01-01", true},
	} {
		f := flag(func(f *FlagSenior) {
			f.Person.Address.Insee, f.FindingDate, f.At = c.insee, c.found, at("2022-02-01 12:00")
		})
		if c.open {
			told(t, f)
		} else {
			given(t).When(f).Faults("finding_date territory_not_open")
		}
	}
	// The day is data: another version of the programme opens the Gard before.
	told(t, under(func(p *directory.Programme) { p.Opens = map[string]string{"30": "2021-12-15"} }, func(c *FlagSenior) {
		c.Person.Address.Insee, c.FindingDate, c.At = "30189", "2021-12-15", at("2022-02-01 12:00")
	}))
}

func TestAPermanentProgrammeMayEnd(t *testing.T) {
	t.Parallel()
	ended := func(p *directory.Programme) { p.Closes = "2021-11-14" }
	given(t).When(under(ended, nil)).Faults("finding_date programme_ended")
	told(t, under(ended, func(c *FlagSenior) { c.FindingDate = "2021-11-14" }))
}

func TestTheDeskThatTakesNoPartFlagsNobodyUnderTheProgramme(t *testing.T) {
	t.Parallel()
	only := func(desks ...string) func(*directory.Programme) {
		return func(p *directory.Programme) { p.Desks = desks }
	}
	given(t).When(under(only("sete", "beziers"), nil)).Faults("desk desk_not_in_programme")
	told(t, under(only("sete", "montpellier"), nil))
	by := func(c *FlagSenior) { c.Author = evaluator }
	if e := told(t, under(only("beziers"), by)); e.Desk != "beziers" { // who refers nobody flags for one that takes part
		t.Error(e.Desk)
	}
	given(t).When(under(only("nimes"), by)).Faults("desk desk_not_in_programme")
}

// TestE6_ALowGIRIsAHintAndNeverARefusal: GIR 4 under a programme for GIR 5 and 6 is said, with the rule it breaks.
func TestE6_ALowGIRIsAHintAndNeverARefusal(t *testing.T) {
	t.Parallel()
	for gir, want := range map[int][]string{4: {"gir"}, 5: nil, 6: nil} {
		got := hints(t, under(func(p *directory.Programme) { p.LowestGIR = 5 }, func(c *FlagSenior) { c.Sheet.Needs.GIR = &gir }))
		if !slices.Equal(got, want) {
			t.Errorf("GIR %d: %v", gir, got)
		}
	}
	one := 1
	if got := hints(t, under(func(p *directory.Programme) { p.LowestGIR = 0 }, func(c *FlagSenior) { c.Sheet.Needs.GIR = &one })); got != nil {
		t.Error(got)
	}
}

// TestE7_WhoComesFirstIsWhatTheProgrammeSaysAndTheSheetMeets: by the order of its criteria, and nobody without the decision for it.
func TestE7_WhoComesFirstIsWhatTheProgrammeSaysAndTheSheetMeets(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	cited := events.Priority{Criteria: []string{"isolated", "precarious", "no_network"}, Decision: "CA du 2 mars, exemple"}
	for name, c := range map[string]struct {
		priority events.Priority
		meets    func(*FlagSenior)
		want     string
	}{
		"isolated":              {cited, func(c *FlagSenior) { c.Sheet.Needs.Isolated = &yes }, "isolated"},
		"precarious":            {cited, func(c *FlagSenior) { c.Sheet.Needs.Precarious = &yes }, "precarious"},
		"a white zone":          {cited, func(c *FlagSenior) { c.Sheet.Answers.NetworkCoverage = &no }, "no_network"},
		"two, the first counts": {cited, func(c *FlagSenior) { c.Sheet.Needs.Precarious, c.Sheet.Needs.Isolated = &yes, &yes }, "isolated"},
		"not said":              {cited, func(*FlagSenior) {}, ""},
		"said to be no":         {cited, func(c *FlagSenior) { c.Sheet.Needs.Isolated, c.Sheet.Answers.NetworkCoverage = &no, &yes }, ""},
		"another criterion":     {events.Priority{Criteria: []string{"precarious"}, Decision: "CA"}, func(c *FlagSenior) { c.Sheet.Needs.Isolated = &yes }, ""},
		"without a decision":    {events.Priority{Criteria: cited.Criteria}, func(c *FlagSenior) { c.Sheet.Needs.Isolated = &yes }, ""},
	} {
		e := told(t, under(func(p *directory.Programme) { p.Priority = c.priority }, func(f *FlagSenior) {
			f.Sheet.Needs.Isolated, f.Sheet.Needs.Precarious, f.Sheet.Answers.NetworkCoverage = nil, nil, nil
			c.meets(f)
		}))
		if e.Priority != c.want {
			t.Errorf("%s: %q, not %q", name, e.Priority, c.want)
		}
	}
}

func TestTheTextThatWasReadIsTheProgrammesUnlessAnotherIsNamed(t *testing.T) {
	t.Parallel()
	for named, want := range map[string]string{"": "2021-11", "2019-03": "2019-03"} {
		facts, _ := given(t).When(flag(func(c *FlagSenior) {
			c.Programme.Texts = []string{"2019-03", "2021-11"} // it had another one before
			c.Sheet.Consents.TextVersion = named
		})).Told()
		consent := facts[1].(events.ConsentNoted)
		sheet, _ := facts[3].(events.SeniorFlagged).Details.Value()
		if consent.TextVersion != want || sheet.Consents.TextVersion != want {
			t.Errorf("%q: %q, %q", named, consent.TextVersion, sheet.Consents.TextVersion)
		}
	}
}

func TestATextThatTheProgrammeNeverHadIsNamed(t *testing.T) {
	t.Parallel()
	_, err := flag(func(c *FlagSenior) { c.Sheet.Consents.TextVersion = "2019-03" }).Decide(Flag{})
	var faults refusal.Faults
	if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Field != "consents.text_version" || faults[0].Code != "unknown_text" {
		t.Error(err)
	}
}

func TestP28_TheChannelFollowsFromTheDesk(t *testing.T) {
	t.Parallel()
	for channel, who := range map[string]Author{"evaluator": montpellier, "social_service": platform, "agency": evaluator, "phone_platform": nievre} {
		c := flag(func(c *FlagSenior) { c.Author, c.Channel = who, channel })
		_, err := c.Decide(Flag{})
		var faults refusal.Faults
		if !errors.As(err, &faults) || faults[0].Field+" "+faults[0].Code != "channel channel_not_yours" {
			t.Errorf("%s by %s: %v", channel, who.Account, err)
		}
	}
}
