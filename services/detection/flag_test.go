package detection

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection/rest"
)

func TestAnAdvisorFlagsASenior(t *testing.T) {
	t.Parallel()
	w := setup(t)
	answer := w.Ask("advisor-34", "POST", flags, sheet())
	got := enginetest.Read[rest.FlagCreated](w, answer, 201)
	want := rest.FlagCreated{
		ID: got.ID, Reference: got.Reference, PersonID: got.PersonID, Desk: "montpellier", Status: "submitted", Help: "to_refer",
		ReviewHints: []string{}, LookAlikes: []rest.LookAlike{}, NextStep: rest.NextStep{What: "refer", Who: "montpellier", By: known("2021-11-29")},
	}
	if !reflect.DeepEqual(got, want) || got.PersonID == nil || !isReference(got.Reference) {
		t.Errorf("%+v", got)
	}
	if e, p := answer.Header.Get("ETag"), answer.Header.Get("Passerelle-Position"); e != `"flag:1"` || p != "detection:6" {
		t.Error(e, p)
	}
	agreed := "detection.consent-noted.v1 person:" + *got.PersonID
	told := []string{"detection.person-registered.v1 person:" + *got.PersonID, agreed, agreed, "detection.senior-flagged.v1 flag:" + got.ID}
	if all := w.Told(Name); !slices.Equal(all[:4], told) || all[4] != "detection.campaign-opened.v1 campaign:reperage-lr.2021-11" || !strings.HasPrefix(all[5], "detection.observation-told.v1 ") {
		t.Error(all)
	}
}

func isReference(code string) bool {
	return len(code) == 9 && code[4] == '-' && strings.Trim(strings.Replace(code, "-", "", 1), letters) == ""
}

func TestReferencesAreWithoutLookAlikesAndDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		code := newReference()
		if !isReference(code) || strings.ContainsAny(code, "ILOU") || seen[code] {
			t.Fatal(code)
		}
		seen[code] = true
	}
}

func TestTheSameKeyIsTheSameFlag(t *testing.T) {
	t.Parallel()
	w := setup(t)
	body := sheet(of("answers", "help_place", []string{"no", "hard_to_reach"}))
	first := w.Ask("advisor-34", "POST", flags, body, "Idempotency-Key", "k1")
	again := w.Ask("advisor-34", "POST", flags, body, "Idempotency-Key", "k1")
	if first.Status != 201 || again.Body != first.Body || again.Header.Get("ETag") != `"flag:1"` || len(w.Told(Name)) != 6 {
		t.Error(first.Body, again.Body, w.Told(Name))
	}
	if hints := enginetest.Read[rest.FlagCreated](w, again, 201).ReviewHints; !slices.Equal(hints, []string{"help_place"}) {
		t.Error(hints)
	}
	w.Refused(w.Ask("advisor-34", "POST", flags, sheet(), "Idempotency-Key", "k1"), 422, "key_reused")
	other := w.Ask("advisor-34b", "POST", flags, sheet(of("person", "given_name", "Autrine")), "Idempotency-Key", "k1")
	if other.Status != 201 {
		t.Error("another caller's key is the same one:", other.Body)
	}
}

func TestTheSameKeyAtOnceIsOneFlag(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if bodies := atOnce(w, sheet(), "Idempotency-Key", "k1"); len(w.Told(Name)) != 6 || len(bodies) != 1 {
		t.Error(w.Told(Name), bodies)
	}
}

func TestRequestsAtOnceWithoutAKeyAreFoundToBeSeveral(t *testing.T) {
	t.Parallel()
	w := setup(t)
	if bodies := atOnce(w, sheet(with("force", object{"reason": "twins"}))); len(w.Told(Name)) != 101 || len(bodies) != 20 {
		t.Error(w.Told(Name), bodies)
	}
}

// TestOnePersonIsRegisteredOnceHoweverManyFlagAtOnce: the marks of the first are not known yet when the others are decided.
func TestOnePersonIsRegisteredOnceHoweverManyFlagAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Clock.Set(time.Date(2021, 11, 15, 22, 59, 59, 0, time.UTC)) // a second before midnight in Paris
	otherwise := []string{sheet(), sheet(of("person", "phone", "+33465719902")), sheet(of("person", "address", nil))}
	answers := make([]enginetest.Answer, 21)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = w.Ask("advisor-34", "POST", flags, otherwise[i%3]) })
	}
	all.Wait()
	made := 0
	for _, a := range answers {
		if a.Status == 201 {
			made++
			continue
		}
		w.Refused(a, 409, "person_exists")
	}
	// The second and the third have neither phone nor address in common.
	if known := len(enginetest.Facts[events.PersonRegistered](w)); known != made || made > 2 {
		t.Errorf("%d flags, %d people", made, known)
	}
	w.Clock.Set(time.Date(2021, 11, 15, 23, 0, 1, 0, time.UTC))
	w.Refused(w.Ask("advisor-34", "POST", flags, sheet()), 409, "person_exists")
}

