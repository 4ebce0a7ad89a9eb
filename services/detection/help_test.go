package detection

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/rest"
)

// on is a flag that something is done with.
func on(w *enginetest.World, account, id, action, body string, headers ...string) enginetest.Answer {
	return w.Ask(account, "POST", flags+"/"+id+"/"+action, body, headers...)
}

func helpAfter(w *enginetest.World, a enginetest.Answer) rest.FlagHelp {
	return enginetest.Read[rest.FlagHelp](w, a, 200)
}

const helpedText = "Sait créer un espace personnel-fictif"

func TestAClosedFlagMakesRoomAndIsOpenedAgainWithinSevenDays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-34", sheet())
	w.Refused(on(w, "advisor-34", made.ID, "close", `{}`), 422, "invalid")
	done := helpAfter(w, on(w, "advisor-34", made.ID, "close", `{"outcome": "helped", "note": "`+helpedText+`"}`, "If-Match", `"flag:1"`))
	if done.Help != "closed" || *done.Outcome != "helped" {
		t.Errorf("%+v", done)
	}
	if places := w.InClear("espace personnel-fictif"); places != nil {
		t.Error(places)
	}
	w.Clock.Set(enginetest.Noon.AddDate(0, 0, 7))
	again := helpAfter(w, on(w, "advisor-34", made.ID, "reopen", `{"reason": "A rappelé"}`))
	if again.Help != "to_refer" || again.Outcome != nil {
		t.Errorf("%+v", again)
	}
	w.Refused(w.Ask("advisor-34", "POST", flags, about(*made.PersonID)), 409, "flag_open")
	helpAfter(w, on(w, "advisor-34", made.ID, "close", `{"outcome": "unreachable"}`))
	second := flag(w, "advisor-34", about(*made.PersonID))
	w.Refused(on(w, "advisor-34", made.ID, "reopen", `{"reason": "A rappelé"}`), 409, "flag_open")
	helpAfter(w, on(w, "advisor-34", second.ID, "close", `{"outcome": "entered_in_error"}`))
	w.Clock.Set(enginetest.Noon.AddDate(0, 0, 15))
	w.Refused(on(w, "advisor-34", made.ID, "reopen", `{"reason": "A rappelé"}`), 409, "closing_settled")
}

func TestAFlagWithAnOpenReferralIsNotClosed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-34", sheet())
	w.Tell(events.ReferralOpened{ReferralID: "r1", FlagID: made.ID, PersonID: *made.PersonID, SessionID: "s1"})
	w.Refused(on(w, "advisor-34", made.ID, "close", `{"outcome": "helped"}`), 409, "referral_open")
	w.Refused(on(w, "advisor-34", made.ID, "wish", `{}`), 409, "referral_open")
	w.Tell(events.ReferralAnswered{ReferralID: "r1", FlagID: made.ID, Answer: "declined"})
	if done := helpAfter(w, on(w, "advisor-34", made.ID, "wish", `{"skills": ["internet"], "modes": ["in_person"], "within_km": 15, "availability": ["sat_am"]}`)); done.Help != "wished" {
		t.Errorf("%+v", done)
	}
	w.Tell(events.ReferralOpened{ReferralID: "r2", FlagID: made.ID, PersonID: *made.PersonID, SessionID: "s2"})
	if help := (flagged{w, made.ID}).help(); help[len(help)-1] != "referred" {
		t.Error("a referral ends the wish:", help)
	}
}

func TestTheDeadAreNotTakenUpAgain(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	helpAfter(p.World, on(p.World, "advisor-34", p.flag, "close", `{"outcome": "helped"}`))
	p.done("deceased", `{}`)
	p.Refused(on(p.World, "advisor-34", p.flag, "reopen", `{"reason": "Erreur"}`), 409, "person_deceased")
	p.done("deceased/undo", ``)
	p.done("consents", `{"kind": "referral", "given": false, "channel": "phone"}`)
	if done := helpAfter(p.World, on(p.World, "advisor-34", p.flag, "reopen", `{"reason": "Erreur"}`)); done.Help != "none" {
		t.Errorf("without consent there is nothing to refer: %+v", done)
	}
}

func TestHelpOnTheSpotIsKeptWithoutItsTopic(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-34", sheet())
	body := `{"kind": "done_for_person", "mode": "messaging", "topic": "Déclaration imaginaire", "minutes": 20}`
	first := on(w, "advisor-34", made.ID, "help-acts", body, "Idempotency-Key", "k1")
	again := on(w, "advisor-34", made.ID, "help-acts", body, "Idempotency-Key", "k1")
	act := enginetest.Read[rest.HelpAct](w, first, 201)
	if again.Body != first.Body || act.Kind != "done_for_person" || *act.Minutes != 20 || strings.Contains(first.Body, "imaginaire") {
		t.Error(first.Body, again.Body)
	}
	if places := w.InClear("imaginaire"); places != nil {
		t.Error(places)
	}
}

