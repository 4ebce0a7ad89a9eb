package platform_test

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// inNeed flags somebody, and tells the identifier.
func inNeed(advisor *caller, number int) string {
	advisor.h.Helper()
	return advisor.post(http.StatusCreated, "/flags", senior(number)).text("id")
}

func asks(advisor *caller, flag, session string) string {
	advisor.h.Helper()
	return advisor.post(http.StatusCreated, "/referrals", map[string]any{"flag_id": flag, "session_id": session}).text("id")
}

// happened counts one kind of line of a referral's history.
func happened(c *caller, referral, what string) (n int) {
	c.h.Helper()
	history, _ := c.get("/referrals/" + referral).body["history"].([]any)
	for _, line := range history {
		if line.(map[string]any)["what"] == what {
			n++
		}
	}
	return n
}

func TestPagesFromTheRequestToTheSeat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	t.Run("by keyboard alone", func(t *testing.T) { walkByKeyboard(t, h) })
	t.Run("D4: from the flag over what is proposed to the workshop", func(t *testing.T) { walkFromTheOffers(t, h) })
	t.Run("without script", func(t *testing.T) { walkWithoutScript(t, h) })
	t.Run("a full session gives a rank", func(t *testing.T) { walkIntoTheWaitingList(t, h) })
	t.Run("no, with a reason", func(t *testing.T) { walkToANo(t, h) })
	t.Run("taken back", func(t *testing.T) { walkBack(t, h) })
	t.Run("two clicks are one yes", func(t *testing.T) { clickTwice(t, h) })
	t.Run("too late", func(t *testing.T) { answerTooLate(t, h) })
	t.Run("each page is usable", func(t *testing.T) { lookAtAll(t, h) })
	t.Run("no name is kept between two pages", func(t *testing.T) { keepsNoName(t, h) })
	t.Run("a part of a page for the script", func(t *testing.T) { askForAPart(t, h) })
}

func walkByKeyboard(t *testing.T, h *house) {
	session := h.as("provider-a").post(http.StatusCreated, "/sessions", named("Atelier du clavier", 1)).text("id")
	flag := inNeed(h.as("advisor-34"), 101)

	advisor := h.at(t, "advisor-34")
	advisor.Go("/signalements/" + flag + "/orienter")
	advisor.TabTo("Atelier du clavier, " + advisor.Text(`label:has(strong)`)[len("Atelier du clavier, "):])
	advisor.Press("Space")
	advisor.TabTo("Demander une place")
	advisor.Load(func() { advisor.Press("Enter") })
	advisor.WaitForText("#reponse", "Une place est gardée pour vous jusqu’au")

	provider := h.at(t, "provider-a")
	provider.TabTo("Demandes")
	provider.Load(func() { provider.Press("Enter") })
	provider.TabTo("Accepter : EXEMPLE-IMAGINAIRE-101 Zénobie")
	provider.Load(func() { provider.Press("Enter") })
	sees(t, provider, "#annonce", "Place attribuée à EXEMPLE-IMAGINAIRE-101 Zénobie.")

	advisor.Go(advisor.Path())
	sees(t, advisor, "#orientation .psl-status", "Inscrite")
	sees(t, advisor, "#reponse", "Votre inscription est confirmée : l’atelier commence le")
	provider.Go("/ateliers/" + session)
	sees(t, provider, "table", "EXEMPLE-IMAGINAIRE-101 Zénobie")
}

