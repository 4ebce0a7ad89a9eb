package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// housemates are two people of one household with an open flag each, and tells the flags.
func housemates(advisor *caller, number int) (one, other string) {
	advisor.h.Helper()
	first, second := advisor.post(http.StatusCreated, "/flags", senior(number)), advisor.post(http.StatusCreated, "/flags", senior(number+1))
	advisor.post(http.StatusOK, "/persons/"+first.text("person_id")+"/links", map[string]any{"person_id": second.text("person_id"), "kind": "household"})
	return first.text("id"), second.text("id")
}

// TestP18_ACoupleIsReferredTogetherOnAPage: with one seat left both wait, with two both have one; each page leads to the other's.
func TestP18_ACoupleIsReferredTogetherOnAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	for seats, want := range map[int]string{1: "none", 2: "held"} {
		one, other := housemates(advisor, 400+10*seats)
		session := provider.post(http.StatusCreated, "/sessions", named("Atelier à deux", seats)).text("id")
		advisor.learn(provider)
		advisor.get("/sessions/" + session)
		tab, page := h.at(t, "advisor-34", browsertest.NoScript), "/signalements/"+one+"/orienter"
		tab.Go(page)
		tab.Follow("#accompagnee")
		looksRight(t, h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 800)), page+"?accompagnee=oui")
		sees(t, tab, `select[name="avec"]`, "EXEMPLE-IMAGINAIRE")
		tab.Select(`select[name="avec"]`, tab.Text(`select[name="avec"] option[value="`+other+`"]`))
		tab.Click(`input[name="atelier"][value="` + session + `"]`)
		tab.Follow("main form[method=post] button")
		sees(t, tab, "#annonce", "La demande est envoyée.")
		mine := strings.TrimPrefix(tab.Path(), "/orientations/")
		got := advisor.get("/referrals/" + mine + "?wait=answered")
		mate := advisor.get("/referrals/" + got.text("together_with") + "?wait=answered")
		if got.text("seat") != want || mate.text("seat") != want || mate.text("together_with") != mine {
			t.Errorf("of %d seats: %s and %s", seats, got.raw, mate.raw)
		}
		inbox := h.at(t, "provider-a", browsertest.NoScript)
		inbox.Go("/demandes")
		sees(t, inbox, "main", "accepter vaut pour les deux")
		tab.Follow("#avec")
		if tab.Path() != "/orientations/"+mate.text("id") {
			t.Errorf("the other request is at %s", tab.Path())
		}
	}
	alone := inNeed(advisor, 440)
	tab := h.at(t, "advisor-34", browsertest.NoScript)
	tab.Go("/signalements/" + alone + "/orienter?accompagnee=oui")
	sees(t, tab, "#foyer", "Personne du même foyer")
}
