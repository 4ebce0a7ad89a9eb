package platform_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestThePrivacyOfficerErasesAndExports: find somebody without a name in any address, hand out what is known, erase, undo.
func TestThePrivacyOfficerErasesAndExports(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	flag := advisor.post(http.StatusCreated, "/flags", senior(1))
	person, reference := flag.text("person_id"), flag.text("reference")
	elsewhere := senior(3)
	delete(elsewhere, "channel")
	elsewhere["programme"], elsewhere["first_contact"] = "accompagnement-bfc", "social_worker"
	social := h.as("advisor-58").post(http.StatusCreated, "/flags", inNievre(elsewhere))

	tab, narrow := h.at(t, "privacy-lr"), h.at(t, "privacy-lr", browsertest.Viewport(320, 700))
	for _, path := range []string{"/protection", "/protection/echeances", "/protection/echeances?etat=requested", "/protection/personnes/" + person} {
		looksRight(t, tab, narrow, path)
	}
	dossier := "/protection/personnes/" + person + "?reference=" + reference
	t.Run("a name stays out of addresses", func(t *testing.T) { findsByName(t, tab, dossier) })
	t.Run("what is not typed well", func(t *testing.T) { mistypes(t, h.at(t, "privacy-lr", browsertest.Faulty), person) })
	t.Run("the export", func(t *testing.T) { h.exports(t, tab, dossier, person) })
	t.Run("somebody of the social service", func(t *testing.T) {
		other := h.at(t, "privacy-bfc")
		other.Go("/protection")
		other.Fill("#champ-reference", social.text("reference"))
		other.Follow(searchButton)
		if want := "/protection/personnes/" + social.text("person_id") + "?reference=" + social.text("reference"); other.Path() != want {
			t.Error(other.Path(), "is not", want)
		}
	})
	t.Run("erased, and undone", func(t *testing.T) { erasesAndUndoes(t, tab, narrow, dossier, reference) })
	t.Run("a tablet in hand", func(t *testing.T) { h.lendsFirst(t) })
	t.Run("not for others", func(t *testing.T) {
		other := h.at(t, "advisor-34", browsertest.Faulty)
		if other.Go(dossier); other.Status() != http.StatusForbidden {
			t.Error(other.Status())
		}
	})
}

const (
	searchButton = `form[action="/protection"] button`
	eraseButton  = `form[action*="/effacer"] button`
)

func findsByName(t *testing.T, tab *browsertest.Tab, dossier string) {
	tab.Go("/")
	tab.Follow(`nav a[href="/protection"]`)
	tab.Fill("#champ-nom", "Exemple-Imaginaire-1")
	tab.Follow(searchButton)
	tab.Axe()
	if tab.Path() != "/protection" || tab.Count(".govuk-summary-card") != 1 || strings.Contains(tab.Text(".govuk-summary-card"), "Exemple-Imaginaire") {
		t.Error(tab.Path(), tab.Text("main"))
	}
	tab.Follow(`form[action="/protection/dossier"] button`)
	if tab.Path() != dossier {
		t.Error(tab.Path(), "is not", dossier)
	}
	sees(t, tab, "main", "Agence de Montpellier")
	tab.Axe()
}

func mistypes(t *testing.T, tab *browsertest.Tab, person string) {
	tab.Go("/protection")
	tab.Follow(searchButton)
	tab.Axe()
	sees(t, tab, "#erreurs", "Indiquez au moins un nom")
	tab.Fill("#champ-reference", "3TZB-90HX")
	tab.Follow(searchButton)
	sees(t, tab, "#erreurs", "ne connaît personne")
	if tab.Go("/protection/personnes/" + person + "?reference=3TZB-90HX"); tab.Status() != http.StatusNotFound {
		t.Error("a person under a strange reference:", tab.Status())
	}
}

