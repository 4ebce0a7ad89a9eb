package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestAProviderRunsItsSessionOnPages: what can be done in each state stands on the session's page, and is done there.
func TestAProviderRunsItsSessionOnPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	provider := h.as("provider-a")
	plan := named("Atelier conduit", 4)
	plan["labelled"] = true
	session := provider.post(http.StatusCreated, "/sessions", plan).text("id")
	at := "/ateliers/" + session

	tab, narrow := h.at(t, "provider-a"), h.at(t, "provider-a", browsertest.Viewport(320, 800))
	for _, act := range []string{"ouvrir", "confirmer", "places", "votre-public", "adapter", "documents", "terminer", "annuler", "arreter"} {
		looksRight(t, tab, narrow, at+"/"+act)
	}
	plain := h.at(t, "provider-a", browsertest.NoScript)
	changesSeats(t, plain, at)
	confirms(t, plain, at)
	cancels(t, plain, at)
}

func changesSeats(t *testing.T, tab *browsertest.Tab, at string) {
	tab.Go(at)
	tab.Follow(`#gestes a[href$="/places"]`)
	tab.Fill("#champ-places", "beaucoup")
	tab.Follow("main form button")
	if tab.Status() != http.StatusUnprocessableEntity || !strings.HasPrefix(tab.Title(), "Erreur :") {
		t.Errorf("%d, %q", tab.Status(), tab.Title())
	}
	sees(t, tab, "#erreurs", "écrivez un nombre")
	tab.Fill("#champ-places", "6")
	tab.Click(`input[value="demand"]`)
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "Le nombre de places est changé.")
	sees(t, tab, "main", "6 places")
}

func confirms(t *testing.T, tab *browsertest.Tab, at string) {
	tab.Go(at + "/confirmer")
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Confirmée")
	if tab.Count(`#gestes a[href$="/confirmer"]`) != 0 {
		t.Error("what is confirmed can be confirmed again")
	}
}

func cancels(t *testing.T, tab *browsertest.Tab, at string) {
	tab.Go(at + "/annuler")
	sees(t, tab, "#concernees", "Personne n’est inscrit et personne n’attend.")
	tab.Click(`input[value="animator"]`)
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Annulée")
	if tab.Count("#gestes") != 0 {
		t.Error("a cancelled session can still be changed")
	}
}
