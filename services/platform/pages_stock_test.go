package platform_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/pkg/paris"
	"example.org/passerelle/services/portal/browsertest"
)

// TestPagesOfAPool: what a provider and the equipment manager of the fund do with their items.
func TestPagesOfAPool(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	own, small := h.at(t, "provider-a", browsertest.Faulty), h.at(t, "provider-a", browsertest.Faulty, browsertest.Viewport(320, 700))
	for _, page := range []string{"/materiel/nouveau", "/materiel/import", "/materiel/inventaire", "/materiel/participant"} {
		looksRight(t, own, small, page)
	}
	own.Go("/")
	own.Follow(`nav a[href="/materiel"]`)
	own.Follow(`main a[href="/materiel/nouveau"]`)
	own.Select("#champ-genre", "Tablette")
	own.Follow(`main form button`)
	own.Axe()
	sees(t, own, "#erreurs", "Étiquette")
	own.Fill("#champ-etiquette", "EX-0001")
	own.Fill("#champ-serie", "SN-0001")
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "est enregistré")
	path := own.Path()
	own.Go("/materiel/nouveau")
	own.Fill("#champ-etiquette", "ex-0001")
	own.Follow(`main form button`)
	sees(t, own, "#erreurs", "la porte déjà")
	own.Axe()

	manager, narrow := h.at(t, "equipment-lr", browsertest.Faulty), h.at(t, "equipment-lr", browsertest.Viewport(320, 700))
	h.until(func() bool {
		manager.Go("/materiel")
		return strings.Contains(manager.Text("main"), "EX-0001")
	})
	for _, page := range []string{"/materiel", path, "/materiel/retards", "/materiel/attente", "/materiel/attente?parc=provider-a", "/materiel/calendrier?parc=provider-a"} {
		looksRight(t, manager, narrow, page)
	}
	sees(t, manager, "main", "EX-0001")
	for _, act := range []string{"effacement", "repare", "retrouve", "reparation", "transfert", "reforme"} {
		looksRight(t, manager, narrow, path+"/"+act)
	}
	own.Go(path)
	if own.Count(`main a[href$="/transfert"]`) != 0 {
		t.Error("a provider has one pool only")
	}
	own.Follow(`main a[href$="/reparation"]`)
	own.Follow(`main form button`)
	own.Axe()
	sees(t, own, "#erreurs", "Pourquoi")
	own.Click(`input[value="screen"]`)
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "en réparation")
	sees(t, own, "main", "Envoyé en réparation : écran")
	own.Follow(`main a[href$="/repare"]`)
	own.Follow(`main form button`)
	sees(t, own, "main", "Disponible")

	t.Run("a file", func(t *testing.T) { importsItems(t, own, small) })
	t.Run("a stocktake", func(t *testing.T) { countsItems(t, own) })

	manager.Go(path + "/transfert")
	manager.Follow(`main form button`)
	manager.Axe()
	sees(t, manager, "#erreurs", "Nouveau parc")
	manager.Select("#champ-vers", "Carsat Languedoc-Roussillon")
	manager.Follow(`main form button`)
	sees(t, manager, "#annonce", "a changé de parc")
	h.until(func() bool { own.Go(path); return own.Status() == http.StatusNotFound })
	manager.Go(path)
	sees(t, manager, "main", "Confié à un autre parc")
	manager.Follow(`main a[href$="/reforme"]`)
	manager.Click(`input[value="obsolete"]`)
	manager.Follow(`main form button`)
	sees(t, manager, "#annonce", "est réformé")
	other := h.at(t, "analyst-lr", browsertest.Faulty)
	for _, page := range []string{"/materiel", path, "/materiel/retards", "/materiel/import"} {
		if other.Go(page); other.Status() != http.StatusForbidden {
			t.Error(page, other.Status())
		}
	}
}

func importsItems(t *testing.T, own, small *browsertest.Tab) {
	own.Go("/materiel/import")
	own.Follow(`form[enctype="multipart/form-data"] button`)
	own.Axe()
	sees(t, own, "#erreurs", "choisissez-en un")
	own.Upload("#champ-fichier", "materiel.csv", "asset_tag;kind;serial\r\nEX-0010;tablet;SN-0010\r\nEX-0011;samovar;\r\nEX-0001;tablet;SN-0099\r\n")
	own.Follow(`form[enctype="multipart/form-data"] button`)
	own.Axe()
	for _, want := range []string{"1 appareil peut être importé", "Ce n’est pas une réponse de la liste", "déjà cette étiquette"} {
		sees(t, own, "main", want)
	}
	own.Follow(`form[enctype="multipart/form-data"] button`)
	sees(t, own, "main", "1 appareil est importé")
	looksRight(t, own, small, own.Path())
}