func TestActionsOnAFlagAreForItsDesk(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-34", sheet())
	hidden := flag(w, "advisor-34", sheet(of("person", "given_name", "Cachée")))
	if got := w.Ask("privacy-lr", "DELETE", "/api/v1/persons/"+*hidden.PersonID, ""); got.Status != 204 {
		t.Fatal(got.Body)
	}
	for action, body := range map[string]string{
		"close": `{"outcome": "helped"}`, "reopen": `{"reason": "x"}`, "wish": `{}`, "help-acts": `{"kind": "explained", "mode": "phone"}`,
		"transfer": `{"desk": "beziers", "reason": "x"}`, "take-up": `{}`, "signals": `{"to_desk": "beziers", "topic": "account"}`,
	} {
		w.Refused(on(w, "provider-a", made.ID, action, body), 403, "forbidden")
		w.Refused(on(w, "evaluator-34", made.ID, action, body), 403, "forbidden")
		w.Refused(on(w, "advisor-34b", made.ID, action, body), 404, "unknown_flag")
		w.Refused(on(w, "advisor-34", "no-such", action, body), 404, "unknown_flag")
		w.Refused(on(w, "advisor-34", hidden.ID, action, body), 404, "unknown_flag")
		if action != "signals" && action != "reopen" {
			w.Refused(on(w, "advisor-34", made.ID, action, body, "If-Match", `"flag:99"`), 412, "stale")
		}
	}
}

func TestAFlagGoesToAnotherDeskAndIsTakenUpThere(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-34", sheet())
	if mine := helpAfter(w, on(w, "advisor-34", made.ID, "take-up", ``)); *mine.AssignedTo != "advisor-34" {
		t.Errorf("%+v", mine)
	}
	moved := helpAfter(w, on(w, "advisor-34", made.ID, "transfer", `{"desk": "beziers", "reason": "Habite plus près"}`))
	if moved.Desk != "beziers" || moved.AssignedTo != nil {
		t.Errorf("%+v", moved)
	}
	w.Refused(on(w, "advisor-34", made.ID, "take-up", `{}`), 404, "unknown_flag")
	helpAfter(w, on(w, "advisor-34b", made.ID, "take-up", `{}`))
	if ours := helpAfter(w, on(w, "advisor-34b", made.ID, "take-up", `{"give_back": true}`)); ours.AssignedTo != nil {
		t.Errorf("%+v", ours)
	}
	w.Refused(on(w, "advisor-34b", made.ID, "transfer", `{"desk": "nowhere", "reason": "x"}`), 422, "unknown_desk")
}

// fund is a world whose directory changes.
type fund struct {
	*enginetest.World
	facts []events.Access
	now   atomic.Pointer[directory.Directory]
}

func setupFund(t *testing.T) *fund {
	f := &fund{facts: sample.Facts(enginetest.Noon)}
	f.now.Store(directory.Of(f.facts...))
	f.World = start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		e.Directory = f.now.Load
		return Run(e)
	})
	return f
}

// changes tells the directory, which is known before the service hears of it.
func (f *fund) changes(facts ...events.Access) {
	f.facts = append(f.facts, facts...)
	f.now.Store(directory.Of(f.facts...))
	for _, fact := range facts {
		f.Tell(fact)
	}
}

// member has somebody work at a desk.
func (f *fund) member(account, fund, desk string) {
	f.changes(events.MembershipGranted{
		MembershipID: account, Fund: fund, Account: account, Role: string(directory.Advisor), Scope: events.Scope{Kind: directory.ScopeDesk, ID: desk},
		From: "2021-01-01", At: enginetest.Noon, Details: events.Clear(f.Mint(), events.Member{Name: "Exemple"}),
	})
}

// closes ends a desk.
func (f *fund) closes(id string) {
	d, _ := f.now.Load().Desk(id)
	f.changes(events.DeskSet{Fund: d.Fund, Desk: d.ID, Kind: d.Kind, Name: d.Name, Departments: d.Departments, Phone: d.Phone, Closed: true, At: enginetest.Noon})
}

