package projections

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/signedlink"
	"example.org/passerelle/services/projections/rest"
)

// byLink reads the request of a form as nobody in particular.
func (h *house) byLink(token, form string) (status int, request rest.LinkedRequest, text string) {
	h.t.Helper()
	body, err := json.Marshal(rest.LinkReading{Form: form})
	h.must(err)
	r := httptest.NewRequestWithContext(h.ctx, http.MethodPost, "/api/v1/links/"+token+"/request", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.server.ServeHTTP(w, r)
	if w.Code == http.StatusOK {
		h.must(json.Unmarshal(w.Body.Bytes(), &request))
	}
	return w.Code, request, w.Body.String()
}

func TestWhoHasALinkAndItsCodeSeesWhatTheProviderSees(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "montpellier", "advisor-34", events.Person{GivenName: "Camille", FamilyName: "Exemple", Phone: "+33465713401", Language: "fr"})
	f.FlagID, f.Reference = "flag-2", referenceCode(2)
	f.Details = events.Clear(f.PersonID, events.Sheet{Needs: events.Needs{Access: []string{"hearing"}, Skills: []string{"email"}}})
	h.hear(f, h.planned("session-1", "provider-a", 1))
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o, h.requested(o), h.held(o))

	key := signedlink.KeyOf(h.config().Secret)
	token := key.Token("l1")
	form := signedlink.Form{Link: "l1", Session: "session-1", Referral: "referral-1", Provider: "provider-a", Fund: "carsat-lr", Until: h.clock.Now().Add(time.Hour)}
	status, got, text := h.byLink(token, key.Show(form))
	if status != 200 || got.Person.FamilyName != "Exemple" || *got.Contact.Phone != "+33465713401" || got.Contact.Access[0] != "hearing" || got.Seat != "held" {
		t.Fatal(status, text)
	}
	for _, theirs := range []string{f.PersonID, "montpellier", "flag-2", "birth", "address", "referral-1"} {
		if strings.Contains(text, theirs) {
			t.Errorf("a provider does not need %q: %s", theirs, text)
		}
	}
	elsewhere := form
	elsewhere.Provider = "provider-b"
	for name, wrong := range map[string]struct {
		token, form string
		status      int
	}{
		"another link":                  {key.Token("l2"), key.Show(form), 422},
		"another key":                   {token, signedlink.KeyOf([]byte("x")).Show(form), 422},
		"no form":                       {token, "e30.c2ln", 422},
		"a provider that was not asked": {token, key.Show(elsewhere), 404},
	} {
		if status, _, text := h.byLink(wrong.token, wrong.form); status != wrong.status {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	h.must(h.vault.Destroy(h.ctx, f.PersonID))
	if status, got, text := h.byLink(token, key.Show(form)); status != 200 || got.Person != nil || got.Contact != nil {
		t.Errorf("erased: %s", text)
	}
	h.hear(h.taken(o))
	if status, _, text := h.byLink(token, key.Show(form)); status != 404 {
		t.Errorf("an answered request is shown: %s", text)
	}
	h.clock.Set(form.Until)
	if status, _, text := h.byLink(token, key.Show(form)); status != 422 {
		t.Errorf("an old form: %s", text)
	}
}