func countsItems(t *testing.T, own *browsertest.Tab) {
	own.Go("/materiel/inventaire")
	own.Follow(`main form button`)
	own.Axe()
	sees(t, own, "#erreurs", "Étiquettes vues")
	own.Fill("#champ-vues", "EX-0001, EX-NULLE-PART")
	own.Follow(`main form button`)
	sees(t, own, "#annonce", "est enregistré")
	for _, want := range []string{"1 appareil à sa place", "Introuvables", "EX-0010", "EX-NULLE-PART"} {
		sees(t, own, "main", want)
	}
	own.Axe()
}

// TestPagesOfTheProvidersOwnParticipants: they have no name, borrow by number, and wait in turn.
func TestPagesOfTheProvidersOwnParticipants(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	provider := h.as("provider-a")
	provider.post(http.StatusCreated, "/equipment/items", tablet("EX-0001"))
	session := provider.post(http.StatusCreated, "/sessions", workshop(4)).text("id")
	provider.post(http.StatusOK, "/sessions/"+session+"/own-participants", object{"seats": 2})
	own := h.at(t, "provider-a", browsertest.Faulty)
	ask := func(number string) {
		own.Go("/materiel/participant")
		own.Select("#champ-atelier", strings.TrimSpace(own.Text("#champ-atelier option:nth-child(2)")))
		own.Fill("#champ-numero", number)
		own.Follow(`main form button`)
	}
	ask("3")
	own.Axe()
	sees(t, own, "#erreurs", "pas autant de places")
	ask("1")
	sees(t, own, "#annonce", "est réservée")
	sees(t, own, "h1", "Participant n° 1")
	ask("2")
	sees(t, own, "#annonce", "liste d’attente")
	h.until(func() bool {
		own.Go("/materiel/attente")
		return strings.Contains(own.Text("main"), "Participant n° 2")
	})
	sees(t, own, "main", "1er rang")
	own.Axe()
	own.Go("/materiel/calendrier")
	sees(t, own, "main", "EX-0001")
	own.Axe()
}

// TestPagesOfWhoIsLate: the day after somebody is called, after eight days written to, after twenty-one it is decided.
func TestPagesOfWhoIsLate(t *testing.T) {
	t.Parallel()
	h, _ := borrowing(t, 3, "EX-0001", "EX-0002", "EX-0003")
	provider := h.as("provider-a")
	loans := provider.get("/equipment/loans?status=kept").items()
	last, err := time.Parse(time.DateOnly, loans[0]["to"].(string))
	if err != nil || len(loans) != 3 {
		t.Fatal(err, len(loans))
	}
	for n, l := range loans { // 22, 8 and 1 days late on one day
		path := "/equipment/loans/" + l["id"].(string)
		provider.post(http.StatusOK, path+"/hand-over", object{})
		if days := []int{0, 14, 21}[n]; days > 0 {
			provider.post(http.StatusOK, path+"/extend", object{"to": last.AddDate(0, 0, days).Format(time.DateOnly)})
		}
	}
	h.stop()
	today, _ := time.Parse(time.DateOnly, paris.Day(time.Now()))
	ahead := int(last.AddDate(0, 0, 22).Sub(today).Hours() / 24)
	h.env = append(h.env, fmt.Sprint("PASSERELLE_DEMO_AHEAD=", ahead))
	h.start()
	manager := h.as("equipment-lr")
	h.until(func() bool {
		late := 0
		for _, l := range manager.get("/equipment/loans?status=late").items() {
			if l["late"] != nil {
				late++
			}
		}
		return late == 3
	})
	tab, narrow := h.at(t, "equipment-lr"), h.at(t, "equipment-lr", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/materiel/retards")
	for _, want := range []string{"EXEMPLE-IMAGINAIRE-61", "EXEMPLE-IMAGINAIRE-62", "EXEMPLE-IMAGINAIRE-63", "À appeler", "Lettre à envoyer", "À décider", "22 jours", "8 jours", "1 jour"} {
		sees(t, tab, "main", want)
	}
	own := h.at(t, "provider-a")
	own.Go("/materiel/retards")
	sees(t, own, "main", "À décider")
	own.Axe()
	if text := own.Text("main"); strings.Contains(text, "Adresse") {
		t.Error("a provider learns where somebody lives")
	}
}
