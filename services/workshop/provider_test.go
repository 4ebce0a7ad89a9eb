package workshop

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/workshop/rest"
)

const (
	providers = "/api/v1/providers"
	sessions  = "/api/v1/sessions"

	thirdPlace = `{"name": " Tiers-lieu Exemple-Garrigue ", "insee": "34172", "street": "4 place de l'Invention",
		"phone": "04 65 71 34 90", "contact_email": "zelie.fictif@tiers-lieu.example"}`
)

func begin(t *testing.T) *enginetest.World {
	t.Helper()
	return enginetest.Start(t, Name, Run)
}

func register(w *enginetest.World, account, body string, headers ...string) rest.Provider {
	return enginetest.Read[rest.Provider](w, w.Ask(account, "POST", providers, body, headers...), 201)
}

// planFor is a session of that provider with one seat.
func planFor(provider string) string {
	return `{"provider_id": "` + provider + `", "title": "Premiers pas", "mode": "in_person", "capacity": 1,
		"meetings": [{"starts_at": "2021-12-06T09:30:00+01:00", "ends_at": "2021-12-06T11:30:00+01:00"}]}`
}

func TestAPartnershipOfficerRegistersAProviderOfTheFund(t *testing.T) {
	t.Parallel()
	w := begin(t)
	answer := w.Ask("partnership-lr", "POST", providers, thirdPlace)
	got := enginetest.Read[rest.Provider](w, answer, 201)
	if got.ID == "" || got.Name != "Tiers-lieu Exemple-Garrigue" || got.Fund != "carsat-lr" || got.Department != "34" || *got.Insee != "34172" ||
		*got.Street != "4 place de l'Invention" || *got.Phone != "04 65 71 34 90" || *got.ContactEmail != "zelie.fictif@tiers-lieu.example" {
		t.Errorf("%s", answer.Body)
	}
	if answer.Header.Get("Passerelle-Position") != "workshop:1" || answer.Header.Get("ETag") != `"provider:1"` {
		t.Error(answer.Header)
	}
	if told := w.Told(Name); !slices.Equal(told, []string{"workshop.provider-registered.v1 provider:" + got.ID}) {
		t.Error(told)
	}
	bare := register(w, "partnership-bfc", `{"name": "Atelier Imaginaire", "insee": "58194"}`)
	if bare.Fund != "carsat-bfc" || bare.Department != "58" || bare.Street != nil || bare.Phone != nil || bare.ContactEmail != nil {
		t.Errorf("%+v", bare)
	}
}

func TestTheContactOfAProviderIsNowhereInClear(t *testing.T) {
	t.Parallel()
	w := begin(t)
	register(w, "partnership-lr", thirdPlace, "Idempotency-Key", "k1")
	if places := w.InClear("zelie.fictif", "04 65 71 34 90"); places != nil {
		t.Error(places)
	}
	if places := w.InClear("Exemple-Garrigue"); len(places) != 2 { // the ledger and its stream: the search does find
		t.Error(places)
	}
}

func TestWhoMayNotRegisterAndWhatCannotBe(t *testing.T) {
	t.Parallel()
	w := begin(t)
	for _, account := range []string{"provider-a", "advisor-34", "equipment-lr", "admin-lr", "nobody"} {
		w.Refused(w.Ask(account, "POST", providers, thirdPlace), 403, "forbidden")
	}
	for body, codes := range map[string][]string{
		`{"name": " ", "insee": "58194"}`:                                 {"insee not_your_territory", "name required"},
		`{"name": "Exemple", "insee": "34172", "contact_email": "zelie"}`: {"contact_email bad_format"},
		`{"insee": "3417", "phone": "secret", "street": 12}`:              {"insee bad_format", "name required", "phone bad_format", "street wrong_type"},
		`{"name": "` + strings.Repeat("z", 101) + `", "insee": "34172"}`:  {"name too_long"},
	} {
		answer := w.Ask("partnership-lr", "POST", providers, body)
		w.Refused(answer, 422, "invalid")
		var got []string
		for _, f := range answer.Problem.Errors {
			got = append(got, f.Field+" "+f.Code)
		}
		slices.Sort(got)
		if !slices.Equal(got, codes) {
			t.Errorf("%s: %v", body, got)
		}
	}
	w.Refused(w.Ask("partnership-lr", "POST", providers, `{"name": "Exemple", "insee": "34172", "fund": "carsat-bfc"}`), 400, "unknown_member")
	if told := w.Told(Name); told != nil {
		t.Error(told)
	}
}

