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
