package funding

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/funding/rest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	api     = "/api/v1"
	officer = "funding-lr"
)

// made is what a request made.
func made[B any](w *enginetest.World, account, path, body string) B {
	return enginetest.Read[B](w, w.Ask(account, "POST", api+path, body), 201)
}

func got[B any](w *enginetest.World, account, path string) B {
	return enginetest.Read[B](w, w.Ask(account, "GET", api+path, ""), 200)
}

func aCall(w *enginetest.World) rest.FundingCall {
	return made[rest.FundingCall](w, officer, "/calls", `{"name": "Appel Exemple", "opens": "2021-11-01", "closes": "2021-11-30"}`)
}

const decided = `{"date": "2021-05-06", "total_cents": 10780000, "lines": [{"label": "Actions collectives", "amount_cents": 8700000, "nature": "action"},
	{"label": "Matériel", "amount_cents": %d, "nature": "equipment"}]}`

func TestG1_AQuoteAndTheSubsidiesThatFollow(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	call, decision := aCall(w), made[rest.Decision](w, officer, "/decisions", fmt.Sprintf(decided, 2080000))
	quote := func(account, structure string, tablets int) int {
		body := fmt.Sprintf(`{"call": %q, "structure": %q, "tablets": %d}`, call.ID, structure, tablets)
		return enginetest.Read[rest.QuotedAmount](w, w.Ask(account, "POST", api+"/subsidies/tablets/quote", body), 200).AmountCents
	}
	for tablets, want := range map[int]int{1: 35000, 8: 280000, 9: 300000} {
		if is := quote(officer, "nobody-knows", tablets); is != want {
			t.Errorf("%d tablets: %d", tablets, is)
		}
	}
	structure := made[rest.FundedStructure](w, officer, "/structures", `{"name": "Centre social Exemple", "networks": ["FCSF"]}`).ID
	five := fmt.Sprintf(`{"call": %q, "structure": %q, "tablets": 5, "decision": %q}`, call.ID, structure, decision.ID)
	for _, want := range []int{175000, 125000} {
		if is := quote(officer, structure, 5); is != want {
			t.Error(is)
		}
		if is := made[rest.Subsidy](w, officer, "/subsidies/tablets", five).AmountCents; is != want {
			t.Error(is)
		}
	}
	w.Refused(w.Ask(officer, "POST", api+"/subsidies/tablets", five), 409, "cap_reached")
	if is := quote("provider-a", "provider-a", 9); is != 300000 {
		t.Error(is)
	}
	another := fmt.Sprintf(`{"call": %q, "structure": "provider-b", "tablets": 1}`, call.ID)
	w.Refused(w.Ask("provider-a", "POST", api+"/subsidies/tablets/quote", another), 422, "unknown_structure")
}

func TestG2_LinesThatDoNotAddUpAreRefusedAndNothingIsStored(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	answer := w.Ask(officer, "POST", api+"/decisions", fmt.Sprintf(decided, 2080100))
	if answer.Status != 422 || len(answer.Problem.Errors) != 1 || answer.Problem.Errors[0].Code != "lines_do_not_add_up" || len(w.Told(Name)) != 0 {
		t.Error(answer.Body, w.Told(Name))
	}
	if d := made[rest.Decision](w, officer, "/decisions", fmt.Sprintf(decided, 2080000)); d.TotalCents != 10780000 || len(d.Lines) != 2 {
		t.Error(d)
	}
}

func TestG7_TheThirteenSocialCentresAreFoundByTheirNetwork(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	call := aCall(w)
	for n := range 15 {
		networks := `["FCSF"]`
		if n >= 13 {
			networks = `[]`
		}
		s := made[rest.FundedStructure](w, officer, "/structures", fmt.Sprintf(`{"name": "Structure Exemple %d", "networks": %s}`, n, networks))
		made[rest.Project](w, officer, "/calls/"+call.ID+"/projects", fmt.Sprintf(`{"structure": %q, "name": "Projet %d", "cost_cents": 1000000, "asked_cents": 270000}`, s.ID, n))
	}
	if n := len(got[rest.ProjectList](w, officer, "/projects?network=FCSF").Items); n != 13 {
		t.Error(n)
	}
	first := got[rest.FundedStructureList](w, "analyst-lr", "/structures?network=FCSF&limit=10")
	second := got[rest.FundedStructureList](w, "analyst-lr", "/structures?network=FCSF&limit=10&cursor="+*first.Next)
	if len(first.Items) != 10 || len(second.Items) != 3 || second.Next != nil {
		t.Error(len(first.Items), len(second.Items), second.Next)
	}
}

