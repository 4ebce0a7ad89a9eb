package platform_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/services/portal/browsertest"
)

// TestAProviderFollowsItsParticipantsOnPages from the waiting list to the result, without script.
func TestAProviderFollowsItsParticipantsOnPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	soon := h.soon("Atelier suivi")
	anna, berthe := h.enrols(soon, 131), h.enrols(soon, 132)
	later := h.plans("Atelier complet", map[string]any{"capacity": 1, "booking": "immediate", "immediate_seats": 1})
	first, second := h.enrols(later, 133), h.enrols(later, 134)
	provider := h.as("provider-a")
	h.until(func() bool {
		return len(provider.get("/sessions/"+idOf(soon)+"/participants").items()) == 2 && len(provider.get("/sessions/"+idOf(later)+"/participants").items()) == 2
	})
	plain := h.at(t, "provider-a", browsertest.NoScript)
	tab, narrow := h.at(t, "provider-a"), h.at(t, "provider-a", browsertest.Viewport(320, 800))
	for _, page := range []string{later, later + "/presences", later + "/emargement", later + "/liste-attente", later + "/liste-attente/" + second, later + "/personnes/" + first + "/retirer"} {
		looksRight(t, tab, narrow, page)
	}
	if sheet := h.sheet(t, "provider-a", later+"/emargement/pdf"); !strings.Contains(sheet, "EXEMPLE") {
		t.Error("nobody signs on the sheet:", sheet)
	}
	waits(t, plain, later, second)
	endsRegistration(t, h, plain, later, second)
	moves(t, plain, h.plans("Atelier à déplacer", nil))
	h.until(func() bool { return provider.get("/sessions/"+idOf(soon)).text("status") == "running" })
	attends(t, plain, soon, anna, berthe)
	learns(t, plain, soon, anna)
	comesBack(t, plain, soon, berthe)
	for _, page := range []string{"/presences", "/presences/1", "/resultats"} {
		looksRight(t, tab, narrow, soon+page)
	}
	for _, act := range []string{"jamais-venue", "abandon", "retablir", "resultat"} {
		looksRight(t, tab, narrow, soon+"/personnes/"+berthe+"/"+act)
	}
	isCounted(t, plain, h.plans("Webinaire passé", map[string]any{"mode": "webinar", "meetings": meetsAround(-time.Hour)}))
	isNotForOthers(t, h.at(t, "provider-58", browsertest.NoScript), soon)
	for _, page := range []string{"/presences", "/resultats", "/liste-attente", "/emargement"} {
		stranger := h.at(t, "advisor-34", browsertest.NoScript)
		if stranger.Go(soon + page); stranger.Status() < http.StatusBadRequest {
			t.Error("a desk reads", page)
		}
	}
}

// soon is a session that begins while the test runs, and gives its seats at once.
func (h *house) soon(title string) string {
	begins := time.Now().UTC().Truncate(time.Second).Add(40 * time.Second)
	return h.plans(title, map[string]any{
		"meetings":               []any{map[string]any{"starts_at": begins, "ends_at": begins.Add(6 * time.Hour)}},
		"registration_closes_at": begins, "booking": "immediate", "immediate_seats": 4, "labelled": false,
	})
}

// enrols flags somebody and asks for a seat, and tells the referral.
func (h *house) enrols(session string, number int) string {
	h.Helper()
	advisor := h.as("advisor-34")
	advisor.learn(h.as("provider-a"))
	return asks(advisor, inNeed(advisor, number), idOf(session))
}

// idOf is the session of a page.
func idOf(page string) string { return page[len("/ateliers/"):] }

func waits(t testing.TB, tab *browsertest.Tab, at, second string) {
	tab.Go(at)
	tab.Follow(`#suivi a[href$="/liste-attente"]`)
	sees(t, tab, "table", "EXEMPLE-IMAGINAIRE-134 Zénobie")
	tab.Follow(`a[href$="/` + second + `"]`)
	sees(t, tab, "#pourquoi", "La personne est numéro 1 sur la liste d’attente.")
}