// walkFromTheOffers: what suits stands there with its reasons, and one button asks for the seat, without script and by keyboard.
func walkFromTheOffers(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier proposé", 3)).text("id")
	older := named("Atelier des doyens", 3)
	older["audience"] = map[string]any{"age_minimum": 99, "gir": nil}
	provider.post(http.StatusCreated, "/sessions", older)
	advisor.learn(provider)

	plain := h.at(t, "advisor-34", browsertest.NoScript)
	plain.Go("/signalements/" + inNeed(advisor, 120) + "/propositions")
	sees(t, plain, "#propositions", "Atelier proposé")
	sees(t, plain, "#propositions", "Dans la commune de la personne")
	sees(t, plain, "#propositions", "Une place est gardée dès la demande")
	plain.Click("#ecartees summary")
	sees(t, plain, "#ecartees", "La personne n’a pas l’âge demandé")
	plain.Follow(`form:has(input[value="` + session + `"]) button`)
	if !strings.HasPrefix(plain.Path(), "/orientations/") {
		t.Error("asked for, it leads to", plain.Path())
	}

	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 800))
	flag := inNeed(advisor, 121)
	tab.Go("/signalements/" + flag)
	tab.TabTo("Orienter")
	tab.Load(func() { tab.Press("Enter") })
	looksRight(t, tab, narrow, "/signalements/"+flag+"/propositions")
	sees(t, tab, "figure", "Les distances sont à vol d’oiseau")
	tab.TabTo("Ce qui ne convient pas, et pourquoi")
}

// named is a session with a title of its own.
func named(title string, capacity int) map[string]any {
	plan := workshop(capacity)
	plan["title"] = title
	return plan
}

func sees(t testing.TB, tab *browsertest.Tab, selector, text string) {
	t.Helper()
	if got := tab.Text(selector); !strings.Contains(got, text) {
		t.Errorf("%s shows %q, not %q", tab.Path(), got, text)
	}
}

func walkWithoutScript(t *testing.T, h *house) {
	session := h.as("provider-a").post(http.StatusCreated, "/sessions", named("Atelier sans script", 1)).text("id")
	flag := inNeed(h.as("advisor-34"), 102)

	advisor := h.at(t, "advisor-34", browsertest.NoScript)
	advisor.Go("/signalements/" + flag + "/orienter")
	advisor.Click(`input[value="` + session + `"]`)
	advisor.Follow("main form[method=post] button")
	for strings.Contains(advisor.Text("#reponse"), "arrive dans un instant") { // the session has not spoken yet
		advisor.Follow("#reponse a")
	}
	sees(t, advisor, "#reponse", "Une place est gardée pour vous jusqu’au")

	provider := h.at(t, "provider-a", browsertest.NoScript)
	provider.Go("/demandes")
	provider.Follow(`form[action^="/demandes/` + session + `/"] button`)
	sees(t, provider, "#annonce", "Place attribuée à EXEMPLE-IMAGINAIRE-102 Zénobie.")

	advisor.Go(advisor.Path())
	sees(t, advisor, "#orientation .psl-status", "Inscrite")
}

func walkIntoTheWaitingList(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier complet", 1)).text("id")
	first := asks(advisor, inNeed(advisor, 103), session)
	provider.learn(advisor)
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+first+"/accept", "{}")

	tab := h.at(t, "advisor-34")
	tab.Go("/signalements/" + inNeed(advisor, 104) + "/orienter")
	sees(t, tab, "form.psl-filters ~ form", "Complet, personne n’attend")
	tab.Click(`input[value="` + session + `"]`)
	tab.Follow("main form[method=post] button")
	tab.WaitForText("#reponse", "vous serez au 1er rang de la liste d’attente")

	answer := h.at(t, "provider-a")
	answer.Go("/demandes")
	answer.Follow(`form[action^="/demandes/` + session + `/"] button`)
	sees(t, answer, "#annonce", "EXEMPLE-IMAGINAIRE-104 Zénobie est au 1er rang de la liste d’attente.")
	tab.Go(tab.Path())
	sees(t, tab, "#reponse", "vous êtes au 1er rang de la liste d’attente")
}

