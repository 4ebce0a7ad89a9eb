package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestP3_APlaceAnswersByALinkOnPages: the desk makes the link, the place opens it without an account, gives the code and says
// what came of it; its page and the desk's say so then.
func TestP3_APlaceAnswersByALinkOnPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	place := h.as("partnership-lr").post(http.StatusCreated, "/places", map[string]any{
		"name": "Espace Exemple", "insee": "34172", "emails": []string{"accueil@lieu.example"}, "access": []string{"Contacter par mail"},
	}).text("id")
	given := advisor.post(http.StatusCreated, "/referrals", map[string]any{"flag_id": inNeed(advisor, 460), "place_id": place}).text("id")

	desk := h.at(t, "advisor-34")
	desk.Go("/orientations/" + given)
	desk.Follow("#lien-lieu")
	looksRight(t, desk, h.at(t, "advisor-34", browsertest.Viewport(320, 800)), desk.Path())
	sees(t, desk, "main", "accueil@lieu.example")
	desk.Follow("main form button")
	desk.Axe()
	picture(desk, "orientations/lien-lieu-cree")
	_, token, found := strings.Cut(desk.Text("#lien"), "/a/")
	code := strings.Fields(strings.TrimPrefix(desk.Text("#code"), "Code"))[0]
	if !found || len(code) != 7 {
		t.Fatalf("no link or no code: %s %s", desk.Text("#lien"), desk.Text("#code"))
	}
	path := "/a/" + strings.TrimSpace(token)

	tab, narrow := browsertest.Open(t, "http://"+h.address), browsertest.Open(t, "http://"+h.address, browsertest.Viewport(320, 800))
	looksRight(t, tab, narrow, path)
	sees(t, tab, "h1", "Une personne retraitée vous a été adressée")
	if strings.Contains(strings.ToUpper(tab.Text("body")), "IMAGINAIRE") {
		t.Error("a link names somebody")
	}
	strange := browsertest.Open(t, "http://"+h.address, browsertest.Faulty)
	strange.Go(path)
	strange.Fill("#champ-code", "222-222")
	strange.Follow("main form button")
	sees(t, strange, "#erreurs", "Code")
	strange.Axe()
	strange.Go("/a/guessedguessedguessedguessed")
	if strange.Status() != http.StatusNotFound {
		t.Error(strange.Status())
	}

	plain := browsertest.Open(t, "http://"+h.address, browsertest.NoScript, browsertest.Faulty)
	plain.Go(path)
	plain.Fill("#champ-code", strings.ToLower(code))
	plain.Follow("main form button")
	sees(t, plain, "main", "Référence de la lettre de la personne")
	plain.Follow("main form button")
	sees(t, plain, "#erreurs", "Choisissez votre réponse")
	plain.Click(`input[name="resultat"][value="not_helped"]`)
	plain.Follow("main form button")
	sees(t, plain, "h1", "Nous savons ce qu’il en est")
	sees(t, plain, "main", "nous n’avons pas pu l’aider")
	tab.Go(path)
	sees(t, tab, "h1", "Nous savons ce qu’il en est")

	desk.Go("/orientations/" + given)
	sees(t, desk, "main", "Le lieu, par son lien")
	if desk.Count("#lien-lieu") != 0 {
		t.Error("a link is offered for what is known")
	}
}
