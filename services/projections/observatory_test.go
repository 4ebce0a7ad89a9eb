package projections

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const study = "observation-bfc-2020"

// inquiry is a house in which a campaign of observations is open.
type inquiry struct {
	*house
	key string
}

func newInquiry(t testing.TB) *inquiry {
	t.Helper()
	h := newHouse(t)
	key, err := h.vault.Mint(h.ctx)
	h.must(err)
	w := &inquiry{h, key}
	w.tells(events.CampaignOpened{CampaignID: study, Fund: "carsat-bfc", Programme: study, SubjectID: key, At: on("2020-01-02")})
	return w
}

// tells waits until the observatory has heard it too.
func (w *inquiry) tells(facts ...events.Fact) {
	w.t.Helper()
	w.hear(facts...)
	w.must(w.observatory.Hub.Wait(w.ctx, "detection", w.End("detection")))
}

func (w *inquiry) observes(id string, at time.Time, o events.Observed) events.ObservationTold {
	return events.ObservationTold{ObservationID: id, CampaignID: study, Fund: "carsat-bfc", At: at, Details: events.Clear(w.key, o)}
}

func (w *inquiry) corrects(id string, at time.Time, o events.Observed) events.ObservationCorrected {
	return events.ObservationCorrected{ObservationID: id, CampaignID: study, Fund: "carsat-bfc", At: at, Details: events.Clear(w.key, o)}
}

// closing publishes in another order and without days.
func (w *inquiry) closing(at time.Time, all []events.Observed) (facts []events.Fact) {
	var rows []events.Observation
	for _, o := range all {
		rows = append(rows, o.Observation)
	}
	slices.Reverse(rows)
	for part := range slices.Chunk(rows, 100) {
		facts = append(facts, events.ObservationsPublished{CampaignID: study, Fund: "carsat-bfc", Programme: study, Rows: part, At: at})
	}
	return append(facts, events.CampaignClosed{CampaignID: study, Fund: "carsat-bfc", Programme: study, Observations: len(all), By: "partnership-bfc", At: at})
}

// on is noon of a day.
func on(day string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, reference.Paris)
	if err != nil {
		panic(err)
	}
	return at.Add(12 * time.Hour)
}

// theStudy is 354 situations with the margins of the study of 2020: domain.md 1.C.
func theStudy() (all []events.Observed) {
	yes, no := true, false
	first := func(n, i int) *bool {
		if i < n {
			return &yes
		}
		return &no
	}
	for i := range 354 {
		age := 60
		if i >= 100 && i < 298 {
			age = 46 + i%14
		}
		o := events.Observation{
			Programme: study, Month: "2020-01", Desk: []string{"nievre", "cote-dor"}[i%2], Department: []string{"58", "21"}[i%2], Channel: "social_service",
			Age: &age, Sex: []string{"F", "M"}[i%2], Institution: "caf", NetworkCoverage: first(188, i), Equipment: first(184, i), Difficulty: first(326, i),
			TrainingNeed: first(276, i), SickLeave: first(230, i), HelpPlace: []string{"no"}, FamilySituation: "couple", Occupation: "other", WordList: reference.WordListVersion,
		}
		day := fmt.Sprintf("2020-01-%02d", 1+i%31)
		if i%3 == 0 {
			o.Month, day = "2020-02", fmt.Sprintf("2020-02-%02d", 1+i%29)
		}
		switch {
		case i < 188:
			o.Institution = "cpam"
		case i < 188+42:
			o.Institution, o.First = several, "caf"
		}
		if i < 184 {
			o.EquipmentKinds = []string{}
			if i < 134 {
				o.EquipmentKinds = append(o.EquipmentKinds, "computer")
			}
			if i >= 184-57 {
				o.EquipmentKinds = append(o.EquipmentKinds, "mobile")
			}
		} else {
			o.FinancialProblem = first(250, i)
		}
		if i < 326 {
			o.DifficultyReason = "language"
			if i < 170 {
				o.DifficultyReason = "appropriation"
			}
		}
		if i < 120 {
			o.FamilySituation = "single"
		}
		if i < 269 {
			o.Occupation = "employed"
		}
		switch {
		case i < 85:
			o.HelpPlace = []string{"yes"}
		case i < 85+35:
			o.HelpPlace = []string{"no", "hard_to_reach"}
		}
		if i < 170 {
			o.Keywords = []string{"difficulté"}
		}
		if i%7 == 0 {
			o.Context = []string{"Confinement"}
		}
		all = append(all, events.Observed{Day: day, Observation: o})
	}
	return all
}