func walkToANo(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier refusé", 1)).text("id")
	referral := asks(advisor, inNeed(advisor, 105), session)

	tab := h.at(t, "partnership-lr")
	tab.Go("/demandes")
	tab.Select("#champ-prestataire", "Centre social Exemple-Nord")
	tab.Follow("form.psl-filters button")
	tab.Follow(`a[href^="/demandes/` + session + `/"]`)
	tab.Follow("main form button")
	if tab.Status() != http.StatusUnprocessableEntity || !strings.HasPrefix(tab.Title(), "Erreur :") || tab.Focused().Selector != "div#erreurs" {
		t.Errorf("%d, %q, focus on %s", tab.Status(), tab.Title(), tab.Focused())
	}
	tab.Click(`input[value="other"]`)
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "Précisez le motif")
	if tab.Count(`input[value="other"]:checked`) != 1 {
		t.Error("the chosen reason is lost")
	}
	tab.Axe()
	picture(tab, "refuser-erreur")
	tab.Fill("#champ-message", "La salle ferme pour travaux")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "La demande est refusée : EXEMPLE-IMAGINAIRE-105 Zénobie.")
	if tab.Path() != "/demandes?prestataire=provider-a" {
		t.Errorf("it goes on at %s", tab.Path())
	}

	told := h.at(t, "advisor-34")
	told.Go("/orientations/" + referral)
	sees(t, told, "#reponse", "ne peut pas vous accueillir dans cet atelier : pour une autre raison.")
	sees(t, told, "#reponse", "La salle ferme pour travaux")
	sees(t, told, "#orientation", "Chercher un autre atelier")
	told.Axe()
}

func walkBack(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier rendu", 1)).text("id")
	referral := asks(advisor, inNeed(advisor, 106), session)

	tab := h.at(t, "advisor-34")
	tab.Go("/orientations/" + referral)
	tab.Follow(`a[href$="/retirer"]`)
	tab.Follow("main form button")
	if tab.Status() != http.StatusUnprocessableEntity || tab.Text("#erreurs a") != "Choisissez un motif" {
		t.Errorf("%d, %q", tab.Status(), tab.Text("#erreurs"))
	}
	tab.Axe()
	tab.Click(`input[value="date"]`)
	tab.Follow("main form button")
	sees(t, tab, "#reponse", "Cette demande a été retirée : la date ne convient pas.")

	tab.Go("/orientations/" + referral + "/retirer") // once more, from an old page
	tab.Click(`input[value="health"]`)
	tab.Follow("main form button")
	sees(t, tab, "#reponse", "la date ne convient pas")
}

func clickTwice(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	for i, options := range [][]browsertest.Option{nil, {browsertest.NoScript}} {
		session := provider.post(http.StatusCreated, "/sessions", named("Atelier deux fois", 1)).text("id")
		referral := asks(advisor, inNeed(advisor, 107+i), session)
		tab := h.at(t, "provider-a", options...)
		tab.Go("/demandes")
		tab.Load(func() { tab.DoubleClick(`form[action$="/` + referral + `/accepter"] button`) })
		h.until(func() bool { return advisor.get("/referrals/"+referral).text("status") == "enrolled" })
		if n := happened(advisor, referral, "seat_taken"); n != 1 {
			t.Errorf("%d seats taken", n)
		}
	}
}

func answerTooLate(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier trop tard", 1)).text("id")
	referral := asks(advisor, inNeed(advisor, 109), session)
	tab := h.at(t, "provider-a", browsertest.Faulty) // a refusal is a failed request in the console
	tab.Go("/demandes")
	advisor.post(http.StatusOK, "/referrals/"+referral+"/withdraw", map[string]any{"reason": "date"})
	h.until(func() bool { return happened(advisor, referral, "request_withdrawn") == 1 })
	tab.Follow(`form[action$="/` + referral + `/accepter"] button`)
	sees(t, tab, "#erreurs", "Cette demande n’est plus ouverte")
	if tab.Status() != http.StatusConflict {
		t.Errorf("status %d", tab.Status())
	}
	tab.Axe()
}

