package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestTheDesksPages: the day's list, what is done under a flag, alerts, drafts, what is only counted, and paper.
func TestTheDesksPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	id := advisor.post(http.StatusCreated, "/flags", senior(1)).text("id")
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	t.Run("are usable by everybody", func(t *testing.T) {
		for _, path := range []string{"/aujourdhui", "/alertes", "/brouillons", "/signalements/refus", "/renseignements", "/signalements/fiche-papier", "/signalements/saisie-rapide"} {
			looksRight(t, tab, narrow, path)
		}
		for _, act := range []string{"souhait", "aide-sur-place", "alerter", "transferer", "clore", "rouvrir"} {
			looksRight(t, tab, narrow, "/signalements/"+id+"/"+act)
		}
	})
	t.Run("the day's list leads to what is to be done", func(t *testing.T) {
		tab.Go("/aujourdhui")
		sees(t, tab, "tbody", "Orienter la personne")
		sees(t, tab, "tbody", "Agence de Montpellier")
		tab.Follow(`tbody td a`)
		if tab.Path() != "/signalements/"+id+"/propositions" {
			t.Error(tab.Path())
		}
	})
	t.Run("nothing suits, then closed, then opened again", func(t *testing.T) { closesAndReopens(t, h, id) })
	t.Run("a draft is kept and taken up", func(t *testing.T) { keepsADraft(t, h) })
	t.Run("counted, and nothing kept", func(t *testing.T) { onlyCounts(t, h) })
	t.Run("from paper", func(t *testing.T) { typesFromPaper(t, h) })
	t.Run("a letter is printed and leaves", func(t *testing.T) { writesToSomebody(t, h) })
	t.Run("an alert is answered", func(t *testing.T) { answersAnAlert(t, h) })
}

// writesToSomebody who has a seat and neither mobile nor e-mail: the line of the day leads to the letter, and is gone once it is sent.
func writesToSomebody(t *testing.T, h *house) {
	provider, advisor := h.as("provider-a"), h.as("advisor-34")
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier écrit", 2)).text("id")
	advisor.learn(provider)
	seated := asks(advisor, inNeed(advisor, 130), session)
	provider.learn(advisor)
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+seated+"/accept", "{}")
	h.until(func() bool {
		answer, err := advisor.try(http.MethodGet, "/letters/"+seated+".1", nil)
		return err == nil && answer.status == http.StatusOK
	})
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/orientations/"+seated+"/courrier")
	looksRight(t, tab, narrow, "/courriers/"+seated+".1")
	tab.Go("/aujourdhui")
	sees(t, tab, "tbody", "Imprimer et envoyer une lettre")
	tab.Follow(`tbody a[href^="/courriers/"]`)
	sees(t, tab, "main", "Votre place à l’atelier « Atelier écrit » est réservée.")
	sees(t, tab, "#destinataire", "3 impasse de l'Invention")
	tab.Follow(`main form button`)
	if tab.Path() != "/aujourdhui" {
		t.Fatal(tab.Status(), tab.Text("main"))
	}
	sees(t, tab, "#annonce", "noté comme envoyé")
	if text := tab.Text("main"); strings.Contains(text, "Imprimer et envoyer une lettre") {
		t.Error("the line stands there still:", text)
	}
}

func closesAndReopens(t *testing.T, h *house, id string) {
	tab := h.at(t, "advisor-34", browsertest.Faulty)
	tab.Go("/signalements/" + id + "/souhait")
	tab.Click(`input[name=competences]`)
	tab.Fill("#champ-distance", "15")
	tab.Follow(`main form button`)
	sees(t, tab, "main", "À moins de 15")
	tab.Go("/signalements/" + id + "/aide-sur-place")
	tab.Follow(`main form button`)
	tab.Axe()
	tab.Click(`input[name=genre]`)
	tab.Click(`input[name=moyen]`)
	tab.Follow(`main form button`)
	sees(t, tab, "main", "Fait avec la personne")
	tab.Go("/signalements/" + id + "/clore")
	tab.Follow(`main form button`)
	if tab.Status() != http.StatusUnprocessableEntity {
		t.Error("closed without an outcome:", tab.Status())
	}
	tab.Axe()
	tab.Click(`input[name=issue]`)
	tab.Follow(`main form button`)
	sees(t, tab, "main", "La personne se débrouille seule")
	tab.Axe()
	tab.Go("/signalements/" + id + "/rouvrir")
	tab.Fill("#champ-raison", "Elle a rappelé")
	tab.Follow(`main form button`)
	sees(t, tab, "#annonce", "de nouveau ouvert")
}