func TestG8_ACommitteeThatWasShownSomethingIsNoDecision(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	shown := made[rest.Committee](w, officer, "/committees", `{"date": "2021-11-21", "agenda": [{"kind": "presentation", "label": "11 nouveaux relais"}]}`)
	for path, body := range map[string]string{
		"/decisions": fmt.Sprintf(`{"date": "2021-11-21", "committee_id": %q, "total_cents": 5, "lines": [{"label": "Relais", "amount_cents": 5}]}`, shown.ID),
		"/payments":  fmt.Sprintf(`{"decision": %q, "amount_cents": 5, "date": "2021-12-01"}`, shown.ID),
	} {
		if answer := w.Ask(officer, "POST", api+path, body); answer.Status != 422 || answer.Problem.Errors[0].Code != "presentation_only" {
			t.Error(path, answer.Body)
		}
	}
	if answer := w.Ask(officer, "POST", api+"/payments", `{"amount_cents": 5, "date": "2021-12-01"}`); answer.Status != 422 {
		t.Error(answer.Body)
	}
}

// TestAProjectFromItsProposalToItsRecovery is the whole story, as the people concerned tell it.
func TestAProjectFromItsProposalToItsRecovery(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	call := aCall(w)
	envelope := made[rest.Envelope](w, officer, "/envelopes", `{"name": "Régionale 2021", "source": "regional", "from": "2021-01-01", "amount_cents": 500000}`)
	project := made[rest.Project](w, "provider-a", "/calls/"+call.ID+"/projects", `{"name": "Ateliers Exemple", "cost_cents": 1000000, "asked_cents": 270000, "target_people": 20}`)
	if project.Structure != "provider-a" || project.StructureName == "" || project.Status != "proposed" || project.Report != "not_due" {
		t.Error(project)
	}
	w.Refused(w.Ask("provider-b", "GET", api+"/projects/"+project.ID, ""), 404, "unknown_project")
	if list := got[rest.ProjectList](w, "provider-b", "/projects").Items; len(list) != 0 {
		t.Error(list)
	}
	report := `{"reached": 15, "finished": 14, "autonomous": 8, "sessions": 6, "final": true}`
	w.Refused(w.Ask("provider-a", "POST", api+"/projects/"+project.ID+"/report", report), 409, "not_funded")

	committee := made[rest.Committee](w, officer, "/committees", fmt.Sprintf(`{"date": "2021-11-18", "agenda": [{"kind": "decision", "label": "Ateliers Exemple", "project_id": %q}]}`, project.ID))
	vote := fmt.Sprintf(`{"project_id": %q, "vote": "favourable", "envelope_id": %q}`, project.ID, envelope.ID)
	enginetest.Read[rest.Committee](w, w.Ask(officer, "POST", api+"/committees/"+committee.ID+"/votes", vote), 200)
	enginetest.Read[rest.Committee](w, w.Ask(officer, "POST", api+"/committees/"+committee.ID+"/minutes", `{"reference": "PV-2021-11"}`), 200)
	if e := got[rest.EnvelopeList](w, "analyst-lr", "/envelopes").Items[0]; e.PromisedCents != 270000 || e.LeftCents != 230000 {
		t.Error(e)
	}
	decision := made[rest.Decision](w, officer, "/decisions", fmt.Sprintf(
		`{"date": "2021-11-18", "committee_id": %q, "total_cents": 270000, "lines": [{"label": "Ateliers Exemple", "amount_cents": 270000, "project_id": %q, "source": "regional"}]}`, committee.ID, project.ID))
	pay := fmt.Sprintf(`{"decision": %q, "amount_cents": 270000, "date": "2021-12-20"}`, decision.ID)
	w.Refused(w.Ask(officer, "POST", api+"/payments", pay), 409, "report_missing")
	w.Refused(w.Ask("provider-a", "POST", api+"/payments", pay), 403, "forbidden")
	enginetest.Read[rest.Project](w, w.Ask("provider-a", "POST", api+"/projects/"+project.ID+"/report", report), 200)
	made[rest.Payment](w, officer, "/payments", pay)
	w.Refused(w.Ask(officer, "POST", api+"/payments", pay), 409, "line_exceeded")

	project = got[rest.Project](w, "provider-a", "/projects/"+project.ID)
	if *project.SharePercent != 27 || *project.ReachedPercent != 75 || project.RecoverableCents != 67500 || *project.PaidCentsPerPerson != 18000 || project.Report != "final" {
		t.Error(project)
	}
	made[rest.Recovery](w, officer, "/recoveries", fmt.Sprintf(`{"decision": %q, "amount_cents": 67500, "date": "2022-01-10", "reason": "target_missed"}`, decision.ID))
	f := got[rest.FundingFigures](w, "analyst-lr", "/dashboard/funding")
	if f.CommittedCents != 270000 || f.PaidCents != 202500 || f.LeftCents != 230000 || *f.ReachedPercent != 75 || f.BySource[0].Key != "regional" || f.ByYear[0].Key != "2021" {
		t.Error(f)
	}
	payments := got[rest.PaymentList](w, "analyst-lr", "/payments?from=2021-12-20&to=2021-12-20&structure=provider-a&project="+project.ID).Items
	if len(payments) != 1 || payments[0].AmountCents != 270000 || payments[0].Decision != decision.ID || *payments[0].ProjectID != project.ID {
		t.Error(payments)
	}
	recoveries := got[rest.RecoveryList](w, "partnership-lr", "/recoveries?reason=target_missed&decision="+decision.ID).Items
	if len(recoveries) != 1 || recoveries[0].AmountCents != 67500 || *recoveries[0].ProjectID != project.ID {
		t.Error(recoveries)
	}
	for _, none := range []string{"/payments?to=2021-12-19", "/payments?structure=provider-b", "/recoveries?reason=other", "/recoveries?from=2022-01-11"} {
		if list := got[rest.PaymentList](w, officer, none).Items; len(list) != 0 {
			t.Error(none, list)
		}
	}
	for account, status := range map[string]int{"provider-a": 403, "equipment-lr": 403} {
		w.Refused(w.Ask(account, "GET", api+"/payments", ""), status, "forbidden")
		w.Refused(w.Ask(account, "GET", api+"/recoveries", ""), status, "forbidden")
	}
	if list := got[rest.PaymentList](w, "analyst-bfc", "/payments").Items; len(list) != 0 {
		t.Error(list)
	}
}

