package platform_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// presses goes to what has this name with the keyboard, and presses Enter: a page comes.
func presses(tab *browsertest.Tab, name string) {
	tab.TabTo(name)
	tab.Load(func() { tab.Press("Enter") })
}

// writes goes to the field of this name with the keyboard, and types.
func writes(tab *browsertest.Tab, name, text string) {
	tab.TabTo(name)
	tab.Type(text)
}

func writesDay(tab *browsertest.Tab, day, month, year string) {
	writes(tab, "Jour", day)
	writes(tab, "Mois", month)
	writes(tab, "Année", year)
}

// TestTheMoneyFromTheCallToThePaymentByKeyboard: the officer opens a call, a provider proposes, the committee votes, a decision commits, the
// provider reports, the money is paid, and the envelope shows each step.
func TestTheMoneyFromTheCallToThePaymentByKeyboard(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	officer, provider := h.at(t, "funding-lr", browsertest.Faulty), h.at(t, "provider-a", browsertest.Faulty)

	presses(officer, "Financement")
	presses(officer, "Ouvrir un appel à projets")
	writes(officer, "Nom", "Appel du clavier")
	writesDay(officer, "4", "janvier", "2021")
	writesDay(officer, "31", "12", "2099")
	presses(officer, "Ouvrir l’appel")
	sees(t, officer, "#annonce", "L’appel est enregistré.")
	sees(t, officer, "main", "350,00 € par tablette, au plus 3 000,00 € par structure")

	h.until(func() bool {
		provider.Go("/financement")
		return strings.Contains(provider.Text("main"), "Appel du clavier")
	})
	presses(provider, "Appel du clavier")
	presses(provider, "Déposer un projet")
	writes(provider, "Nom du projet", "Ateliers du clavier")
	writes(provider, "Coût du projet, en euros", "10 000")
	writes(provider, "Montant demandé, en euros", "2 700,00")
	writes(provider, "Personnes à atteindre (facultatif)", "15")
	presses(provider, "Déposer le projet")
	sees(t, provider, "#annonce", "Le projet est déposé.")
	sees(t, provider, "main", "Rien encore")

	presses(officer, "Financement")
	presses(officer, "Enveloppes")
	presses(officer, "Ouvrir une enveloppe")
	writes(officer, "Nom", "Enveloppe du clavier")
	officer.TabTo("Source")
	officer.Press("ArrowDown")
	writesDay(officer, "1", "1", "2021")
	writes(officer, "Montant, en euros", "254 389,96")
	presses(officer, "Ouvrir l’enveloppe")
	sees(t, officer, ".psl-bars", "254 389,96 €, dont 0,00 € promis, 0,00 € décidés, 0,00 € versés ; reste 254 389,96 €")

	h.until(func() bool {
		officer.Go("/financement/commissions/nouvelle")
		return strings.Contains(officer.Text("main"), "Ateliers du clavier")
	})
	writesDay(officer, "6", "5", "2021")
	officer.TabTo("Ateliers du clavier, Centre social Exemple-Nord, 2 700,00 € demandés")
	officer.Press("Space")
	presses(officer, "Convoquer")
	sees(t, officer, "h1", "Commission du 6 mai 2021")
	presses(officer, "Noter le vote : Ateliers du clavier")
	officer.TabTo("Favorable")
	officer.Press("Space")
	officer.TabTo("Enveloppe (facultatif)")
	officer.Press("ArrowDown")
	presses(officer, "Noter le vote")
	sees(t, officer, "#annonce", "Le vote est noté.")
	sees(t, officer, "table", "Favorable")
	committee := officer.Path()
	officer.Go("/financement/enveloppes")
	sees(t, officer, ".psl-bars", "dont 2 700,00 € promis, 0,00 € décidés, 0,00 € versés ; reste 251 689,96 €")

	officer.Go(committee)
	presses(officer, "Prendre une décision")
	writes(officer, "Total, en euros", "2 800")
	officer.TabTo("Enveloppe (facultatif)")
	officer.Press("ArrowDown")
	presses(officer, "Prendre la décision")
	officer.Axe()
	sees(t, officer, "#erreurs", "Total : les lignes font 2 700,00 €, le total dit 2 800,00 € : il manque 100,00 €")
	officer.Fill("#champ-total", "")
	officer.TabTo("Commission (facultatif)")
	officer.Press("Tab")
	officer.Type("2 700")
	presses(officer, "Prendre la décision")
	sees(t, officer, "#annonce", "La décision est prise.")
	decision := officer.Path()
	officer.Go("/financement/enveloppes")
	sees(t, officer, ".psl-bars", "dont 0,00 € promis, 2 700,00 € décidés, 0,00 € versés ; reste 251 689,96 €")

	officer.Go(decision)
	presses(officer, "Enregistrer un versement : Ateliers du clavier")
	presses(officer, "Enregistrer")
	officer.Axe()
	sees(t, officer, "#erreurs", "Un versement suit le compte rendu.")

	h.until(func() bool {
		provider.Go(provider.Path())
		return strings.Contains(provider.Text("main"), "Rendre compte du projet")
	})
	sees(t, provider, "main", "2 700,00 €, soit 27 % du coût")
	sees(t, provider, "#manque", "Aucun atelier de ce projet n’a eu lieu")
	presses(provider, "Rendre compte du projet")
	for name, n := range map[string]string{"#champ-atteintes": "14", "#champ-terminees": "12", "#champ-autonomes": "7", "#champ-ateliers": "2"} {
		provider.Fill(name, n)
	}
	presses(provider, "Envoyer le compte rendu")
	sees(t, provider, "#annonce", "Le compte rendu est envoyé.")
	sees(t, provider, "main", "14 sur 15, soit 93 %")

	h.until(func() bool {
		officer.Go(decision)
		presses(officer, "Enregistrer un versement : Ateliers du clavier")
		presses(officer, "Enregistrer")
		return officer.Count("#erreurs") == 0
	})
	sees(t, officer, "#annonce", "Le versement est enregistré.")
	sees(t, officer, "table", "2 700,00 €")
	presses(officer, "Enveloppes")
	sees(t, officer, ".psl-bars", "dont 0,00 € promis, 2 700,00 € décidés, 2 700,00 € versés ; reste 251 689,96 €")
	if n := officer.Count(`nav[aria-label="Menu principal"] a[aria-current="true"]`); n != 1 {
		t.Error(n, "entries of the menu are marked on a page below one")
	}
}

