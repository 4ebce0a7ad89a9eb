package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestPagesWhereATabletIsHandedOver: who lends it sees for whom it is, hands it over and takes it back.
func TestPagesWhereATabletIsHandedOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.as("provider-a").post(http.StatusCreated, "/equipment/items", tablet("EX-0007"))
	session := h.as("provider-a").post(http.StatusCreated, "/sessions", workshop(5)).text("id")
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	sheet := senior(61)
	sheet["needs"] = map[string]any{"loan_wanted": true}
	flag := advisor.post(http.StatusCreated, "/flags", sheet)
	referral := asks(advisor, flag.text("id"), session)
	h.until(func() bool { return len(provider.get("/providers/provider-a/inbox").items()) == 1 })
	provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+referral+"/accept", map[string]any{})
	manager := h.as("equipment-lr")
	h.until(func() bool { return len(manager.get("/equipment/loans?status=kept").items()) == 1 })

	tab, narrow := h.at(t, "equipment-lr"), h.at(t, "equipment-lr", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/prets")
	looksRight(t, tab, narrow, "/prets?etat=lent")
	tab.Go("/prets")
	for _, want := range []string{"EXEMPLE-IMAGINAIRE-61", "Adresse", "Réservée"} {
		sees(t, tab, "main", want)
	}
	own := h.at(t, "provider-a", browsertest.Faulty)
	own.Go("/prets")
	sees(t, own, "main", "EXEMPLE-IMAGINAIRE-61")
	if text := own.Text("main"); strings.Contains(text, "Adresse") {
		t.Errorf("a provider learns where somebody lives: %s", text)
	}
	own.Fill(`input[name="etiquette"]`, "EX-9999")
	own.Follow(`form[action$="/remise"] button`)
	own.Axe()
	sees(t, own, "#erreurs", "étiquette")
	own.Fill(`input[name="etiquette"]`, "")
	own.Follow(`form[action$="/remise"] button`)
	sees(t, own, "#annonce", "est remise")
	own.Axe()
	loan, _ := manager.get("/equipment/loans?status=lent").items()[0]["id"].(string)
	looksRight(t, tab, narrow, "/prets/"+loan+"/recu")
	for _, want := range []string{"EXEMPLE-IMAGINAIRE-61", "EX-0007", "signature de la personne"} {
		sees(t, tab, "main", want)
	}
	own.Follow(`form[action$="/retour"] button`)
	sees(t, own, "#annonce", "est rendue")
	sees(t, own, "main", "Rendue")
	if text := own.Text("main"); strings.Contains(text, "IMAGINAIRE-61") {
		t.Errorf("it is back, and still says whose it was: %s", text)
	}
	sees(t, own, "main", "Les comptes et les photos de la personne précédente")
	own.Axe()
	own.Follow(`form[action$="/effacement"] button`)
	sees(t, own, "#annonce", "prête à être remise")
	if text := own.Text("main"); strings.Contains(text, "personne précédente") {
		t.Errorf("it is reset: %s", text)
	}
	other := h.at(t, "analyst-lr", browsertest.Faulty)
	if other.Go("/prets"); other.Status() != http.StatusForbidden {
		t.Error(other.Status())
	}
}
