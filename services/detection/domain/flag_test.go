package domain

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

func TestSomebodyNewIsRegisteredAndFlaggedInOneDecision(t *testing.T) {
	t.Parallel()
	given(t).When(flag(nil)).Then(
		events.PersonRegistered{PersonID: "p1", Fund: "carsat-lr", At: noon, Details: events.Clear("p1", testine().Person)},
		agreed("study"), agreed("referral"), counted,
	)
}

func TestSomebodyKnownIsNotRegisteredAgain(t *testing.T) {
	t.Parallel()
	given(t).When(known(nil)).Then(agreed("study"), agreed("referral"), counted)
}

func TestAnAnonymousObservationHasAKeyOfItsOwnAndNoHelpToGive(t *testing.T) {
	t.Parallel()
	e := told(t, anonymous(nil))
	if e.PersonID != "" || e.Help != HelpNone || e.OneOpen != "" || e.Details.Subject() != "sheet-key" {
		t.Fatalf("%+v", e)
	}
	if e.Desk != "nievre" || e.Department != "58" || e.Channel != "social_service" || e.MayRefer {
		t.Fatalf("%+v", e)
	}
}

func TestWithoutConsentThereIsNothingToRefer(t *testing.T) {
	t.Parallel()
	if e := told(t, flag(func(c *FlagSenior) { c.Sheet.Consents.Referral = nil })); e.Help != HelpNone {
		t.Fatal(e.Help)
	}
	if e := told(t, flag(func(c *FlagSenior) { c.Sheet.Consents.Study = no() })); e.Help != HelpToRefer {
		t.Fatal("refusing the study cost the help")
	}
}

func TestAFlagIsStoredOnce(t *testing.T) {
	t.Parallel()
	given(t, flagged(nil)).When(flag(nil)).Refused(ErrFlagExists)
}

func TestA17_OnePersonHasOneOpenFlagAndOnePerInstitutionWhereTheProgrammeSaysSo(t *testing.T) {
	t.Parallel()
	take, release := Claims(Flag{}, flagged(nil))
	if fmt.Sprint(take, release) != "[flag-reference:LR-7K2M open-flag:reperage-lr:p1] []" {
		t.Fatal(take, release)
	}
	observed := anonymous(func(c *FlagSenior) { c.PersonID, c.Known = "p1", &testine().Person })
	take, _ = Claims(Flag{}, told(t, observed))
	if fmt.Sprint(take) != "[flag-reference:LR-7K2M open-flag:observation-bfc-2020:m4rk]" {
		t.Fatal(take)
	}
	if take, _ = Claims(Flag{}, told(t, anonymous(nil))); len(take) != 1 {
		t.Fatal("a sheet without a person has a duplicate check:", take)
	}
	for claim, want := range map[string]error{"open-flag:x:y": ErrFlagOpen, "flag-reference:x": ErrReferenceTaken, "asset-tag:x": nil} {
		if got := RefusalOf(claim); !errors.Is(got, want) {
			t.Errorf("%s: %v", claim, got)
		}
	}
}

func TestEveryFaultOfASheetIsToldAtOnce(t *testing.T) {
	t.Parallel()
	given(t).When(flag(func(c *FlagSenior) {
		c.FindingDate, c.Channel = "2021-11-16", "evaluator"
		c.Person = &NewPerson{Person: events.Person{GivenName: " ", BirthDate: "1999"}, NIR: "123"}
		c.Sheet.Consents = events.Consents{Study: no(), Referral: no()}
		c.Sheet.Needs.Deadline = "soon"
		c.Sheet.Answers = events.Answers{
			Institution: "other", EquipmentKinds: []string{"tablet"}, FinancialProblem: yes(), DifficultyReason: "health",
			HelpPlace: []string{"yes", "no"},
		}
	})).Faults(
		"channel channel_not_yours", "finding_date in_future", "needs.deadline not_a_day", "person.birth_date too_young",
		"person.given_name required", "person.family_name required", "person no_way_to_reach", "person.nir nir_format",
		"consents nothing_agreed", "person person_not_needed",
		"answers.description description_required", "answers.equipment_kinds needs_equipment",
		"answers.financial_problem needs_no_equipment", "answers.difficulty_reason needs_difficulty", "answers.help_place yes_and_no",
	)
}