// TestPagesOfMoney: each page as the officer and as a provider have it, and what they refuse.
func TestPagesOfMoney(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	m := funded(h)
	officer, narrow := h.at(t, "funding-lr", browsertest.Faulty), h.at(t, "funding-lr", browsertest.Viewport(320, 700))
	for _, page := range []string{
		"/financement", "/financement?ouvert=oui", "/financement/appels/nouveau", "/financement/appels/" + m.call, "/financement/appels/" + m.call + "/projet", "/financement/projets",
		"/financement/projets?etat=kept", "/financement/projets/" + m.project, "/financement/projets/" + m.project + "/compte-rendu", "/financement/structures", "/financement/structures?reseau=FCSF",
		"/financement/structures/nouvelle", "/financement/structures/provider-a?tablettes=9", "/financement/structures/provider-a/tablettes", "/financement/commissions",
		"/financement/commissions/nouvelle", "/financement/commissions/" + m.committee, "/financement/commissions/" + m.committee + "/votes/" + m.project,
		"/financement/commissions/" + m.committee + "/dossier", "/financement/decisions", "/financement/decisions/nouvelle?commission=" + m.committee, "/financement/decisions/" + m.decision,
		"/financement/enveloppes", "/financement/enveloppes?source=regional", "/financement/enveloppes/nouvelle", "/financement/versements", "/financement/versements/nouveau?ligne=" + m.decision + ":1",
		"/financement/recuperations", "/financement/recuperations/nouvelle?ligne=" + m.decision + ":1",
	} {
		looksRight(t, officer, narrow, page)
		if officer.Count(`nav[aria-label="Menu principal"] [aria-current]`) != 1 {
			t.Error(page, "marks no entry of the menu, or several")
		}
	}
	own, small := h.at(t, "provider-a", browsertest.Faulty), h.at(t, "provider-a", browsertest.Viewport(320, 700))
	for _, page := range []string{"/financement", "/financement/appels/" + m.call, "/financement/projets", "/financement/projets/" + m.project, "/financement/structures/provider-a?tablettes=2"} {
		looksRight(t, own, small, page)
	}
	sees(t, own, "#calcul", "2 tablettes donneraient droit à 700,00 €.")
	own.Go("/financement/appels/" + m.call)
	sees(t, own, "table:has(#objectifs)", "Premiers pas Exemple 15 10 (67 %) 0 (0 %) 0 133,33 €")
	officer.Go("/financement/enveloppes")
	sees(t, officer, "main", "Enveloppe régionale : 5 700,00 € décidés, 1 333,33 € versés")
	sees(t, officer, "main", "2021 : 5 700,00 € décidés, 1 333,33 € versés")
	if file := h.download(t, "provider-a", "/financement/projets/"+m.project+"/criteres", url.Values{}); !strings.HasPrefix(file, "projet;label;version;critere") || strings.Count(file, "Suite Exemple") != 4 {
		t.Error("the criteria as a file:", file)
	}
	t.Run("what is wrong is said by name", func(t *testing.T) { refusesNonsense(t, officer, m) })
	t.Run("a calculation stores nothing, a subsidy does", func(t *testing.T) { calculates(t, officer, own, m) })
	t.Run("the file of a committee on paper", func(t *testing.T) {
		paper := h.at(t, "funding-lr")
		paper.Paper()
		paper.Go("/financement/commissions/" + m.committee + "/dossier")
		picture(paper, "dossier-imprime")
		sees(t, paper, "main", "Ce que Centre social Exemple-Nord a déjà reçu")
		if text := paper.Text("body"); strings.Contains(text, "Imprimez cette page") || strings.Contains(text, "Se déconnecter") {
			t.Error("on paper it says what is for the screen:", text)
		}
	})
	t.Run("not for everybody", func(t *testing.T) {
		for account, pages := range map[string][]string{
			"advisor-34": {"/financement", "/financement/projets", "/financement/enveloppes"},
			"provider-a": {"/financement/enveloppes", "/financement/decisions", "/financement/commissions", "/financement/versements", "/financement/appels/nouveau", "/financement/structures"},
			"analyst-lr": {"/financement/appels/nouveau", "/financement/enveloppes/nouvelle", "/financement/versements/nouveau"},
		} {
			tab := h.at(t, account, browsertest.Faulty)
			for _, page := range pages {
				if tab.Go(page); tab.Status() != http.StatusForbidden {
					t.Error(account, page, tab.Status())
				}
			}
		}
		other := h.at(t, "provider-b", browsertest.Faulty)
		for _, page := range []string{"/financement/projets/" + m.project, "/financement/structures/provider-a"} {
			if other.Go(page); other.Status() != http.StatusNotFound {
				t.Error("another provider reads", page, other.Status())
			}
		}
	})
}

