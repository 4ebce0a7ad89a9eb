package platform_test

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/services/portal/browsertest"
)

// TestAProviderRunsItsSessionOnPages: what can be done in each state stands on the session's page, and is done there.
func TestAProviderRunsItsSessionOnPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	at := h.plans("Atelier conduit", nil)
	tab, narrow := h.at(t, "provider-a"), h.at(t, "provider-a", browsertest.Viewport(320, 800))
	looksRight(t, tab, narrow, at)
	for _, act := range []string{"ouvrir", "confirmer", "places", "votre-public", "adapter", "deplacer", "clore", "services", "documents", "terminer", "annuler", "arreter"} {
		looksRight(t, tab, narrow, at+"/"+act)
	}
	plain := h.at(t, "provider-a", browsertest.NoScript)
	changesSeats(t, plain, at)
	keepsSeats(t, plain, at)
	changesMode(t, plain, at)
	confirms(t, plain, at)
	cancels(t, plain, at)
	opensADraft(t, plain, h.plans("Atelier en brouillon", map[string]any{"draft": true}))
	stops(t, plain, h.plans("Atelier en cours", map[string]any{"meetings": meetsAround(time.Hour)}))
	ends(t, plain, h.plans("Atelier passé", map[string]any{"meetings": meetsAround(-time.Hour)}))
	looksRight(t, tab, narrow, "/ateliers/nouveau")
	h.seesWhoWaitsAround(t)
	plansOnAPage(t, plain)
	h.linksARecording(t, plain)
	recordsWhatHasBeen(t, plain)
	isNotForOthers(t, h.at(t, "provider-58", browsertest.NoScript), at)
	givesAnAddress(t, h)
}

// plans is a labelled session, and tells its page.
func (h *house) plans(title string, more map[string]any) string {
	h.Helper()
	plan := named(title, 4)
	plan["labelled"] = true
	maps.Copy(plan, more)
	return "/ateliers/" + h.as("provider-a").post(http.StatusCreated, "/sessions", plan).text("id")
}

// meetsAround is one meeting of six hours that ends so long from now.
func meetsAround(end time.Duration) []any {
	now := time.Now().UTC().Truncate(time.Second)
	return []any{map[string]any{"starts_at": now.Add(end - 6*time.Hour), "ends_at": now.Add(end)}}
}

// plansOnAPage: a plan that lacks something comes back whole, one more meeting is a button, and the session is there.
func plansOnAPage(t testing.TB, tab *browsertest.Tab) {
	tab.Go("/ateliers")
	tab.Follow("#prevoir")
	tab.Fill("#champ-titre", "Atelier prévu sur une page")
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Il faut au moins une séance")
	meetsOn(tab, "1", time.Now().AddDate(0, 2, 0))
	tab.Follow(`button[name="ajouter"]`)
	meetsOn(tab, "2", time.Now().AddDate(0, 2, 7))
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Nombre de places")
	tab.Fill("#champ-places", "6")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "L’atelier est enregistré.")
	sees(t, tab, "h1", "Atelier prévu sur une page")
	sees(t, tab, "main .psl-status", "Ouverte")
	sees(t, tab, "main", "6 places")
}

// meetsOn fills the boxes of one meeting, in the morning.
func meetsOn(tab *browsertest.Tab, number string, day time.Time) {
	box := "#champ-seance-" + number
	tab.Fill(box, strconv.Itoa(day.Day()))
	tab.Fill(box+"-mois", strconv.Itoa(int(day.Month())))
	tab.Fill(box+"-annee", strconv.Itoa(day.Year()))
	tab.Fill(box+"-debut", "9:30")
	tab.Fill(box+"-fin", "11 h 30")
}

// recordsWhatHasBeen: with meetings that lie in the past it is over, and takes no requests.
func recordsWhatHasBeen(t testing.TB, tab *browsertest.Tab) {
	tab.Go("/ateliers/nouveau")
	tab.Fill("#champ-titre", "Atelier d’avant")
	tab.Fill("#champ-places", "6")
	meetsOn(tab, "1", time.Now().AddDate(0, 0, -10))
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Terminée")
	if tab.Count(`#gestes a[href$="/clore"]`) != 0 {
		t.Error("what has been takes requests")
	}
}

