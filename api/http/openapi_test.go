package openapi_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
)

type schema = map[string]any

func document(t *testing.T) schema {
	t.Helper()
	var d schema
	if err := json.Unmarshal([]byte(openapi.Document()), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func in(of any, names ...string) any {
	for _, name := range names {
		m, _ := of.(schema)
		of = m[name]
	}
	return of
}

func is(s schema, kind string) bool {
	if s["type"] == kind {
		return true
	}
	list, _ := s["type"].([]any)
	for _, one := range list {
		if one == kind {
			return true
		}
	}
	return false
}

func TestEveryObjectIsClosed(t *testing.T) {
	t.Parallel()
	for name, s := range in(document(t), "components", "schemas").(schema) {
		s := s.(schema)
		_, byName := s["additionalProperties"].(schema) // a map: each value is described
		if is(s, "object") && s["additionalProperties"] != false && !byName {
			t.Errorf("%s takes members that nobody knows", name)
		}
	}
}

// Every text of a request has a length or a list of values, every list and number a bound.
func TestEverythingThatIsSentHasABound(t *testing.T) {
	t.Parallel()
	d := document(t)
	checked := map[string]bool{}
	var walk func(at string, s schema)
	walk = func(at string, s schema) {
		if ref, ok := s["$ref"].(string); ok {
			name := ref[strings.LastIndex(ref, "/")+1:]
			if !checked[name] {
				checked[name] = true
				walk(name, in(d, "components", "schemas", name).(schema))
			}
			return
		}
		has := func(names ...string) (found bool) {
			for _, name := range names {
				_, there := s[name]
				found = found || there
			}
			return found
		}
		switch {
		case is(s, "string") && !has("enum", "maxLength", "format", "pattern"):
			t.Errorf("%s: a text without a length", at)
		case is(s, "array") && !has("maxItems"):
			t.Errorf("%s: a list without a bound", at)
		case is(s, "integer") && !has("maximum"):
			t.Errorf("%s: a number without a bound", at)
		}
		if items, ok := s["items"].(schema); ok {
			walk(at+"[]", items)
		}
		properties, _ := s["properties"].(schema)
		for name, p := range properties {
			walk(at+"."+name, p.(schema))
		}
	}
	for path, item := range d["paths"].(schema) {
		for method, operation := range item.(schema) {
			if body, ok := in(operation, "requestBody", "content", "application/json", "schema").(schema); ok {
				walk(method+" "+path, body)
			}
		}
	}
	if len(checked) < 5 {
		t.Fatal("too little was checked", checked)
	}
}

func TestTheTableIsTheDocument(t *testing.T) {
	t.Parallel()
	d := document(t)
	operations := openapi.Operations()
	for _, o := range operations {
		if id := in(d, "paths", o.Path, strings.ToLower(o.Method), "operationId"); id != o.ID {
			t.Errorf("%s %s is %v, not %s", o.Method, o.Path, id, o.ID)
		}
	}
	count := 0
	for _, item := range d["paths"].(schema) {
		count += len(item.(schema))
	}
	if count != len(operations) || len(openapi.Of("identity")) != 5 {
		t.Errorf("%d operations, %d in the table", count, len(operations))
	}
}

// personal are members that say something of a senior, or who it is.
var personal = []string{"person_id", "person", "given_name", "family_name", "birth_date", "helper"}

// Whatever gives or takes personal data stands in the access log, so it says what for.
func TestEveryOperationWithPersonalDataIsMarked(t *testing.T) {
	t.Parallel()
	d := document(t)
	marks := 0
	for path, methods := range in(d, "paths").(schema) {
		for method, o := range methods.(schema) {
			o := o.(schema)
			found := membersOf(d, o["requestBody"], map[string]bool{})
			for _, answer := range o["responses"].(schema) {
				found = append(found, membersOf(d, answer, map[string]bool{})...)
			}
			_, marked := o["x-personal"]
			i := slices.IndexFunc(found, func(member string) bool { return slices.Contains(personal, member) })
			if i >= 0 && !marked {
				t.Errorf("%s %s speaks of somebody (%s): mark it with x-personal, and call web.Concerns in its handler", method, path, found[i])
			}
			if marked {
				marks++
			}
		}
	}
	if marks == 0 {
		t.Error("no operation is marked")
	}
}

// membersOf are the names of all members that can be reached from a part of the document.
func membersOf(d schema, part any, seen map[string]bool) (names []string) {
	switch p := part.(type) {
	case []any:
		for _, one := range p {
			names = append(names, membersOf(d, one, seen)...)
		}
	case schema:
		if ref, ok := p["$ref"].(string); ok {
			if seen[ref] {
				return nil
			}
			seen[ref] = true
			return membersOf(d, in(d, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...), seen)
		}
		for name, one := range p {
			if name == "properties" {
				names = slices.AppendSeq(names, maps.Keys(one.(schema)))
			}
			if name != "example" && name != "examples" {
				names = append(names, membersOf(d, one, seen)...)
			}
		}
	}
	return names
}
