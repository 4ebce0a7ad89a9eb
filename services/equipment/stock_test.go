package equipment

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/rest"
)

// TestF4_TheSameTagOrSerialNumberIsRegisteredOnce: in all pools together, so one tablet is in one place.
func TestF4_TheSameTagOrSerialNumberIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	with := func(pool, tag, serial string) string {
		return strings.TrimSuffix(item(pool, tag), "}") + `, "serial": "` + serial + `", "condition": "good"}`
	}
	got := enginetest.Read[rest.Item](w, w.Ask("provider-a", "POST", items, with("provider-a", "T-1", "SN-1")), 201)
	if engine.Value(got.Serial) != "SN-1" {
		t.Error(got)
	}
	w.Refused(w.Ask("provider-b", "POST", items, with("provider-b", "t-1", "SN-2")), 409, "asset_tag_taken")
	w.Refused(w.Ask("provider-b", "POST", items, with("provider-b", "T-2", "sn-1")), 409, "serial_taken")
	w.Refused(w.Ask("provider-a", "POST", items, with("provider-a", "T-3", "SN-1 ")), 409, "serial_taken")
	enginetest.Read[rest.Item](w, w.Ask("provider-b", "POST", items, with("provider-b", "T-2", "SN-2")), 201)
}

func TestAnItemIsRepairedResetAndRetiredByWhoLooksAfterIt(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	id := enginetest.Read[rest.Item](w, w.Ask("provider-a", "POST", items, item("provider-a", "T-1")), 201).ID
	path := items + "/" + id
	for _, account := range []string{"provider-b", "advisor-34"} {
		w.Refused(w.Ask(account, "POST", path+"/reset", "{}"), 404, "unknown_item")
	}
	w.Refused(w.Ask("partnership-lr", "POST", path+"/reset", "{}"), 403, "forbidden")
	w.Refused(w.Ask("provider-a", "POST", items+"/0190a0c4/reset", "{}"), 404, "unknown_item")
	w.Refused(w.Ask("provider-a", "POST", path+"/repair", `{"reason": "spilt tea"}`), 422, "invalid")
	for _, step := range [][2]string{{`/repair {"reason": "screen"}`, "repair"}, {"/reset {}", "available"}, {`/retire {"reason": "obsolete"}`, "retired"}} {
		where, body, _ := strings.Cut(step[0], " ")
		got := enginetest.Read[rest.Item](w, w.Ask("equipment-lr", "POST", path+where, body), 200)
		if got.Status != step[1] || got.AssetTag != "T-1" || got.Pool != "provider-a" {
			t.Error(step, got)
		}
	}
	w.Refused(w.Ask("provider-a", "POST", path+"/reset", "{}"), 409, "item_retired")
	w.Refused(w.Ask("provider-a", "POST", items, item("provider-a", "T-1")), 409, "asset_tag_taken") // its tag stays taken
}

func TestAStocktakeTellsItsDiscrepancies(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	for _, tag := range []string{"T-1", "T-2"} {
		enginetest.Read[rest.Item](w, w.Ask("provider-a", "POST", items, item("provider-a", tag)), 201)
	}
	path := "/api/v1/equipment/stocktakes"
	got := enginetest.Read[rest.Stocktake](w, w.Ask("provider-a", "POST", path, `{"pool": "provider-a", "asset_tags": ["t-2", "T-9"]}`), 201)
	if fmt.Sprint(tagsOf(got.Found), tagsOf(got.Missing), tagsOf(got.Unexpected), got.UnknownTags) != "[T-2] [T-1] [] [T-9]" {
		t.Error(got)
	}
	w.Refused(w.Ask("provider-b", "POST", path, `{"pool": "provider-a", "asset_tags": []}`), 422, "unknown_pool")
	w.Refused(w.Ask("advisor-58", "POST", path, `{"pool": "provider-a", "asset_tags": []}`), 422, "unknown_pool")
	w.Refused(w.Ask("partnership-lr", "POST", path, `{"pool": "provider-a", "asset_tags": []}`), 403, "forbidden")
}

func tagsOf(list []rest.Tagged) []string {
	tags := []string{}
	for _, one := range list {
		tags = append(tags, one.AssetTag)
	}
	return tags
}

// filling is the service with what imports are kept in.
func filling(t *testing.T) *enginetest.World {
	t.Helper()
	return enginetest.Start(t, Name, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		if err := imports.Provision(context.Background(), e.Pool, imports.Schema(e.Prefix)); err != nil {
			return nil, nil, err
		}
		return Run(e)
	})
}

