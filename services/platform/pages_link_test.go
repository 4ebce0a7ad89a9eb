package platform_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestPagesOfASignedLink: a provider without an account answers by what it was sent.
func TestPagesOfASignedLink(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier du lien", 4)).text("id")
	advisor.learn(provider)

	address := linkOf(t, h, asks(advisor, inNeed(advisor, 701), session))
	code := codeOf(t, h, session)
	t.Run("from the link to the seat", func(t *testing.T) { walkByLink(t, h, address, code) })
	t.Run("a no without script", func(t *testing.T) {
		sayNoByLink(t, h, linkOf(t, h, asks(advisor, inNeed(advisor, 702), session)), code)
	})
	t.Run("locked, and asked for anew", func(t *testing.T) {
		referral := asks(advisor, inNeed(advisor, 703), session)
		lockTheLink(t, h, linkOf(t, h, referral), referral)
	})
	t.Run("machines that open every link", func(t *testing.T) {
		referral := asks(advisor, inNeed(advisor, 704), session)
		openAsMachinesDo(t, h, linkOf(t, h, referral), advisor, referral)
	})
	t.Run("no log and no figure has it", func(t *testing.T) {
		token := strings.TrimPrefix(address, "/l/")
		for name, text := range map[string]string{"log": h.log.String(), "metrics": said(t, h, "/metrics")} {
			if strings.Contains(text, token) || strings.Contains(text, code) {
				t.Errorf("the %s has what opens a link", name)
			}
			if !strings.Contains(text, "/api/v1/links/") {
				t.Errorf("the %s does not say that links were opened", name)
			}
		}
	})
}

// linkOf makes a link on the page of the desk, and gives its path.
func linkOf(t *testing.T, h *house, referral string) string {
	t.Helper()
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 800))
	tab.Go("/orientations/" + referral)
	tab.Follow(`a[href$="/lien"]`)
	looksRight(t, tab, narrow, "/orientations/"+referral+"/lien")
	tab.Follow(`form[action$="/lien"] button`)
	tab.Axe()
	_, path, found := strings.Cut(tab.Text("#lien"), "/l/")
	if !found {
		t.Fatal("there is no link:", tab.Text("main"))
	}
	return "/l/" + strings.TrimSpace(path)
}

// codeOf reads the paper of the workshop.
func codeOf(t *testing.T, h *house, session string) string {
	t.Helper()
	tab, narrow := h.at(t, "partnership-lr"), h.at(t, "partnership-lr", browsertest.Viewport(320, 800))
	looksRight(t, tab, narrow, "/ateliers/"+session+"/code")
	return tab.Text("#code")
}

func walkByLink(t *testing.T, h *house, address, code string) {
	tab, narrow := browsertest.Open(t, "http://"+h.address), browsertest.Open(t, "http://"+h.address, browsertest.Viewport(320, 800))
	looksRight(t, tab, narrow, address)
	sees(t, tab, "h1", "Une demande attend votre réponse")
	if strings.Contains(tab.Text("body"), "EXEMPLE") {
		t.Error("who has no code learns a name")
	}
	tab.Fill("#champ-code", strings.ToLower(code))
	tab.Follow(`form[action$="/code"] button`)
	sees(t, tab, "h1", "EXEMPLE-IMAGINAIRE-701 Zénobie")
	tab.Axe()
	tab.Follow(`form[action$="/reponse"] button`)
	sees(t, tab, "#erreurs", "Choisissez votre réponse")
	tab.Axe()
	tab.Click(`input[value="accept"]`)
	tab.Follow(`form[action$="/reponse"] button`)
	for range 2 { // and when it is opened again
		sees(t, tab, "main", "Vous avez accepté cette demande : une place est attribuée")
		sees(t, tab, "main", "par ce lien")
		sees(t, tab, "main", "Créer votre compte")
		if tab.Count("form[action$='/code']") != 0 || strings.Contains(tab.Text("main"), "EXEMPLE") {
			t.Error("what is decided asks or tells more")
		}
		tab.Go(address)
	}
	tab.Axe()
}

