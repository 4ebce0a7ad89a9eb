package reference_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/services/reference"
)

func TestC5_KeywordsAreFoundWhateverTheirCaseAccentAndNumber(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                       nil,
		"DIFFICULTES avec l'ACCES":               {"difficulté", "accès"},
		"Isolées, loin du réseau.":               {"réseau", "isolé"},
		"son service, le service, ce service":    {"service"},
		"couts d’équipements":                    {"équipement", "coût"},
		"a de\u0301ja\u0300 peur des connexions": {"connexion"},
		"se refuse aux serviteurs":               nil, // another word
		"inaccessible, déconnexion":              nil,
		"Confiance; appréhension / compétences (éloignement) refus": {"confiance", "appréhension", "compétence", "éloignement", "refus"},
		"langue-langues": {"langue"},
	} {
		if got := reference.Keywords(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v, not %v", text, got, want)
		}
	}
}

// TestC5_TheFivePrintedCases reads the study itself, which is not part of the project: PASSERELLE_SEEDS names its folder.
func TestC5_TheFivePrintedCases(t *testing.T) {
	folder := os.Getenv("PASSERELLE_SEEDS")
	if folder == "" {
		t.Skip("PASSERELLE_SEEDS names no folder")
	}
	study, err := os.ReadFile(filepath.Join(folder, "003_0796750a487f8ae9.txt")) //nolint:gosec // the folder is ours
	if err != nil {
		t.Fatal(err)
	}
	lines, found := strings.Split(string(study), "\n"), map[string]int{}
	for _, n := range []int{295, 296, 304, 305, 313} {
		for _, word := range reference.Keywords(lines[n-1]) {
			found[word]++
		}
	}
	if want := map[string]int{"service": 3, "difficulté": 1, "réseau": 1, "langue": 1}; !maps.Equal(found, want) {
		t.Errorf("%v, not %v", found, want)
	}
}