func importing(w *enginetest.World, account, query, body string) rest.Import {
	return enginetest.Read[rest.Import](w, w.Ask(account, "POST", "/api/v1/equipment/imports"+query, body, "Content-Type", "text/csv"), 200)
}

func TestAPoolIsFilledFromAFile(t *testing.T) {
	t.Parallel()
	w := filling(t)
	enginetest.Read[rest.Item](w, w.Ask("provider-b", "POST", items, item("provider-b", "T-9")), 201)
	file := "asset_tag;kind;serial;pool\r\nT-1;tablet;SN-1;\r\nT-2;Computer;;montpellier\r\n;tablet;;\r\nT-4;sabot;;\r\nT-5;tablet;;provider-b\r\nT-9;tablet;;\r\nT-1;tablet;SN-1;\r\n"
	dry := importing(w, "equipment-lr", "?dry_run=true&pool=provider-a", file)
	if len(enginetest.Facts[events.ItemRegistered](w)) != 1 {
		t.Error("a dry run has stored something")
	}
	got := importing(w, "equipment-lr", "?pool=provider-a", file)
	for name, r := range map[string]rest.Import{"dry": dry, "done": got} {
		var codes []string
		for _, one := range r.Rejections {
			codes = append(codes, fmt.Sprintf("%d %s %s", one.Line, one.Field, one.Code))
		}
		if want := []string{"4 asset_tag required", "5 kind not_in_list", "7  asset_tag_taken"}; !slices.Equal(codes, want) {
			t.Errorf("%s: %q", name, codes)
		}
	}
	if got.Accepted+got.Already != 4 || got.Already != 1 { // the same tag twice in one file is one item
		t.Error(got)
	}
	again := importing(w, "equipment-lr", "?pool=provider-a", file)
	if again.Accepted != 0 || again.Already != 4 || len(enginetest.Facts[events.ItemRegistered](w)) != 4 {
		t.Error(again)
	}
	mine := importing(w, "provider-a", "", "asset_tag,kind,pool\nT-7,tablet,provider-a\nT-8,tablet,provider-b\nT-10,tablet,\n")
	if mine.Accepted != 1 || mine.Rejected != 2 || mine.Rejections[0].Code != "unknown_pool" || mine.Rejections[1].Code != "required" {
		t.Error(mine)
	}
	changed := importing(w, "provider-a", "?pool=provider-a", "asset_tag,kind,serial\nT-1,tablet,SN-2\n")
	if changed.Rejected != 1 || changed.Rejections[0].Code != "asset_tag_taken" {
		t.Error(changed)
	}
	w.Refused(w.Ask("partnership-lr", "POST", "/api/v1/equipment/imports", file, "Content-Type", "text/csv"), 403, "forbidden")
	w.Refused(w.Ask("provider-a", "POST", "/api/v1/equipment/imports", "tag\n", "Content-Type", "text/csv"), 422, "invalid")
}

func TestAnItemGoesToAnotherPoolAndItsTagStaysTakenInBoth(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	id := enginetest.Read[rest.Item](w, w.Ask("provider-a", "POST", items, item("provider-a", "T-1")), 201).ID
	const transfers = "/api/v1/equipment/transfers"
	move := `{"item_id": "` + id + `", "pool": "provider-b"}`
	w.Refused(w.Ask("provider-b", "POST", transfers, move), 404, "unknown_item")
	w.Refused(w.Ask("provider-a", "POST", transfers, move), 422, "unknown_pool")
	w.Refused(w.Ask("equipment-lr", "POST", transfers, `{"item_id": "`+id+`", "pool": "nowhere"}`), 422, "unknown_pool")
	w.Tell(taken("provider-b", 7)) // somebody waits there
	got := enginetest.Read[rest.Item](w, w.Ask("equipment-lr", "POST", transfers, move), 200)
	if got.Pool != "provider-b" || got.Status != "kept" || got.ID != id {
		t.Error(got)
	}
	for _, pool := range []string{"provider-a", "provider-b", "carsat-lr"} {
		w.Refused(w.Ask("equipment-lr", "POST", items, item(pool, "T-1")), 409, "asset_tag_taken")
	}
	back := `{"item_id": "` + id + `", "pool": "provider-a"}`
	w.Refused(w.Ask("equipment-lr", "POST", transfers, back), 409, "item_kept")
	w.Refused(w.Ask("provider-a", "POST", items+"/"+id+"/found", "{}"), 404, "unknown_item")
}
