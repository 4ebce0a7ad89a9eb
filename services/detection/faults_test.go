package detection

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/refusal"
)

// mistake is one thing that is wrong with a sheet, and what has to be said of it.
type mistake struct {
	change func(object)
	said   []string // field and code
}

// ofForm are mistakes that the document finds, ofRules those that the rules find in a sheet that can be read. None rests
// on another one.
var (
	ofForm = map[string]mistake{
		"a date in words":         {with("finding_date", "hier"), []string{"finding_date bad_format"}},
		"a channel of no list":    {with("channel", "pigeon"), []string{"channel not_in_list"}},
		"an unknown institution":  {of("answers", "institution", "banque"), []string{"answers.institution not_in_list"}},
		"half a birth date":       {of("person", "birth_date", "58"), []string{"person.birth_date bad_format"}},
		"a GIR that is none":      {with("needs", object{"gir": 9}), []string{"needs.gir too_large"}},
		"a number for a text":     {of("person", "language", 7), []string{"person.language wrong_type"}},
		"a reason of no list":     {of("answers", "difficulty_reason", "ennui"), []string{"answers.difficulty_reason not_in_list"}},
		"a context that is a tag": {with("context", []any{"confinement", 7}), []string{"context[1] wrong_type"}},
		"half an address":         {func(o object) { o["person"].(object)["address"].(object)["insee"] = "341" }, []string{"person.address.insee bad_format"}},
	}
	ofRules = map[string]mistake{
		"a wrong key":        {of("person", "nir", "258033417200599"), []string{"person.nir nir_key"}},
		"kinds without any":  {of("answers", "equipment_kinds", []string{"tablet"}), []string{"answers.equipment_kinds needs_equipment"}},
		"yes and no":         {of("answers", "help_place", []string{"yes", "no"}), []string{"answers.help_place yes_and_no"}},
		"nothing agreed":     {func(o object) { consents(o)["study"], consents(o)["referral"] = false, false }, []string{"consents nothing_agreed", "person person_not_needed"}},
		"a text of nobody":   {func(o object) { consents(o)["text_version"] = "v99" }, []string{"consents.text_version unknown_text"}},
		"nobody's own desk":  {with("desk", "beziers"), []string{"desk desk_not_yours"}},
		"no given name":      {of("person", "given_name", "  "), []string{"person.given_name required"}},
		"a number in a text": {of("answers", "description", "Son numéro est le 2 58 03 34 172 005 65"), nil},
	}
)

func consents(o object) object { return o["consents"].(object) }

// told are the faults of an answer that refuses a sheet.
func told(w *enginetest.World, a enginetest.Answer) (list []string) {
	for _, f := range enginetest.Read[struct{ Errors refusal.Faults }](w, a, 422).Errors {
		list = append(list, f.Field+" "+f.Code)
	}
	slices.Sort(list)
	return list
}

// wrongly is a sheet with mistakes, and what has to be said of it.
func wrongly(mistakes ...mistake) (body string, said []string) {
	body = sheet(func(o object) {
		for _, m := range mistakes {
			m.change(o)
			said = append(said, m.said...)
		}
	})
	slices.Sort(said)
	return body, said
}

// TestWhatFormAndRulesFindIsToldAtOnce: any mistakes that the document finds, with any that the rules find.
func TestWhatFormAndRulesFindIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	check := func(names []string, mistakes []mistake) {
		body, said := wrongly(mistakes...)
		if got := told(w, w.Ask("advisor-34", "POST", flags, body)); !slices.Equal(got, said) {
			t.Errorf("%s:\ngot  %s\nwant %s", strings.Join(names, ", "), got, said)
		}
	}
	all := maps.Clone(ofForm)
	maps.Copy(all, ofRules)
	delete(all, "a number in a text")
	names := slices.Sorted(maps.Keys(all))
	for _, form := range slices.Sorted(maps.Keys(ofForm)) {
		for _, rule := range slices.Sorted(maps.Keys(ofRules)) {
			if _, independent := all[rule]; independent {
				check([]string{form, rule}, []mistake{ofForm[form], ofRules[rule]})
			}
		}
	}
	random := rand.New(rand.NewPCG(5, 2)) // the same each time
	for range 60 {
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		some := names[:2+random.IntN(len(names)-2)]
		mistakes := make([]mistake, len(some))
		for i, name := range some {
			mistakes[i] = all[name]
		}
		check(some, mistakes)
	}
	if facts := w.Told(Name); len(facts) != 0 {
		t.Errorf("%d facts of sheets that are wrong", len(facts))
	}
}

