package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/access/rest"
)

func TestTheFormIsThatOfTheProgrammesVersion(t *testing.T) {
	t.Parallel()
	w := start(t)
	f := enginetest.Read[rest.ProgrammeForm](w.World, w.Ask("evaluator-34", "GET", programmes+"/reperage-lr/form", ""), 200)
	if f.Version != 1 || f.TextVersion != "2021-11" || !strings.Contains(f.Text, "atelier numérique") || f.AgeOver != 55 || f.LowestGir != 5 || !f.TakesFlags {
		t.Errorf("%+v", f)
	}
	kinds := field(f, "answers.equipment_kinds")
	if kinds.Kind != "choices" || kinds.OnlyIf == nil || *kinds.OnlyIf != (rest.FormCondition{Field: "answers.equipment", Is: "true"}) {
		t.Errorf("%+v", kinds)
	}
	institutions := field(f, "answers.institution").Choices
	if !slices.Contains(institutions, rest.FormChoice{Code: "pole_emploi", Label: "France Travail (ex-Pôle emploi)"}) {
		t.Errorf("%+v", institutions)
	}

	w.Ask("partnership-lr", "POST", programmes+"/reperage-lr/amend", study(with("version", 1), with("kind", "permanent"), with("one_open", "person")))
	if f = enginetest.Read[rest.ProgrammeForm](w.World, w.Ask("advisor-34", "GET", programmes+"/reperage-lr/form", ""), 200); f.Version != 2 || f.TextVersion != "2022-01" {
		t.Errorf("%+v", f)
	}
}

func field(f rest.ProgrammeForm, name string) rest.FormField {
	if i := slices.IndexFunc(f.Fields, func(one rest.FormField) bool { return one.Name == name }); i >= 0 {
		return f.Fields[i]
	}
	return rest.FormField{}
}

// notInTheForm is what no advisor fills in field by field.
var notInTheForm = []string{"programme", "desk", "person_id", "force.reason", "consents.text_version", "draft_id"}

// TestTheFormAsksForTheWholeSheet: each member of the sheet in the document is a field of the form with the same codes, and the other way round.
func TestTheFormAsksForTheWholeSheet(t *testing.T) {
	t.Parallel()
	w := start(t)
	f := enginetest.Read[rest.ProgrammeForm](w.World, w.Ask("advisor-34", "GET", programmes+"/reperage-lr/form", ""), 200)
	members := sheetMembers(t)
	for name, codes := range members {
		one := field(f, name)
		if one.Name == "" && !slices.Contains(notInTheForm, name) {
			t.Errorf("%s is not asked", name)
		}
		var have []string
		for _, c := range one.Choices {
			have = append(have, c.Code)
		}
		if codes != nil && !slices.Equal(slices.Sorted(slices.Values(have)), codes) {
			t.Errorf("%s: the form has %v, the document %v", name, have, codes)
		}
	}
	for _, one := range f.Fields {
		if _, ok := members[one.Name]; !ok {
			t.Errorf("%s is no member of the sheet", one.Name)
		}
		if one.OnlyIf != nil && field(f, one.OnlyIf.Field).Name == "" {
			t.Errorf("%s depends on %s, which is not asked", one.Name, one.OnlyIf.Field)
		}
	}
}

// sheetMembers are the members of the sheet in the document, by path, with their codes in order.
func sheetMembers(t *testing.T) map[string][]string {
	t.Helper()
	var document struct {
		Components struct{ Schemas map[string]object }
	}
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	members := map[string][]string{}
	var walk func(path string, s object)
	walk = func(path string, s object) {
		if ref, ok := s["$ref"].(string); ok {
			s = document.Components.Schemas[ref[strings.LastIndex(ref, "/")+1:]]
		}
		properties, nested := s["properties"].(object)
		if !nested {
			members[path] = codesOf(s)
			return
		}
		for name, p := range properties {
			walk(strings.TrimPrefix(path+"."+name, "."), p.(object))
		}
	}
	walk("", document.Components.Schemas["NewFlag"])
	return members
}

func codesOf(s object) (codes []string) {
	if items, ok := s["items"].(object); ok {
		s = items
	}
	list, _ := s["enum"].([]any)
	for _, code := range list {
		if code != nil {
			codes = append(codes, fmt.Sprint(code))
		}
	}
	slices.Sort(codes)
	return codes
}
