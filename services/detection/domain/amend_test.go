package domain

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
)

// TestKeywordsAndHelperAreAmendedAndTheOldOnesStay: what was written first stands in its fact, what is right in the next.
func TestKeywordsAndHelperAreAmendedAndTheOldOnesStay(t *testing.T) {
	t.Parallel()
	before := Evolve(Flag{}, flagged(nil))
	before.sheet.Context, before.sheet.Helper = []string{"lockdown"}, &events.Helper{Name: "Aidine Exemple"}
	amend := Amend{FlagID: "f1", Programme: programme("reperage-lr"), By: "advisor-34", At: noon}
	for name, one := range map[string]struct {
		change  func(*Amend)
		context []string
		helper  string
	}{
		"both are others":      {func(c *Amend) { c.Context, c.Helper = []string{"winter"}, &events.Helper{Name: "Aidine Modele"} }, []string{"winter"}, "Aidine Modele"},
		"both stay":            {func(*Amend) {}, []string{"lockdown"}, "Aidine Exemple"},
		"keywords are removed": {func(c *Amend) { c.Context = []string{} }, nil, "Aidine Exemple"},
	} {
		c := amend
		one.change(&c)
		facts, err := c.Decide(before)
		if err != nil {
			t.Fatal(name, err)
		}
		now, _ := facts[0].(events.FlagAmended).Details.Value()
		if !slices.Equal(now.Sheet.Context, one.context) || now.Sheet.Helper.Name != one.helper {
			t.Errorf("%s: %+v", name, now.Sheet)
		}
	}
	if before.sheet.Context[0] != "lockdown" || before.sheet.Helper.Name != "Aidine Exemple" {
		t.Error("what was written first is gone")
	}
}