// inNevers turns a sheet into one of the social service of Nièvre.
func inNevers(o object) {
	o["programme"], o["first_contact"] = "accompagnement-bfc", "social_worker"
	o["person"].(object)["address"] = object{"street": "3 rue de l'Invention", "postcode": "58000", "insee": "58194"}
}

// TestC9_TheSocialServiceSignalsSomebodyToARetirementAgency is the second case of the study: a woman of 60, no equipment, no
// mailbox, weak network. The agency sees whom to ring and about what, answers, and may take her up with a flag of its own.
func TestC9_TheSocialServiceSignalsSomebodyToARetirementAgency(t *testing.T) {
	t.Parallel()
	f := setupFund(t)
	w := f.World
	f.member("agency-58", "carsat-bfc", "nevers")
	made := flag(w, "advisor-58", sheet(inNevers, of("person", "birth_date", "1961"), of("answers", "equipment", false), of("answers", "network_coverage", false)))
	body := `{"to_desk": "nevers", "topic": "retirement_rights", "deadline": "2021-11-30", "message": "Relevé de carrière introuvable-fictif"}`
	sent := enginetest.Read[rest.SignalState](w, on(w, "advisor-58", made.ID, "signals", body), 201)
	if sent.Status != "sent" || sent.Desk != "nevers" || sent.FromDesk != "nievre" || sent.AnswerBy != "2021-11-22" {
		t.Errorf("%+v", sent)
	}
	if places := w.InClear("introuvable-fictif", "retirement_rights"); places != nil {
		t.Error(places)
	}
	answer := "signals/" + sent.ID + "/answer"
	w.Refused(on(w, "advisor-58", made.ID, answer, `{"status": "received"}`), 404, "unknown_signal")
	w.Refused(on(w, "agency-58", made.ID, "close", `{"outcome": "helped"}`), 404, "unknown_flag")
	if got := enginetest.Read[rest.SignalState](w, on(w, "agency-58", made.ID, answer, `{"status": "received"}`), 200); got.Status != "received" {
		t.Errorf("%+v", got)
	}
	w.Refused(on(w, "agency-58", made.ID, answer, `{"status": "done"}`), 422, "required")
	if got := enginetest.Read[rest.SignalState](w, on(w, "agency-58", made.ID, answer, `{"status": "done", "result": "Rendez-vous fictif donné"}`), 200); got.Status != "done" {
		t.Errorf("%+v", got)
	}
	own := flag(w, "agency-58", about(*made.PersonID, with("programme", "observation-bfc-2020"), with("finding_date", "2020-02-10")))
	if own.Desk != "nevers" || *own.PersonID != *made.PersonID {
		t.Errorf("%+v", own)
	}
}

// TestC9_ARightAtRiskDoesNotWaitForTheReview is the first case of the study: no computer, a right at the family fund at risk by Friday.
func TestC9_ARightAtRiskDoesNotWaitForTheReview(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-58", sheet(inNevers, of("answers", "institution", "caf"), with("needs", object{"rights_at_risk": true, "deadline": "2021-11-19"})))
	if made.NextStep.What != "refer" || made.NextStep.Who != "nievre" || *made.NextStep.By != "2021-11-19" {
		t.Errorf("%+v", made)
	}
	calm := flag(w, "advisor-58", sheet(inNevers, of("person", "given_name", "Calme")))
	if calm.NextStep.What != "review" || *calm.NextStep.By != "2021-11-22" {
		t.Errorf("%+v", calm)
	}
	// The third and the fourth: what others opened, what has to be printed before the centre closes, is done on the spot.
	for _, body := range []string{`{"kind": "step_by_step", "mode": "counter", "topic": "account", "minutes": 30}`, `{"kind": "done_for_person", "mode": "messaging"}`} {
		if got := on(w, "advisor-58", made.ID, "help-acts", body); got.Status != 201 {
			t.Error(got.Body)
		}
	}
	if done := helpAfter(w, on(w, "advisor-58", made.ID, "close", `{"outcome": "helped_on_the_spot"}`)); done.Help != "closed" {
		t.Errorf("%+v", done)
	}
}

