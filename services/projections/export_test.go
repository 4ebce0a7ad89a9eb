package projections

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
)

// TestEveryDetailOfAPersonIsInTheExport: generated from the catalogue, so that a new kind of details is not forgotten.
func TestEveryDetailOfAPersonIsInTheExport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Exemple-Export", "montpellier", "advisor-34")
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(h.planned("session-1", "provider-a", 2), o, h.requested(o), h.held(o))
	other := h.senior("flag-2", "Exemple-Autre", "montpellier", "advisor-34")

	kinds, texts := 0, []string{"Exemple-Export", "N'a jamais ouvert sa messagerie inventée", "referral-1"}
	for _, name := range events.Names() {
		fact, marked := exampleOf(t, name, f.PersonID)
		if fact == nil || strings.HasPrefix(name, "access.") || strings.HasPrefix(name, "workshop.provider-") || strings.HasPrefix(name, "workshop.place-") || slices.Contains(ofNobody, name) { // of those who work here, or without who
			continue
		}
		kinds++
		texts = append(texts, marked...)
		h.hear(fact)
	}
	if kinds < 7 {
		t.Fatalf("only %d kinds of details in the catalogue", kinds)
	}
	for _, service := range services {
		h.must(h.dossier.Hub.Wait(h.ctx, service, h.End(service)))
	}
	for _, format := range []string{"json", "html"} {
		body := h.exported(f.PersonID, format)
		for _, text := range texts {
			if !strings.Contains(body, text) {
				t.Errorf("%s: %q is missing", format, text)
			}
		}
		if strings.Contains(body, "Exemple-Autre") || strings.Contains(body, other.PersonID) {
			t.Errorf("%s holds somebody else", format)
		}
	}
	for account, status := range map[string]int{"privacy-bfc": 404, "advisor-34": 403, "provider-a": 403} {
		if got := h.get(account, "/persons/"+f.PersonID+"/export", nil).StatusCode; got != status {
			t.Errorf("%s: %d", account, got)
		}
	}
	h.hear(events.ErasureRequested{PersonID: f.PersonID, Reason: "request", At: h.now})
	h.exported(f.PersonID, "json") // as long as it may be undone
	h.hear(events.PersonErased{PersonID: f.PersonID, Reason: "request", At: h.now})
	if got := h.get("privacy-lr", "/persons/"+f.PersonID+"/export", nil).StatusCode; got != 404 {
		t.Error(got)
	}
}

func (h *house) exported(person, format string) string {
	h.t.Helper()
	answer := h.get("privacy-lr", "/persons/"+person+"/export?format="+format, nil)
	body, err := io.ReadAll(answer.Body)
	if h.must(err); answer.StatusCode != http.StatusOK {
		h.t.Fatalf("%s: %d %s", format, answer.StatusCode, body)
	}
	if format == "html" {
		return html.UnescapeString(string(body))
	}
	var any any
	h.must(json.Unmarshal(body, &any))
	return fmt.Sprint(any)
}

// exampleOf is a fact about somebody with the details of the frozen example, each text marked with the fact's name; nil
// for a fact without details.
func exampleOf(t *testing.T, name, person string) (events.Fact, []string) {
	t.Helper()
	fact, err := events.Decode(name, []byte("{}"), nil)
	if err != nil {
		t.Fatal(err)
	}
	value := reflect.New(reflect.TypeOf(fact)).Elem()
	flag := "flag-1" // the person's, where the fact names only the flag
	if value.FieldByName("PersonID").IsValid() {
		flag = "flag-" + name
	}
	for field, text := range map[string]string{"PersonID": person, "FlagID": flag, "ReferralID": "referral-1", "SessionID": "session-1", "Reference": "R-" + name, "Fund": "carsat-lr"} {
		if f := value.FieldByName(field); f.IsValid() {
			f.SetString(text)
		}
	}
	for i := range value.NumField() {
		details, ok := value.Field(i).Addr().Interface().(events.Details)
		if !ok {
			continue
		}
		plain, marked := markedDetails(t, name)
		if err := json.Unmarshal([]byte(`{"subject": "`+person+`", "box": "AA=="}`), details); err != nil {
			t.Fatal(err)
		}
		if err := details.Open(func([]byte) ([]byte, error) { return plain, nil }); err != nil {
			t.Fatal(err)
		}
		return value.Interface().(events.Fact), marked
	}
	return nil, nil
}

func markedDetails(t *testing.T, name string) (plain []byte, marked []string) {
	t.Helper()
	content, err := os.ReadFile("../../api/events/testdata/details/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(content, &tree); err != nil {
		t.Fatal(err)
	}
	tree = eachText(tree, func(text string) string {
		marked = append(marked, text+" "+name)
		return text + " " + name
	})
	if name == "workshop.outcome-recorded.v1" { // numbers only: a name among them is looked for
		marked = append(marked, "internet_search")
	}
	if plain, err = json.Marshal(tree); err != nil || len(marked) == 0 {
		t.Fatal(name, err)
	}
	return plain, marked
}

func eachText(value any, change func(string) string) any {
	switch v := value.(type) {
	case string:
		return change(v)
	case []any:
		for i := range v {
			v[i] = eachText(v[i], change)
		}
	case map[string]any:
		for name := range v {
			v[name] = eachText(v[name], change)
		}
	}
	return value
}

// TestEveryFactHasItsWordsInTheExport: what may be about a person is read in French.
func TestEveryFactHasItsWordsInTheExport(t *testing.T) {
	t.Parallel()
	for _, name := range events.Names() {
		if strings.HasPrefix(name, "access.") {
			continue
		}
		fact, err := events.Decode(name, []byte("{}"), nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(fact)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{`"person_id"`, `"flag_id"`, `"referral_id"`} {
			if strings.Contains(string(data), id) && exportWords[name] == "" {
				t.Errorf("%s has no words", name)
				break
			}
		}
	}
}
