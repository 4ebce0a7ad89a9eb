package detection

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/detection/rest"
)

// somebody is flagged in Montpellier.
type somebody struct {
	*enginetest.World
	id, flag string
}

func setupPerson(w *enginetest.World, given, phone string, changes ...func(object)) somebody {
	made := flag(w, "advisor-34", sheet(append([]func(object){of("person", "given_name", given), of("person", "phone", phone)}, changes...)...))
	return somebody{w, *made.PersonID, made.ID}
}

// does sends an action about the person.
func (p somebody) does(account, action, body string, headers ...string) enginetest.Answer {
	return p.Ask(account, "POST", "/api/v1/persons/"+p.id+"/"+action, body, headers...)
}

// done sends an action that is carried out, and waits until the service has heard it.
func (p somebody) done(action, body string) rest.PersonState {
	answer := p.does("advisor-34", action, body)
	state := enginetest.Read[rest.PersonState](p.World, answer, 200)
	settled(p.World)
	return state
}

// settled waits until the service has heard all that it told, as who sends the position does.
func settled(w *enginetest.World) {
	for before := -1; before != len(w.Told(Name)); {
		before = len(w.Told(Name))
		_ = w.Heard.Waiter.Wait(context.Background(), Name, int64(before)) // it ends with its context only
	}
}

// ended are the reasons for which help ended, by flag.
func (p somebody) ended() map[string]string {
	ended := map[string]string{}
	for _, e := range enginetest.Facts[events.HelpEnded](p.World) {
		ended[e.FlagID] = e.Help + " " + e.Reason
	}
	return ended
}

const right = `{"person": {"given_name": "Testine", "family_name": "Exemplaire", "birth_date": "1958-03-02", "sex": "F",
  "phone": "+33465719950", "address": {"street": "9 rue Fictive", "postcode": "34000", "insee": "34172"}}}`

func TestSomebodyCorrectedIsFoundByWhatIsRightAndNoLongerByWhatWasWrong(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	state := p.done("correct", right)
	if state.ID != p.id || len(state.ReviewHints) != 0 {
		t.Errorf("%+v", state)
	}
	wrong := flag(p.World, "advisor-34", sheet(with("force", object{"reason": "Une autre personne"}), of("person", "birth_date", "1949")))
	if len(wrong.LookAlikes) != 0 {
		t.Errorf("%+v", wrong.LookAlikes)
	}
	again := sheet(of("person", "family_name", "Exemplaire"), of("person", "phone", "0465719950"))
	p.Refused(p.Ask("advisor-34", "POST", flags, again), 409, "person_exists")
}

func TestACorrectionIsCheckedLikeSomebodyNewAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	got := p.does("advisor-34", "correct", `{"person": {"given_name": " ", "family_name": "Exemple", "birth_date": "1800", "nir": "260073417200511"}}`)
	p.Refused(got, 422, "invalid")
	for _, want := range []string{"person.given_name required", "person no_way_to_reach", "person.nir nir_key", "person.birth_date not_possible"} {
		field, code, _ := strings.Cut(want, " ")
		if !slices.ContainsFunc(got.Problem.Errors, func(f refusal.Fault) bool { return f.Field == field && f.Code == code }) {
			t.Error(want, got.Body)
		}
	}
	hinted := strings.Replace(right, `"sex"`, `"nir": "160073417200560", "sex"`, 1)
	state := enginetest.Read[rest.PersonState](p.World, p.does("advisor-34", "correct", hinted), 200)
	if !slices.Equal(state.ReviewHints, []string{"nir_mismatch"}) {
		t.Errorf("%+v", state)
	}
	if places := p.InClear("160073417200560"); places != nil {
		t.Error(places)
	}
}