func TestOneFaultAtATime(t *testing.T) {
	t.Parallel()
	for fault, change := range map[string]func(*FlagSenior){
		"channel channel_not_yours":                    func(c *FlagSenior) { c.Channel = "partner" },
		"programme unknown_programme":                  func(c *FlagSenior) { c.Programme.TakesFlags = false },
		"programme unknown_programme ":                 func(c *FlagSenior) { c.Programme.Fund = "carsat-bfc" },
		"finding_date not_a_day":                       func(c *FlagSenior) { c.FindingDate = "2021-02-30" },
		"finding_date in_future":                       func(c *FlagSenior) { c.FindingDate = "2021-11-16" },
		"finding_date territory_not_open":              func(c *FlagSenior) { c.FindingDate = "2021-10-31" },
		"finding_date territory_not_open ":             func(c *FlagSenior) { c.Person.Address.Insee = "30189" },
		"finding_date territory_not_open  ":            func(c *FlagSenior) { c.Person.Address.Insee = "75056" },
		"person.birth_date not_a_date":                 func(c *FlagSenior) { c.Person.BirthDate = "03/1958" },
		"person.birth_date not_possible":               func(c *FlagSenior) { c.Person.BirthDate = "2022" },
		"person.birth_date not_possible ":              func(c *FlagSenior) { c.Person.BirthDate = "1858" },
		"person.given_name required":                   func(c *FlagSenior) { c.Person.GivenName = "" },
		"person.family_name required":                  func(c *FlagSenior) { c.Person.FamilyName = "\t" },
		"person no_way_to_reach":                       func(c *FlagSenior) { c.Person.Phone, c.Person.Address = "", nil },
		"person no_way_to_reach ":                      func(c *FlagSenior) { c.Person.Phone, c.Person.Address = " ", &events.Address{} },
		"person person_not_needed":                     func(c *FlagSenior) { c.Sheet.Consents.Referral = no() },
		"person person_or_person_id":                   func(c *FlagSenior) { c.Known = &testine().Person },
		"person_id unknown_person":                     func(c *FlagSenior) { c.Person, c.Known = nil, nil },
		"answers.institution only_by_reclassification": func(c *FlagSenior) { c.Sheet.Answers.Institution = "multiple" },
		"answers.description description_required":     func(c *FlagSenior) { c.Sheet.Answers.Institution = "other" },
		"answers.equipment_kinds needs_equipment":      func(c *FlagSenior) { c.Sheet.Answers.Equipment = no() },
		"answers.equipment_kinds needs_equipment ":     func(c *FlagSenior) { c.Sheet.Answers.Equipment = nil },
		"answers.financial_problem needs_no_equipment": func(c *FlagSenior) { c.Sheet.Answers.FinancialProblem = no() },
		"answers.difficulty_reason needs_difficulty":   func(c *FlagSenior) { c.Sheet.Answers.DifficultyReason = "health" },
		"answers.help_place yes_and_no":                func(c *FlagSenior) { c.Sheet.Answers.HelpPlace = []string{"no", "hard_to_reach", "yes"} },
		"needs.deadline not_a_day":                     func(c *FlagSenior) { c.Sheet.Needs.Deadline = "2021-13-01" },
		"answers.description nir_in_text":              func(c *FlagSenior) { c.Sheet.Answers.Description = "elle dit 2600734172005 au guichet" },
		"person.address.street nir_in_text":            func(c *FlagSenior) { c.Person.Address.Street = "1 55 08 16 802 538 33" },
		"person.nir nir_key":                           func(c *FlagSenior) { c.Person.NIR = "2600734172005 11" },
		"person.nir nir_key_missing":                   func(c *FlagSenior) { c.Person.NIR = "2600734172005" },
		"person.nir nir_provisional":                   func(c *FlagSenior) { c.Person.NIR = "7134100001234" },
		"desk desk_not_yours":                          func(c *FlagSenior) { c.Desk = "nimes" },
		"desk desk_required":                           func(c *FlagSenior) { c.Author.Desks = append(c.Author.Desks[:1:1], desk("sete")) },
		"desk desk_not_yours ":                         func(c *FlagSenior) { c.Author, c.Desk = evaluator, "beziers" },
		"person.address.insee no_desk":                 func(c *FlagSenior) { c.Author, c.Person.Address.Insee = evaluator, "75056" },
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			_, err := flag(change).Decide(Flag{})
			var faults refusal.Faults
			if !errors.As(err, &faults) {
				t.Fatalf("not refused: %v", err)
			}
			if got := faults[0].Field + " " + faults[0].Code; got != strings.TrimSpace(fault) {
				t.Fatalf("told %v", err)
			}
			if faults[0].Detail == "" {
				t.Fatal("it does not say what to do")
			}
		})
	}
}

