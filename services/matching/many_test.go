package matching_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/reference/communes"
)

// TestWhatSuitsAmongManyIsWhatSuitsAmongAllParts: what is passed over unread, for it is too far or others come first, changes
// neither the lists nor the counts. Each part is small enough that nothing in it is passed over or cut.
func TestWhatSuitsAmongManyIsWhatSuitsAmongAllParts(t *testing.T) {
	many := scattered(4000)
	for n, home := range []matching.Where{montpellier, beziers, lattes, {Department: "34"}, {}} {
		p := somebody(func(p *person) {
			p.Where, p.WithinKm = home, []int{2, 12, 50, 140, 0}[n]
			p.Answers.NetworkCoverage, p.Needs.Access = []*bool{nil, no(), yes()}[n%3], []string{"wheelchair"}
		})
		var offers, excluded int
		var apart []float64
		first := matching.NewIndex()
		for from := 0; from < len(many); from += matching.MostExcluded {
			r := matching.Match(indexOf(many[from:from+matching.MostExcluded]), p)
			offers, excluded = offers+len(r.Offers)+r.More, excluded+len(r.Excluded)+r.Out
			apart = append(apart, distances(r)...)
		}
		r := matching.Match(indexOf(many), p)
		if len(r.Offers)+r.More != offers || len(r.Excluded)+r.Out != excluded || offers <= matching.MostOffers || excluded <= matching.MostExcluded {
			t.Errorf("%+v: %d and %d suit, %d and %d do not", home, len(r.Offers)+r.More, offers, len(r.Excluded)+r.Out, excluded)
		}
		if slices.Sort(apart); !slices.Equal(distances(r), apart[:matching.MostExcluded]) {
			t.Errorf("%+v: what does not suit is %v away, not %v", home, distances(r), apart[:matching.MostExcluded])
		}
		for _, o := range r.Offers {
			put(first, o.Session, o.Place)
		}
		for _, e := range r.Excluded {
			put(first, e.Session, e.Place)
		}
		alone := matching.Match(first, p)
		if !reflect.DeepEqual(alone.Offers, r.Offers) || !reflect.DeepEqual(alone.Excluded, r.Excluded) {
			t.Errorf("%+v: alone they are told otherwise", home)
		}
		beaten(t, many, r, p)
	}
}

// distances of what does not suit; 0 where nobody knows or it does not matter.
func distances(r matching.Result) (list []float64) {
	for _, e := range r.Excluded {
		if e.Km == nil {
			list = append(list, 0)
		} else {
			list = append(list, *e.Km)
		}
	}
	return list
}

// beaten: whatever is not listed comes after the last that is, asked beside it.
func beaten(t *testing.T, many []any, r matching.Result, p matching.Person) {
	t.Helper()
	listed := map[string]bool{}
	for _, o := range r.Offers {
		listed[o.ID()] = true
	}
	last := r.Offers[len(r.Offers)-1]
	for _, one := range many {
		if id := idOf(one); !listed[id] {
			x := indexOf([]any{one})
			put(x, last.Session, last.Place)
			if both := matching.Match(x, p); both.Offers[0].ID() != last.ID() {
				t.Fatalf("%s comes before %s, and is not listed", id, last.ID())
			}
		}
	}
}

func idOf(one any) string {
	if s, ok := one.(matching.Session); ok {
		return s.SessionID
	}
	return one.(matching.Place).ID
}

func put(x *matching.Index, s *matching.Session, p *matching.Place) {
	if s != nil {
		x.PutSession(*s)
	} else {
		x.PutPlace(*p)
	}
}

// scattered are sessions and places all over a region.
func scattered(n int) (list []any) {
	chance := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same each time
	var region []communes.Commune
	for _, d := range []string{"34", "30", "11", "48", "13"} {
		region = append(region, communes.In(d)...)
	}
	for i := range n {
		at := whereOf(region[chance.IntN(len(region))])
		if i%2 == 0 {
			list = append(list, session("s"+strconv.Itoa(i), func(s *seance) {
				s.Where, s.Free, s.Accessible = at, chance.IntN(3), chance.IntN(3) > 0
				s.Mode = []string{"in_person", "in_person", "hybrid", "video"}[chance.IntN(4)]
			}))
			continue
		}
		list = append(list, place("p"+strconv.Itoa(i), func(p *lieu) {
			p.Where, p.Itinerant = at, chance.IntN(9) == 0
			p.Care = [][]string{nil, {"Handicaps moteurs"}, {"Illettrisme"}}[chance.IntN(3)]
		}))
	}
	return list
}
