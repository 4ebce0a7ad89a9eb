package platform_test

import (
	"net/http"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestPagesOfProgrammes: the partnership officer makes a programme and amends it; everybody sees who decided what.
func TestPagesOfProgrammes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	tab, narrow := h.at(t, "partnership-lr"), h.at(t, "partnership-lr", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/programmes")
	looksRight(t, tab, narrow, "/programmes/reperage-lr")
	looksRight(t, tab, narrow, "/programmes/reperage-lr/modifier")
	looksRight(t, tab, narrow, "/programmes/nouveau")

	tab = h.at(t, "partnership-lr", browsertest.Faulty) // the browser takes note of each refusal
	tab.Go("/programmes/nouveau")
	tab.Fill("#champ-fin", "31")
	tab.Fill("#champ-age", "cinquante")
	tab.Follow("main form[method=post] button")
	tab.Axe()
	sees(t, tab, "#erreurs", "Dernier jour : indiquez une date qui existe")
	sees(t, tab, "#erreurs", "Âge : écrivez un nombre")
	tab.Fill("#champ-age", "0")
	tab.Fill("#champ-fin", "28")
	tab.Fill("#champ-fin-mois", "2")
	tab.Fill("#champ-fin-annee", "2022")
	tab.Follow("main form[method=post] button")
	tab.Axe()
	for _, fault := range []string{"Identifiant : de 2 à 40", "Nom : à renseigner", "Décision : à renseigner", "Ouverture : à renseigner", "Texte d’information : à renseigner", "Version du texte"} {
		sees(t, tab, "#erreurs", fault)
	}
	for box, text := range map[string]string{
		"identifiant": "etude-2022", "nom": "Étude Exemple 2022", "decision": "Conseil Exemple du 2 décembre", "ouvre": "1", "ouvre-mois": "1", "ouvre-annee": "2022",
		"texte": "Nous vous disons pourquoi.", "texte_version": "2022-01",
	} {
		tab.Fill("#champ-"+box, text)
	}
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "Le programme est créé")
	sees(t, tab, "main", "partout le 1er janvier 2022")

	tab.Go("/programmes/etude-2022/modifier")
	other := h.at(t, "partnership-lr", browsertest.Faulty)
	other.Go("/programmes/etude-2022/modifier")
	tab.Fill("#champ-texte", "Nous vous disons autre chose.")
	tab.Fill("#champ-decision", "Conseil Exemple du 4 janvier")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#erreurs", "Donnez-lui une version à lui")
	tab.Fill("#champ-texte_version", "2022-02")
	tab.Follow("main form[method=post] button")
	sees(t, tab, "#annonce", "La version 2 du programme est en vigueur")
	sees(t, tab, "table", "Conseil Exemple du 4 janvier")
	sees(t, tab, "table", "Version du texte d’information, Texte d’information")
	other.Fill("#champ-decision", "Conseil Exemple du 5 janvier")
	other.Follow("main form[method=post] button")
	sees(t, other, "#erreurs", "Quelqu’un a modifié ce programme entre-temps")

	referent := h.at(t, "referent-34", browsertest.Faulty)
	referent.Go("/programmes/etude-2022")
	sees(t, referent, "table", "Conseil Exemple du 2 décembre")
	if referent.Count(`a[href="/programmes/etude-2022/modifier"]`) != 0 {
		t.Error("who may not amend is led to it")
	}
	if referent.Go("/programmes/nouveau"); referent.Status() != http.StatusForbidden {
		t.Error(referent.Status())
	}
}