// funded is a project that was voted, decided, reported on and paid, and another that waits; a decision has money for things.
func funded(h *house) money {
	officer, provider := h.as("funding-lr"), h.as("provider-a")
	m := money{call: officer.post(http.StatusCreated, "/calls", object{"name": "Appel Exemple", "opens": "2020-01-01", "closes": "2099-12-31", "sources": []string{"regional"}}).text("id")}
	envelope := officer.post(http.StatusCreated, "/envelopes", object{"name": "Enveloppe Exemple", "source": "regional", "from": "2021-01-01", "amount_cents": 25438996}).text("id")
	provider.learn(officer)
	propose := func(name string) string {
		return provider.post(http.StatusCreated, "/calls/"+m.call+"/projects", object{"name": name, "cost_cents": 1000000, "asked_cents": 270000, "target_people": 15, "tablets": 8}).text("id")
	}
	before := propose("Premiers pas Exemple")
	m.project = propose("Suite Exemple")
	officer.learn(provider)
	decided := officer.post(http.StatusCreated, "/decisions", object{"date": "2021-05-06", "total_cents": 570000, "lines": []object{
		{"label": "Premiers pas Exemple", "amount_cents": 270000, "project_id": before, "envelope_id": envelope, "nature": "action"},
		{"label": "Matériel Exemple", "amount_cents": 300000, "envelope_id": envelope, "nature": "equipment"},
	}})
	m.decision = decided.text("id")
	provider.learn(officer)
	provider.post(http.StatusOK, "/projects/"+before+"/report", object{"reached": 10, "finished": 8, "autonomous": 4, "final": true})
	officer.learn(provider)
	officer.post(http.StatusCreated, "/payments", object{"decision": m.decision, "line": 1, "amount_cents": 200000, "date": "2021-12-15"})
	officer.post(http.StatusCreated, "/recoveries", object{"decision": m.decision, "line": 1, "amount_cents": 66667, "date": "2022-02-01", "reason": "target_missed"})
	m.committee = officer.post(http.StatusCreated, "/committees", object{"date": "2021-11-18", "agenda": []object{
		{"kind": "decision", "label": "Suite Exemple", "project_id": m.project}, {"kind": "presentation", "label": "Bilan Exemple"},
	}}).text("id")
	officer.post(http.StatusOK, "/committees/"+m.committee+"/votes", object{"project_id": m.project, "vote": "reduced", "amount_cents": 250000, "envelope_id": envelope})
	return m
}

