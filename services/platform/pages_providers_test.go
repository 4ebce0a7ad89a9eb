package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestProvidersOnPages: what they can do and since when, their labels and networks stand on their page and beside what is offered.
func TestProvidersOnPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	officer, advisor := h.as("partnership-lr"), h.as("advisor-34")
	id := officer.post(http.StatusCreated, "/providers", map[string]any{"name": "Tiers-lieu Exemple-Garrigue", "insee": "34172", "phone": "04 65 71 34 90"}).text("id")
	officer.post(http.StatusOK, "/providers/"+id+"/amend", map[string]any{
		"name": "Tiers-lieu Exemple-Garrigue", "insee": "34172", "phone": "04 65 71 34 90", "networks": []string{"FCSF"},
		"abilities": []any{map[string]any{"kind": "equipment", "since": "2020-09-15"}, map[string]any{"kind": "remote_skills", "skill": "internet", "since": "2021-02-01"}},
	})
	officer.post(http.StatusOK, "/providers/"+id+"/labels", map[string]any{"label": "autonomie_numerique", "version": "2019", "from": "2021-01-01"})
	session := named("Atelier du tiers-lieu", 6)
	session["provider_id"] = id
	officer.post(http.StatusCreated, "/sessions", session)
	flag := inNeed(advisor, 760)

	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	t.Run("in the list", func(t *testing.T) {
		for range 100 {
			if tab.Go("/prestataires?reseau=fcsf&capacite=equipment&label=autonomie_numerique"); tab.Count("tbody tr") == 1 {
				break
			}
		}
		sees(t, tab, "tbody", "équiper les personnes (depuis le 15 septembre 2020)")
		sees(t, tab, "tbody", "Autonomie numérique, critères de 2019")
		looksRight(t, tab, narrow, "/prestataires?reseau=fcsf&capacite=equipment&label=autonomie_numerique")
	})
	t.Run("on its page", func(t *testing.T) {
		tab.Follow("tbody th a")
		sees(t, tab, "main", "Animer à distance")
		sees(t, tab, "main", "depuis le 1er février 2021")
		sees(t, tab, "main", "Réseaux : FCSF")
		looksRight(t, tab, narrow, tab.Path())
	})
	t.Run("beside its session among the offers", func(t *testing.T) {
		for range 100 {
			if tab.Go("/signalements/" + flag + "/propositions"); tab.Count("main li") > 0 {
				break
			}
		}
		sees(t, tab, "main", "Le prestataire : équiper les personnes, depuis le 15 septembre 2020")
		sees(t, tab, "main", "Le prestataire a le label « Autonomie numérique, critères de 2019 »")
		tab.Axe()
	})
	t.Run("it is corrected, labelled and closed", func(t *testing.T) {
		desk, small := h.at(t, "partnership-lr", browsertest.Faulty), h.at(t, "partnership-lr", browsertest.Viewport(320, 700))
		path := "/prestataires/" + id
		looksRight(t, desk, small, path+"/corriger")
		desk.Fill("#champ-nom", "")
		desk.Fill("#champ-capacite-2-depuis", "31")
		desk.Follow("main form button")
		sees(t, desk, "#erreurs", "Nom : à renseigner")
		sees(t, desk, "#erreurs", "Depuis le : indiquez une date qui existe")
		desk.Axe()
		desk.Fill("#champ-nom", "Tiers-lieu Exemple-Garrigue")
		desk.Fill("#champ-reseaux", "FCSF, Réseau Imaginaire")
		desk.Click(`input[name=relais]`)
		desk.Select("#champ-capacite-0", "Rien")
		desk.Select("#champ-capacite-2", "Équipe formée")
		desk.Fill("#champ-capacite-2-depuis", "1")
		desk.Fill("#champ-capacite-2-depuis-mois", "3")
		desk.Fill("#champ-capacite-2-depuis-annee", "2022")
		desk.Follow("main form button")
		sees(t, desk, "#annonce", "La fiche du prestataire est corrigée.")
		for _, said := range []string{"Structure relais", "Équipe formée", "depuis le 1er mars 2022", "Réseaux : FCSF, Réseau Imaginaire", "Animer à distance"} {
			sees(t, desk, "main", said)
		}
		if text := desk.Text("main"); strings.Contains(text, "Équiper les personnes") {
			t.Error("what was taken away is still there:", text)
		}
		looksRight(t, desk, small, path+"/label")
		sees(t, desk, "main", "Méthode d'évaluation avant et après chaque atelier")
		desk.Follow("main form button")
		sees(t, desk, "#erreurs", "À partir du : à renseigner")
		desk.Axe()
		desk.Fill("#champ-du", "1")
		desk.Fill("#champ-du-mois", "1")
		desk.Fill("#champ-du-annee", "2023")
		desk.Follow("main form button")
		sees(t, desk, "#annonce", "Le label est noté.")
		sees(t, desk, "main", "depuis le 1er janvier 2023")
		looksRight(t, desk, small, path+"/fermer")
		desk.Follow("main form button")
		sees(t, desk, "#erreurs", "Pourquoi : à choisir")
		desk.Axe()
		strange, narrow := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Viewport(320, 700), browsertest.Faulty)
		for _, closed := range []string{"/corriger", "/label", "/fermer"} {
			stands(t, strange, narrow, path+closed, http.StatusForbidden)
		}
		desk.Click("input[name=raison][value=stopped]")
		desk.Follow("main form button")
		sees(t, desk, "#annonce", "plus aucun atelier n’est planifié")
	})
	t.Run("nobody by that name", func(t *testing.T) {
		strange, small := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Viewport(320, 700), browsertest.Faulty)
		stands(t, strange, small, "/prestataires/personne", http.StatusNotFound)
	})
}