// atOnce sends a sheet twenty times at once and gives the answers that differ.
func atOnce(w *enginetest.World, body string, headers ...string) []string {
	bodies := make([]string, 20)
	var all sync.WaitGroup
	for i := range bodies {
		all.Go(func() { bodies[i] = w.Ask("advisor-34", "POST", flags, body, headers...).Body })
	}
	all.Wait()
	slices.Sort(bodies)
	return slices.Compact(bodies)
}

func TestAReferenceInUseIsReplaced(t *testing.T) {
	t.Parallel()
	var s *Service
	w := start(t, runWith(&s, "AAAA-AAAA", "AAAA-AAAA", "AAAA-AAAA", "BBBB-BBBB", "AAAA-AAAA", "BBBB-BBBB", "AAAA-AAAA"))
	somebody := func(name string) string { return sheet(of("person", "given_name", name)) }
	if got := flag(w, "advisor-34", somebody("Une")); got.Reference != "AAAA-AAAA" {
		t.Error(got.Reference)
	}
	if got := flag(w, "advisor-34", somebody("Deux"), "Idempotency-Key", "k1"); got.Reference != "BBBB-BBBB" {
		t.Error(got.Reference)
	}
	w.Refused(w.Ask("advisor-34", "POST", flags, somebody("Trois")), 409, "reference_taken")
}

func TestAnAnonymousObservationNamesNobody(t *testing.T) {
	t.Parallel()
	w := setup(t)
	got := flag(w, "advisor-58", sheet(observed, with("person", nil), with("profile", object{"sex": "F", "age": 71, "department": "58"})))
	if got.PersonID != nil || got.Help != "none" || got.Desk != "nievre" || got.NextStep.What != "review" || got.NextStep.Who != "nievre" || *got.NextStep.By != "2021-11-22" {
		t.Errorf("%+v", got)
	}
	if told := w.Told(Name); len(told) != 1 {
		t.Error(told)
	}
}

func TestNothingOfThePersonStandsInClear(t *testing.T) {
	t.Parallel()
	w := setup(t)
	details := []string{
		"testine", "exemple-mod", "1958-03-02", "65719901", "65 71 99 01", "invention", "jamais ouvert", "appropriation",
		"carsat_retraite", "help_place", "voisine",
	}
	body := sheet(of("answers", "help_place", []string{"no", "hard_to_reach"}), with("helper", object{"name": "Voisine Exemple", "phone": "0465719902"}))
	first := flag(w, "advisor-34", body, "Idempotency-Key", "k1", "X-Request-ID", "r1")
	flag(w, "advisor-34", sheet(with("force", object{"reason": "Voisine du même nom"})), "Passerelle-Position", "detection:4")
	w.Refused(w.Ask("advisor-34", "POST", flags, about(*first.PersonID)), 409, "flag_open")
	flag(w, "advisor-58", sheet(observed, with("person", nil), with("profile", object{"age": 71, "department": "58"})))
	w.Tell(events.ReferralOpened{ReferralID: "r1", FlagID: first.ID, PersonID: *first.PersonID, SessionID: "s1"})
	if places := w.InClear(details...); places != nil {
		t.Error(places)
	}
	// The search finds what is planted, in a table and in a message.
	if _, err := w.Pool.Exec(t.Context(), `create table `+quoted(w)+`.planted as select 'chez Testine'::bytea as note`); err != nil {
		t.Fatal(err)
	}
	w.Tell(events.ReferralOpened{ReferralID: "r2", FlagID: first.ID, PersonID: *first.PersonID, SessionID: "voisine"})
	if places := w.InClear(details...); len(places) < 3 {
		t.Error("what was planted is not found:", places)
	}
}

func TestOnlySomeRolesFlagAndOnlyInTheirTerritory(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.Refused(w.Ask("provider-a", "POST", flags, sheet()), 403, "forbidden")
	w.Refused(w.Ask("nobody", "POST", flags, sheet()), 403, "forbidden")
	w.Refused(w.Ask("advisor-34", "POST", flags, sheet(with("desk", "beziers"))), 422, "desk_not_yours")
	nimes := object{"street": "1 rue Exemple", "postcode": "30000", "insee": "30189"}
	early := w.Ask("evaluator-34", "POST", flags, sheet(of("person", "address", nimes), with("finding_date", "2021-11-15")))
	if got := told(w, early); !slices.Equal(got, []string{"finding_date territory_not_open", "person.address.insee not_your_territory"}) {
		t.Error(got)
	}
	w.Clock.Set(enginetest.Noon.AddDate(0, 3, 0))
	w.Refused(w.Ask("evaluator-34", "POST", flags, sheet(of("person", "address", nimes), with("finding_date", "2022-02-01"))), 422, "not_your_territory")
	if told := w.Told(Name); told != nil {
		t.Error(told)
	}
	if got := flag(w, "evaluator-34", sheet()); got.Desk != "montpellier" {
		t.Error(got.Desk)
	}
}