func refusesNonsense(t *testing.T, officer *browsertest.Tab, m money) {
	says := func(path, button string, texts ...string) {
		officer.Follow(button)
		officer.Axe()
		if officer.Status() != http.StatusUnprocessableEntity || !strings.HasPrefix(officer.Title(), "Erreur : ") {
			t.Error(path, officer.Status(), officer.Title())
		}
		for _, text := range texts {
			sees(t, officer, "#erreurs", text)
		}
	}
	const send = `main form[method=post] button`
	officer.Go("/financement/appels/nouveau")
	officer.Fill("#champ-tablette", "beaucoup")
	says("call", send, "Nom : à renseigner", "Premier jour : à renseigner", "Dernier jour : à renseigner", "Pour une tablette : écrivez un montant en euros, par exemple 254 389,96")
	if officer.Value("#champ-tablette") != "beaucoup" {
		t.Error("what was typed is gone")
	}
	officer.Go("/financement/appels/" + m.call + "/projet")
	officer.Fill("#champ-cout", "1 000")
	officer.Fill("#champ-demande", "1 000,01")
	officer.Fill("#champ-personnes", "-3")
	says("project", send, "Structure : choisissez-en une", "Nom du projet : à renseigner", "Montant demandé : c’est plus que le coût du projet", "Personnes à atteindre : écrivez un nombre")
	officer.Go("/financement/projets/" + m.project + "/compte-rendu")
	officer.Fill("#champ-atteintes", "5")
	officer.Fill("#champ-terminees", "6")
	officer.Fill("#champ-autonomes", "7")
	says("report", send, "Personnes qui ont terminé : c’est plus que les personnes atteintes", "Personnes autonomes : c’est plus que celles qui ont terminé")
	officer.Fill("#champ-terminees", "5")
	officer.Fill("#champ-autonomes", "5")
	says("report too early", send, "Aucune décision ne paie ce projet")
	officer.Go("/financement/commissions/nouvelle")
	says("committee", send, "Date : à renseigner", "Ordre du jour : ")
	officer.Go("/financement/commissions/" + m.committee)
	says("minutes", send, "Référence du procès-verbal : à renseigner")
	officer.Go("/financement/commissions/" + m.committee + "/votes/" + m.project)
	officer.Fill("#champ-montant", "2 700")
	says("vote", send, "Montant : écrivez un montant plus petit")
	officer.Go("/financement/decisions/nouvelle?commission=" + m.committee)
	officer.Fill("#champ-total", "3 000")
	officer.Fill("#champ-ligne-2-montant", "trois")
	says("decision", send, "Ligne 2, libellé : à renseigner", "Ligne 2, montant : écrivez un montant en euros")
	officer.Fill("#champ-ligne-2-libelle", "Autre")
	officer.Fill("#champ-ligne-2-montant", "499,99")
	says("sum", send, "Total : les lignes font 2 999,99 €, le total dit 3 000,00 € : il manque 0,01 €")
	officer.Fill("#champ-ligne-2-montant", "500")
	officer.Fill("#champ-date", "19")
	says("another day", send, "Date : la commission a siégé un autre jour")
	officer.Go("/financement/enveloppes/nouvelle")
	officer.Fill("#champ-debut", "2")
	says("envelope", send, "Nom : à renseigner", "Source : choisissez-en une", "Premier jour : indiquez une date qui existe", "Montant : écrivez un montant")
	officer.Go("/financement/structures/nouvelle")
	says("structure", send, "Nom : à renseigner")
	officer.Go("/financement/structures/provider-a?tablettes=zéro")
	sees(t, officer, "#erreurs", "Tablettes : écrivez un nombre")
	officer.Go("/financement/versements/nouveau")
	says("payment", send, "Ligne d’une décision : choisissez-en une", "Montant : écrivez un montant", "Date : à renseigner")
	officer.Go("/financement/versements/nouveau?ligne=" + m.decision + ":1")
	officer.Fill("#champ-montant", "2 000")
	says("too much", send, "C’est plus que ce qui a été décidé pour cette ligne.")
	officer.Go("/financement/recuperations/nouvelle?ligne=" + m.decision + ":1")
	officer.Fill("#champ-montant", "5 000")
	says("no reason", send, "Pourquoi : à choisir")
	officer.Click(`input[value="not_spent"]`)
	says("more than paid", send, "C’est plus que ce qui a été versé.")
	officer.Go("/financement/versements?du-jour=99")
	sees(t, officer, "#erreurs", "Du : indiquez une date qui existe")
}