func keepsSeats(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/votre-public")
	tab.Fill("#champ-places", "40")
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Il n’y a pas autant de places libres.")
	tab.Fill("#champ-places", "2")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "Les places de votre public sont enregistrées.")
}

func changesMode(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/adapter")
	tab.Click(`input[value="video"]`)
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Pourquoi : à choisir")
	tab.Click(`input[value="health_rules"]`)
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "La forme de l’atelier est changée.")
	sees(t, tab, "main", "Visioconférence")
}

func opensADraft(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at)
	sees(t, tab, "main .psl-status", "Brouillon")
	tab.Follow(`#gestes a[href$="/ouvrir"]`)
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Ouverte")
}

func stops(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/terminer")
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "La dernière séance n’est pas passée.")
	tab.Go(at)
	tab.Follow(`#gestes a[href$="/arreter"]`)
	tab.Click(`input[value="place"]`)
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Arrêtée")
}

// ends: a labelled session closes when its three papers are there, and the page names those that are missing.
func ends(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/terminer")
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Il manque encore : plan de contenu, évaluation, fiche d’impact.")
	for _, paper := range []string{"content_plan", "evaluation", "impact_sheet"} {
		tab.Go(at + "/documents")
		tab.Click(`input[value="` + paper + `"]`)
		tab.Fill("#champ-titre", "Classeur de l’atelier")
		tab.Follow("main form button")
		sees(t, tab, "#annonce", "Le document est enregistré.")
	}
	tab.Go(at + "/documents")
	sees(t, tab, "#papiers", "Classeur de l’atelier, enregistré le")
	tab.Go(at + "/terminer")
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Terminée")
}

func isNotForOthers(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/annuler")
	if tab.Status() < http.StatusBadRequest {
		t.Errorf("another provider reads %s: %d", tab.Path(), tab.Status())
	}
}

// givesAnAddress: a place that suits stands among the proposals, and one button gives its address.
func givesAnAddress(t *testing.T, h *house) {
	partnership, advisor := h.as("partnership-lr"), h.as("advisor-34")
	place := partnership.post(http.StatusCreated, "/places", map[string]any{"name": "Espace Exemple", "insee": "34172"}).text("id")
	advisor.learn(partnership)
	flag := inNeed(advisor, 130)
	tab, narrow := h.at(t, "advisor-34", browsertest.NoScript), h.at(t, "advisor-34", browsertest.Viewport(320, 800))
	tab.Go("/signalements/" + flag + "/propositions")
	sees(t, tab, "#propositions", "Espace Exemple")
	tab.Follow(`form:has(input[name="lieu"][value="` + place + `"]) button`)
	sees(t, tab, "#annonce", "L’adresse est notée.")
	sees(t, tab, "main", "Conseillée")
	looksRight(t, h.at(t, "advisor-34"), narrow, tab.Path())
	if got := advisor.get("/referrals/" + strings.TrimPrefix(tab.Path(), "/orientations/")).text("place_id"); got != place {
		t.Errorf("the referral leads to %q", got)
	}
}

