package communes_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"example.org/passerelle/services/reference/communes"
)

func TestPeopleFindACommuneAsTheyWriteIt(t *testing.T) {
	for q, want := range map[string]string{
		"lodev": "Lodève", "LODÈVE": "Lodève", " lodeve ": "Lodève", norm.NFD.String("Lodève"): "Lodève",
		"st gely": "Saint-Gély-du-Fesc", "St-Gély": "Saint-Gély-du-Fesc", "saint gely du fesc": "Saint-Gély-du-Fesc", "gely": "Saint-Gély-du-Fesc",
		"ste croix de quint": "Sainte-Croix-de-Quintillargues", "saint croix de quint": "Sainte-Croix-de-Quintillargues",
		"montpellier": "Montpellier", "34000": "Montpellier", "3400": "Montpellier", "34000 Montpellier": "Montpellier", "montpellier 34": "Montpellier",
		"34961 Montpellier CEDEX 2": "Montpellier", "34060 MONTPELLIER CEDEX": "Montpellier",
		"l’abergement clemenciat": "L'Abergement-Clémenciat", "L'ABERGEMENT CLÉMENCIAT": "L'Abergement-Clémenciat", "abergement clem": "L'Abergement-Clémenciat",
		"schoelcher": "Schœlcher", "chateau chinon(ville)": "Château-Chinon (Ville)", "nimes": "Nîmes", "besancon": "Besançon", "brenac": "Quillan",
		"saintes": "Saintes", "stains": "Stains", "paris": "Paris", "ars": "Ars",
	} {
		if list := communes.Search(q, "", 10); len(list) == 0 || list[0].Name != want {
			t.Errorf("%q finds %v, not %s", q, called(list), want)
		}
	}
	for _, q := range []string{"34", "34150", "st", "sai", "mont"} {
		if n := len(communes.Search(q, "", 5)); n != 5 {
			t.Errorf("%q finds %d", q, n)
		}
	}
	if list := communes.Search("340", "", 20); called(list)[0] != "Montpellier" {
		t.Errorf("%v", called(list))
	}
}

func TestNothingIsFoundWhereNothingIsMeant(t *testing.T) {
	for _, q := range []string{"zzzz", "34961", "99999", "340000", "---", "cedex", "cedex 2", "lodev34", "34000 paris", "\xff\xfe"} {
		if list := communes.Search(q, "", 10); len(list) != 0 {
			t.Errorf("%q finds %v", q, called(list))
		}
	}
	for _, limit := range []int{0, -1} {
		if list := communes.Search("lodeve", "", limit); len(list) != 0 {
			t.Errorf("%d finds %v", limit, called(list))
		}
	}
	if list := communes.Search("lodeve", "30", 10); len(list) != 0 {
		t.Errorf("%v", called(list))
	}
}

func TestTheExactNameComesFirstThenItsBeginningThenAWordThenTheLarger(t *testing.T) {
	got := called(communes.Search("sete", "", 5))
	if got[0] != "Sète" {
		t.Errorf("%v", got)
	}
	got = called(communes.Search("mont", "34", 20))
	want := []string{"Montpellier", "Montagnac"}
	if !slices.Equal(got[:2], want) {
		t.Errorf("%v", got)
	}
	begins := slices.IndexFunc(got, func(name string) bool { return !strings.HasPrefix(name, "Mont") })
	if begins < 0 || slices.ContainsFunc(got[begins:], func(name string) bool { return strings.HasPrefix(name, "Mont") }) {
		t.Errorf("a beginning comes after a word: %v", got)
	}
	if got := called(communes.Search("", "34", 3)); !slices.Equal(got, []string{"Montpellier", "Béziers", "Sète"}) {
		t.Errorf("%v", got)
	}
}

func called(list []communes.Commune) (names []string) {
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names
}

// TestWhoWritesANameInAnyWayFindsIt: of all communes, however accents, signs, capitals and saints are written.
func TestWhoWritesANameInAnyWayFindsIt(t *testing.T) {
	all := everywhere()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "commune")
		q := written(t, c.Name)
		list := communes.Search(q, c.Department, communes.Most)
		at := slices.IndexFunc(list, func(o communes.Commune) bool { return o.Insee == c.Insee })
		if at < 0 {
			t.Fatalf("%q does not find %s", q, c.Name)
		}
		for _, postcode := range c.Postcodes {
			if !slices.ContainsFunc(communes.Search(postcode[:4], c.Department, communes.Most), func(o communes.Commune) bool { return o.Insee == c.Insee }) &&
				len(communes.Search(postcode[:4], c.Department, communes.Most)) < communes.Most {
				t.Fatalf("%s does not find %s", postcode, c.Name)
			}
		}
	})
}

// written draws one of the ways in which people write a name.
func written(t *rapid.T, name string) string {
	if rapid.Bool().Draw(t, "without accents") {
		name = strings.Map(func(r rune) rune {
			if r >= 0x300 && r < 0x370 {
				return -1
			}
			return r
		}, norm.NFD.String(name))
	}
	ways := map[string][]string{"-": {"-", " ", "–", "  "}, "'": {"'", "’", " "}, "Saint-": {"Saint-", "St-", "st "}, "Sainte-": {"Sainte-", "Ste ", "saint "}, "œ": {"œ", "oe"}}
	for _, sign := range []string{"Sainte-", "Saint-", "-", "'", "œ"} {
		name = strings.ReplaceAll(name, sign, rapid.SampledFrom(ways[sign]).Draw(t, "sign"))
	}
	return rapid.SampledFrom([]func(string) string{strings.ToLower, strings.ToUpper, func(s string) string { return s }}).Draw(t, "capitals")(name)
}

// FuzzSearch: whatever is asked, the answer is short, without doubles, of the department, and the same again.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{"", "st", "lodev", "34000", "34961 cedex", "L'", "\xff", "é", "e\u0301", "saint saint", "İ", "ǅ", "1 2 3"} {
		f.Add(q, "34", 20)
		f.Add(q, "", 3)
	}
	f.Fuzz(func(t *testing.T, q, department string, limit int) {
		list := communes.Search(q, department, limit)
		if len(list) > max(0, min(limit, communes.Most)) {
			t.Fatalf("%d for %d", len(list), limit)
		}
		seen := map[string]bool{}
		for _, c := range list {
			if seen[c.Insee] || department != "" && c.Department != department || !utf8.ValidString(c.Name) {
				t.Fatalf("%q: %+v", q, c)
			}
			seen[c.Insee] = true
		}
		if again := communes.Search(q, department, limit); !slices.Equal(called(list), called(again)) {
			t.Fatalf("%v, then %v", called(list), called(again))
		}
		if short := communes.Search(q, department, min(limit, 1)); len(list) > 0 && short[0].Insee != list[0].Insee {
			t.Fatalf("the best of one is %s, of %d %s", short[0].Name, limit, list[0].Name)
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	for _, q := range []string{"lodev", "st gely", "saint", "s", "", "340", "34961 montpellier cedex"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				communes.Search(q, "", 20)
			}
		})
	}
}
