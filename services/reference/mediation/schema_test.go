package mediation_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
	"unicode/utf8"

	"example.org/passerelle/services/reference/mediation"
)

// rules are the constraints of a table schema, as far as that of places uses them.
type rules struct {
	Fields []struct {
		Name, Type  string
		Constraints struct {
			Required  bool
			Pattern   string
			MaxLength int
		}
	}
}

func rulesOf(t *testing.T, name string) (r rules) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r rules) names() (list []string) {
	for _, f := range r.Fields {
		list = append(list, f.Name)
	}
	return list
}

func (r rules) check(values []string) (faults []string) {
	for i, f := range r.Fields {
		value, c := values[i], f.Constraints
		switch {
		case value == "" && c.Required:
			faults = append(faults, f.Name+" is required")
		case value == "":
		case c.Pattern != "" && !regexp.MustCompile(c.Pattern).MatchString(value), c.MaxLength > 0 && utf8.RuneCountInString(value) > c.MaxLength, !typed(f.Type, value):
			faults = append(faults, f.Name+": "+value)
		}
	}
	return faults
}

func typed(kind, value string) bool {
	switch kind {
	case "number":
		_, err := strconv.ParseFloat(value, 64)
		return err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, value)
		return err == nil
	}
	return kind == "string"
}

// regional are the places of a list that is no part of the project.
func regional(t *testing.T, name string) (places []mediation.Place) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, values := range lines[1:] {
		place, faults := mediation.Line(named(lines[0], values))
		if len(faults) > 0 {
			t.Log("line", i+2, faults)
			continue
		}
		places = append(places, place)
	}
	return places
}

func named(header, values []string) map[string]string {
	byName := map[string]string{}
	for i, name := range header {
		byName[name] = values[i]
	}
	return byName
}
