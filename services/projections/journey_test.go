package projections

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// calls asks for a journey and gives the status, and what was answered as it was sent.
func (h *house) calls(account, reference, reason string) (status int, journey rest.Journey, text string) {
	h.t.Helper()
	body := strings.NewReader(`{"reference": "` + reference + `", "reason": "` + reason + `"}`)
	r := httptest.NewRequestWithContext(h.ctx, http.MethodPost, "/api/v1/persons/journey", body)
	r.Header.Set("Authorization", "Bearer "+account)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	if text = w.Body.String(); w.Code == http.StatusOK {
		h.must(json.Unmarshal(w.Body.Bytes(), &journey))
	}
	return w.Code, journey, text
}

// TestACallerIsToldHowFarThingsAre: the desk with its phone, the state, the next step and the dates, and nothing else.
func TestACallerIsToldHowFarThingsAre(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "beziers", "advisor-34b", events.Person{GivenName: "Camille", FamilyName: "Exemple", BirthDate: "1958-03-02", Phone: "+33465713401"})
	desk, _ := sample.Directory().Desk("beziers")
	status, j, text := h.calls("phone-lr", "k7qf 0001", "person_calls")
	if status != http.StatusOK || j.Reference != f.Reference || j.Desk != "beziers" || j.DeskPhone != desk.Phone || j.Help != "to_refer" || j.NextStep.What != "refer" || j.NextStep.Who != "beziers" {
		t.Fatalf("%d %s", status, text)
	}
	if len(j.Steps) != 3 || j.Steps[0].At == nil || !j.Steps[0].At.Equal(f.At.Truncate(time.Microsecond)) {
		t.Errorf("%+v", j.Steps)
	}
	for _, secret := range []string{"Camille", "Exemple", "1958", "713401", f.PersonID, f.FlagID, "advisor-34b"} {
		if strings.Contains(text, secret) {
			t.Errorf("the answer says %s: %s", secret, text)
		}
	}
	for body, want := range map[[2]string]int{{f.Reference, "curiosity"}: 422, {"ZZZZ-ZZZZ", "person_calls"}: 404, {"", "person_calls"}: 422} {
		if got, _, _ := h.calls("phone-lr", body[0], body[1]); got != want {
			t.Errorf("%v: %d", body, got)
		}
	}
	h.must(h.vault.Destroy(h.ctx, f.PersonID))
	if got, _, _ := h.calls("phone-lr", f.Reference, "person_calls"); got != http.StatusNotFound {
		t.Error("somebody erased:", got)
	}
}

// TestWhoIsToldAJourney compares every account, for every desk, with the policy; a unit of the social service is closed.
func TestWhoIsToldAJourney(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n, at := range []struct{ desk, by string }{
		{"montpellier", "advisor-34"}, {"plateforme-telephonique", "phone-lr"}, {"nievre", "advisor-58"}, {"nevers", "advisor-58"},
	} {
		f := h.somebody(n, at.desk, at.by, named("Camille", "Exemple"))
		for _, wrong := range h.toldWrongly(f) {
			t.Error(wrong)
		}
	}
}

// toldWrongly are the accounts that are told of a flag's journey, or not, other than the policy says.
func (h *house) toldWrongly(f events.SeniorFlagged) (wrong []string) {
	h.t.Helper()
	desk, _ := sample.Directory().Desk(f.Desk)
	for _, a := range accounts() {
		want := map[policy.Decision]int{policy.Never: http.StatusForbidden, policy.Elsewhere: http.StatusNotFound, policy.Allowed: http.StatusOK}[policy.Can(a, policy.ReadJourney, policy.Resource{Fund: f.Fund, Desk: f.Desk, Unit: desk.Unit(), Author: f.By})]
		if got, _, text := h.calls(a.ID, f.Reference, "person_calls"); got != want {
			wrong = append(wrong, fmt.Sprintf("%s, at %s: %d, not %d: %s", a.ID, f.Desk, got, want, text))
		}
	}
	return wrong
}

// TestAJourneyOutOfTheSocialServiceIsFound: a flag of a unit that is answered as if it were an agency's is
// told to a caller, and the comparison sees it.
func TestAJourneyOutOfTheSocialServiceIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "montpellier", "advisor-34", named("Camille", "Exemple"))
	f.Fund, f.Desk = "carsat-bfc", "nievre" // where it would have to be shut
	if len(h.toldWrongly(f)) == 0 {
		t.Error("what the social service knows was told outside, and nobody noticed")
	}
}

// TestTheWayGoesOnToTheOutcome: a seat that was had stays one, who left says so at the session, what was recorded ends the way, and
// whoever had a seat or whose help is closed waits no longer.
func TestTheWayGoesOnToTheOutcome(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.seated("session-1", 3, nil)
	h.now = h.now.AddDate(0, 0, 40)
	left := events.ParticipantDropped{SessionID: "session-1", ReferralID: people[1].ReferralID, Reason: "health", By: "provider-a", At: h.now}
	h.hear(h.recorded(people[0], 3, events.Outcome{}), left)
	for i, want := range []string{"seat done, session done, outcome done", "seat done, session dropped, outcome open", "seat done, session done, outcome open"} {
		got := see[rest.Referral](h, "advisor-34", "/referrals/"+people[i].ReferralID)
		var stages []string
		for _, j := range got.Journey[3:] {
			if j.Stage != "tablet" {
				stages = append(stages, j.Stage+" "+j.State)
			}
		}
		if text := strings.Join(stages, ", "); text != want || got.WaitedDays == nil || *got.WaitedDays != 0 {
			t.Errorf("%s, waited %v, want %s", text, got.WaitedDays, want)
		}
	}
}

// TestACallerIsToldForHowLong they have waited: until now, or until help was closed.
func TestACallerIsToldForHowLong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "beziers", "advisor-34b", named("Camille", "Exemple"))
	h.clock.Set(f.At.AddDate(0, 0, 10).Add(time.Hour))
	waited := func(want int) {
		t.Helper()
		if _, j, text := h.calls("phone-lr", f.Reference, "person_calls"); j.WaitedDays == nil || *j.WaitedDays != want {
			t.Errorf("not %d days: %s", want, text)
		}
	}
	waited(10)
	h.hear(events.FlagClosed{FlagID: f.FlagID, Help: "closed", Outcome: "autonomous", By: "advisor-34b", At: f.At.AddDate(0, 0, 3)})
	waited(3)
}