// calculates: 350 € each, 3 000 € in all: nine tablets are held back, and twice what was calculated is not had.
func calculates(t *testing.T, officer, own *browsertest.Tab, m money) {
	for range 2 {
		own.Go("/financement/structures/provider-a?tablettes=9")
		sees(t, own, "#calcul", "9 tablettes donneraient droit à 3 000,00 €. 9 fois 350,00 € font 3 150,00 € : c’est le plafond qui compte.")
		sees(t, own, "main", "Reste sous le plafond 3 000,00 €")
	}
	give := func(tablets string) {
		officer.Go("/financement/structures/provider-a/tablettes?appel=" + m.call + "&tablettes=" + tablets)
		officer.Select("#champ-decision", "6 mai 2021, 3 000,00 € pour du matériel")
		officer.Follow(`main form[method=post] button`)
	}
	give("5")
	sees(t, officer, "#annonce", "1 750,00 € sont accordés pour des tablettes.")
	sees(t, officer, "main", "Reste sous le plafond 1 250,00 €")
	give("5")
	sees(t, officer, "#annonce", "1 250,00 € sont accordés")
	give("1")
	sees(t, officer, "#erreurs", "a déjà reçu tout ce que l’appel donne")
	officer.Axe()
}

// TestMoneyWithoutScript: the longest form grows, decides, and a sitting gets its minutes.
func TestMoneyWithoutScript(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	m := funded(h)
	plain := h.at(t, "funding-lr", browsertest.NoScript)
	plain.Go("/financement/decisions/nouvelle?commission=" + m.committee)
	plain.Fill("#champ-total", "2 600")
	if plain.Count("main fieldset fieldset, main form > fieldset") < 3 || plain.Value("#champ-ligne-1-montant") != "2\u202f500,00" {
		t.Errorf("the votes are not filled in: %q", plain.Value("#champ-ligne-1-montant"))
	}
	plain.Follow(`button[name="plus"]`)
	if plain.Count("#champ-ligne-6-libelle") != 1 || plain.Value("#champ-total") != "2 600" {
		t.Error("the form does not grow, or forgets what was typed")
	}
	plain.Fill("#champ-ligne-5-libelle", "Location de salle")
	plain.Fill("#champ-ligne-5-montant", "100,00")
	plain.Follow(`main form[method=post] button:not([name])`)
	sees(t, plain, "#annonce", "La décision est prise.")
	sees(t, plain, "main", "2. Location de salle")
	sees(t, plain, "h1", "Décision du 18 novembre 2021")
	plain.Go("/financement/commissions/" + m.committee)
	sees(t, plain, "main", "2 600,00 €")
	plain.Fill("#champ-reference", "PV-2021-11")
	plain.Follow(`main form[method=post] button`)
	sees(t, plain, "main", "PV-2021-11")
	plain.Go("/financement/structures/nouvelle")
	plain.Fill("#champ-nom", "Maison Exemple-Imaginaire")
	plain.Fill("#champ-reseaux", "FCSF, Réseau Exemple")
	plain.Follow(`main form[method=post] button`)
	sees(t, plain, "#annonce", "La structure est notée.")
	sees(t, plain, "main", "FCSF, Réseau Exemple")
	plain.Go("/financement/recuperations/nouvelle?ligne=" + m.decision + ":1")
	plain.Fill("#champ-montant", "10,05")
	plain.Click(`input[value="not_spent"]`)
	plain.Follow(`main form[method=post] button`)
	sees(t, plain, "#annonce", "La récupération est demandée.")
	sees(t, plain, "table", "10,05 €")
}
