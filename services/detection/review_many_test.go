package detection

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection/rest"
)

// observation is a flag of the campaign of 2020 by the assistant of Nièvre.
func observation(w *enginetest.World, name string, changes ...func(object)) string {
	return flag(w, "advisor-58", sheet(append([]func(object){observed, of("person", "given_name", name), of("person", "phone", nil),
		of("person", "address", object{"street": "3 impasse " + name, "postcode": "58000", "insee": "58194"})}, changes...)...)).ID
}

func act(w *enginetest.World, account, id, action, body string) enginetest.Answer {
	return w.Ask(account, "POST", flags+"/"+id+"/"+action, body)
}

func state(w *enginetest.World, a enginetest.Answer) string {
	return enginetest.Read[rest.FlagState](w, a, 200).Status
}

func TestB5_AFlagGoesBackToItsAuthorAndIsValidatedAfterTheAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := observation(w, "Une", of("answers", "difficulty_reason", nil))
	if got := state(w, act(w, "referent-58", id, "return", `{"reason": "Laquelle ?", "fields": ["answers.difficulty_reason"]}`)); got != "returned" {
		t.Error(got)
	}
	w.Refused(act(w, "referent-58", id, "validate", `{}`), 409, "not_submitted")
	w.Refused(act(w, "referent-58", id, "dismiss", `{"reason": "incoherent"}`), 409, "not_submitted")
	w.Refused(act(w, "advisor-21", id, "amend", `{}`), 404, "unknown_flag")
	w.Refused(act(w, "analyst-bfc", id, "amend", `{}`), 403, "forbidden")
	amended := enginetest.Read[rest.FlagAmended](w, act(w, "advisor-58", id, "amend",
		`{"answers": {"institution": "cpam", "difficulty": true, "difficulty_reason": "language"}, "note": "La langue"}`), 200)
	if amended.Status != "submitted" || len(amended.ReviewHints) > 0 {
		t.Errorf("%+v", amended)
	}
	if told := enginetest.Facts[events.ObservationTold](w); len(told) > 0 {
		t.Error("observed before it was validated:", told)
	}
	if got := state(w, act(w, "referent-58", id, "validate", `{}`)); got != "validated" {
		t.Error(got)
	}
	if told := enginetest.Facts[events.ObservationTold](w); len(told) != 1 || told[0].CampaignID != "observation-bfc-2020" {
		t.Error(told)
	}
	for action, body := range map[string]string{"return": `{"reason": "?"}`, "dismiss": `{"reason": "duplicate"}`, "reclassify": `{"institution": "caf"}`} {
		w.Refused(act(w, "referent-58", id, action, body), 409, "not_submitted")
	}
	w.Refused(act(w, "advisor-58", id, "amend", `{}`), 409, "already_reviewed")
	w.Refused(act(w, "advisor-58", id, "withdraw", `{}`), 409, "already_reviewed")
}

func TestB6_WhoAmendedDoesNotReviewAndTheDeputyDoes(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := observation(w, "Une")
	enginetest.Read[rest.FlagAmended](w, act(w, "referent-58", id, "amend", `{"profile": {"family_situation": "couple"}}`), 200)
	w.Refused(act(w, "referent-58", id, "validate", `{}`), 403, "own_flag")
	own := flag(w, "referent-58", sheet(observed, of("person", "given_name", "Autrine"))).ID // the only referent is the author
	for _, one := range []string{id, own} {
		if got := state(w, act(w, "deputy-bfc", one, "validate", `{}`)); got != "validated" {
			t.Error(got)
		}
	}
	w.Refused(act(w, "deputy-bfc", flag(w, "advisor-34", sheet()).ID, "validate", `{}`), 404, "unknown_flag")
}

func TestB1_ARefusalIsCountedOnceAndTheFlagIsNotObserved(t *testing.T) {
	t.Parallel()
	w := setup(t)
	id := observation(w, "Une", with("consents", object{"study": false, "referral": true}))
	act(w, "referent-58", id, "validate", `{}`)
	person := flag(w, "advisor-34", sheet()) // of a programme that counts at once
	later := flag(w, "advisor-58", sheet(observed, of("person", "given_name", "Autrine")))
	enginetest.Read[rest.PersonState](w, w.Ask("advisor-58", "POST", persons+*later.PersonID+"/consents", `{"kind": "study", "given": false, "channel": "oral"}`,
		"Passerelle-Position", fmt.Sprintf("detection:%d", len(w.Told(Name)))), 200)
	act(w, "referent-58", later.ID, "validate", `{}`)
	if refused := enginetest.Facts[events.RefusalCounted](w); len(refused) != 1 || refused[0].Desk != "nievre" || refused[0].FindingDate != "2020-02-03" {
		t.Error(refused)
	}
	if told := enginetest.Facts[events.ObservationTold](w); len(told) != 1 || told[0].CampaignID != "reperage-lr.2021-11" {
		t.Error(told, person.ID)
	}
}