func TestActionsOnAPersonAreForTheirDesk(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	other := setupPerson(p.World, "Autrine", "+33465719902")
	for action, body := range map[string]string{
		"correct": right, "merge": `{"other_id": "` + other.id + `"}`, "part": `{"other_id": "` + other.id + `"}`,
		"move": `{"address": {"insee": "34172"}}`, "deceased": `{}`, "deceased/undo": ``, "wishes": `{}`,
		"consents": `{"kind": "sms", "given": true, "channel": "oral"}`, "links": `{"person_id": "` + other.id + `", "kind": "household"}`,
	} {
		p.Refused(p.does("provider-a", action, body), 403, "forbidden")
		p.Refused(p.does("advisor-30", action, body), 404, "unknown_person")
		somebody{p.World, "0190a0c4", ""}.Refused(somebody{p.World, "0190a0c4", ""}.does("advisor-34", action, body), 404, "unknown_person")
		p.Refused(p.does("advisor-34", action, body, "If-Match", `"person:99"`), 412, "stale")
	}
	elsewhere := flag(p.World, "advisor-34b", sheet(of("person", "given_name", "Ailleurs"), of("person", "phone", "0465719903")))
	for action, member := range map[string]string{"merge": `"other_id"`, "links": `"kind": "household", "person_id"`} {
		p.Refused(p.does("advisor-34", action, `{`+member+`: "`+*elsewhere.PersonID+`"}`), 422, "unknown_person")
		if got := p.does("advisor-34", action, `{`+member+`: "`+p.id+`"}`); got.Status != 422 {
			t.Error(got.Body)
		}
	}
}

func TestTheSameKeyIsTheSameAction(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	other := setupPerson(p.World, "Autrine", "+33465719902")
	first := p.does("advisor-34", "merge", `{"other_id": "`+other.id+`"}`, "Idempotency-Key", "k1", "If-Match", `"person:3"`)
	again := p.does("advisor-34", "merge", `{"other_id": "`+other.id+`"}`, "Idempotency-Key", "k1", "If-Match", `"person:3"`)
	if first.Status != 200 || again.Body != first.Body || again.Header.Get("ETag") != first.Header.Get("ETag") || first.Header.Get("ETag") != `"person:4"` {
		t.Error(first.Body, again.Body, first.Header.Get("ETag"), again.Header.Get("ETag"))
	}
}

func TestTwoRecordsOfOnePersonGoOnAsOne(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	other := setupPerson(p.World, "Testina", "+33465719902")
	p.Tell(events.ReferralOpened{ReferralID: "r1", FlagID: other.flag, SessionID: "s1"})
	if state := p.done("merge", `{"other_id": "`+other.id+`"}`); !slices.Equal(state.Merged, []string{other.id}) {
		t.Errorf("%+v", state)
	}
	if got := p.ended(); len(got) != 1 || got[p.flag] != "closed duplicate" {
		t.Error("the flag that has come further goes on, the other is a duplicate:", got)
	}
	p.Refused(other.does("advisor-34", "deceased", `{}`), 409, "person_merged")
	p.Refused(p.Ask("advisor-34", "POST", flags, sheet(of("person", "given_name", "Testina"), of("person", "phone", "0465719902"))), 409, "person_exists")
	named := p.Ask("advisor-34", "POST", flags, about(other.id))
	if created := enginetest.Read[rest.FlagCreated](p.World, named, 201); *created.PersonID != p.id {
		t.Error("a flag of the other record is one of the person:", *created.PersonID)
	}
	p.done("part", `{"other_id": "`+other.id+`"}`)
	p.Refused(p.does("advisor-34", "part", `{"other_id": "`+other.id+`"}`), 409, "not_merged")
	other.done("wishes", `{"paper_only": true}`)
}

func TestAMergeIsTakenBackWithinThirtyDays(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	other := setupPerson(p.World, "Testina", "+33465719902")
	p.done("merge", `{"other_id": "`+other.id+`"}`)
	p.Clock.Set(enginetest.Noon.AddDate(0, 0, 31))
	p.Refused(p.does("advisor-34", "part", `{"other_id": "`+other.id+`"}`), 409, "merge_settled")
	p.Clock.Set(enginetest.Noon.AddDate(0, 0, 29))
	p.done("part", `{"other_id": "`+other.id+`"}`)
}

// TestTwoRecordsAreNotMergedIntoEachOther: whoever comes second finds the other record gone.
func TestTwoRecordsAreNotMergedIntoEachOther(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	other := setupPerson(p.World, "Testina", "+33465719902")
	answers := make([]enginetest.Answer, 20)
	var all sync.WaitGroup
	for i := range answers {
		into, from := p, other
		if i%2 == 1 {
			into, from = other, p
		}
		all.Go(func() { answers[i] = into.does("advisor-34", "merge", `{"other_id": "`+from.id+`"}`) })
	}
	all.Wait()
	for _, a := range answers {
		if a.Status != 200 {
			p.Refused(a, 409, "person_merged")
		}
	}
	if told := enginetest.Facts[events.PersonMerged](p.World); len(told) != 1 {
		t.Error(told)
	}
}