func sayNoByLink(t *testing.T, h *house, address, code string) {
	tab := browsertest.Open(t, "http://"+h.address, browsertest.NoScript)
	tab.Go(address)
	tab.Fill("#champ-code", code)
	tab.Follow(`form[action$="/code"] button`)
	tab.Click(`input[value="decline"]`)
	tab.Follow(`form[action$="/reponse"] button`)
	sees(t, tab, "#erreurs", "Choisissez un motif")
	tab.Select("#champ-motif", "Dates")
	tab.Follow(`form[action$="/reponse"] button`)
	sees(t, tab, "main", "Vous avez refusé cette demande")
}

func lockTheLink(t *testing.T, h *house, address, referral string) {
	tab := browsertest.Open(t, "http://"+h.address)
	tab.Go(address)
	for range 5 {
		tab.Fill("#champ-code", "222-222")
		tab.Follow(`form[action$="/code"] button`)
	}
	sees(t, tab, "h1", "Ce lien est bloqué")
	tab.Axe()
	tab.Follow(`form[action$="/nouveau"] button`)
	sees(t, tab, "main", "Un nouveau lien a été demandé")
	if strings.Count(tab.Text("main"), "/l/") != 0 {
		t.Error("a stranger is shown the new link")
	}
	desk := h.at(t, "advisor-34")
	desk.Go("/orientations/" + referral)
	sees(t, desk, "#orientation", "Le prestataire demande un nouveau lien")
	if next := linkOf(t, h, referral); next == address {
		t.Error("the new link is the old one")
	}
	tab.Go(address)
	sees(t, tab, "h1", "Un lien plus récent existe")
}

func openAsMachinesDo(t *testing.T, h *house, address string, advisor *caller, referral string) {
	for _, path := range []string{"", "/code", "/reponse", "/nouveau"} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r := h.knock(door{method, address + path}, "", "User-Agent", "ExampleScanner/1.0")
			if path == "" && method == http.MethodGet && (r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("X-Robots-Tag") != "noindex, nofollow" || len(r.Cookies()) > 0) {
				t.Error(method, r.Status, r.Header)
			}
		}
	}
	if r := h.knock(door{http.MethodGet, "/l/guessedguessedguessedguessed"}, ""); r.StatusCode != http.StatusNotFound {
		t.Error(r.Status)
	}
	if got := advisor.get("/referrals/" + referral); got.text("status") != "requested" {
		t.Error("a look has decided:", got.text("status"))
	}
}

func said(t *testing.T, h *house, path string) string {
	t.Helper()
	r := h.knock(door{http.MethodGet, path}, "")
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPagesOfANewProvider: registered, and its first person invited, in one go.
func TestPagesOfANewProvider(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	tab, narrow := h.at(t, "partnership-lr"), h.at(t, "partnership-lr", browsertest.Viewport(320, 800))
	looksRight(t, tab, narrow, "/prestataires/nouveau")
	tab.Follow(`form[action="/prestataires/nouveau"] button`)
	sees(t, tab, "#erreurs", "Nom")
	tab.Axe()
	tab.Fill("#champ-nom", "Tiers-lieu Exemple")
	tab.Fill("#champ-insee", "34172")
	tab.Fill("#champ-courriel", "accueil@tiers-lieu.example")
	tab.Follow(`form[action="/prestataires/nouveau"] button`)
	sees(t, tab, "#annonce", "Le prestataire est enregistré")
	path := tab.Path()
	looksRight(t, tab, narrow, path)
	if tab.Value("#champ-courriel") != "accueil@tiers-lieu.example" {
		t.Error("the address is asked for again")
	}
	tab.Follow(`form[action="` + path + `"] button`)
	sees(t, tab, "#erreurs", "Nom")
	tab.Fill("#champ-nom", "Zélie Fictif")
	tab.Follow(`form[action="` + path + `"] button`)
	sees(t, tab, "#annonce", "L’invitation est enregistrée")
	advisor := h.at(t, "advisor-34", browsertest.Faulty)
	if advisor.Go("/prestataires/nouveau"); advisor.Status() != http.StatusForbidden {
		t.Error("an advisor registers providers:", advisor.Status())
	}
}