func (w *inquiry) tellsTheStudy() []events.Observed {
	all := theStudy()
	var facts []events.Fact
	for i, o := range all {
		facts = append(facts, w.observes(fmt.Sprintf("%032x", i), on("2020-03-02"), o))
	}
	w.tells(facts...)
	return all
}

// figuresOf2020 are the published figures of the study: count, respondents, percent.
var figuresOf2020 = map[string][3]int{
	"women": {177, 354, 50}, "men": {177, 354, 50}, "age_46_59": {198, 354, 56}, "single": {120, 354, 34}, "employed": {269, 354, 76},
	"sick_leave": {230, 354, 65}, "institution_cpam": {188, 354, 53}, "institution_multiple": {42, 354, 12}, "network_problem": {166, 354, 47},
	"has_equipment": {184, 354, 52}, "kind_computer": {134, 184, 73}, "kind_mobile": {57, 184, 31}, "difficulty": {326, 354, 92},
	"reason_appropriation": {170, 326, 52}, "knows_help_place": {85, 354, 24}, "hard_to_reach": {35, 354, 10}, "training_need": {276, 354, 78},
}

func wrong(got rest.Observatory, want map[string][3]int) (list []string) {
	for name, w := range want {
		m, ok := got.Measures[name]
		if !ok || m.Count != w[0] || m.N != got.Situations || m.NRespondents != w[1] || m.Percent == nil || *m.Percent != w[2] {
			list = append(list, fmt.Sprintf("%s: %+v, not %v", name, m, w))
		}
	}
	return list
}

func TestC_TheStudyOf2020(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	all := w.tellsTheStudy()
	path := "/observatory?programme=" + study + "&from=2020-01-01&to=2020-02-29"
	pseudonymous := see[rest.Observatory](w.house, "analyst-bfc", path)
	for _, fault := range wrong(pseudonymous, figuresOf2020) {
		t.Error(fault)
	}
	if pseudonymous.Situations != 354 || pseudonymous.State != "pseudonymous" || !strings.Contains(pseudonymous.Caveat, "pseudonymes") {
		t.Errorf("%+v", pseudonymous)
	}
	if broken := pseudonymous; len(wrong(broken, map[string][3]int{"women": {177, 354, 51}})) != 1 {
		t.Error("a planted percentage is not found")
	}
	w.tells(w.closing(on("2020-05-29"), all)...)
	anonymous := see[rest.Observatory](w.house, "analyst-bfc", path)
	if anonymous.State != "anonymous" || !slices.Equal(anonymous.ClosedMonths, []string{"2020-01", "2020-02"}) || anonymous.Widened {
		t.Errorf("%s, %v, %v", anonymous.State, anonymous.ClosedMonths, anonymous.Widened)
	}
	if !reflect.DeepEqual(pseudonymous.Measures, anonymous.Measures) || !reflect.DeepEqual(pseudonymous.InstitutionsFirst, anonymous.InstitutionsFirst) {
		t.Error("the closing changes a figure")
	}
}

// TestA8: who did not answer is not among those a percentage is out of. TestA9 has the study's own numbers.
func TestA8_WhoDidNotAnswerIsNotInTheDenominator(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	yes := true
	w.tells(w.observes("a", on("2020-02-01"), situation(func(o *events.Observation) { o.NetworkCoverage = new(bool) })),
		w.observes("b", on("2020-02-01"), situation(func(o *events.Observation) { o.NetworkCoverage = &yes })),
		w.observes("c", on("2020-02-01"), situation(func(*events.Observation) {})))
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory")
	if faults := wrong(got, map[string][3]int{"network_problem": {1, 2, 50}}); faults != nil || got.Measures["training_need"].Percent != nil {
		t.Error(faults, got.Measures["training_need"])
	}
}

func TestA9_TenWithoutAnAnswerLeave344(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	all := theStudy()
	var facts []events.Fact
	for i, o := range all {
		if i >= 344 {
			o.Equipment, o.FinancialProblem, o.HelpPlace, o.TrainingNeed = nil, nil, nil, nil
		}
		facts = append(facts, w.observes(fmt.Sprintf("%032x", i), on("2020-03-02"), o))
	}
	w.tells(facts...)
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?programme="+study)
	for _, fault := range wrong(got, map[string][3]int{
		"has_equipment": {184, 344, 53}, "knows_help_place": {85, 344, 25}, "hard_to_reach": {35, 344, 10}, "training_need": {276, 344, 80}, "women": {177, 354, 50},
		"financial_problem": {66, 160, 41},
	}) {
		t.Error(fault)
	}
}

func situation(change func(*events.Observation)) events.Observed {
	o := events.Observed{Day: "2020-01-15", Observation: events.Observation{
		Programme: study, Month: "2020-01", Desk: "nievre", Department: "58", Channel: "social_service", WordList: reference.WordListVersion,
	}}
	change(&o.Observation)
	return o
}