func TestARuleOfTheStudy(t *testing.T) {
	t.Parallel()
	for fault, change := range map[string]func(*FlagSenior){
		"finding_date outside_campaign":  func(c *FlagSenior) { c.FindingDate, c.At = "2020-03-01", at("2020-03-02 12:00") },
		"finding_date outside_campaign ": func(c *FlagSenior) { c.FindingDate = "2019-12-31" },
		"first_contact required":         func(c *FlagSenior) { c.Sheet.FirstContact = "" },
		"profile.age too_young":          func(c *FlagSenior) { *c.Sheet.Profile.Age = 17 },
		"consents nothing_agreed":        func(c *FlagSenior) { c.Sheet.Consents = events.Consents{Study: no(), Referral: no()} },
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			given(t).When(anonymous(change)).Faults(strings.TrimSpace(fault))
		})
	}
	told(t, anonymous(func(c *FlagSenior) { c.FindingDate, c.At = "2020-02-29", at("2020-03-02 12:00") }))
	told(t, anonymous(func(c *FlagSenior) { c.Sheet.Consents.Referral = no() }))
	given(t).When(anonymous(func(c *FlagSenior) {
		c.PersonID, c.Known, c.Sheet.Consents.Referral = "p1", &testine().Person, no()
	})).Faults("person_id person_not_needed")
}

func TestD3_TheDepartmentIsThatOfTheCommuneElseOfThePostcodeElseOfTheDesk(t *testing.T) {
	t.Parallel()
	nimes := func(c *FlagSenior) {
		c.Person.Address.Insee, c.FindingDate, c.At = "30189", "2022-01-01", at("2022-01-01 12:00")
	}
	if e := told(t, flag(nimes)); e.Department != "30" || e.Desk != "montpellier" {
		t.Fatal(e.Department, e.Desk)
	}
	if e := told(t, flag(func(c *FlagSenior) { c.FindingDate = "2021-11-01" })); e.Department != "34" {
		t.Fatal(e.Department)
	}
	if e := told(t, flag(func(c *FlagSenior) { c.Author, c.Person.Address = platform, nil })); e.Department != "" || e.Channel != "phone_platform" {
		t.Fatal(e.Department, e.Channel)
	}
	if e := told(t, flag(func(c *FlagSenior) { c.Author, c.Person.Address.Insee = platform, "" })); e.Department != "34" {
		t.Fatal("the postcode says where:", e.Department)
	}
}

func TestTheDayIsADayInParis(t *testing.T) {
	t.Parallel()
	justAfterMidnight := at("2021-11-16 00:30") // still the 15th in UTC
	e := told(t, flag(func(c *FlagSenior) { c.FindingDate, c.At = "", justAfterMidnight }))
	if e.FindingDate != "2021-11-16" {
		t.Fatal(e.FindingDate)
	}
}

