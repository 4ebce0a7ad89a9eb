package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// borrowing is a house where provider-a has tablets, and one is kept for each of some people.
func borrowing(t *testing.T, people int, tags ...string) (h *house, session string) {
	t.Helper()
	h = newHouse(t)
	h.start()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	for _, tag := range tags {
		provider.post(http.StatusCreated, "/equipment/items", tablet(tag))
	}
	session = provider.post(http.StatusCreated, "/sessions", workshop(people+2)).text("id")
	for n := range people {
		sheet := senior(61 + n)
		sheet["needs"] = map[string]any{"loan_wanted": true}
		referral := asks(advisor, advisor.post(http.StatusCreated, "/flags", sheet).text("id"), session)
		h.until(func() bool { return len(provider.get("/providers/provider-a/inbox").items()) == 1 })
		provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+referral+"/accept", map[string]any{})
		provider.learn(advisor)
		h.until(func() bool { return len(provider.get("/equipment/loans?session_id="+session).items()) == n+1 })
	}
	return h, session
}

// TestPagesWhereATabletIsHandedOver: who lends it sees for whom it is, hands it over, swaps it and takes it back.
func TestPagesWhereATabletIsHandedOver(t *testing.T) {
	t.Parallel()
	h, _ := borrowing(t, 1, "EX-0007", "EX-0008")
	manager := h.as("equipment-lr")
	loan, _ := manager.get("/equipment/loans?status=kept").items()[0]["id"].(string)
	path := "/prets/" + loan

	tab, narrow := h.at(t, "equipment-lr"), h.at(t, "equipment-lr", browsertest.Viewport(320, 700))
	for _, page := range []string{"/prets", "/prets?etat=lent", path} {
		looksRight(t, tab, narrow, page)
	}
	for _, act := range []string{"remise", "retour", "echange", "prolongation", "perte", "sortie", "liberation"} {
		looksRight(t, tab, narrow, path+"/"+act)
	}
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
	own.Follow(`main a[href$="/remise"]`)
	own.Fill(`input[name="etiquette"]`, "EX-9999")
	own.Follow(`main form button`)
	own.Axe()
	sees(t, own, "#erreurs", "tiquette")
	own.Fill(`input[name="etiquette"]`, "")
	own.Click(`input[value="good"]`)
	own.Click(`input[value="charger"]`)
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "est remise")
	own.Axe()
	looksRight(t, tab, narrow, path+"/recu")
	for _, want := range []string{"EXEMPLE-IMAGINAIRE-61", "EX-0007", "chargeur", "signature de la personne"} {
		sees(t, tab, "main", want)
	}
	if slip := h.sheet(t, "equipment-lr", path+"/recu/pdf"); !strings.Contains(slip, "EX-0007") || !strings.Contains(slip, "Bon de retour") {
		t.Error("the slip does not say which tablet comes back:", slip)
	}
	own.Go(path + "/echange")
	own.Follow(`main form button`)
	own.Axe()
	sees(t, own, "#erreurs", "Étiquette")
	sees(t, own, "#erreurs", "État")
	own.Fill(`input[name="etiquette"]`, "EX-0008")
	own.Click(`input[value="worn"]`)
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "est échangée")
	sees(t, own, "main", "EX-0008")
	own.Go(path + "/retour")
	own.Follow(`main form button`)
	sees(t, own, "#erreurs", "État")
	own.Axe()
	own.Click(`input[value="good"]`)
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "est rendue")
	sees(t, own, "main", "Rendue")
	if text := own.Text("main"); strings.Contains(text, "IMAGINAIRE-61") {
		t.Errorf("it is back, and still says whose it was: %s", text)
	}
	own.Go("/prets")
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

// TestPagesOfATabletThatIsLost: it is written off by a reference that its provider does not read afterwards, and comes
// back when it is found.
func TestPagesOfATabletThatIsLost(t *testing.T) {
	t.Parallel()
	h, _ := borrowing(t, 1, "EX-0007")
	provider := h.as("provider-a")
	line := provider.get("/equipment/loans?status=kept").items()[0]
	loan, _ := line["id"].(string)
	item, _ := line["item_id"].(string)
	provider.post(http.StatusOK, "/equipment/loans/"+loan+"/hand-over", object{})
	own, all := h.at(t, "provider-a", browsertest.Faulty), h.at(t, "equipment-lr")
	own.Go("/prets/" + loan + "/perte")
	own.Follow(`main form button`)
	own.Axe()
	sees(t, own, "#erreurs", "Pourquoi")
	own.Click(`input[value="unreachable"]`)
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "déclarée perdue")
	own.Go("/prets/" + loan + "/sortie")
	own.Follow(`main form button`)
	sees(t, own, "#erreurs", "Référence")
	own.Fill(`input[name="decision"]`, "EXEMPLE-DECISION-9")
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "sortie du parc")
	for _, page := range []string{"/prets/" + loan, "/materiel/" + item} {
		if own.Go(page); strings.Contains(own.Text("main"), "EXEMPLE-DECISION-9") {
			t.Errorf("%s shows the reference to whoever sees the pool", page)
		}
	}
	h.until(func() bool {
		all.Go("/prets/" + loan)
		return strings.Contains(all.Text("main"), "EXEMPLE-DECISION-9")
	})
	if all.Go("/materiel/" + item); strings.Contains(all.Text("main"), "EXEMPLE-DECISION-9") {
		t.Error("the history of an item shows the reference")
	}
	own.Go("/materiel/" + item)
	sees(t, own, "main", "Déclaré perdu")
	own.Follow(`main a[href$="/retrouve"]`)
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "de retour")
	sees(t, own, "main", "À effacer avant de prêter")
}
