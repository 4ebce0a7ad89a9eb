package platform_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/pkg/paris"
	"example.org/passerelle/services/demo"
)

// TestC_TheFormsOf2020GiveThePublishedPercentages: 354 forms are typed in, some put under several institutions, all
// validated, and read as the study that was published. Then the same after a rebuild, and after the campaign's end.
func TestC_TheFormsOf2020GiveThePublishedPercentages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	deputy, analyst := h.as("deputy-bfc"), h.as("analyst-bfc")
	ids, forms := make([]string, situations), formsOf2020(t)
	atOnce(4, func(lane int) {
		authors := []*caller{h.as("advisor-58"), h.as("advisor-21")}
		for n := lane; n < situations; n += 4 {
			ids[n] = authors[n%2].post(201, "/flags", forms[n]).text("id")
		}
	})
	for n := 188; n < 188+42; n++ {
		deputy.post(200, "/flags/"+ids[n]+"/reclassify", object{"institution": "multiple"})
	}
	for some := range slices.Chunk(ids, 50) {
		deputy.post(200, "/flags/validate", object{"ids": some})
	}
	analyst.learn(deputy)
	const figures = "/observatory?programme=observation-bfc-2020&from=2020-01-01&to=2020-02-29"
	before := analyst.get(figures)
	wantTheStudy(t, before)

	h.mustOperate("projections", "rebuild")
	if again := analyst.get(figures); !bytes.Equal(again.raw, before.raw) {
		t.Errorf("after a rebuild\n%s\nbefore it\n%s", again.raw, before.raw)
	}
	if earlier := analyst.get(figures + "&as_of=2020-03-01"); earlier.number("situations") != 0 {
		t.Errorf("on a day on which nobody knew anything: %s", earlier.raw)
	}
	wantTheStudy(t, analyst.get(figures+"&as_of="+paris.Day(time.Now())))

	partnership := h.as("partnership-bfc")
	partnership.post(200, "/programmes/observation-bfc-2020/close-campaign", object{})
	analyst.learn(partnership)
	after := analyst.get(figures)
	wantTheStudy(t, after)
	if after.text("state") != "anonymous" || before.text("state") != "pseudonymous" {
		t.Errorf("%s, then %s", before.text("state"), after.text("state"))
	}
	if tables := analyst.get("/observatory/tables").items(); len(tables) == 0 {
		t.Error("nothing was published at the end of the campaign")
	}
	h.wantRespondents(t, deputy, analyst)
	h.mustOperate("projections", "verify")
	h.mustOperate("ledger", "verify")
	h.stop()
}

// wantRespondents: percentages are out of those who answered. Five of fifteen say nothing of their equipment, of places of
// help and of what they need.
func (h *house) wantRespondents(t *testing.T, deputy, analyst *caller) {
	t.Helper()
	author, forms, ids := h.as("advisor-58"), formsOf2020(t), make([]string, 15)
	for n := range ids {
		form := forms[85+n] // all have equipment, a difficulty, and no place of help that is easy to reach
		form["programme"], form["finding_date"] = "accompagnement-bfc", paris.Day(time.Now())
		form["profile"].(object)["age"] = 60
		if n < 5 {
			answers := form["answers"].(object)
			answers["equipment"], answers["equipment_kinds"], answers["help_place"], answers["training_need"] = nil, nil, nil, nil
		}
		ids[n] = author.post(201, "/flags", form).text("id")
	}
	deputy.post(200, "/flags/validate", object{"ids": ids})
	analyst.learn(deputy)
	measures, _ := analyst.get("/observatory?programme=accompagnement-bfc").body["measures"].(map[string]any)
	for name, respondents := range map[string]float64{"has_equipment": 10, "kind_computer": 10, "hard_to_reach": 10, "training_need": 10, "difficulty": 15} {
		m, _ := measures[name].(map[string]any)
		if m["n"] != float64(15) || m["n_respondents"] != respondents || m["percent"] != float64(100) {
			t.Errorf("%s: %v, %v should have answered", name, m, respondents)
		}
	}
}

const situations = demo.Forms

// published are the figures of the study: count, respondents, percent.
var published = map[string][3]float64{
	"women": {177, 354, 50}, "men": {177, 354, 50}, "age_46_59": {198, 354, 56}, "single": {120, 354, 34}, "employed": {269, 354, 76},
	"sick_leave": {230, 354, 65}, "institution_cpam": {188, 354, 53}, "institution_multiple": {42, 354, 12}, "network_problem": {166, 354, 47},
	"has_equipment": {184, 354, 52}, "kind_computer": {134, 184, 73}, "kind_mobile": {57, 184, 31}, "difficulty": {326, 354, 92},
	"reason_appropriation": {170, 326, 52}, "knows_help_place": {85, 354, 24}, "hard_to_reach": {35, 354, 10}, "training_need": {276, 354, 78},
}

func wantTheStudy(t *testing.T, got reply) {
	t.Helper()
	measures, _ := got.body["measures"].(map[string]any)
	for name, want := range published {
		m, _ := measures[name].(map[string]any)
		if m["count"] != want[0] || m["n"] != float64(situations) || m["n_respondents"] != want[1] || m["percent"] != want[2] {
			t.Errorf("%s: %v, published are %v", name, m, want)
		}
	}
	if got.number("situations") != situations || !strings.Contains(got.text("caveat"), "représentati") {
		t.Errorf("%d situations, %q", got.number("situations"), got.text("caveat"))
	}
}