func changesSeats(t testing.TB, tab *browsertest.Tab, at string) {
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

func confirms(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/confirmer")
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Confirmée")
	if tab.Count(`#gestes a[href$="/confirmer"]`) != 0 {
		t.Error("what is confirmed can be confirmed again")
	}
}

func cancels(t testing.TB, tab *browsertest.Tab, at string) {
	tab.Go(at + "/annuler")
	sees(t, tab, "#concernees", "Personne n’est inscrit et personne n’attend.")
	tab.Click(`input[value="animator"]`)
	tab.Follow("main form button")
	sees(t, tab, "main .psl-status", "Annulée")
	if tab.Count("#gestes") != 0 {
		t.Error("a cancelled session can still be changed")
	}
}

// seesWhoWaitsAround: a plan that is not finished stays as it was typed, while the page tells in steps who waits.
func (h *house) seesWhoWaitsAround(t *testing.T) {
	advisor := h.as("advisor-34")
	for i := range 5 {
		one := senior(300 + i)
		one["person"].(map[string]any)["address"] = map[string]any{"street": "1 place Inventée", "postcode": "34000", "insee": "34172"}
		one["needs"] = map[string]any{"skills": []string{"email"}, "travel": "near", "availability": []string{"tue_am"}}
		flag := advisor.post(http.StatusCreated, "/flags", one).text("id")
		advisor.post(http.StatusOK, "/flags/"+flag+"/wish", map[string]any{"skills": []string{"email"}, "availability": []string{"tue_am"}})
	}
	advisor.get("/dashboard/unmet?insee=34172") // what is read waits until all this was heard
	for script, how := range []browsertest.Option{browsertest.NoScript, browsertest.Viewport(320, 800)} {
		tab := h.at(t, "provider-a", how)
		tab.Go("/ateliers/nouveau")
		tab.Fill("#champ-titre", "Atelier encore vague")
		tab.Follow(`button[name="autour"]`)
		sees(t, tab, "#erreurs", "Commune : à renseigner pour voir qui attend autour")
		tab.Fill("#champ-commune", "Montpellier")
		tab.Follow(`button[name="autour"]`)
		sees(t, tab, "#autour", "personnes attendent un atelier à moins de 15 km de Montpellier")
		sees(t, tab, "#autour", "Courriel : de 5 à 10")
		sees(t, tab, "#autour", "Tout près : à pied ou en bus")
		sees(t, tab, "#autour", "Mardi matin")
		if got := tab.Value("#champ-titre") + tab.Value("#champ-commune"); got != "Atelier encore vagueMontpellier" {
			t.Errorf("what was typed became %q", got)
		}
		if text := strings.ToUpper(tab.Text("main")); strings.Contains(text, "IMAGINAIRE") {
			t.Error("a provider reads a name")
		}
		if script == 1 {
			tab.Axe()
			if wide := tab.TooWide(); len(wide) > 0 {
				t.Errorf("scrolls sideways: %v", wide)
			}
			picture(tab, "ateliers/nouveau/autour")
		}
		tab.Fill("#champ-commune", "Mende")
		tab.Follow(`button[name="autour"]`)
		sees(t, tab, "#autour", "Personne n’attend un atelier")
	}
}

// linksARecording: who follows a session at a distance from a relay reads its name; afterwards there is a link to watch it.
func (h *house) linksARecording(t *testing.T, tab *browsertest.Tab) {
	place := h.as("partnership-lr").post(http.StatusCreated, "/places", map[string]any{"name": "Relais Exemple", "insee": "34172"}).text("id")
	at := h.plans("Atelier en visio", map[string]any{"mode": "video", "labelled": false})
	h.as("provider-a").post(http.StatusOK, "/sessions/"+strings.TrimPrefix(at, "/ateliers/")+"/relays", map[string]any{"place_id": place, "seats": 6})
	tab.Go(at)
	sees(t, tab, "#relais", "Relais Exemple")
	sees(t, tab, "#relais", "6 places libres sur 6")
	if tab.Count(`#gestes a[href$="/enregistrement"]`) != 0 {
		t.Error("what has not begun was recorded")
	}
	at = h.plans("Webinaire enregistré", map[string]any{"mode": "webinar", "labelled": false, "meetings": meetsAround(-time.Hour)})
	looksRight(t, h.at(t, "provider-a"), h.at(t, "provider-a", browsertest.Viewport(320, 800)), at+"/enregistrement")
	tab.Go(at)
	tab.Follow(`#gestes a[href$="/enregistrement"]`)
	tab.Fill("#champ-adresse", "http://exemple")
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "elle commence par https://")
	tab.Fill("#champ-adresse", "https://video.example.org/premiers-pas")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "L’adresse de l’enregistrement est notée.")
	sees(t, tab, "#enregistrement", "Revoir l’atelier")
}