func lookAtAll(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier regardé", 2)).text("id")
	flag, referral := inNeed(advisor, 110), asks(advisor, inNeed(advisor, 111), session)
	seated := asks(advisor, inNeed(advisor, 112), session)
	provider.learn(advisor)
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+seated+"/accept", "{}")

	small := browsertest.Viewport(320, 800)
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", small)
	for _, path := range []string{
		"/signalements/" + flag + "/propositions", "/signalements/" + flag + "/orienter", "/signalements/" + flag + "/orienter?ou=partout&libre=oui&mode=video", "/orientations", "/orientations?etat=enrolled",
		"/orientations/" + referral, "/orientations/" + seated, "/orientations/" + referral + "/retirer", "/ateliers?etat=open", "/ateliers/" + session,
	} {
		looksRight(t, tab, narrow, path)
	}
	tab.Go("/orientations?etat=enrolled")
	sees(t, tab, "table", "Atelier regardé")
	tab.Go("/signalements/" + flag + "/orienter")
	tab.Follow("main form[method=post] button")
	if tab.Status() != http.StatusUnprocessableEntity || tab.Focused().Selector != "div#erreurs" {
		t.Errorf("%d, the focus is on %s", tab.Status(), tab.Focused())
	}
	tab.Axe()

	tab, narrow = h.at(t, "provider-a"), h.at(t, "provider-a", small)
	for _, path := range []string{"/demandes", "/demandes/" + session + "/" + referral + "/refuser", "/ateliers?de=tous", "/ateliers/" + session} {
		looksRight(t, tab, narrow, path)
	}
	sees(t, tab, "table", "04 65 71")
}

func askForAPart(t *testing.T, h *house) {
	advisor := h.as("advisor-34")
	session := h.as("provider-a").post(http.StatusCreated, "/sessions", named("Atelier en partie", 1)).text("id")
	referral := asks(advisor, inNeed(advisor, 113), session)
	part := h.browser(t, "advisor-34").get(t, "/orientations/"+referral, "HX-Request", "true")
	if strings.Contains(part, "<html") || !strings.Contains(part, "Une place est gardée pour vous") {
		t.Errorf("the part is %s", part)
	}
}

// keepsNoName: the sentence after a yes has a name in it; between the two requests nothing of it is stored.
func keepsNoName(t *testing.T, h *house) {
	advisor := h.as("advisor-34")
	session := h.as("provider-a").post(http.StatusCreated, "/sessions", named("Atelier discret", 1)).text("id")
	referral := asks(advisor, inNeed(advisor, 114), session)
	b := h.browser(t, "provider-a")
	b.get(t, "/demandes")
	b.post(t, "/demandes/"+session+"/"+referral+"/accepter", url.Values{"cle": {"une-seule-fois"}})
	var kept string
	if err := h.database().QueryRow(t.Context(), "select coalesce(string_agg(encode(data, 'escape'), ' '), '') from portal.session").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(kept, "EXEMPLE-IMAGINAIRE") || !strings.Contains(kept, referral) {
		t.Errorf("the sessions hold %s", kept)
	}
	if !strings.Contains(kept, "workshop:") {
		t.Errorf("the next page does not know what this one wrote: %s", kept)
	}
	if page := b.get(t, "/demandes"); !strings.Contains(page, "Place attribuée à EXEMPLE-IMAGINAIRE-114 Zénobie.") {
		t.Errorf("the next page does not say it: %s", page)
	}
}

// browser sends what a browser without a screen would; it follows no redirect.
type browser struct {
	*http.Client

	address string
}

func (h *house) browser(t *testing.T, account string) browser {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	b := browser{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, "http://" + h.address}
	b.signIn(t, account)
	return b
}

// signIn goes to the issuer and comes back, as a browser does by itself.
func (b browser) signIn(t *testing.T, account string) {
	t.Helper()
	response, err := b.PostForm(b.address+"/connexion", url.Values{"compte": {account}})
	for n := 0; err == nil && n < 3; n++ { // to the issuer, back, and in
		response.Body.Close()
		to, away := response.Location()
		if away != nil || response.StatusCode != http.StatusSeeOther {
			t.Fatalf("sign-in: %s %v", response.Status, away)
		}
		response, err = b.Get(to.String())
	}
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("sign-in: %v %v", response, err)
	}
	response.Body.Close()
}

func (b browser) post(t *testing.T, path string, values url.Values) {
	t.Helper()
	response, err := b.PostForm(b.address+path, values)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		t.Fatalf("POST %s: %d", path, response.StatusCode)
	}
}

func (b browser) get(t *testing.T, path string, headers ...string) string {
	t.Helper()
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, b.address+path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %d %v", path, response.StatusCode, err)
	}
	return html.UnescapeString(string(body))
}
