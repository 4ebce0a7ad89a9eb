package portal

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/client"
)

// codesIn finds what the sources of a service say with a pattern, so that a new code without French words shows here.
func codesIn(t *testing.T, pattern, files string) []string {
	t.Helper()
	paths, err := filepath.Glob(files)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no source %s: %v", files, err)
	}
	shape := regexp.MustCompile(pattern)
	var codes []string
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, found := range shape.FindAllStringSubmatch(string(text), -1) {
			codes = append(codes, found[1])
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if len(codes) == 0 {
		t.Fatalf("%s has nothing like %s", files, pattern)
	}
	return codes
}

func TestEveryEventOfAFlagHasItsSentence(t *testing.T) {
	t.Parallel()
	for _, code := range codesIn(t, `line\{flag: .*what: "([a-z_]+)"[,}]`, "../projections/board*.go") {
		if flagHistory[code] == "" {
			t.Errorf("history has %q, and flagHistory no sentence for it", code)
		}
	}
}

func TestEveryNextStepHasItsSentence(t *testing.T) {
	t.Parallel()
	for _, code := range codesIn(t, `[A-Z]\w+ += "([a-z_]+)"`, "../next/next.go") {
		if nextSteps[code].do == "" {
			t.Errorf("a next step is %q, and nextSteps has no words for it", code)
		}
	}
}

func TestEveryReviewHintHasItsSentence(t *testing.T) {
	t.Parallel()
	for _, code := range codesIn(t, `s\.hint\(.*, "([a-z_]+)"\)`, "../detection/domain/*.go") {
		if reviewHints[code] == "" {
			t.Errorf("the referent is told %q, and reviewHints has no words for it", code)
		}
	}
}

func TestANextStepNamesItsOwnerAndItsDay(t *testing.T) {
	t.Parallel()
	w := words{known: map[string]map[string]string{"desk": {"montpellier": "Agence de Montpellier"}, "provider": {"provider-a": "Centre social Exemple-Nord"}}}
	day := "2026-12-07"
	for _, one := range []struct {
		step client.NextStep
		want string
	}{
		{client.NextStep{What: "review", Who: "montpellier"}, "valider le signalement dès que possible – référent, Agence de Montpellier"},
		{client.NextStep{What: "refer", Who: "montpellier", By: &day}, "orienter la personne avant le lundi 7 décembre 2026 – Agence de Montpellier"},
		{client.NextStep{What: "answer", Who: "provider-a", By: &day}, "répondre à la demande au plus tard le lundi 7 décembre 2026 – Centre social Exemple-Nord"},
		{client.NextStep{What: "attend", Who: "provider-a", By: &day}, "aller à l’atelier le lundi 7 décembre 2026 – la personne, chez Centre social Exemple-Nord"},
		{client.NextStep{What: "none"}, "aucune"},
	} {
		if got := w.next(one.step); got != one.want {
			t.Errorf("%s: %q, want %q", one.step.What, got, one.want)
		}
	}
}