func TestA7_SeveralInstitutionsAreCountedOnceUnderMultiple(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tells(w.observes("a", on("2020-02-01"), situation(func(o *events.Observation) { o.Institution, o.First = several, "caf" })))
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?by=institution")
	if got.Measures["institution_multiple"].Count != 1 || got.Measures["institution_caf"].Count != 0 || len(got.Groups) != 1 || got.Groups[0].Key != several {
		t.Errorf("%+v", got)
	}
	if got.InstitutionsFirst["institution_caf"].Count != 1 || got.InstitutionsFirst["institution_multiple"].Count != 0 {
		t.Errorf("before: %+v", got.InstitutionsFirst)
	}
}

func TestA10_BothKindsOfEquipmentAreCounted(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	yes := true
	w.tells(w.observes("a", on("2020-02-01"), situation(func(o *events.Observation) { o.Equipment, o.EquipmentKinds = &yes, []string{"computer", "mobile"} })),
		w.observes("b", on("2020-02-01"), situation(func(o *events.Observation) { o.Equipment, o.EquipmentKinds = &yes, []string{} })))
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory")
	for _, fault := range wrong(got, map[string][3]int{"kind_computer": {1, 2, 50}, "kind_mobile": {1, 2, 50}, "kind_tablet": {0, 2, 0}}) {
		t.Error(fault)
	}
}

func TestC1_AnEarlierDayIsShownAsItWasKnown(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	late := time.Date(2020, 3, 3, 23, 30, 0, 0, time.UTC) // the fourth in Paris
	w.tells(w.observes("a", on("2020-02-01"), situation(func(o *events.Observation) { o.Sex = "F" })), w.observes("b", late, situation(func(o *events.Observation) { o.Sex = "F" })),
		w.corrects("a", on("2020-03-10"), situation(func(o *events.Observation) { o.Sex = "M" })))
	for day, women := range map[string]int{"2020-01-31": 0, "2020-02-01": 1, "2020-03-03": 1, "2020-03-04": 2, "2020-03-09": 2, "2020-03-10": 1} {
		if got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?as_of="+day); got.Measures["women"].Count != women || *got.AsOf != day {
			t.Errorf("%s: %+v", day, got.Measures["women"])
		}
	}
	w.tells(w.closing(on("2020-05-29"), []events.Observed{situation(func(o *events.Observation) { o.Sex = "M" }), situation(func(o *events.Observation) { o.Sex = "F" })})...)
	if answer := w.get("analyst-bfc", "/observatory?as_of=2020-03-10", nil); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(bodyOf(t, answer), "month_closed") {
		t.Error("a closed month has days")
	}
	for _, path := range []string{"/observatory?as_of=2020-05-29", "/observatory?as_of=2019-12-31", "/observatory?as_of=2020-03-10&programme=accompagnement-bfc"} {
		if answer := w.get("analyst-bfc", path, nil); answer.StatusCode != http.StatusOK {
			t.Error(path, answer.StatusCode)
		}
	}
	widened := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?from=2020-01-20&to=2020-02-10")
	if widened.From != "2020-01-01" || widened.To != "2020-02-10" || !widened.Widened || widened.Situations != 2 {
		t.Errorf("%s to %s, %v, %d", widened.From, widened.To, widened.Widened, widened.Situations)
	}
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestC2_ARebuildSaysTheSameToTheByte(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	all := w.tellsTheStudy()
	w.tells(events.RefusalCounted{RefusalID: "r1", Fund: "carsat-bfc", Programme: study, Desk: "nievre", FindingDate: "2020-01-09", At: on("2020-01-09")})
	paths := []string{"/observatory", "/observatory?by=month", "/observatory?by=unit&context=lockdown", "/observatory?as_of=2020-06-30&by=institution", "/observatory?department=58&by=age_band"}
	for range 2 {
		before := w.bodies(paths)
		w.must(w.observatory.Rebuild(w.ctx, nil))
		w.mount(w.config()) // another process
		if after := w.bodies(paths); !bytes.Equal(before, after) {
			t.Fatalf("%s\nnot %s", after, before)
		}
		w.tells(w.closing(on("2020-05-29"), all)...)
	}
}

func (w *inquiry) bodies(paths []string) (all []byte) {
	for _, path := range paths {
		body, err := io.ReadAll(w.get("analyst-bfc", path, nil).Body)
		w.must(err)
		all = append(all, body...)
	}
	return all
}

