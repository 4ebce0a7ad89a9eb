package portal

import (
	"slices"
	"testing"
)

// TestTheMenuMarksTheEntryThatAPageIsUnder: a page below an entry is marked with it, and at most one entry is.
func TestTheMenuMarksTheEntryThatAPageIsUnder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ role, path, marked string }{
		{"provider", "/", "/"}, {"provider", stockPath, stockPath}, {"provider", latePath, stockPath}, {"provider", stockPath + "/one/effacement", stockPath},
		{"provider", loansPath + "/one/retour", stockPath}, {"provider", "/imports/one/materiel", stockPath}, {"provider", "/materielle", ""},
		{"provider", moneyPath + "/appels/one/projet", moneyPath}, {"funding_officer", envelopesPath, moneyPath}, {"provider", "/habilitations/inviter", "/habilitations"},
		{"advisor", "/personnes/one/contact", "/personnes"}, {"advisor", "/signalements/nouveau", "/personnes"}, {"advisor", "/signalements/one/orienter", "/signalements"},
		{"advisor", "/orientations/one", "/signalements"}, {"advisor", "/alertes", "/aujourdhui"}, {"advisor", "/imports/one/lieux", placesPath}, {"advisor", "/imports/one", "/signalements"},
		{"evaluator", "/signalements/nouveau", "/signalements/nouveau"}, {"evaluator", "/brouillons/one", "/signalements/nouveau"},
		{"analyst", "/recommandations/nouvelle", observatoryPath}, {"analyst", "/ateliers/one/documents", "/ateliers"},
		{"privacy_officer", retentionPath, retentionPath}, {"privacy_officer", privacyPath + "/personnes/one", privacyPath}, {"advisor", "/droits", ""},
	} {
		f := frame{User: user{Account: "one", Role: c.role}, Path: c.path}
		var marked []string
		for _, l := range f.navigation() {
			if f.current(l) {
				marked = append(marked, l.Path)
			}
		}
		if want := slices.DeleteFunc([]string{c.marked}, func(s string) bool { return s == "" }); !slices.Equal(marked, want) {
			t.Errorf("%s at %s: %q is marked, not %q", c.role, c.path, marked, want)
		}
	}
}