func TestD2_TheAgeRuleIsReadInThePersonsFavour(t *testing.T) {
	t.Parallel()
	for born, want := range map[string]string{
		"1965-11-15": "56",
		"1965-11-16": "too young",
		"1965-11":    "56",
		"1965-12":    "too young",
		"1965":       "56",
		"1966":       "too young",
		"":           "-1",
		"1961-11-15": "60",
		"1946":       "75",
	} {
		c := flag(func(c *FlagSenior) { c.Person.BirthDate = born })
		if want == "too young" {
			given(t).When(c).Faults("person.birth_date too_young")
		} else if got := fmt.Sprint(c.age()); told(t, c).AgeBand != "" || got != want {
			t.Errorf("born %s: %q, want %q", born, got, want)
		}
	}
}

func TestTheDeskInCharge(t *testing.T) {
	t.Parallel()
	e := told(t, flag(func(c *FlagSenior) { c.Author = evaluator }))
	if e.Desk != "montpellier" || e.Channel != "evaluator" || e.By != "evaluator-34" {
		t.Fatalf("%+v", e)
	}
	e = told(t, flag(func(c *FlagSenior) { c.Author, c.Person.Address = evaluator, nil }))
	if e.Department != "34" || e.Desk != "montpellier" {
		t.Fatalf("%+v", e)
	}
	e = told(t, flag(func(c *FlagSenior) { c.Author.Desks, c.Desk = append(c.Author.Desks[:1:1], desk("sete")), "sete" }))
	if e.Desk != "sete" {
		t.Fatalf("%+v", e)
	}
}

func TestALoanIsWantedByThoseWithNeitherComputerNorTablet(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said, equipment *bool
		kinds           []string
		want            bool
	}{
		"no equipment":                      {nil, no(), nil, true},
		"a mobile and a printer":            {nil, yes(), []string{"mobile", "printer"}, true},
		"equipment, and no kind was ticked": {nil, yes(), []string{}, true},
		"a tablet":                          {nil, yes(), []string{"tablet"}, false},
		"a computer":                        {nil, yes(), []string{"mobile", "computer"}, false},
		"equipment, kinds not answered":     {nil, yes(), nil, false},
		"nothing answered":                  {nil, nil, nil, false},
		"says yes with a computer":          {yes(), yes(), []string{"computer"}, true},
		"says no without equipment":         {no(), no(), nil, false},
	} {
		e := told(t, flag(func(f *FlagSenior) {
			f.Sheet.Needs.LoanWanted, f.Sheet.Answers.Equipment, f.Sheet.Answers.EquipmentKinds = c.said, c.equipment, c.kinds
		}))
		if e.LoanWanted != c.want {
			t.Errorf("%s: %v", name, e.LoanWanted)
		}
	}
}

func TestWantOfMoneyRanksALoanAndGivesNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		said, equipment, money *bool
		want                   bool
	}{
		"for want of money":             {nil, no(), yes(), true},
		"money is not the reason":       {nil, no(), no(), false},
		"not asked about money":         {nil, no(), nil, false},
		"wants none":                    {no(), no(), yes(), false},
		"a computer, and asks for more": {yes(), yes(), nil, false},
	} {
		e := told(t, flag(func(f *FlagSenior) {
			f.Sheet.Needs.LoanWanted, f.Sheet.Answers.Equipment, f.Sheet.Answers.FinancialProblem = c.said, c.equipment, c.money
			f.Sheet.Answers.EquipmentKinds = nil
		}))
		if e.LoanFirst != c.want {
			t.Errorf("%s: %v", name, e.LoanFirst)
		}
	}
}