func TestC3_C4_EveryInstitutionAndEveryOriginIsReported(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tellsTheStudy()
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory")
	for _, name := range []string{
		"institution_multiple", "institution_caf", "institution_mdph", "institution_other", "network_problem", "has_equipment", "financial_problem",
		"reason_appropriation", "reason_lack_of_interest", "reason_language", "reason_health", "reason_isolation", "reason_consultation_only", "rights_at_risk", "refusals",
	} {
		if _, ok := got.Measures[name]; !ok {
			t.Error(name, "is missing")
		}
	}
}

func TestC5_KeywordsAreCountedByDescription(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tellsTheStudy()
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory")
	if len(got.Keywords) != 14 || got.Keywords[0] != (rest.Keyword{Word: "difficulté", Documents: 170}) || !slices.Equal(got.WordLists, []string{reference.WordListVersion}) {
		t.Errorf("%+v %v", got.Keywords, got.WordLists)
	}
}

func TestC6_TheLockdownHasTheSameTable(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tellsTheStudy()
	for _, name := range []string{"confinement", "Confinement", "lockdown"} {
		if got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?context="+name); got.Situations != 51 || len(got.Measures) < 40 || got.Measures["women"].NRespondents != 51 {
			t.Errorf("%s: %d, %d measures", name, got.Situations, len(got.Measures))
		}
	}
	if got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?context=canicule"); got.Situations != 0 || got.State != "none" {
		t.Errorf("%+v", got)
	}
}

func TestB8_TheRegionReadsFiguresAndNobodyElsesAreSeen(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tellsTheStudy()
	for account, situations := range map[string]int{"analyst-bfc": 354, "network": 354, "analyst-lr": 0, "referent-58": 177, "advisor-21": 177, "partnership-bfc": 354, "advisor-34": 0} {
		if got := see[rest.Observatory](w.house, account, "/observatory"); got.Situations != situations {
			t.Errorf("%s: %d", account, got.Situations)
		}
	}
	for _, account := range []string{"evaluator-34", "provider-a", "partner-34", "equipment-lr", "admin-lr", "privacy-lr"} {
		if answer := w.get(account, "/observatory", nil); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", account, answer.StatusCode)
		}
	}
	if answer := w.get("analyst-bfc", "/flags", nil); answer.StatusCode != http.StatusForbidden {
		t.Errorf("an analyst reads sheets: %d", answer.StatusCode)
	}
}

func TestB9_EveryFigureSaysOutOfWhomAndWhen(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tellsTheStudy()
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?by=unit")
	if got.From != "2020-01-01" || got.To != "2020-02-29" || !strings.Contains(got.Caveat, "non représentatif") || got.Positions.Detection != int(w.End("detection")) {
		t.Errorf("%s to %s, %s, %+v", got.From, got.To, got.Caveat, got.Positions)
	}
	sum := 0
	for _, g := range got.Groups {
		sum += g.Situations
		for name, m := range g.Measures {
			if name != "refusals" && (m.N != g.Situations || m.NRespondents > m.N || m.Count > m.NRespondents) {
				t.Errorf("%s, %s: %+v", g.Key, name, m)
			}
		}
	}
	if len(got.Groups) != 2 || sum != 354 {
		t.Errorf("%d groups, %d situations", len(got.Groups), sum)
	}
}

// TestA4_NoFigureNamesWhoObserved looks at the whole answer.
func TestA4_NoFigureNamesWhoObserved(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tellsTheStudy()
	for _, path := range []string{"/observatory", "/observatory?by=unit", "/observatory?by=month"} {
		body := bodyOf(t, w.get("analyst-bfc", path, nil))
		for _, name := range []string{"advisor", "referent", "partnership", "Testine"} {
			if strings.Contains(body, name) {
				t.Errorf("%s names %s", path, name)
			}
		}
	}
}

func TestB1_RefusalsAreCountedWhereTheyMayBe(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tells(w.observes("a", on("2020-02-01"), situation(func(*events.Observation) {})))
	for i, desk := range []string{"nievre", "nievre", "cote-dor"} {
		w.tells(events.RefusalCounted{RefusalID: fmt.Sprint(i), Fund: "carsat-bfc", Programme: study, Desk: desk, FindingDate: "2020-01-20", At: on("2020-01-20")})
	}
	got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?unit=nievre&by=month")
	if m := got.Measures["refusals"]; m.Count != 2 || m.N != 1 || m.NRespondents != 3 || *m.Percent != 67 || !reflect.DeepEqual(got.Groups[0].Measures["refusals"], m) {
		t.Errorf("%+v", got)
	}
	if _, ok := see[rest.Observatory](w.house, "analyst-bfc", "/observatory?department=58").Measures["refusals"]; ok {
		t.Error("a refusal says no department")
	}
}
