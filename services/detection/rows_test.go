package detection

import (
	"slices"
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection/rest"
)

// faultsOf are the faults of a sheet that is refused, as "field code".
func faultsOf(w *enginetest.World, body string) (list []string) {
	answer := w.Ask("advisor-34", "POST", flags, body)
	for _, f := range answer.Problem.Errors {
		list = append(list, f.Field+" "+f.Code)
	}
	return list
}

// wantFaults sends sheets of which each has these faults and no other.
func wantFaults(t *testing.T, w *enginetest.World, sheets map[string][]string) {
	t.Helper()
	for body, want := range sheets {
		if got := faultsOf(w, body); !slices.Equal(got, want) {
			t.Errorf("%v instead of %v: %s", got, want, body)
		}
	}
	if told := w.Told(Name); len(told) != 0 {
		t.Error("something was stored:", told)
	}
}

func TestA5_ANumberIsCheckedComparedAndDropped(t *testing.T) {
	t.Parallel()
	w := setup(t)
	nir := func(number, sex string) string {
		return sheet(of("person", "nir", number), of("person", "sex", sex), of("person", "birth_date", "1960-07"))
	}
	wantFaults(t, w, map[string][]string{nir("260073417200511", "F"): {"person.nir nir_key"}})
	for sex, hinted := range map[string]bool{"F": false, "M": true} {
		created := enginetest.Read[rest.FlagCreated](w, w.Ask("advisor-34", "POST", flags, sheet(
			of("person", "nir", "260073417200510"), of("person", "sex", sex), of("person", "birth_date", "1960-07"), of("person", "given_name", "Testine-"+sex),
			of("person", "phone", map[string]string{"F": "+33465719941", "M": "+33465719942"}[sex]))), 201)
		if slices.Contains(created.ReviewHints, "nir_mismatch") != hinted {
			t.Errorf("%s: %v", sex, created.ReviewHints)
		}
	}
	if places := w.InClear("260073417200510", "2600734172005"); places != nil {
		t.Error(places)
	}
}

func TestA6_OneFirstContact(t *testing.T) {
	t.Parallel()
	wantFaults(t, setup(t), map[string][]string{
		sheet(with("first_contact", []string{"csam", "secretary"})): {"first_contact wrong_type"},
		sheet(with("first_contact", "doctor")):                      {"first_contact not_in_list"},
	})
}

func TestA10_KindsAreGivenOnlyWhereThereIsEquipment(t *testing.T) {
	t.Parallel()
	wantFaults(t, setup(t), map[string][]string{
		sheet(of("answers", "equipment", false), of("answers", "equipment_kinds", []string{"tablet"})): {"answers.equipment_kinds needs_equipment"},
	})
}

func TestA11_WantOfMoneyIsAskedOnlyWithoutEquipment(t *testing.T) {
	t.Parallel()
	wantFaults(t, setup(t), map[string][]string{
		sheet(of("answers", "equipment", true), of("answers", "financial_problem", true)): {"answers.financial_problem needs_no_equipment"},
	})
}

func TestA13_OneReasonAndOnlyOfADifficulty(t *testing.T) {
	t.Parallel()
	wantFaults(t, setup(t), map[string][]string{
		sheet(of("answers", "difficulty", false)):                                    {"answers.difficulty_reason needs_difficulty"},
		sheet(of("answers", "difficulty_reason", []string{"language", "isolation"})): {"answers.difficulty_reason wrong_type"},
	})
}

func TestA14_YesAndNoIsRefused(t *testing.T) {
	t.Parallel()
	wantFaults(t, setup(t), map[string][]string{
		sheet(of("answers", "help_place", []string{"yes", "no"})): {"answers.help_place yes_and_no"},
	})
}