func TestTheSameKeyRegistersOneProvider(t *testing.T) {
	t.Parallel()
	w := begin(t)
	var all sync.WaitGroup
	answers := make([]enginetest.Answer, 8)
	for i := range answers {
		all.Go(func() { answers[i] = w.Ask("partnership-lr", "POST", providers, thirdPlace, "Idempotency-Key", "k1") })
	}
	all.Wait()
	for _, a := range answers {
		if a.Status != 201 || a.Body != answers[0].Body || a.Header.Get("ETag") != `"provider:1"` || a.Header.Get("Passerelle-Position") != "workshop:1" {
			t.Errorf("%d %s %v", a.Status, a.Body, a.Header)
		}
	}
	if told := w.Told(Name); len(told) != 1 {
		t.Error(told)
	}
	w.Refused(w.Ask("partnership-lr", "POST", providers, `{"name": "Autre Exemple", "insee": "34172"}`, "Idempotency-Key", "k1"), 422, "key_reused")
	if again := register(w, "partnership-lr", thirdPlace); strings.Contains(answers[0].Body, again.ID) {
		t.Error("without a key it is another provider")
	}
}

func TestTheOfficerOfTheFundPlansAndAnswersForARegisteredProvider(t *testing.T) {
	t.Parallel()
	w := begin(t)
	provider := register(w, "partnership-lr", thirdPlace).ID
	for _, c := range []struct {
		account, provider string
		status            int
		code              string
	}{
		{"partnership-bfc", provider, 422, "unknown_provider"}, {"provider-a", provider, 422, "unknown_provider"}, {"advisor-34", provider, 403, "forbidden"},
		{"partnership-lr", "none", 422, "unknown_provider"}, {"partnership-lr", "provider-58", 422, "unknown_provider"},
	} {
		w.Refused(w.Ask(c.account, "POST", sessions, planFor(c.provider)), c.status, c.code)
	}
	for account, mine := range map[string]string{"partnership-lr": "provider-a", "partnership-bfc": "provider-58", "provider-58": "provider-58"} {
		enginetest.Read[rest.Session](w, w.Ask(account, "POST", sessions, planFor(mine)), 201)
	}
	session := enginetest.Read[rest.Session](w, w.Ask("partnership-lr", "POST", sessions, planFor(provider)), 201)
	if session.ProviderID != provider {
		t.Error(session)
	}
	w.Tell(opened(session.ID, 1), opened(session.ID, 2))
	accept, decline := "/requests/r1/accept", "/requests/r2/decline"
	for _, account := range []string{"partnership-bfc", "provider-a"} {
		w.Refused(w.Ask(account, "POST", sessions+"/"+session.ID+accept, `{}`), 404, "unknown_session")
	}
	w.Refused(w.Ask("advisor-34", "POST", sessions+"/"+session.ID+accept, `{}`), 403, "forbidden")
	w.Refused(w.Ask("partnership-lr", "POST", sessions+"/none"+accept, `{}`), 404, "unknown_session")
	yes := enginetest.Read[rest.RequestAnswer](w, w.Ask("partnership-lr", "POST", sessions+"/"+session.ID+accept, `{}`), 200)
	no := enginetest.Read[rest.RequestAnswer](w, w.Ask("partnership-lr", "POST", sessions+"/"+session.ID+decline, `{"reason": "dates"}`), 200)
	if yes.Status != "enrolled" || no.Status != "declined" {
		t.Error(yes, no)
	}
	if taken := enginetest.Facts[events.SeatTaken](w); len(taken) != 1 || taken[0].ProviderID != provider || taken[0].By != "partnership-lr" {
		t.Error(taken)
	}
}
