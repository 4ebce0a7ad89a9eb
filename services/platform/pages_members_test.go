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

	provider := h.at(t, "provider-a")
	provider.Go("/habilitations")
	sees(t, provider, "h1", "Mes collègues")
	other := h.at(t, "advisor-34", browsertest.Faulty)
	if other.Go("/habilitations"); other.Status() != http.StatusForbidden {
		t.Error(other.Status())
	}
}
