package paperform_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"example.org/passerelle/services/paperform"
)

func cellsOf(line []string) map[string]string {
	names, _ := paperform.Names()
	cells := map[string]string{}
	for i, name := range names {
		cells[name] = line[i]
	}
	return cells
}

// TestAnySheetComesBackFromItsLine, whatever was answered, not answered, or left without a tick.
func TestAnySheetComesBackFromItsLine(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 7))
		maybe := func(sheet map[string]any, name string, values ...any) {
			if n := random.IntN(len(values) + 1); n > 0 {
				sheet[name] = values[n-1]
			}
		}
		answers, profile, needs := map[string]any{"institution": "caf"}, map[string]any{"age": float64(50 + random.IntN(40))}, map[string]any{"gir": float64(3)}
		for _, name := range []string{"network_coverage", "equipment", "financial_problem", "difficulty", "training_need"} {
			maybe(answers, name, true, false)
		}
		maybe(answers, "equipment_kinds", []any{}, []any{"computer"}, []any{"mobile", "printer"})
		maybe(answers, "help_place", []any{"no", "hard_to_reach"}, []any{"yes"})
		maybe(answers, "difficulty_reason", "health", "isolation")
		maybe(answers, "description", "=1+1 ; \"dit\"\nExemple ", "N'ose pas", "'")
		maybe(profile, "sex", "F", "M")
		maybe(profile, "sick_leave", true, false)
		maybe(needs, "skills", []any{"internet", "email"}, []any{})
		sheet := map[string]any{"programme": "p", "finding_date": "2020-02-03", "answers": answers, "profile": profile, "needs": needs}
		maybe(sheet, "context", []any{"lockdown", "moving"})
		maybe(sheet, "consents", map[string]any{"study": true, "referral": false, "given": "oral"})
		got := plain(t, paperform.Sheet("p", cellsOf(paperform.Line("1", sheet))))
		if !reflect.DeepEqual(got, sheet) {
			t.Fatalf("seed %d\n%v\ncame back as\n%v", seed, sheet, got)
		}
	}
}

func plain(t *testing.T, v any) (tree map[string]any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &tree)
	}
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestWordsOfTheFormAreReadLikeCodes(t *testing.T) {
	t.Parallel()
	got := paperform.Sheet("p", map[string]string{
		"date_constat": "03/02/2020", "institution": "IMPOTS", "types_equipement": "Téléphone portable | tablet", "difficulte": "Oui", "equipement": "non",
		"motif_difficulte": "problème de santé", "besoin_formation": "peut-être", "age": "soixante", "sexe": "femme", "nom": "Exemple", "lieu_aide": "aucun",
	})
	want := "map[answers:map[difficulty:true difficulty_reason:health equipment:false equipment_kinds:[mobile tablet] help_place:[] institution:impots training_need:peut-être] " +
		"finding_date:2020-02-03 person:map[family_name:Exemple sex:F] profile:map[age:soixante] programme:p]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v", got)
	}
}

func TestAFaultIsShownAtItsColumn(t *testing.T) {
	t.Parallel()
	for field, column := range map[string]string{
		"answers.equipment_kinds[1]": "types_equipement", "finding_date": "date_constat", "person.nir": "nir", "person": "nom", "profile.age": "age",
		"consents": "accord_orientation", "answers.equipment": "equipement", "person.address.insee": "insee", "desk": "unite", "programme": "programme",
		"person.sex": "sexe", "context[0]": "contexte",
	} {
		if got := paperform.ColumnOf(field, false); got != column {
			t.Errorf("%s is shown at %s, should be %s", field, got, column)
		}
	}
}
