package portal

import (
	"net/url"
	"testing"

	"example.org/passerelle/api/client"
)

func typed(pairs ...string) form {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return form{values: values}
}

func TestDatesAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		day, month, year string
		partial          bool
		want             string // empty: refused
	}{
		{"2", "3", "1958", false, "1958-03-02"},
		{"02", "03", "1958", false, "1958-03-02"},
		{"1", "janv", "1951", false, "1951-01-01"},
		{"1", "Févr.", "1951", false, "1951-02-01"},
		{"29", "février", "1952", false, "1952-02-29"},
		{"31", "AOUT", "1952", false, "1952-08-31"},
		{"", "3", "1958", true, "1958-03"},
		{"", "", "1958", true, "1958"},
		{"", "", "1958", false, ""},
		{"29", "2", "1953", false, ""},
		{"31", "4", "1953", true, ""},
		{"2", "jui", "1958", false, ""}, // juin or juillet
		{"2", "13", "1958", false, ""},
		{"2", "0", "1958", false, ""},
		{"2", "", "1958", true, ""},
		{"2", "3", "58", false, ""},
		{"x", "3", "1958", false, ""},
		{"2", "3", "", true, ""},
	} {
		f := typed("naissance-jour", c.day, "naissance-mois", c.month, "naissance-annee", c.year)
		got := f.date("naissance", "Date de naissance", c.partial)
		switch {
		case c.want == "" && (got != nil || f.fault("naissance") == ""):
			t.Errorf("%+v was taken", c)
		case c.want != "" && (got == nil || *got != c.want || f.wrong()):
			t.Errorf("%+v: %v %v", c, got, f.faults)
		}
	}
	f := typed()
	if f.date("naissance", "Date de naissance", false) != nil || f.wrong() {
		t.Error("a date left out is no fault")
	}
}

func TestAnAnswerMayBeLeftOpen(t *testing.T) {
	f := typed("a", "oui", "b", "non", "c", "")
	if yes := f.yesNo("a"); yes == nil || !*yes {
		t.Error("oui")
	}
	if no := f.yesNo("b"); no == nil || *no {
		t.Error("non")
	}
	if f.yesNo("c") != nil || f.yesNo("d") != nil {
		t.Error("nothing was answered")
	}
}

func TestRefusalsStandBesideTheirInputsInTheOrderOfThePage(t *testing.T) {
	f := form{}
	f.refused(&client.Problem{Code: "invalid", Errors: []client.Fault{
		{Field: "person.phone", Code: "bad_format"}, {Field: "programme", Code: "required"},
		{Field: "meetings[0].ends_at", Code: "ends_before_start"}, {Field: "", Code: "no_way_to_reach"}, {Field: "else", Code: "odd"},
	}}, []entry{
		{Member: "programme", Input: "programme", Label: "Programme"},
		{Member: "person.phone", Input: "telephone", Label: "Téléphone"},
		{Member: "meetings", Input: "seances", Label: "Séances", Words: map[string]string{"ends_before_start": "Une séance finit avant de commencer"}},
	})
	want := []fault{
		{"programme", "Programme\u00a0: à renseigner"}, {"telephone", "Téléphone\u00a0: ce n’est pas écrit comme attendu"},
		{"seances", "Une séance finit avant de commencer"}, {"", above["no_way_to_reach"]}, {"", general("odd")},
	}
	if len(f.faults) != len(want) {
		t.Fatal(f.faults)
	}
	for i := range want {
		if f.faults[i] != want[i] {
			t.Errorf("%d: %+v, want %+v", i, f.faults[i], want[i])
		}
	}
}

func TestAFormKeepsItsKey(t *testing.T) {
	if f := typed("cle", "k1"); f.key() != "k1" {
		t.Error(f.key())
	}
	if a, b := (form{}).key(), (form{}).key(); a == b {
		t.Error("two forms have one key")
	}
}

func TestOnlyPagesOfOursAreGoneTo(t *testing.T) {
	for path, want := range map[string]string{
		"/signalements?etat=submitted": "/signalements?etat=submitted", "": "/", "https://example.org": "/", "//example.org": "/", "/\\example.org": "/",
		"javascript:alert(1)": "/", "/a\r\nSet-Cookie: x": "/",
	} {
		if got := local(path); got != want {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}