// endsRegistration: who waits is told that no seat will come, and the page offers it once.
func endsRegistration(t testing.TB, h *house, tab *browsertest.Tab, at, second string) {
	tab.Go(at)
	tab.Follow(`#gestes a[href$="/clore"]`)
	sees(t, tab, "#concernees", "1 personne en liste d’attente")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "Les inscriptions sont closes.")
	if tab.Count(`#gestes a[href$="/clore"]`) != 0 {
		t.Error("registration can be closed twice")
	}
	advisor := h.as("advisor-34")
	advisor.learn(h.as("provider-a"))
	h.until(func() bool { return advisor.get("/referrals/"+second).text("status") == "unserved" })
}

func moves(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/deplacer")
	tab.Fill("#champ-seance-1-debut", "tôt")
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Pourquoi : à choisir")
	sees(t, tab, "#erreurs", "Séance 1, début : une heure, par exemple 9:30")
	tab.Fill("#champ-seance-1-debut", "9 h 15")
	tab.Fill("#champ-seance-1-fin", "11h")
	tab.Fill("#champ-lieu", "Médiathèque Exemple")
	tab.Click(`input[value="place"]`)
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "L’atelier est déplacé.")
	sees(t, tab, "main", "9 h 15")
	sees(t, tab, "main", "Médiathèque Exemple")
}

// attends: one form for everybody; who is not said of is named, and who never came leaves the list.
func attends(t testing.TB, tab *browsertest.Tab, at, anna, berthe string) {
	tab.Go(at + "/presences/1")
	tab.Click(`input[name="p-` + anna + `"][value="present"]`)
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "EXEMPLE-IMAGINAIRE-132 Zénobie : présente, excusée ou absente ?")
	tab.Click(`input[name="p-` + berthe + `"][value="absent"]`)
	tab.Fill("#champ-votre-public", "2")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "Les présences de la séance 1 sont notées.")
	sees(t, tab, "#seances", "1 présente, 0 excusée, 1 absente, 2 de votre public")
	sees(t, tab, `tr:has(a[href$="`+berthe+`/retablir"]) .psl-status`, "Absente")
	if tab.Count(`a[href$="`+anna+`/jamais-venue"]`) != 0 {
		t.Error("it may be said of somebody who came that they never did")
	}
}

// learns: what is missing is shown, and half of the three facts together are the objective.
func learns(t testing.TB, tab *browsertest.Tab, at, anna string) {
	tab.Go(at + "/resultats")
	sees(t, tab, "#bilan", "EXEMPLE-IMAGINAIRE-131 Zénobie")
	tab.Follow(`a[href*="` + anna + `"]`)
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Messagerie créée : à choisir")
	for _, fact := range []string{"fini", "compte", "portail", "messagerie"} {
		tab.Click(`input[name="` + fact + `"][value="oui"]`)
	}
	tab.Select("#champ-avant-internet", "Ne sait pas")
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "après : à choisir")
	tab.Select("#champ-apres-internet", "Seule")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "Le résultat de EXEMPLE-IMAGINAIRE-131 Zénobie est enregistré.")
	sees(t, tab, "#bilan", "1 sur 1 ont à la fois compte, portail et messagerie : objectif de 50 % atteint.")
	sees(t, tab, "table", "ne sait pas → seule")
	sees(t, tab, "table", "à renseigner")
	tab.Go(at + "/services")
	tab.Click(`input[value="prevention_quiz"]`)
	tab.Follow("main form button")
	tab.Go(at + "/resultats")
	sees(t, tab, "#bilan", "Le quiz de prévention")
}

func comesBack(t testing.TB, tab *browsertest.Tab, at, berthe string) {
	tab.Go(at + "/presences")
	tab.Follow(`a[href$="` + berthe + `/retablir"]`)
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Pourquoi : à choisir")
	tab.Click(`input[value="entered_in_error"]`)
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "La personne est rétablie.")
	tab.Follow(`a[href$="` + berthe + `/abandon"]`)
	tab.Click(`input[value="health"]`)
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "L’abandon est noté.")
}

// isCounted: a webinar of which nobody is known by name.
func isCounted(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/presences/1")
	tab.Fill("#champ-domicile", "12")
	tab.Follow("main form button")
	sees(t, tab, "#seances", "12 à domicile et 0 dans les relais, comptées sans nom")
}
