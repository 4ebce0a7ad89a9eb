package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestH2_ASeatInARelayIsChosenOnAPage: from the search and from the proposals, without script; a relay that is full makes the
// person wait, and the letter leads to the relay.
func TestH2_ASeatInARelayIsChosenOnAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	place := h.as("partnership-lr").post(http.StatusCreated, "/places", map[string]any{"name": "Relais Exemple", "insee": "34172", "street": "8 rue de l’Invention", "postcode": "34000"}).text("id")
	plan := named("Atelier en visio", 8)
	plan["mode"] = "video"
	session := provider.post(http.StatusCreated, "/sessions", plan).text("id")
	provider.post(http.StatusOK, "/sessions/"+session+"/relays", map[string]any{"place_id": place, "seats": 1})
	first, second := inNeed(advisor, 450), inNeed(advisor, 451)

	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 800))
	looksRight(t, tab, narrow, "/signalements/"+first+"/orienter?ou=partout")
	looksRight(t, tab, narrow, "/signalements/"+first+"/propositions")
	plain := h.at(t, "advisor-34", browsertest.NoScript)
	plain.Go("/signalements/" + first + "/orienter?ou=partout")
	plain.Click(`input[name="atelier"][value="` + session + `"]`)
	plain.Select(`select[name="relais-`+session+`"]`, "Relais Exemple, Montpellier : 1 place libre sur 1")
	plain.Follow("main form[method=post] button")
	sees(t, plain, "main", "Suit l’atelier depuis Relais Exemple, Montpellier")
	mine := strings.TrimPrefix(plain.Path(), "/orientations/")
	if got := advisor.get("/referrals/" + mine + "?wait=answered"); got.text("seat") != "held" {
		t.Error(string(got.raw))
	}
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+mine+"/accept", map[string]any{})
	if l := advisor.get("/referrals/" + mine + "/letter"); l.text("place") != "Relais Exemple, 8 rue de l’Invention, 34000 Montpellier" {
		t.Error("the letter leads to", l.text("place"))
	}

	plain.Go("/signalements/" + second + "/propositions")
	plain.Select(`select[name="relais-`+session+`"]`, "Relais Exemple, Montpellier : complet, 1 place")
	plain.Follow(`form:has(select[name="relais-` + session + `"]) button`)
	sees(t, plain, "main", "Suit l’atelier depuis Relais Exemple, Montpellier")
	other := strings.TrimPrefix(plain.Path(), "/orientations/")
	if got := advisor.get("/referrals/" + other + "?wait=answered"); got.text("seat") != "none" {
		t.Error("a seat in a relay that is full:", string(got.raw))
	}
}
