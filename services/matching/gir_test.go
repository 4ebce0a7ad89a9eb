package matching_test

import (
	"slices"
	"testing"

	"example.org/passerelle/services/matching"
)

// TestE6_AnotherGIRIsSaidAndExcludesNothing: GIR 4 and a session for GIR 5 and 6.
func TestE6_AnotherGIRIsSaidAndExcludesNothing(t *testing.T) {
	for gir, warned := range map[int]bool{4: true, 5: false, 6: false} {
		p := somebody(func(p *person) { p.Needs.GIR = &gir })
		r := among(t, p, session("for-5-and-6", func(s *seance) { s.Audience.GIR = 5 }))
		check(t, r, "for-5-and-6")
		said := slices.ContainsFunc(r.Offers[0].Checks, func(c matching.Reason) bool { return c.Code == "gir" && c.Answer == "needs.gir" })
		if said != warned {
			t.Errorf("GIR %d: %+v", gir, r.Offers[0].Checks)
		}
	}
}