func keepsADraft(t *testing.T, h *house) {
	tab := h.at(t, "advisor-34")
	tab.Go("/signalements/nouveau")
	sees(t, tab, "main", "À lire à la personne")
	tab.Fill("#champ-nom", "Exemple-Brouillon")
	tab.Fill("#champ-naissance-mois", "févr")
	tab.Follow(`button[value=brouillon]`)
	sees(t, tab, "tbody", "EXEMPLE-BROUILLON")
	tab.Axe()
	tab.Follow(`tbody a`)
	lookedAt(tab.Path())
	tab.Axe()
	if tab.Value("#champ-nom") != "Exemple-Brouillon" || tab.Value("#champ-naissance-mois") != "févr" {
		t.Error("the draft lost what was typed")
	}
	tab.Go("/brouillons")
	tab.Follow(`form[action$="/supprimer"] button`)
	sees(t, tab, "main", "Vous n’avez pas de brouillon")
}

func onlyCounts(t *testing.T, h *house) {
	tab := h.at(t, "advisor-34", browsertest.Faulty)
	tab.Go("/signalements/refus")
	tab.Follow(`main form button`)
	sees(t, tab, "#annonce", "Le refus est compté")
	tab.Go("/renseignements")
	tab.Follow(`main form button`)
	tab.Axe()
	tab.Fill("#champ-commune", "34000")
	tab.Click(`input[name=objet]`)
	tab.Follow(`main form button`)
	sees(t, tab, "#annonce", "La demande est comptée")
}

func typesFromPaper(t *testing.T, h *house) {
	tab := h.at(t, "advisor-34")
	tab.Go("/signalements/saisie-rapide")
	tab.Fill("#champ-nom", "Exemple-Papier")
	tab.Fill("#champ-prenom", "Camille")
	tab.Fill("#champ-naissance-annee", "1951")
	tab.Fill("#champ-telephone", "04 65 71 00 78")
	tab.Select("#champ-orientation", "Oui")
	tab.Follow(`.psl-quick button[type=submit]:not([value])`)
	if tab.Path() != "/signalements/saisie-rapide" {
		t.Fatal(tab.Path(), tab.Text("main"))
	}
	sees(t, tab, "#annonce", "enregistré")
}

func answersAnAlert(t *testing.T, h *house) {
	flag := h.as("advisor-58").post(http.StatusCreated, "/flags", observedAt(50)).text("id")
	author := h.at(t, "advisor-58")
	author.Go("/signalements/" + flag + "/alerter")
	author.Select("#champ-vers", "Service social, unité Côte-d'Or")
	author.Click(`input[name=sujet]`)
	author.Click(`input[name=d_accord]`)
	author.Follow(`main form button`)
	sees(t, author, "#annonce", "L’alerte est envoyée")

	tab, narrow := h.at(t, "advisor-21"), h.at(t, "advisor-21", browsertest.Viewport(320, 700))
	tab.Go("/alertes")
	tab.Axe()
	tab.Follow(`.govuk-summary-card a`)
	looksRight(t, tab, narrow, tab.Path())
	tab.Click(`input[name=reponse][value=done]`)
	tab.Fill("#champ-fait", "Rendez-vous donné")
	tab.Follow(`main form[method=post] button`)
	author.Go("/alertes?sens=out")
	sees(t, author, "main", "Rendez-vous donné")
}