func TestEveryFaultIsToldAndNothingIsKept(t *testing.T) {
	t.Parallel()
	w := setup(t)
	answer := w.Ask("advisor-34", "POST", flags, sheet(with("programme", "no-such"), of("person", "nir", "123"), of("answers", "institution", "other"), of("answers", "description", nil)))
	fields := []string{}
	for _, f := range answer.Problem.Errors {
		fields = append(fields, f.Field)
	}
	for _, field := range []string{"programme", "person.nir", "answers.description"} {
		if !slices.Contains(fields, field) {
			t.Error(field, "is not among", fields)
		}
	}
	if w.Refused(answer, 422, "invalid"); w.Told(Name) != nil {
		t.Error(w.Told(Name))
	}
}

// TestTheSheetArrivesWhole: every answer that a sheet may hold is in the sheet that was sealed.
func TestTheSheetArrivesWhole(t *testing.T) {
	t.Parallel()
	w := setup(t)
	flag(w, "advisor-34", `{"programme": "reperage-lr", "finding_date": "2021-11-15", "channel": "agency", "desk": "montpellier", "first_contact": "csam",
 "person": {"given_name": "Testine", "family_name": "Exemple", "birth_name": "Modele", "birth_date": "1958", "sex": "F", "phone": "0465719901",
  "email": "testine@example.org", "language": "fr", "address": {"street": "1 rue Exemple", "postcode": "34000", "insee": "34172"}},
 "helper": {"name": "Aidine Exemple", "relation": "child", "phone": "0465719902", "may_be_told": true, "calls_first": true},
 "consents": {"study": true, "referral": true, "text_version": "2021-11", "given": "oral", "by": "person"},
 "answers": {"institution": "other", "network_coverage": true, "equipment": false, "equipment_kinds": null, "financial_problem": true,
  "difficulty": true, "difficulty_reason": "health", "help_place": ["no"], "training_need": true, "description": "la mairie"},
 "profile": {"family_situation": "single", "occupation": "retired", "sick_leave": true},
 "needs": {"deadline": "2021-12-31", "rights_at_risk": true, "skills": ["email"], "access": ["sight"], "travel": "near", "availability": ["tue_am"],
  "modes": ["in_person"], "loan_wanted": true, "isolated": true, "precarious": true, "gir": 5},
 "context": ["lockdown"], "force": {"reason": "somebody else"}}`)
	registered, flagged := enginetest.Facts[events.PersonRegistered](w)[0], enginetest.Facts[events.SeniorFlagged](w)[0]
	for stream, d := range map[string]events.Details{registered.Stream(): &registered.Details, flagged.Stream(): &flagged.Details} {
		name := "detection.person-registered.v1"
		if stream == flagged.Stream() {
			name = "detection.senior-flagged.v1"
		}
		if err := w.Vault.Unseal(t.Context(), stream, name, d); err != nil {
			t.Fatal(err)
		}
	}
	person, _ := registered.Details.Value()
	kept, _ := flagged.Details.Value()
	// Those are only of an anonymous sheet, or have another value here.
	missing := append(empty(t, person), empty(t, kept)...)
	if want := []string{"answers.equipment_kinds", "hints", "profile.age", "profile.department", "profile.sex"}; !slices.Equal(missing, want) {
		t.Error(missing)
	}
	if !flagged.LoanWanted || flagged.Language != "fr" || flagged.Deadline != "2021-12-31" || !flagged.MayRefer {
		t.Errorf("%+v", flagged)
	}
}

// empty are the fields without a value, by their dotted names.
func empty(t *testing.T, v any) []string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var have object
	if err := json.Unmarshal(text, &have); err != nil {
		t.Fatal(err)
	}
	list := lacking(reflect.TypeOf(v), have, "")
	slices.Sort(list)
	return list
}

func lacking(typ reflect.Type, have object, path string) (list []string) {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner, deeper := have[name].(object)
		switch value, there := have[name]; {
		case deeper:
			list = append(list, lacking(f.Type, inner, path+name+".")...)
		case !there || value == nil:
			list = append(list, path+name)
		}
	}
	return list
}
