package access

import (
	"encoding/json"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/access/rest"
)

const programmes = "/api/v1/programmes"

type object = map[string]any

// study is a campaign as the partnership officer types it, changed.
func study(changes ...func(object)) string {
	o := object{
		"id": "etude-2022", "name": "Étude Exemple", "kind": "campaign", "takes_flags": true, "opens": []object{{"department": "34", "from": "2022-01-01"}, {"from": "2022-01-15"}},
		"closes": "2022-02-28", "age_over": 0, "lowest_gir": 5, "review_first": true, "reviewed": true, "one_open": "person_and_institution", "desks": []string{"montpellier"},
		"text_version": "2022-01", "text": "Nous vous disons pourquoi.", "decision": "CA du 2 décembre 2021, exemple",
	}
	for _, change := range changes {
		change(o)
	}
	body, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(body)
}

func with(name string, value any) func(object) { return func(o object) { o[name] = value } }

func TestThePartnershipOfficerMakesAProgrammeAndAmendsIt(t *testing.T) {
	t.Parallel()
	w := start(t)
	made := w.Ask("partnership-lr", "POST", programmes, study(), "Idempotency-Key", "k1")
	p := enginetest.Read[rest.FundProgramme](w.World, made, 201)
	if p.Fund != "carsat-lr" || p.Version != 1 || p.By != "partnership-lr" || *p.Opens[0].Department != "34" || p.Opens[1].Department != nil || made.Header.Get("ETag") != `"programme:1"` {
		t.Errorf("%+v %s", p, made.Header)
	}
	if again := w.Ask("partnership-lr", "POST", programmes, study(), "Idempotency-Key", "k1"); again.Body != made.Body {
		t.Error(again.Body)
	}
	w.Refused(w.Ask("partnership-lr", "POST", programmes, study()), 409, "programme_exists")
	w.Refused(w.Ask("partnership-bfc", "POST", programmes, study(with("desks", []string{}))), 409, "programme_exists") // of all funds

	amend := programmes + "/etude-2022/amend"
	longer := []func(object){with("closes", "2022-03-31"), with("decision", "CA du 3 mars 2022, exemple")}
	p = enginetest.Read[rest.FundProgramme](w.World, w.Ask("partnership-lr", "POST", amend, study(append(longer, with("version", 1))...)), 200)
	if p.Version != 2 || *p.Closes != "2022-03-31" || p.ID != "etude-2022" {
		t.Errorf("%+v", p)
	}
	older := append(longer, with("age_over", 59))
	w.Refused(w.Ask("partnership-lr", "POST", amend, study(append(older, with("version", 1))...)), 409, "old_version")
	w.Refused(w.Ask("partnership-lr", "POST", amend, study(older...), "If-Match", `"programme:1"`), 412, "stale")
	w.Refused(w.Ask("partnership-lr", "POST", amend, study(older...)), 422, "required")
	p = enginetest.Read[rest.FundProgramme](w.World, w.Ask("partnership-lr", "POST", amend, study(older...), "If-Match", `"programme:2"`), 200)
	if p.Version != 3 || p.AgeOver != 59 {
		t.Errorf("%+v", p)
	}

	all := enginetest.Read[rest.FundProgrammeHistory](w.World, w.Ask("advisor-34", "GET", programmes+"/etude-2022", ""), 200)
	var said []string
	for _, v := range all.Versions {
		said = append(said, v.Decision+" "+v.By)
	}
	if want := []string{"CA du 3 mars 2022, exemple partnership-lr", "CA du 3 mars 2022, exemple partnership-lr", "CA du 2 décembre 2021, exemple partnership-lr"}; !slices.Equal(said, want) || all.Now.Version != 3 {
		t.Errorf("%v", said)
	}
	w.Refused(w.Ask("partnership-lr", "POST", programmes+"/nowhere/amend", study(with("version", 1))), 404, "unknown_programme")
}

func TestEveryFaultOfAProgrammeIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t)
	answer := w.Ask("partnership-lr", "POST", programmes, study(with("id", nil), with("name", " "), with("decision", ""), with("opens", []object{{"department": "21", "from": "2022-02-30"}}),
		with("closes", nil), with("desks", []string{"nievre"}), with("text", ""), with("reviewed", false)))
	w.Refused(answer, 422, "invalid")
	var fields []string
	for _, f := range answer.Problem.Errors {
		fields = append(fields, f.Field)
	}
	if want := []string{"id", "name", "decision", "reviewed", "opens[0].from", "opens[0].department", "closes", "desks[0]", "text"}; !slices.Equal(fields, want) {
		t.Error(fields)
	}
}

func TestWhoSeesAndSetsProgrammes(t *testing.T) {
	t.Parallel()
	w := start(t)
	ids := func(account string) (list []string) {
		for _, p := range enginetest.Read[rest.FundProgrammes](w.World, w.Ask(account, "GET", programmes, ""), 200).Items {
			list = append(list, p.ID)
		}
		return list
	}
	lr, bfc := []string{"reperage-lr", "equipement-lr"}, []string{"observation-bfc-2020", "accompagnement-bfc"}
	for account, want := range map[string][]string{"partnership-lr": lr, "evaluator-34": lr, "partner-34": lr, "advisor-58": bfc, "network": {lr[0], bfc[0], bfc[1], lr[1]}} {
		if got := ids(account); !slices.Equal(got, want) {
			t.Errorf("%s: %v", account, got)
		}
	}
	w.Refused(w.Ask("nobody", "GET", programmes, ""), 403, "forbidden")
	w.Refused(w.Ask("advisor-58", "GET", programmes+"/reperage-lr", ""), 404, "unknown_programme")
	w.Refused(w.Ask("advisor-58", "GET", programmes+"/reperage-lr/form", ""), 404, "unknown_programme")
	w.Refused(w.Ask("advisor-34", "GET", programmes+"/nowhere", ""), 404, "unknown_programme")
	for _, account := range []string{"advisor-34", "admin-lr", "funding-lr", "nobody"} {
		w.Refused(w.Ask(account, "POST", programmes, study()), 403, "forbidden")
		w.Refused(w.Ask(account, "POST", programmes+"/reperage-lr/amend", study(with("version", 1))), 403, "forbidden")
	}
	w.Refused(w.Ask("partnership-bfc", "POST", programmes+"/reperage-lr/amend", study(with("version", 1), with("desks", []string{}))), 404, "unknown_programme")
}

func TestAClosedCampaignTakesNoFlagAndIsNotAmended(t *testing.T) {
	t.Parallel()
	w := start(t)
	w.Tell(events.CampaignClosed{CampaignID: "observation-bfc-2020", Fund: "carsat-bfc", Programme: "observation-bfc-2020", Observations: 354, By: "partnership-bfc"})
	w.Tell(events.CampaignClosed{CampaignID: "reperage-lr.2021-11", Fund: "carsat-lr", Programme: "reperage-lr", Month: "2021-11"})
	p := enginetest.Read[rest.FundProgrammeHistory](w.World, w.Ask("advisor-58", "GET", programmes+"/observation-bfc-2020", ""), 200)
	if !p.Now.Closed || p.Now.TakesFlags || p.Now.Version != 2 || p.Now.By != "partnership-bfc" || p.Versions[1].Closed {
		t.Errorf("%+v", p.Now)
	}
	w.Refused(w.Ask("partnership-bfc", "POST", programmes+"/observation-bfc-2020/amend", study(with("version", 2), with("desks", []string{}))), 409, "campaign_closed")
	if goesOn := enginetest.Read[rest.FundProgrammeHistory](w.World, w.Ask("advisor-34", "GET", programmes+"/reperage-lr", ""), 200); len(goesOn.Versions) != 1 {
		t.Errorf("%+v", goesOn)
	}
	before := w.Told(Name)
	w.HearAgain()
	if after := w.Told(Name); !slices.Equal(before, after) {
		t.Error(after[len(before):])
	}
}
