package workshop

import (
	"maps"
	"slices"
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/refusal"
)

// saidOf are the faults of an answer that refuses a body.
func saidOf(w *enginetest.World, a enginetest.Answer) (list []string) {
	for _, f := range enginetest.Read[struct{ Errors refusal.Faults }](w, a, 422).Errors {
		list = append(list, f.Field+" "+f.Code)
	}
	slices.Sort(list)
	return list
}

// TestAPlanIsToldAllThatIsWrong: what the document finds, whose provider it is, and what the rules find.
func TestAPlanIsToldAllThatIsWrong(t *testing.T) {
	t.Parallel()
	w := begin(t)
	meeting := `{"starts_at": "2021-12-06T09:30:00+01:00", "ends_at": "2021-12-06T08:30:00+01:00"}`
	plans := map[string][]string{
		`{"provider_id": "no-such", "title": "Pas", "mode": "in_person", "capacity": 0, "meetings": [` + meeting + `]}`: {
			"capacity too_small", "meetings[0].ends_at ends_before_start", "provider_id unknown_provider",
		},
		`{"provider_id": "no-such", "title": 7, "mode": "in_person", "capacity": 2, "minimum": 3, "level": "haut", "meetings": [` + meeting + `]}`: {
			"level not_in_list", "meetings[0].ends_at ends_before_start", "minimum above_capacity", "provider_id unknown_provider", "title wrong_type",
		},
		`{"provider_id": "provider-a", "title": "Pas", "mode": "en vrai", "immediate_seats": 1, "meetings": [{"starts_at": "demain", "ends_at": "2021-12-06T08:30:00+01:00"}]}`: {
			"immediate_seats needs_immediate_booking", "meetings[0].starts_at bad_format", "mode not_in_list",
		},
		`{"provider_id": 7, "title": "Pas", "mode": "in_person", "capacity": "deux", "minimum": 3, "meetings": [7, ` + meeting + `], "registration_closes_at": "2021-12-01T12:00:00+01:00"}`: {
			"capacity wrong_type", "meetings[0] wrong_type", "meetings[1].ends_at ends_before_start", "provider_id wrong_type",
		},
		`{"provider_id": "provider-a", "mode": "in_person", "meetings": "jamais"}`: {"capacity too_small", "meetings wrong_type", "title required"},
	}
	for _, body := range slices.Sorted(maps.Keys(plans)) {
		if got := saidOf(w, w.Ask("partnership-lr", "POST", sessions, body)); !slices.Equal(got, plans[body]) {
			t.Errorf("%s\ngot  %s\nwant %s", body, got, plans[body])
		}
	}
	if got := saidOf(w, w.Ask("partnership-lr", "POST", providers, `{"name": "  ", "insee": "58194", "phone": 7}`)); !slices.Equal(got,
		[]string{"insee not_your_territory", "name required", "phone wrong_type"}) {
		t.Error(got)
	}
	if got := saidOf(w, w.Ask("provider-a", "POST", sessions, planFor("provider-b"))); !slices.Equal(got, []string{"provider_id unknown_provider"}) { // whose it is not
		t.Error(got)
	}
	if told := w.Told(Name); len(told) != 0 {
		t.Error(told)
	}
}
