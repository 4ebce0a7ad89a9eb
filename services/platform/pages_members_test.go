package platform_test

import (
	"net/http"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestPagesOfWhoMayDoWhat: an administrator invites somebody and takes a role back; a provider looks after its colleagues.
func TestPagesOfWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	tab, narrow := h.at(t, "admin-lr"), h.at(t, "admin-lr", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/habilitations")
	looksRight(t, tab, narrow, "/habilitations?etat=invited")
	looksRight(t, tab, narrow, "/habilitations/revue")
	looksRight(t, tab, narrow, "/habilitations/inviter")
	looksRight(t, tab, narrow, "/habilitations/demo-advisor-34/fin")
	looksRight(t, tab, narrow, "/annuaire")

	tab = h.at(t, "admin-lr", browsertest.Faulty) // the browser takes note of each refusal
	tab.Go("/habilitations/inviter")
	tab.Follow("main form[method=post] button")
	tab.Axe()
	sees(t, tab, "#erreurs", "Nom : à renseigner")
	tab.Fill("#champ-nom", "Noé Imaginaire")
	tab.Fill("#champ-courriel", "noe.imaginaire@exemple.fr")
	tab.Select("#champ-role", "Conseil en agence")
	tab.Select("#champ-lieu", "Plateforme téléphonique")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#erreurs", "Ce rôle ne se donne pas à cet endroit")
	tab.Select("#champ-lieu", "Agence de Sète")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "L’invitation est enregistrée")
	sees(t, tab, "table", "noe.imaginaire@exemple.fr")

	tab.Go("/habilitations/demo-admin-lr/fin")
	tab.Click(`input[value="left"]`)
	tab.Follow("main form[method=post] button")
	tab.Axe()
	sees(t, tab, "#erreurs", "dernière personne")

	changesTheDirectory(t, h, narrow)
	provider := h.at(t, "provider-a")
	provider.Go("/habilitations")
	sees(t, provider, "h1", "Mes collègues")
	other := h.at(t, "advisor-34", browsertest.Faulty)
	if other.Go("/habilitations"); other.Status() != http.StatusForbidden {
		t.Error(other.Status())
	}
}

// changesTheDirectory opens, changes and closes a team and an organisation.
func changesTheDirectory(t *testing.T, h *house, narrow *browsertest.Tab) {
	t.Helper()
	tab := h.at(t, "admin-lr")
	for _, path := range []string{"/annuaire/equipes/nouveau", "/annuaire/organismes/nouveau", "/annuaire/equipes/sete", "/annuaire/equipes/sete/fermer"} {
		looksRight(t, tab, narrow, path)
	}
	tab = h.at(t, "admin-lr", browsertest.Faulty)
	tab.Go("/annuaire/equipes/nouveau")
	tab.Follow("main form[method=post] button")
	tab.Axe()
	sees(t, tab, "#erreurs", "Nature : à choisir")
	tab.Click(`input[value="unit"]`)
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#erreurs", "Nom : à renseigner")
	tab.Fill("#champ-nom", "Unité Exemple")
	tab.Click(`input[value="48"]`)
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "L’équipe est ouverte")
	sees(t, tab, "main", "Unité Exemple")
	tab.Go("/annuaire/equipes/sete")
	tab.Fill("#champ-telephone", "04 65 71 34 99")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "à jour")
	tab.Go("/annuaire/equipes/sete/fermer")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "Agence de Sète ne prend plus rien de nouveau")
	if tab.Count(`a[href="/annuaire/equipes/sete"]`) != 0 {
		t.Error("a closed team can be changed")
	}

	tab = h.at(t, "admin-lr", browsertest.Faulty)
	tab.Go("/annuaire/organismes/nouveau")
	tab.Click(`input[value="funder"]`)
	tab.Fill("#champ-nom", "Financeur Imaginaire")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "dans l’annuaire")
	funder := h.as("admin-lr").get("/organisations?kind=funder").items()[0]["id"].(string)
	looksRight(t, tab, narrow, "/annuaire/organismes/"+funder)
	looksRight(t, tab, narrow, "/annuaire/organismes/"+funder+"/fermer")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "Financeur Imaginaire ne prend plus")
	other := h.at(t, "advisor-34", browsertest.Faulty)
	if other.Go("/annuaire/equipes/nouveau"); other.Status() != http.StatusForbidden {
		t.Error(other.Status())
	}
}