func TestADeskIsInChargeWhereThePersonLives(t *testing.T) {
	t.Parallel()
	w := setup(t)
	p := setupPerson(w, "Testine", "+33465719901")
	p.done("move", `{"address": {"street": "2 rue Fictive", "insee": "34032"}}`)
	if told := enginetest.Facts[events.FlagHandedOver](w); told != nil {
		t.Error("Montpellier looks after the department:", told)
	}
	p.done("move", `{"address": {"street": "8 rue Fictive", "insee": "30189"}, "from": "2021-12-01"}`)
	told := enginetest.Facts[events.FlagHandedOver](w)
	if len(told) != 1 || told[0].FlagID != p.flag || told[0].Desk != "nimes" || told[0].Department != "30" {
		t.Error(told)
	}
	p.Refused(p.does("advisor-34", "wishes", `{}`), 404, "unknown_person")
	if got := p.does("advisor-30", "wishes", `{}`); got.Status != 200 {
		t.Error(got.Body)
	}
	p.Refused(p.does("advisor-30", "move", `{"address": {"street": "1 rue Fictive"}, "from": "demain"}`), 422, "invalid")
}

func TestNothingCrossesFunds(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	p.done("move", `{"address": {"street": "8 rue Fictive", "insee": "58194"}}`)
	if got := p.ended(); got[p.flag] != "closed moved" {
		t.Error(got)
	}
	if told := enginetest.Facts[events.FlagHandedOver](p.World); told != nil {
		t.Error(told)
	}
}

func TestAfterADeathNothingIsOpenAndNothingNewBegins(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	p.Refused(p.does("advisor-34", "deceased", `{"on": "2021-12-24"}`), 422, "in_future")
	if state := p.done("deceased", `{"on": "2021-11", "told_by": "Une voisine imaginaire"}`); !state.Deceased {
		t.Errorf("%+v", state)
	}
	if got := p.ended(); got[p.flag] != "closed deceased" {
		t.Error(got)
	}
	p.Tell(events.ReferralOpened{ReferralID: "r1", FlagID: p.flag, SessionID: "s1"}, events.ReferralWithdrawn{ReferralID: "r1", FlagID: p.flag})
	if help := (flagged{p.World, p.flag}).help(); help != nil {
		t.Error("a referral of the last moment brings the flag back:", help)
	}
	p.Refused(p.Ask("advisor-34", "POST", flags, about(p.id)), 409, "person_deceased")
	for action, body := range map[string]string{"correct": right, "move": `{"address": {"insee": "30189"}}`, "wishes": `{}`, "object": ``,
		"consents": `{"kind": "referral", "given": true, "channel": "oral"}`} {
		if account := "advisor-34"; action != "object" {
			p.Refused(p.does(account, action, body), 409, "person_deceased")
		}
	}
	if places := p.InClear("voisine imaginaire"); places != nil {
		t.Error(places)
	}
	p.done("deceased", `{}`) // told by somebody else too
	if told := enginetest.Facts[events.DeathTold](p.World); len(told) != 1 {
		t.Error(told)
	}
	if state := p.done("deceased/undo", ``); state.Deceased {
		t.Errorf("%+v", state)
	}
	if again := flag(p.World, "advisor-34", about(p.id)); again.Help != "to_refer" || again.ID == p.flag {
		t.Errorf("%+v", again)
	}
}

// TestADeathAndAFlagOfTheSameMoment: whichever comes first, no flag is open in the end.
func TestADeathAndAFlagOfTheSameMoment(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for range 10 {
		made := flag(w, "advisor-58", sheet(observed, with("force", object{"reason": "encore"})))
		p := somebody{w, *made.PersonID, made.ID}
		var all sync.WaitGroup
		all.Go(func() { p.does("advisor-58", "deceased", `{}`) })
		for _, institution := range []string{"caf", "cpam", "impots"} {
			all.Go(func() {
				w.Ask("advisor-58", "POST", flags, about(p.id, observed, of("answers", "institution", institution)))
			})
		}
		all.Wait()
	}
	settled(w)
	open := map[string]bool{}
	for _, f := range enginetest.Facts[events.SeniorFlagged](w) {
		open[f.FlagID] = true
	}
	for _, e := range enginetest.Facts[events.HelpEnded](w) {
		delete(open, e.FlagID)
	}
	if len(open) != 0 {
		t.Error(open)
	}
}