func TestAProviderThatWasJustRegisteredProposesUnderItsName(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	call := aCall(w)
	at := w.Append(events.ProviderRegistered{ProviderID: "ours", Name: "Tiers-lieu Exemple", Fund: "carsat-lr", Department: "34", Insee: "34172", By: "partnership-lr"})["workshop"]
	body := `{"structure": "ours", "name": "Projet", "cost_cents": 2, "asked_cents": 1}`
	p := enginetest.Read[rest.Project](w, w.Ask(officer, "POST", api+"/calls/"+call.ID+"/projects", body, "Passerelle-Position", "workshop:"+strconv.FormatInt(at, 10)), 201)
	if p.StructureName != "Tiers-lieu Exemple" {
		t.Error(p)
	}
	if answer := w.Ask("provider-a", "POST", api+"/calls/"+call.ID+"/projects", body); answer.Status != 422 || answer.Problem.Errors[0].Code != "unknown_structure" {
		t.Error(answer.Body)
	}
}

// TestEverythingThatIsWrongIsToldAtOnce and nothing is stored.
func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	answer := w.Ask(officer, "POST", api+"/decisions", `{"date": "2021-05-06", "total_cents": 5, "fund": "carsat-bfc", "lines": [
		{"label": "Exemple", "amount_cents": 4, "project_id": "none", "source": "sabot"}, {"label": "x", "amount_cents": 2, "envelope_id": "none"}]}`)
	var codes []string
	for _, f := range answer.Problem.Errors {
		codes = append(codes, f.Field+" "+f.Code)
	}
	slices.Sort(codes)
	want := []string{
		"fund unknown_fund", "lines[0].project_id unknown_project", "lines[0].source unknown_source",
		"lines[1].envelope_id unknown_envelope", "total_cents lines_do_not_add_up",
	}
	if answer.Status != 422 || !slices.Equal(codes, want) || len(w.Told(Name)) != 0 {
		t.Errorf("%d %q", answer.Status, codes)
	}
}

func TestTheSameKeyDecidesOnce(t *testing.T) {
	t.Parallel()
	w := enginetest.Start(t, Name, Run)
	body := fmt.Sprintf(decided, 2080000)
	one := w.Ask(officer, "POST", api+"/decisions", body, "Idempotency-Key", "k")
	two := w.Ask(officer, "POST", api+"/decisions", body, "Idempotency-Key", "k")
	if one.Status != 201 || one.Body != two.Body || len(enginetest.Facts[events.FundingDecided](w)) != 1 {
		t.Error(one.Body, two.Body)
	}
}