func TestAReferralBeforeTheReviewIsAllowedByProgrammeOrDeadline(t *testing.T) {
	t.Parallel()
	if !told(t, flag(nil)).MayRefer || told(t, anonymous(nil)).MayRefer {
		t.Fatal("the programme's rule is not kept")
	}
	if !told(t, anonymous(func(c *FlagSenior) { c.Sheet.Needs.Deadline = "2020-03-31" })).MayRefer {
		t.Fatal("a deadline does not wait for the review")
	}
	c := given(t, flagged(func(e *events.SeniorFlagged) { e.MayRefer = false }))
	if c.State.MayRefer() || !given(t, flagged(nil)).State.MayRefer() {
		t.Fatal("the flag does not remember")
	}
	if !given(t, flagged(func(e *events.SeniorFlagged) { e.MayRefer = false }), events.FlagValidated{}).State.MayRefer() {
		t.Fatal("a validated flag may be referred")
	}
}

func TestHintsForTheReferent(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*FlagSenior){
		"help_place":        func(c *FlagSenior) { c.Sheet.Answers.HelpPlace = []string{"no", "hard_to_reach"} },
		"difficulty_reason": func(c *FlagSenior) { c.Sheet.Answers.Difficulty = yes() },
		"nir_mismatch":      func(c *FlagSenior) { c.Person.NIR = "1550814168025" + key("1550814168025") },
	} {
		if got := hints(t, flag(change)); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %v", want, got)
		}
	}
	if got := hints(t, flag(func(c *FlagSenior) { c.Sheet.Answers.HelpPlace = []string{"yes", "hard_to_reach"} })); got != nil {
		t.Fatal(got)
	}
	sheet, _ := told(t, flag(func(c *FlagSenior) { c.Sheet.Answers.HelpPlace = []string{} })).Details.Value()
	if sheet.Answers.HelpPlace != nil {
		t.Fatal("an empty help_place is an answer")
	}
}

// The command must not change what it was given.
func TestDecideLeavesTheCommandAsItWas(t *testing.T) {
	t.Parallel()
	c := flag(func(c *FlagSenior) { c.Sheet.Answers.HelpPlace = []string{"no", "hard_to_reach"} })
	want := flag(func(c *FlagSenior) { c.Sheet.Answers.HelpPlace = []string{"no", "hard_to_reach"} })
	if _, err := c.Decide(Flag{}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c, want) {
		t.Fatal("changed")
	}
}

func BenchmarkFlagSenior(b *testing.B) {
	c := flag(nil)
	for b.Loop() {
		if _, err := c.Decide(Flag{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestF2_WhatIsGivenForGoodIsMeantForWhoHasNothingForWantOfMoneyAndIsFragile: one answer less and it is not.
func TestF2_WhatIsGivenForGoodIsMeantForWhoHasNothingForWantOfMoneyAndIsFragile(t *testing.T) {
	t.Parallel()
	yes, no, gir := true, false, 5
	for name, c := range map[string]struct {
		equipment, money, isolated, rights *bool
		gir                                *int
		situation                          string
		want                               bool
	}{
		"isolated":          {equipment: &no, money: &yes, isolated: &yes, want: true},
		"GIR 5":             {equipment: &no, money: &yes, gir: &gir, want: true},
		"lives alone":       {equipment: &no, money: &yes, situation: "single", want: true},
		"as a couple":       {equipment: &no, money: &yes, situation: "couple"},
		"rights at risk":    {equipment: &no, money: &yes, rights: &yes, want: true},
		"not fragile":       {equipment: &no, money: &yes},
		"could buy one":     {equipment: &no, money: &no, isolated: &yes},
		"has one":           {equipment: &yes, money: &yes, isolated: &yes},
		"nothing was asked": {},
	} {
		var sheet events.Sheet
		sheet.Answers.Equipment, sheet.Answers.FinancialProblem = c.equipment, c.money
		sheet.Needs.Isolated, sheet.Needs.RightsAtRisk, sheet.Needs.GIR = c.isolated, c.rights, c.gir
		sheet.Profile.FamilySituation = c.situation
		if got := (FlagSenior{Sheet: sheet}).grantMeant(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
