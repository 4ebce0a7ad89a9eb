package matching_test

import (
	"testing"
	"time"

	"example.org/passerelle/services/matching"
)

func TestWhatIsPutAgainOrDroppedIsThereOnceOrNotAtAll(t *testing.T) {
	x := matching.NewIndex()
	for _, id := range []string{"a", "b", "c"} {
		x.PutSession(session(id))
	}
	x.PutSession(session("a", func(s *seance) { s.Mode = "video" }))
	x.PutSession(session("c", func(s *seance) { s.Where = lattes }))
	x.Drop("b")
	x.Drop("b")
	if x.Len() != 2 {
		t.Errorf("%d are left", x.Len())
	}
	check(t, matching.Match(x, somebody()), "c", "a")
	x.Drop("a")
	x.Drop("c")
	check(t, matching.Match(x, somebody()))
}

func TestAWishIsMetByASessionAsItIsWanted(t *testing.T) {
	wish := somebody(func(p *person) {
		p.WithinKm, p.Needs.Skills, p.Needs.Modes, p.Needs.Availability = 15, []string{"internet"}, []string{"in_person"}, []string{"mon_am", "tue_am"}
	})
	for name, c := range map[string]struct {
		what func(*seance)
		met  bool
	}{
		"as wished":  {func(*seance) {}, true},
		"full":       {func(s *seance) { s.Free = 0 }, false},
		"too far":    {func(s *seance) { s.Where = beziers }, false},
		"at night":   {func(s *seance) { s.Meetings[0].StartsAt = s.Meetings[0].StartsAt.Add(8 * 3600e9) }, false},
		"by phone":   {func(s *seance) { s.Mode = "phone" }, false},
		"other kind": {func(s *seance) { s.Skills = []string{"office"} }, false},
		"over":       {func(s *seance) { s.Status = "cancelled" }, false},
	} {
		x := matching.NewIndex()
		x.PutSession(session("s", c.what, func(s *seance) { s.Renewed = noon }))
		if hits, all := matching.Hits(x, wish, noon.Add(-time.Second)); (all == 1) != c.met || len(hits) != all {
			t.Errorf("%s: %d hits", name, all)
		}
		if _, all := matching.Hits(x, wish, noon); all != 0 {
			t.Errorf("%s: it was there before the wish", name)
		}
		if _, met := matching.Suits(wish, session("s", c.what)); met != c.met {
			t.Errorf("%s: %v", name, met)
		}
	}
}
