package fold_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/pkg/fold"
)

func TestTextsAreFoldedHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for want, ways := range map[string][]string{
		"jeanlouis": {"Jean-Louis", "jean louis", "JEAN‑LOUIS", " Jéan-Lôuis"},
		"coeur":     {"Cœur", "COEUR", "cœur"},
		"delastree": {"de l'Astrée", "De L’ASTREE"},
		"":          {"", " - ", "’"},
	} {
		for _, way := range ways {
			if got := fold.Text(way); got != want {
				t.Errorf("%q: %q", way, got)
			}
		}
	}
}

func TestPhonesAreFoldedHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for want, ways := range map[string][]string{
		"0465719901":   {"+33465719901", "04 65 71 99 01", "0033 4 65.71.99.01", "+33 (0)4 65 71 99 01"},
		"+44465719901": {"+44 465719901", "0044465719901"},
		"":             {"", " "},
	} {
		for _, way := range ways {
			if got := fold.Phone(way); got != want {
				t.Errorf("%q: %q", way, got)
			}
		}
	}
}

func TestHyphensSpacesAndApostrophesPartWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Jean-Louis d'Éxemple": {"jean", "louis", "d", "exemple"}, "LE  GOFF": {"le", "goff"}, "Cœur": {"coeur"}, " - ’ ": {}, "": {},
	} {
		if got := fold.Words(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// TestNamesThatSoundAlike: each line is one name to the ear, and no two lines are.
func TestNamesThatSoundAlike(t *testing.T) {
	t.Parallel()
	lines := [][]string{
		{"Dupont", "Dupond", "Dupon"},
		{"Durand", "Durant", "Duran", "Durands"},
		{"Renault", "Renaud", "Renaut", "Reno", "Reneau"},
		{"Thibault", "Thibaud", "Tibo", "Thibeau"},
		{"Gauthier", "Gautier", "Gotier", "Gautiers"},
		{"Moreau", "Moraud", "Morot", "Maureau"},
		{"Lefèvre", "Lefebvre", "Lefevres"},
		{"Philippe", "Filipe", "Phillippe"},
		{"Martin", "Martain", "Martein"},
		{"Lambert", "Lanberd", "Lemberd"},
		{"Catherine", "Katerine", "Cathérine"},
		{"Michel", "Michèle", "Michelle"},
		{"Monique", "Monike", "Monicque"},
		{"Jacques", "Jacque", "Jaque"},
		{"Hélène", "Elene", "Hellène"},
		{"Yves", "Ives", "Yve"},
		{"Benoît", "Benoist"},
		{"Guy", "Gui"},
		{"Geoffroy", "Joffroi", "Joffroy"},
		{"Georges", "George", "Jorge"},
		{"Christiane", "Cristiane", "Kristiane"},
		{"Schneider", "Chneider"},
		{"Lucie", "Lucy", "Lussy"},
		{"Julien", "Jullien"},
	}
	named := map[string]string{}
	for _, line := range lines {
		want := sound(line[0])
		if other, taken := named[want]; taken || want == "" {
			t.Errorf("%s sounds like %s: %q", line[0], other, want)
		}
		named[want] = line[0]
		for _, name := range line[1:] {
			if got := sound(name); got != want {
				t.Errorf("%s is %q, %s is %q", line[0], want, name, got)
			}
		}
	}
}

func sound(name string) string { return fold.Sound(fold.Text(name)) }

func TestTooLittleHasNoSound(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"", "e", "o", "es", "h", "aux"} {
		if got := fold.Sound(word); got != "" {
			t.Errorf("%q: %q", word, got)
		}
	}
}

// TestFoldingIsDone: what was folded stays as it is, whatever it was, and its words are part of it.
func TestFoldingIsDone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		folded := fold.Text(text)
		if again := fold.Text(folded); again != folded {
			t.Fatalf("%q becomes %q, then %q", text, folded, again)
		}
		joined := ""
		for _, w := range fold.Words(text) {
			joined += w
			fold.Sound(w)
		}
		if joined != folded {
			t.Fatalf("the words of %q are %q", text, joined)
		}
	})
}