func TestA17_OneOpenFlagPerPersonOrPerInstitution(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-34", sheet())
	inside := w.Ask("advisor-34", "POST", flags, about(*first.PersonID))
	w.Refused(inside, 409, "flag_open")
	if !strings.Contains(inside.Problem.Detail, "/api/v1/flags/"+first.ID) {
		t.Error("no link inside the desk:", inside.Problem.Detail)
	}
	outside := w.Ask("advisor-34b", "POST", flags, about(*first.PersonID))
	w.Refused(outside, 409, "flag_open")
	if strings.Contains(outside.Problem.Detail, first.ID) {
		t.Error("a link outside the desk:", outside.Problem.Detail)
	}
	card := w.Ask("advisor-34b", "POST", flags, sheet())
	w.Refused(card, 409, "person_exists")
	if !strings.Contains(card.Problem.Detail, "Montpellier") || strings.Contains(card.Problem.Detail, *first.PersonID) {
		t.Error("outside the desk there is a card, with whom to ring:", card.Problem.Detail)
	}
	observed58 := flag(w, "advisor-58", sheet(observed, of("person", "given_name", "Nivernaise")))
	w.Refused(w.Ask("advisor-58", "POST", flags, about(*observed58.PersonID, observed)), 409, "flag_open")
	flag(w, "advisor-58", about(*observed58.PersonID, observed, of("answers", "institution", "caf")))
}

func TestA15_ANeedAndAConsentOpenTheWayToAWorkshop(t *testing.T) {
	t.Parallel()
	w := setup(t)
	yes := flag(w, "advisor-34", sheet(of("answers", "training_need", true)))
	if yes.Help != "to_refer" || yes.NextStep.What != "refer" || *yes.NextStep.By != "2021-11-29" {
		t.Errorf("%+v", yes)
	}
	silent := flag(w, "advisor-34", sheet(of("person", "given_name", "Silencieuse"), of("answers", "training_need", true), with("consents", object{"study": true})))
	if silent.Help != "none" || silent.NextStep.What != "none" { // the programme reviews nothing either
		t.Errorf("%+v", silent)
	}
}

func TestAClosedDeskHandsItsOpenFlagsOver(t *testing.T) {
	t.Parallel()
	f := setupFund(t)
	w := f.World
	open := flag(w, "advisor-34b", sheet())
	over := flag(w, "advisor-34b", sheet(of("person", "given_name", "Finie")))
	helpAfter(w, on(w, "advisor-34b", over.ID, "close", `{"outcome": "helped"}`))
	unit := flag(w, "advisor-58", sheet(inNevers, of("person", "given_name", "Secrète")))
	nobody := flag(w, "advisor-58", sheet(observed, with("person", nil), with("profile", object{"sex": "F", "age": 71, "department": "58"})))
	f.closes("beziers")
	f.closes("nievre")
	settled(w)
	to := map[string]string{}
	for _, e := range enginetest.Facts[events.FlagHandedOver](w) {
		to[e.FlagID] = e.Desk
	}
	if to[open.ID] != "montpellier" || to[over.ID] != "" || len(to) != 3 {
		t.Error(to)
	}
	for _, id := range []string{unit.ID, nobody.ID} {
		if d, _ := f.now.Load().Desk(to[id]); !d.Unit() || d.Closed {
			t.Error("what the social service knows went to", to[id])
		}
	}
	before := len(w.Told(Name))
	w.HearAgain()
	if after := w.Told(Name); len(after) != before {
		t.Error(after[before:])
	}
}

func TestRefusalsAndEnquiriesAreCountedAndNothingElseIsKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	refusal := `{"programme": "observation-bfc-2020", "unit": "nievre", "finding_date": "2020-02-03"}`
	first := w.Ask("advisor-58", "POST", flags+"/refusals", refusal, "Idempotency-Key", "k1")
	again := w.Ask("advisor-58", "POST", flags+"/refusals", refusal, "Idempotency-Key", "k1")
	if first.Status != 201 || again.Body != first.Body || len(enginetest.Facts[events.RefusalCounted](w)) != 1 {
		t.Error(first.Body, again.Body)
	}
	w.Refused(w.Ask("advisor-58", "POST", flags+"/refusals", `{"programme": "reperage-lr", "unit": "cote-dor", "finding_date": "2999-01-01"}`), 422, "invalid")
	w.Refused(w.Ask("provider-a", "POST", flags+"/refusals", refusal), 403, "forbidden")
	if got := w.Ask("phone-lr", "POST", "/api/v1/enquiries", `{"insee": "48095", "topic": "place"}`); got.Status != 201 {
		t.Error(got.Body)
	}
	if told := enginetest.Facts[events.EnquiryCounted](w); len(told) != 1 || told[0].Desk != "plateforme-telephonique" || told[0].Insee != "48095" {
		t.Error(told)
	}
}

func draftAt(id string) string { return flags + "/drafts/" + id }

const (
	oneDraft   = "0190a0c4-7a10-7c3e-8f00-0000000000d1"
	otherDraft = "0190a0c4-7a10-7c3e-8f00-0000000000d2"
	begun      = `{"sheet": {"programme": "reperage-lr", "person": {"family_name": "Exemple-Brouillon", "nir": "260073417200510"}}}`
)

