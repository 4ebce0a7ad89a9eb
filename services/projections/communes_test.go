package projections

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/communes"
)

func TestEveryAccountFindsCommunesAsItWritesThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, a := range accounts() {
		found := see[rest.Communes](h, a.ID, "/communes?q=lodev&department=34").Items
		if len(found) != 1 || found[0].Insee != "34142" || found[0].Name != "Lodève" || found[0].Department != "34" || !slices.Equal(found[0].Postcodes, []string{"34700"}) {
			t.Fatalf("%s finds %+v", a.ID, found)
		}
	}
	for query, first := range map[string]string{
		"q=st+gely": "Saint-Gély-du-Fesc", "q=34000": "Montpellier", "q=3400": "Montpellier", "q=NIMES": "Nîmes", "department=58": "Nevers", "q=": "Paris",
		"q=" + url.QueryEscape("34961 Montpellier CEDEX 2"): "Montpellier", "q=ajaccio&department=2A": "Ajaccio", "q=denis&department=974": "Saint-Denis",
	} {
		if found := see[rest.Communes](h, "provider-a", "/communes?"+query).Items; len(found) == 0 || len(found) > 20 || found[0].Name != first {
			t.Errorf("%s finds %+v", query, found)
		}
	}
	if found := see[rest.Communes](h, "provider-a", "/communes?q=nulle-part-imaginaire"); found.Items == nil || len(found.Items) != 0 {
		t.Errorf("%+v", found)
	}
	for path, want := range map[string]int{"/communes?department=34000": 422, "/communes?name=x": 400, "/communes?q=a&q=b": 422} {
		if got := h.get("provider-a", path, nil).StatusCode; got != want {
			t.Errorf("%s: %d, not %d", path, got, want)
		}
	}
	if got := h.get("nobody", "/communes?q=x", nil).StatusCode; got != 403 {
		t.Errorf("nobody: %d", got)
	}
}

// heldIn is a session in a commune.
func (h *house) heldIn(id, insee string) events.SessionPlanned {
	p := h.planned(id, "provider-a", 8)
	p.Insee = insee
	return p
}

func (h *house) around(path string) (list []string) {
	h.t.Helper()
	for _, s := range see[rest.SessionPage](h, "advisor-34", path).Items {
		line := s.ID + " -"
		if s.DistanceKm != nil {
			line = fmt.Sprintf("%s %.1f", s.ID, *s.DistanceKm)
		}
		list = append(list, line)
	}
	return list
}

func TestTheNearestSessionComesFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	remote := h.heldIn("session-1", "")
	remote.Mode, remote.Place = "video", ""
	h.hear(remote, h.heldIn("session-2", "34032"), h.heldIn("session-3", "34172"), h.heldIn("session-4", "30189"), h.heldIn("session-5", "34057"), h.heldIn("session-6", "34172"))
	km := func(insee string) float64 {
		a, _ := communes.Find("34172")
		b, _ := communes.Find(insee)
		d, _ := communes.Distance(a, b)
		return math.Round(d*10) / 10
	}
	castelnau, nimes, beziers := fmt.Sprintf("session-5 %.1f", km("34057")), fmt.Sprintf("session-4 %.1f", km("30189")), fmt.Sprintf("session-2 %.1f", km("34032"))
	for path, want := range map[string][]string{
		"/sessions?insee=34172&within_km=100":               {"session-6 0.0", "session-3 0.0", castelnau, nimes, beziers},
		"/sessions?insee=34172&within_km=50":                {"session-6 0.0", "session-3 0.0", castelnau, nimes},
		"/sessions?insee=34172&within_km=50&department=30":  {nimes},
		"/sessions?insee=34172&within_km=0":                 {"session-6 0.0", "session-3 0.0"},
		"/sessions?insee=34172":                             {"session-6 -", "session-3 -"},
		"/sessions?department=34":                           {"session-6 -", "session-5 -", "session-3 -", "session-2 -"},
		"/sessions?department=58":                           nil,
		"/sessions":                                         {"session-6 -", "session-5 -", "session-4 -", "session-3 -", "session-2 -", "session-1 -"},
		"/sessions?insee=58194&within_km=50":                nil,
		"/sessions?insee=34172&within_km=1000&mode=webinar": nil,
	} {
		if got := h.around(path); !slices.Equal(got, want) {
			t.Errorf("%s gives %v, not %v", path, got, want)
		}
	}
	if one := see[rest.Session](h, "advisor-34", "/sessions/session-6"); one.DistanceKm != nil {
		t.Errorf("%v", *one.DistanceKm)
	}
	for path, want := range map[string]int{"/sessions?within_km=20": 422, "/sessions?insee=34999&within_km=20": 422, "/sessions?department=Nord": 422, "/sessions?insee=34999": 200} {
		if got := h.get("advisor-34", path, nil).StatusCode; got != want {
			t.Errorf("%s: %d, not %d", path, got, want)
		}
	}
}

// Brenac became part of Quillan; Ajac and Alaigne are both known by the mean of the Limouxin, 10 km around.
func TestASessionOfAFormerCommuneIsFoundAndAnUnknownDistanceIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.heldIn("session-1", "11050"), h.heldIn("session-2", "11304"), h.heldIn("session-3", "11004"), h.heldIn("session-4", "11003"))
	for path, want := range map[string][]string{
		"/sessions?insee=11304":             {"session-2 -", "session-1 -"},
		"/sessions?insee=11050":             {"session-2 -", "session-1 -"},
		"/sessions?insee=11050&within_km=5": {"session-2 0.0", "session-1 0.0"},
		"/sessions?insee=11003&within_km=5": {"session-4 0.0", "session-3 -"},
		"/sessions?department=11":           {"session-4 -", "session-3 -", "session-2 -", "session-1 -"},
	} {
		if got := h.around(path); !slices.Equal(got, want) {
			t.Errorf("%s gives %v, not %v", path, got, want)
		}
	}
}

func TestACursorWalksByDistanceWhileSessionsAreAdded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	places := []string{"34172", "34057", "34032", "30189", "34301", "34145", "34003"}
	n := 0
	add := func() {
		n++
		h.hear(h.heldIn(fmt.Sprintf("session-%03d", n), places[n%len(places)]))
	}
	for range 25 {
		add()
	}
	for _, limit := range []int{1, 3, 10} {
		path := fmt.Sprintf("/sessions?insee=34172&within_km=100&limit=%d", limit)
		before, seen := h.walk("advisor-34", path, func() {}), h.walk("advisor-34", path, add)
		if len(before) < 25 {
			t.Errorf("%d sessions", len(before))
		}
		for _, id := range before {
			if times := len(keep(seen, func(s string) (string, bool) { return s, s == id })); times != 1 {
				t.Errorf("%s is seen %d times", id, times)
			}
		}
		if once := slices.Compact(slices.Sorted(slices.Values(seen))); len(once) != len(seen) {
			t.Errorf("%d rows, %d different ones", len(seen), len(once))
		}
	}
}
