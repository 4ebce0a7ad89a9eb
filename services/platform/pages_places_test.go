package platform_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

const placesFile = "id,pivot,nom,commune,code_postal,code_insee,adresse,telephone,services,date_maj\n" +
	"lieu-1,00000000000000,Espace Exemple-Montpellier,Montpellier,34000,34172,3 place de l'Invention,+33465713491,Aide aux démarches administratives,2021-10-04\n" +
	"lieu-2,00000000000000,Médiathèque Fictive,Béziers,34500,34032,1 rue Imaginaire,,Aide aux démarches administratives,2021-10-04\n" +
	"lieu-3,00000000000000,Nulle part,Ville-Inventée-sur-Rien,,,,,,2021-10-04\n"

// TestPlacesOnPages: a file is looked at and taken, a place is found, and what is wrong with it is reported.
func TestPlacesOnPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	officer, narrowOfficer := h.at(t, "partnership-lr", browsertest.Faulty), h.at(t, "partnership-lr", browsertest.Viewport(320, 700))
	t.Run("a file is looked at, then taken", func(t *testing.T) {
		looksRight(t, officer, narrowOfficer, "/lieux/import")
		officer.Upload("#champ-fichier", "lieux.csv", placesFile)
		officer.Follow(`main form[enctype] button`)
		sees(t, officer, "main", "2 lieux peuvent être importés. Rien n’est encore enregistré.")
		sees(t, officer, "main table", "Aucune commune ne correspond")
		officer.Axe()
		officer.Follow(`main form[enctype] button`)
		for range 100 {
			if strings.Contains(officer.Text("main"), "importés ou mis à jour") {
				break
			}
			officer.Go(officer.Path())
		}
		sees(t, officer, "main", "2 lieux sont importés ou mis à jour")
		looksRight(t, officer, narrowOfficer, officer.Path())
	})
	t.Run("a file without columns is refused beside the field", func(t *testing.T) {
		strange := h.at(t, "partnership-lr", browsertest.Faulty)
		strange.Go("/lieux/import")
		strange.Follow(`main form[enctype] button`)
		if strange.Status() != http.StatusUnprocessableEntity || strange.Count("#champ-fichier-erreur") != 1 {
			t.Error(strange.Status(), strange.Text("main"))
		}
		strange.Axe()
	})
	advisor, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	t.Run("the nearest are found, and one of them has closed", func(t *testing.T) {
		for range 100 {
			if advisor.Go("/lieux?commune=34000&distance=20"); advisor.Count("tbody tr") > 0 {
				break
			}
		}
		sees(t, advisor, "tbody", "Espace Exemple-Montpellier")
		if strings.Contains(advisor.Text("tbody"), "Fictive") {
			t.Error("Béziers is not within 20 km")
		}
		looksRight(t, advisor, narrow, "/lieux?commune=34000&distance=20")
		advisor.Follow("tbody th a")
		sees(t, advisor, "main", "04 65 71 34 91")
		sees(t, advisor, "main", "Manque encore : ")
		looksRight(t, advisor, narrow, advisor.Path())
		looksRight(t, advisor, narrow, advisor.Path()+"/signaler")
		advisor.Fill("#champ-note", "Le rideau est baissé depuis un mois")
		advisor.Follow(`main form button`)
		sees(t, advisor, "#annonce", "c’est signalé")
		sees(t, advisor, "main", "1 signalement à vérifier")
	})
	t.Run("what was reported is settled by whoever looks after the places", func(t *testing.T) {
		path := advisor.Path()
		for range 100 {
			if officer.Go(path); strings.Contains(officer.Text("main"), "Quelqu’un a signalé") {
				break
			}
		}
		sees(t, officer, "#signalements", "Ce lieu a fermé. Le rideau est baissé depuis un mois")
		if advisor.Go(path); advisor.Count("#signalements") != 0 {
			t.Error("what was reported is read by who cannot mend it")
		}
		looksRight(t, officer, narrowOfficer, path)
		looksRight(t, officer, narrowOfficer, path+"/corriger")
		sees(t, officer, "main", "1 signalement à vérifier. Enregistrer la fiche, même sans rien changer, règle ce qui était signalé.")
		officer.Fill("#champ-nom", "")
		officer.Fill("#champ-commune", "")
		officer.Follow(`main form button`)
		sees(t, officer, "#erreurs", "Nom : à renseigner")
		sees(t, officer, "#erreurs", "Commune : à renseigner")
		officer.Axe()
		officer.Fill("#champ-nom", "Espace Exemple, deux fois Fictif")
		officer.Fill("#champ-commune", "34000")
		officer.Fill("#champ-horaires", "Mo-Fr 09:00-12:00")
		officer.Click(`input[name=accompagnement][value="Accompagnement individuel"]`)
		officer.Follow(`main form button`)
		sees(t, officer, "#annonce", "Ce qui était signalé est réglé")
		sees(t, officer, "main", "Accompagnement individuel")
		sees(t, officer, "main", "Aide aux démarches administratives") // that was known before
		if strings.Contains(officer.Text("main"), "signalement à vérifier") {
			t.Error("it is still to be looked at")
		}
		looksRight(t, officer, narrowOfficer, path+"/fermer")
		officer.Follow(`main form button`)
		sees(t, officer, "#erreurs", "Pourquoi : à choisir")
		officer.Axe()
		officer.Click(`input[name=raison][value=moved]`)
		officer.Follow(`main form button`)
		sees(t, officer, "#annonce", "plus personne n’y est envoyé")
		sees(t, officer, "main", "Fermé")
	})
	t.Run("a place is added", func(t *testing.T) {
		looksRight(t, officer, narrowOfficer, "/lieux/nouveau")
		officer.Fill("#champ-nom", "Atelier Imaginaire")
		officer.Fill("#champ-commune", "Nevers")
		officer.Follow(`main form button`)
		sees(t, officer, "#erreurs", "elle n’est pas sur le territoire de votre caisse")
		officer.Fill("#champ-commune", "Béziers")
		officer.Follow(`main form button`)
		sees(t, officer, "#annonce", "Le lieu est enregistré.")
		sees(t, officer, "h1", "Atelier Imaginaire")
		strange, small := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Viewport(320, 700), browsertest.Faulty)
		for _, closed := range []string{"/lieux/nouveau", officer.Path() + "/corriger", officer.Path() + "/fermer"} {
			stands(t, strange, small, closed, http.StatusForbidden)
		}
	})
	t.Run("another reason needs a note", func(t *testing.T) {
		strange := h.at(t, "advisor-34", browsertest.Faulty)
		strange.Go(advisor.Path() + "/signaler")
		strange.Click(`input[name=raison][value=other]`)
		strange.Follow(`main form button`)
		if strange.Status() != http.StatusUnprocessableEntity {
			t.Error(strange.Status())
		}
		strange.Axe()
		strange.Go("/lieux?distance=20")
		sees(t, strange, "#erreurs", "autour de quelle commune")
		strange.Axe()
	})
	t.Run("how much is known, by territory", func(t *testing.T) {
		looksRight(t, advisor, narrow, "/lieux/completude")
		sees(t, advisor, "tbody", "Hérault")
		advisor.Follow("tbody a")
		sees(t, advisor, "tbody", "Béziers")
		advisor.Axe()
	})
	t.Run("the places are handed out as a file", func(t *testing.T) {
		b := h.browser(t, "partnership-lr")
		response, err := b.PostForm(b.address+"/lieux/export", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if file := string(body); err != nil || !strings.HasPrefix(file, "id,") || !strings.Contains(file, "Médiathèque Fictive") {
			t.Error(err, file)
		}
	})
	t.Run("an advisor imports nothing", func(t *testing.T) {
		strange, small := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Viewport(320, 700), browsertest.Faulty)
		stands(t, strange, small, "/lieux/import", http.StatusForbidden)
	})
}