// exports: the page in the browser, the file as a browser would keep it.
func (h *house) exports(t *testing.T, tab *browsertest.Tab, dossier, person string) {
	tab.Go(dossier)
	tab.Follow(`button[value="html"]`)
	tab.Axe()
	sees(t, tab, "h1", "Tout ce que Passerelle sait")
	sees(t, tab, "body", "Exemple-Imaginaire-1")

	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	for _, form := range []struct {
		path   string
		values url.Values
	}{{"/connexion", url.Values{"compte": {"privacy-lr"}}}, {"/protection/personnes/" + person + "/export", url.Values{"format": {"json"}}}} {
		answer, err := browser.PostForm("http://"+h.address+form.path, form.values)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(form.path, answer.Status, err)
		}
		if form.path == "/connexion" {
			continue
		}
		var export struct {
			PersonID string `json:"person_id"`
			Facts    []any
		}
		if err := json.Unmarshal(raw, &export); err != nil || export.PersonID != person || len(export.Facts) < 2 {
			t.Errorf("%v: %+v", err, export)
		}
		if kept := answer.Header.Get("Content-Disposition"); kept != `attachment; filename="export.json"` {
			t.Error(kept)
		}
	}
}

func erasesAndUndoes(t *testing.T, tab, narrow *browsertest.Tab, dossier, reference string) {
	below, query, _ := strings.Cut(dossier, "?")
	looksRight(t, tab, narrow, below+"/effacer?"+query)
	sees(t, tab, "#cle-detruite", "Jusque-là, vous pouvez annuler")
	tab.Click(`input[value="error"]`)
	tab.Follow(eraseButton)
	if tab.Path() != "/protection/echeances?etat=requested" {
		t.Fatal(tab.Path(), tab.Text("main"))
	}
	sees(t, tab, "#annonce", "n’apparaît plus nulle part. La clé de ses données est détruite le")
	sees(t, tab, "table", "Elle a été enregistrée par erreur")
	looksRight(t, tab, narrow, "/protection/echeances?etat=requested")
	tab.Follow("tbody a")
	sees(t, tab, "h1", reference)
	looksRight(t, tab, narrow, tab.Path())
	tab.Follow(`form[action*="/retablir"] button`)
	sees(t, tab, "#annonce", "L’effacement est annulé")
	if tab.Count(`a[href*="/effacer"]`) != 1 || tab.Count(`form[action*="/retablir"]`) != 0 {
		t.Error(tab.Text("main"))
	}
}

// lendsFirst: who has a tablet is not erased before it is back, and the page says so.
func (h *house) lendsFirst(t *testing.T) {
	advisor, provider, equipment := h.as("advisor-34"), h.as("provider-a"), h.as("equipment-lr")
	equipment.post(http.StatusCreated, "/equipment/items", tablet("EX-0001"))
	session := provider.post(http.StatusCreated, "/sessions", workshop(5)).text("id")
	wishes := senior(2)
	wishes["needs"] = map[string]any{"loan_wanted": true}
	flag := advisor.post(http.StatusCreated, "/flags", wishes)
	advisor.learn(provider)
	referral := asks(advisor, flag.text("id"), session)
	provider.learn(advisor)
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+referral+"/accept", map[string]any{})
	var loans reply
	h.until(func() bool { loans = equipment.get("/equipment/loans"); return len(loans.items()) == 1 })
	loan, _ := loans.items()[0]["id"].(string)
	equipment.post(http.StatusOK, "/equipment/loans/"+loan+"/hand-over", map[string]any{"asset_tag": "EX-0001"})
	officer := h.as("privacy-lr")
	officer.learn(equipment)
	officer.do(http.StatusConflict, "DELETE", "/persons/"+flag.text("person_id"), nil)
	tab := h.at(t, "privacy-lr", browsertest.Faulty)
	tab.Go("/protection/personnes/" + flag.text("person_id") + "/effacer")
	tab.Follow(eraseButton)
	tab.Axe()
	sees(t, tab, "#erreurs", "Choisissez un motif")
	tab.Click(`input[value="request"]`)
	tab.Follow(eraseButton)
	sees(t, tab, "#erreurs", "Cette personne a encore une tablette")
}