func TestConsentsAreFactsOfThePerson(t *testing.T) {
	t.Parallel()
	w := setup(t)
	made := flag(w, "advisor-34", sheet(with("consents", object{"study": false, "referral": true, "text_version": "2021-11", "given": "signed", "by": "guardian"})))
	told := enginetest.Facts[events.ConsentNoted](w)
	want := events.ConsentNoted{PersonID: *made.PersonID, Kind: "referral", Given: true, TextVersion: "2021-11", Channel: "signed", ToldBy: "guardian", By: "advisor-34", At: enginetest.Noon}
	if len(told) != 2 || told[1] != want || told[0].Kind != "study" || told[0].Given {
		t.Errorf("%+v", told)
	}
	p := somebody{w, *made.PersonID, made.ID}
	p.done("consents", `{"kind": "study", "given": true, "channel": "phone", "text_version": "2021-11"}`)
	p.done("consents", `{"kind": "referral", "given": false, "channel": "phone"}`)
	if got := p.ended(); got[p.flag] != "none consent_withdrawn" {
		t.Error(got)
	}
	p.done("consents", `{"kind": "referral", "given": true, "channel": "signed"}`)
	if told := enginetest.Facts[events.HelpResumed](w); len(told) != 1 || told[0].FlagID != p.flag {
		t.Error(told)
	}
}

func TestWhoObjectsIsNotHelpedOn(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	answer := p.does("privacy-lr", "object", ``)
	if state := enginetest.Read[rest.PersonState](p.World, answer, 200); !state.Objected {
		t.Errorf("%+v", state)
	}
	settled(p.World)
	if got := p.ended(); got[p.flag] != "closed objected" {
		t.Error(got)
	}
}

func TestTwoPeopleAreLinkedBothWays(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	other := setupPerson(p.World, "Autrine", "+33465719902")
	link := `{"person_id": "` + other.id + `", "kind": "household"`
	p.done("links", link+`}`)
	p.done("links", link+`}`)
	if told := enginetest.Facts[events.PersonLinked](p.World); len(told) != 2 || told[0].PersonID != other.id || told[1].PersonID != p.id {
		t.Error(told)
	}
	other.done("links", `{"person_id": "`+p.id+`", "kind": "household", "ended": true}`)
	if told := enginetest.Facts[events.PersonLinked](p.World); len(told) != 4 || !told[3].Ended {
		t.Error(told)
	}
}

func TestWishesAreSealedAndChecked(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	p.Refused(p.does("advisor-34", "wishes", `{"helper_only": true, "helper": {"name": "Dominique Fictif"}}`), 422, "required")
	p.Refused(p.does("advisor-34", "wishes", `{"note": "son numéro est le 2 60 07 34 172 005 10"}`), 422, "nir_in_text")
	p.done("wishes", `{"no_calls": ["mon_am"], "helper_only": true, "helper": {"name": "Dominique Fictif", "phone": "+33465719903"}, "note": "Parler lentement à cette personne imaginaire"}`)
	if places := p.InClear("Parler lentement", "Dominique"); places != nil {
		t.Error(places)
	}
}

func TestWhatIsToldOfPersonsHeardTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	p := setupPerson(setup(t), "Testine", "+33465719901")
	other := setupPerson(p.World, "Autrine", "+33465719902")
	third := setupPerson(p.World, "Tierce", "+33465719903")
	p.done("consents", `{"kind": "referral", "given": false, "channel": "phone"}`)
	p.done("consents", `{"kind": "referral", "given": true, "channel": "phone"}`)
	other.done("move", `{"address": {"street": "8 rue Fictive", "insee": "30189"}}`)
	p.done("merge", `{"other_id": "`+third.id+`"}`)
	p.done("deceased", `{}`)
	before := p.Told(Name)
	p.HearAgain()
	if after := p.Told(Name); !slices.Equal(after, before) {
		t.Error(after[len(before):])
	}
}
