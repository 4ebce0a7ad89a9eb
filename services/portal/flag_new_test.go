package portal

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/client"
)

// Refusals that no advisor meets: the page never sends what they are about.
var notSent = []string{"channel_not_yours", "not_an_identifier", "before_from", "unknown_unit"} // the last two: of a recommendation

func TestEveryRefusalOfAFlagIsSaidInFrench(t *testing.T) {
	t.Parallel()
	pattern := `fault\(.*"[a-z_.]+", "([a-z_]+)", "`
	codes := codesIn(t, pattern, "../detection/domain/*.go")
	codes = append(codes, codesIn(t, `Code: "([a-z_]+)"`, "../detection/*.go")...)
	codes = append(codes, codesIn(t, `fault\(.*field, "([a-z_]+)", "`, "../detection/domain/*.go")...)
	codes = append(codes, codesIn(t, `refusal\.New\(refusal\.Conflict, "([a-z_]+)"`, "../detection/domain/flag.go")...)
	for _, code := range codes {
		if slices.Contains(notSent, code) || code == "flag_exists" {
			continue
		}
		if !anySays(code) {
			t.Errorf("a flag may be refused with %q, and the page has no words for it", code)
		}
	}
}

func anySays(code string) bool {
	known := func(words map[string]string) bool { return words[code] != "" }
	return known(above) || known(beside) || slices.ContainsFunc(slices.Concat(flagEntries, flagActEntries), func(e entry) bool { return known(e.Words) })
}

func TestFaultsComeInTheOrderOfThePage(t *testing.T) {
	t.Parallel()
	p := flagForm{form: form{values: url.Values{}}}
	p.refused(&client.Problem{Errors: []client.Fault{
		{Field: "answers.description", Code: "description_required"},
		{Field: "person.given_name", Code: "required"},
		{Field: "finding_date", Code: "in_future"},
		{Field: "needs.skills[0]", Code: "not_in_list"},
		{Field: "person", Code: "no_way_to_reach"},
	}}, flagEntries)
	p.inOrder()
	var fields []string
	for _, f := range p.faults {
		fields = append(fields, f.Field)
	}
	if want := []string{"constat", "prenom", "telephone", "description", "competences"}; !slices.Equal(fields, want) {
		t.Errorf("order %v, want %v", fields, want)
	}
}

func TestAnAnswerUnderAnotherIsNotSentWithoutIt(t *testing.T) {
	t.Parallel()
	p := flagForm{form: form{values: url.Values{
		"equipement": {"non"}, "materiel": {"mobile"}, "financier": {"oui"}, "difficulte": {"non"}, "motif": {"health"},
	}}}
	a := p.answers()
	if a.EquipmentKinds != nil || a.DifficultyReason != nil {
		t.Errorf("answers of hidden questions are sent: %+v", a)
	}
	if a.FinancialProblem == nil || !*a.FinancialProblem {
		t.Errorf("the answer of the question shown is lost: %+v", a)
	}
}

func TestWhoIsNotNamedCannotBeReferred(t *testing.T) {
	t.Parallel()
	p := flagForm{form: form{values: url.Values{"nommee": {"non"}, "orientation": {"oui"}}}}
	p.consents()
	if !strings.Contains(p.fault("orientation"), "donner son nom") {
		t.Errorf("said: %q", p.fault("orientation"))
	}
}

func TestWhoIsNamedIsAskedForTheReferral(t *testing.T) {
	t.Parallel()
	p := flagForm{form: form{values: url.Values{"nommee": {"oui"}}}}
	p.consents()
	if p.fault("orientation") == "" {
		t.Error("nothing is asked")
	}
}

func TestACommuneIsTakenWhenOnlyOneIsMeant(t *testing.T) {
	t.Parallel()
	sauvian, lodeve, other := client.Commune{Insee: "34298", Name: "Sauvian"}, client.Commune{Insee: "34142", Name: "Lodève"}, client.Commune{Insee: "34999", Name: "Lodève-Exemple"}
	for _, one := range []struct {
		text string
		hits []client.Commune
		want string
	}{
		{"lodeve", []client.Commune{lodeve, other}, "34142"},
		{"sauv", []client.Commune{sauvian}, "34298"},
		{"lod", []client.Commune{lodeve, other}, ""},
		{"lodeve", []client.Commune{lodeve, {Insee: "01001", Name: "Lodève"}}, ""},
	} {
		got := ""
		if c := onlyHit(one.text, one.hits); c != nil {
			got = c.Insee
		}
		if got != one.want {
			t.Errorf("%s: %q, want %q", one.text, got, one.want)
		}
	}
}