func TestSeveralFlagsAreValidatedAndThoseThatFailSayWhy(t *testing.T) {
	t.Parallel()
	w := setup(t)
	good, returned := observation(w, "Une"), observation(w, "Deux")
	own := flag(w, "referent-58", sheet(observed, of("person", "given_name", "Trois"))).ID
	act(w, "referent-58", returned, "return", `{"reason": "?"}`)
	body := fmt.Sprintf(`{"ids": [%q, %q, %q, "no-such"]}`, good, returned, own)
	first := w.Ask("referent-58", "POST", flags+"/validate", body, "Idempotency-Key", "k1")
	done := enginetest.Read[rest.ManyValidated](w, first, 200)
	if len(done.Validated) != 1 || done.Validated[0].ID != good || len(done.Failed) != 3 {
		t.Fatalf("%+v", done)
	}
	for i, want := range []rest.NotValidated{{ID: returned, Status: 409, Code: "not_submitted"}, {ID: own, Status: 403, Code: "own_flag"}, {ID: "no-such", Status: 404, Code: "unknown_flag"}} {
		if got := done.Failed[i]; got.ID != want.ID || got.Status != want.Status || got.Code != want.Code || got.Detail == "" {
			t.Errorf("%+v", got)
		}
	}
	before := len(w.Told(Name))
	if again := w.Ask("referent-58", "POST", flags+"/validate", body, "Idempotency-Key", "k1"); again.Body != first.Body || len(w.Told(Name)) != before {
		t.Error(again.Body)
	}
	w.Refused(w.Ask("referent-58", "POST", flags+"/validate", fmt.Sprintf(`{"ids": [%q]}`, good), "Idempotency-Key", "k1"), 422, "key_reused")
	w.Refused(w.Ask("advisor-58", "POST", flags+"/validate", body), 403, "forbidden")
}

// TestTwoReferentsAtOnceEndInOneState: one is refused or both say the same, and there is one observation.
func TestTwoReferentsAtOnceEndInOneState(t *testing.T) {
	t.Parallel()
	w := setup(t)
	for n := range 8 {
		id := observation(w, fmt.Sprintf("Numero%d", n))
		var all sync.WaitGroup
		answers := make([]enginetest.Answer, 4)
		for i, ask := range []struct{ account, action, body string }{
			{"referent-58", "validate", `{}`}, {"deputy-bfc", "validate", `{}`}, {"referent-58", "return", `{"reason": "?"}`}, {"deputy-bfc", "dismiss", `{"reason": "duplicate"}`},
		} {
			all.Go(func() { answers[i] = act(w, ask.account, id, ask.action, ask.body) })
		}
		all.Wait()
		ended := map[string]bool{}
		for _, a := range answers {
			if a.Status == 200 {
				ended[state(w, a)] = true
			} else {
				w.Refused(a, 409, "not_submitted")
			}
		}
		if len(ended) != 1 {
			t.Error(ended)
		}
	}
	if told, valid := enginetest.Facts[events.ObservationTold](w), enginetest.Facts[events.FlagValidated](w); len(told) != len(valid) {
		t.Errorf("%d observations of %d validated flags", len(told), len(valid))
	}
}

func TestWhatWaitsTooLongIsRemindedOfAndMayBeDismissed(t *testing.T) {
	t.Parallel()
	w := setup(t)
	reminded := enginetest.Hear[events.ReviewReminded](w)
	id := observation(w, "Une")
	flag(w, "advisor-34", sheet()) // waits for nobody
	w.Clock.Set(enginetest.Noon.Add(7*24*time.Hour - time.Second))
	returned := observation(w, "Deux")
	act(w, "referent-58", returned, "return", `{"reason": "?"}`)
	w.Clock.Set(enginetest.Noon.Add(7 * 24 * time.Hour))
	if e := enginetest.Next(w, reminded); e.FlagID != id || e.Reason != "unreviewed" {
		t.Error(e)
	}
	w.Refused(act(w, "referent-58", returned, "dismiss", `{"reason": "incoherent"}`), 409, "not_submitted")
	w.Clock.Set(enginetest.Noon.Add(21 * 24 * time.Hour))
	if e := enginetest.Next(w, reminded); e.FlagID != returned || e.Reason != "unanswered" {
		t.Error(e)
	}
	if got := state(w, act(w, "referent-58", returned, "dismiss", `{"reason": "incoherent"}`)); got != "dismissed" {
		t.Error(got)
	}
	if all := enginetest.Facts[events.ReviewReminded](w); len(all) != 2 {
		t.Error(all)
	}
}

// TestAnAmendedInstitutionIsHeldAgainstTheOtherFlagsOfThePerson: one open flag per institution, whoever says which.
func TestAnAmendedInstitutionIsHeldAgainstTheOtherFlagsOfThePerson(t *testing.T) {
	t.Parallel()
	w := setup(t)
	first := flag(w, "advisor-58", sheet(observed))
	second := flag(w, "advisor-58", about(*first.PersonID, observed, of("answers", "institution", "cpam")))
	w.Refused(act(w, "advisor-58", second.ID, "amend", `{"answers": {"institution": "carsat_retraite"}}`), 409, "flag_open")
	w.Refused(act(w, "referent-58", second.ID, "reclassify", `{"institution": "carsat_retraite"}`), 409, "flag_open")
	state(w, act(w, "referent-58", second.ID, "reclassify", `{"institution": "multiple"}`))
	third := flag(w, "advisor-58", about(*first.PersonID, observed, of("answers", "institution", "cpam"))) // it is free again
	w.Refused(w.Ask("advisor-58", "POST", flags, about(*first.PersonID, observed, of("answers", "institution", "cpam"))), 409, "flag_open")
	if third.ID == second.ID {
		t.Error(third)
	}
}
