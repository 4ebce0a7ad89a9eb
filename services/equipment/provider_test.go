package equipment

import (
	"slices"
	"strconv"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/equipment/rest"
)

const items = "/api/v1/equipment/items"

func provider(id, fund string) events.Fact {
	return events.ProviderRegistered{ProviderID: id, Name: "Tiers-lieu Exemple", Fund: fund, Department: "34", Insee: "34172", By: "partnership-lr"}
}

func item(pool, tag string) string {
	return `{"pool": "` + pool + `", "kind": "tablet", "asset_tag": "` + tag + `"}`
}

func TestTheEquipmentManagerOfTheFundFillsThePoolOfARegisteredProvider(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	w.Refused(w.Ask("equipment-lr", "POST", items, item("ours", "T-1")), 422, "unknown_pool") // nobody has registered it
	w.Tell(provider("ours", "carsat-lr"), provider("theirs", "carsat-bfc"))
	got := enginetest.Read[rest.Item](w, w.Ask("equipment-lr", "POST", items, item("ours", "T-1")), 201)
	if got.Pool != "ours" || got.Status != "available" {
		t.Error(got)
	}
	for _, c := range []struct {
		account, pool string
		status        int
		code          string
	}{
		{"equipment-lr", "theirs", 422, "unknown_pool"}, {"equipment-lr", "none", 422, "unknown_pool"}, {"provider-a", "ours", 422, "unknown_pool"},
		{"advisor-34", "ours", 422, "unknown_pool"}, {"partnership-lr", "ours", 403, "forbidden"}, {"equipment-lr", "provider-58", 422, "unknown_pool"},
	} {
		w.Refused(w.Ask(c.account, "POST", items, item(c.pool, "T-2")), c.status, c.code)
	}
	w.Tell(taken("ours", 1))
	if got := loans(w, "ours"); len(got) != 1 || got[0] != "kept r1" {
		t.Error(got)
	}
	w.HearAgain()
	enginetest.Read[rest.Item](w, w.Ask("equipment-lr", "POST", items, item("ours", "T-2")), 201)
}

// TestAProviderThatWasJustRegisteredIsFound: a request that brings the position of the registration waits for it.
func TestAProviderThatWasJustRegisteredIsFound(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	for n := range 20 {
		id := "p" + strconv.Itoa(n)
		at := w.Append(provider(id, "carsat-lr"))["workshop"]
		answer := w.Ask("equipment-lr", "POST", items, item(id, "T-"+id), "Passerelle-Position", "workshop:"+strconv.FormatInt(at, 10))
		enginetest.Read[rest.Item](w, answer, 201)
	}
}

// TestAnItemIsToldAllThatIsWrong: its form, its pool and its tag, at once.
func TestAnItemIsToldAllThatIsWrong(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	for body, want := range map[string][]string{
		`{"pool": "none", "kind": "tablet", "asset_tag": " "}`: {"asset_tag required", "pool unknown_pool"},
		`{"pool": "none", "kind": "sabot", "asset_tag": " "}`:  {"asset_tag required", "kind not_in_list", "pool unknown_pool"},
		`{"pool": 7, "kind": "tablet", "asset_tag": " "}`:      {"asset_tag required", "pool wrong_type"},
	} {
		var got []string
		for _, f := range enginetest.Read[struct{ Errors refusal.Faults }](w, w.Ask("equipment-lr", "POST", items, body), 422).Errors {
			got = append(got, f.Field+" "+f.Code)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", body, got, want)
		}
	}
	if told := w.Told(Name); len(told) != 0 {
		t.Error(told)
	}
}