func TestADraftIsItsAuthorsAndSealed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	saved := w.Ask("advisor-34", "PUT", draftAt(oneDraft), begun)
	if saved.Status != 200 || saved.Header.Get("ETag") != `"draft:1"` {
		t.Fatal(saved.Body)
	}
	got := w.Ask("advisor-34", "GET", draftAt(oneDraft), "")
	if got.Status != 200 || !strings.Contains(got.Body, "Exemple-Brouillon") || strings.Contains(got.Body, "26007") {
		t.Error(got.Body)
	}
	if places := w.InClear("exemple-brouillon", "260073417200510"); places != nil {
		t.Error(places)
	}
	w.Refused(w.Ask("advisor-34b", "GET", draftAt(oneDraft), ""), 404, "unknown_draft")
	w.Refused(w.Ask("provider-a", "PUT", draftAt(oneDraft), begun), 403, "forbidden")
	w.Refused(w.Ask("advisor-34", "PUT", draftAt("madame-exemple"), begun), 422, "not_an_identifier")
	w.Refused(w.Ask("advisor-34", "PUT", draftAt(otherDraft), `{"sheet": {"note": "Son numéro : 2 60 07 34 172 005 10"}}`), 422, "nir_in_text")
	w.Refused(w.Ask("advisor-34", "PUT", draftAt(otherDraft), `{"sheet": {"note": "`+strings.Repeat("x", 65<<10)+`"}}`), 422, "too_long")
	if told := w.Told(Name); told != nil {
		t.Error("a draft is a fact:", told)
	}
}

func TestTwoWindowsDoNotOverwriteEachOther(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := w.Ask("advisor-34", "PUT", draftAt(oneDraft), begun).Header.Get("ETag")
	if second := w.Ask("advisor-34", "PUT", draftAt(oneDraft), begun, "If-Match", first); second.Header.Get("ETag") != `"draft:2"` {
		t.Error(second.Body)
	}
	w.Refused(w.Ask("advisor-34", "PUT", draftAt(oneDraft), begun, "If-Match", first), 412, "stale")
	w.Refused(w.Ask("advisor-34", "PUT", draftAt(otherDraft), begun, "If-Match", first), 412, "stale")
}

// kept are the drafts that lie in the table, and those of their keys that still open.
func kept(w *enginetest.World) (subjects, alive []string) {
	rows, err := w.Pool.Query(context.Background(), `select subject from `+DraftSchema(w.Engine.Prefix)+`.draft order by id`)
	if err != nil {
		panic(err)
	}
	for rows.Next() {
		var subject string
		if err := rows.Scan(&subject); err != nil {
			panic(err)
		}
		subjects = append(subjects, subject)
	}
	alive, _ = w.Engine.Vault.Alive(context.Background(), subjects)
	return subjects, alive
}

func TestADraftGoesWithItsFlagByHandAndAfterSevenDays(t *testing.T) {
	t.Parallel()
	w := setup(t)
	third := strings.Replace(oneDraft, "d1", "d3", 1)
	for _, id := range []string{oneDraft, otherDraft, third} {
		w.Ask("advisor-34", "PUT", draftAt(id), begun)
	}
	subjects, _ := kept(w)
	flag(w, "advisor-34", sheet(with("draft_id", oneDraft)))
	if got := w.Ask("advisor-34", "DELETE", draftAt(otherDraft), ""); got.Status != 204 {
		t.Error(got.Body)
	}
	if got := w.Ask("advisor-34", "DELETE", draftAt(otherDraft), ""); got.Status != 204 {
		t.Error(got.Body)
	}
	list := enginetest.Read[rest.DraftList](w, w.Ask("advisor-34", "GET", flags+"/drafts", ""), 200)
	if len(list.Items) != 1 || list.Items[0].ID != third || !list.Items[0].ExpiresAt.Equal(enginetest.Noon.AddDate(0, 0, 7)) {
		t.Errorf("%+v", list)
	}
	w.Clock.Set(enginetest.Noon.AddDate(0, 0, 7))
	w.Refused(w.Ask("advisor-34", "GET", draftAt(third), ""), 404, "unknown_draft")
	for deadline := time.Now().Add(10 * time.Second); ; { // the job runs beside the test
		if left, _ := kept(w); left == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody throws the draft away")
		}
	}
	if alive, err := w.Engine.Vault.Alive(context.Background(), subjects); err != nil || len(alive) != 0 {
		t.Error("keys are left:", alive, err)
	}
}
