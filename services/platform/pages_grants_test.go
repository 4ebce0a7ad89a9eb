package platform_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/services/portal/browsertest"
)

// TestPagesOfWhatIsGivenForGood: an advisor asks, the manager says yes, gives a tablet and names a coach, and the coach
// keeps a diary to the minute.
func TestPagesOfWhatIsGivenForGood(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	officer, advisor, manager := h.as("partnership-lr"), h.as("advisor-34"), h.as("equipment-lr")
	officer.post(http.StatusCreated, "/grants", aGrant("equipement-lr", 500, 12))
	person := advisor.post(http.StatusCreated, "/flags", senior(71)).text("person_id")
	manager.post(http.StatusCreated, "/equipment/items", object{"pool": "carsat-lr", "kind": "tablet", "asset_tag": "EX-DON-1"})
	advisor.learn(officer)

	asks, narrow := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Faulty, browsertest.Viewport(320, 700))
	looksRight(t, asks, narrow, "/equipements")
	sees(t, asks, "main", "500")
	looksRight(t, asks, narrow, "/equipements/demande?personne="+person)
	asks.Follow(`main form button`)
	asks.Axe()
	sees(t, asks, "#erreurs", "Programme")
	asks.Click(`input[name="programme"]`)
	asks.Follow(`main form button`)
	sees(t, asks, "#annonce", "est enregistrée")
	sees(t, asks, "main", "Demandé")
	asks.Axe()

	gives := h.at(t, "equipment-lr", browsertest.Faulty)
	manager.learn(advisor)
	id, _ := manager.get("/entitlements").items()[0]["id"].(string)
	path := "/equipements/" + id
	looksRight(t, gives, h.at(t, "equipment-lr", browsertest.Viewport(320, 700)), path)
	gives.Follow(`form[action$="/accord"] button`)
	sees(t, gives, "#annonce", "est accordé")
	gives.Fill(`input[name="etiquette"]`, "EX-NULLE-PART")
	gives.Follow(`form[action$="/materiel"] button`)
	gives.Axe()
	sees(t, gives, "#erreurs", "étiquette")
	gives.Fill(`input[name="etiquette"]`, "ex-don-1")
	gives.Follow(`form[action$="/materiel"] button`)
	sees(t, gives, "#annonce", "est remis")
	sees(t, gives, "main", "EX-DON-1")
	manager.learn(advisor)
	manager.post(http.StatusOK, "/entitlements/"+id+"/coach", object{"provider_id": "provider-a"})

	coach := h.as("provider-a")
	coach.learn(manager)
	now := time.Now()
	h.until(func() bool {
		answer, err := coach.try(http.MethodPost, "/entitlements/"+id+"/appointments", object{"starts_at": now, "minutes": 90, "place": "home"})
		return err == nil && answer.status == http.StatusCreated
	})
	keeps, small := h.at(t, "provider-a", browsertest.Faulty), h.at(t, "provider-a", browsertest.Faulty, browsertest.Viewport(320, 700))
	h.until(func() bool { return len(coach.get("/appointments").items()) == 1 })
	looksRight(t, keeps, small, "/rendez-vous")
	for _, want := range []string{"EXEMPLE-IMAGINAIRE-71", "impasse de l'Invention", "6 h"} {
		sees(t, keeps, "main", want)
	}
	sees(t, gives, "main", "EXEMPLE-IMAGINAIRE-71")
	if gives.Go("/rendez-vous"); strings.Contains(gives.Text("main"), "Invention") {
		t.Error("the manager of the equipment learns where somebody lives")
	}
	looksRight(t, keeps, small, path+"/rendez-vous/1")
	keeps.Fill(`input[name="passees"]`, "361")
	keeps.Follow(`form[action$="/fait"] button`)
	keeps.Axe()
	sees(t, keeps, "#erreurs", "temps qui reste")
	keeps.Fill(`input[name="passees"]`, "95")
	keeps.Follow(`form[action$="/fait"] button`)
	sees(t, keeps, "#annonce", "est compté")
	sees(t, keeps, "main", "4 h 25")
	keeps.Axe()
	looksRight(t, keeps, small, path)
	other := h.at(t, "provider-b", browsertest.Faulty)
	if other.Go(path); other.Status() != http.StatusNotFound {
		t.Error(other.Status())
	}
	for _, account := range []string{"funding-lr", "admin-lr"} {
		tab := h.at(t, account, browsertest.Faulty)
		tab.Go("/equipements")
		if text := tab.Text("main"); strings.Contains(text, "IMAGINAIRE") {
			t.Errorf("%s sees %s", account, text)
		}
	}
}