// TestAFaultThatOnlyFollowsFromAnotherIsNotTold: what cannot be read is not taken for missing.
func TestAFaultThatOnlyFollowsFromAnotherIsNotTold(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for name, c := range map[string]struct {
		change func(object)
		said   string
	}{
		"the only phone": {func(o object) { of("person", "phone", 7)(o); of("person", "address", nil)(o) }, "person.phone wrong_type"},
		"whether equipped": {func(o object) {
			of("answers", "equipment", "oui")(o)
			of("answers", "equipment_kinds", []string{"tablet"})(o)
		}, "answers.equipment wrong_type"},
		"whether a difficulty": {of("answers", "difficulty", "oui"), "answers.difficulty wrong_type"},
		"who it is":            {with("person", "Testine"), "person wrong_type"},
		"which programme":      {with("programme", 7), "programme wrong_type"},
		"whose desk":           {with("desk", 7), "desk wrong_type"},
		"all answers":          {with("answers", "non"), "answers wrong_type"},
		"which day":            {with("finding_date", nil), "finding_date wrong_type"},
		"where":                {func(o object) { o["person"].(object)["address"] = object{"insee": 7} }, "person.address.insee wrong_type"},
	} {
		for _, author := range []string{"advisor-34", "evaluator-34"} {
			if got := told(w, w.Ask(author, "POST", flags, sheet(c.change))); !slices.Equal(got, []string{c.said}) {
				t.Errorf("%s by %s: %s", name, author, got)
			}
		}
	}
}

// TestNothingIsKeptOfABodyThatIsOnlyJudged: each operation that judges is asked with what only its form forbids.
func TestNothingIsKeptOfABodyThatIsOnlyJudged(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := setupPerson(w, "Une", "+33465719901")
	before := len(w.Told(Name))
	for path, body := range map[string]string{
		flags:                                   sheet(of("person", "given_name", "Autre"), with("channel", "pigeon")),
		flags + "/" + p.flag + "/amend":         `{"note": 7, "answers": {"institution": "cpam"}}`,
		flags + "/refusals":                     `{"programme": "reperage-lr", "unit": 7, "finding_date": "2021-11-15"}`,
		"/api/v1/enquiries":                     `{"desk": 7, "insee": "34172", "topic": "account"}`,
		"/api/v1/persons/" + p.id + "/correct":  `{"person": {"given_name": "Une", "family_name": "Exemple", "phone": "+33465719901", "language": 7}}`,
		"/api/v1/persons/" + p.id + "/move":     `{"address": {"insee": "34172", "street": 7}}`,
		"/api/v1/persons/" + p.id + "/consents": `{"kind": "study", "given": true, "channel": "pigeon"}`,
		"PUT " + flags + "/drafts/" + p.id:      `{"sheet": {"programme": "2 58 03 34 172 005 65"}}`,
	} {
		method := "POST"
		if rest, put := strings.CutPrefix(path, "PUT "); put {
			method, path = "PUT", rest
		}
		for _, key := range []string{"", "k1"} {
			headers := []string{}
			if key != "" {
				headers = []string{"Idempotency-Key", key}
			}
			if a := w.Ask("advisor-34", method, path, body, headers...); a.Status != 422 && a.Status != 400 {
				t.Errorf("%s: %d %s", path, a.Status, a.Body)
			}
		}
	}
	if after := len(w.Told(Name)); after != before {
		t.Errorf("%d facts of bodies that are wrong", after-before)
	}
	fixed := sheet(of("person", "given_name", "Autre"), of("person", "phone", "+33465719902"))
	if a := w.Ask("advisor-34", "POST", flags, fixed, "Idempotency-Key", "k1"); a.Status != 201 { // the key was not taken
		t.Error(a.Status, a.Body)
	}
}

func TestACorrectionIsToldAllThatIsWrong(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := setupPerson(w, "Une", "+33465719901")
	body := `{"person": {"given_name": " ", "family_name": "Exemple", "birth_date": "hier", "nir": "258033417200599", "phone": "+33465719901", "email": 7}}`
	want := []string{"person.birth_date bad_format", "person.email wrong_type", "person.given_name required", "person.nir nir_key"}
	if got := told(w, p.does("advisor-34", "correct", body)); !slices.Equal(got, want) {
		t.Error(got)
	}
	want = []string{"channel not_in_list", "text_version unknown_text"}
	if got := told(w, p.does("advisor-34", "consents", `{"kind": "study", "given": true, "channel": "pigeon", "text_version": "v4"}`)); !slices.Equal(got, want) {
		t.Error(got)
	}
	w.Refused(p.does("advisor-34", "consents", `{"kind": "study", "given": true, "channel": "oral", "text_version": "2020-01"}`), 422, "unknown_text") // another fund's
	if a := p.does("advisor-34", "consents", fmt.Sprintf(`{"kind": "study", "given": true, "channel": "oral", "text_version": %q}`, "2021-11")); a.Status != 200 {
		t.Error(a.Status, a.Body)
	}
	if got := told(w, p.does("advisor-34", "move", `{"address": {"street": 7}, "from": "demain"}`)); !slices.Equal(got, []string{"address.insee required", "address.street wrong_type", "from bad_format"}) {
		t.Error(got)
	}
}
