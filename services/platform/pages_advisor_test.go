package platform_test

import (
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

func TestTheAdvisorsPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	flag := advisor.post(201, "/flags", senior(1))
	session := h.as("provider-a").post(201, "/sessions", workshop(4)).text("id")
	referred := advisor.post(201, "/flags", senior(2))
	advisor.post(201, "/referrals", map[string]any{"flag_id": referred.text("id"), "session_id": session})

	t.Run("are usable by everybody", func(t *testing.T) {
		b, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
		for _, path := range []string{
			"/personnes", "/signalements", "/signalements?etat=validated", "/signalements?aide=to_refer", "/signalements/nouveau",
			"/signalements/nouveau?personne=" + flag.text("person_id"), "/signalements/" + flag.text("id"), "/signalements/" + referred.text("id"),
			"/personnes/" + flag.text("person_id"), "/personnes/" + referred.text("person_id"),
		} {
			looksRight(t, b, narrow, path)
		}
		for _, act := range []string{"corriger", "demenagement", "souhaits", "accords", "lier", "fusionner", "separer", "opposition", "deces", "deces/annuler", "contact"} {
			looksRight(t, b, narrow, "/personnes/"+flag.text("person_id")+"/"+act)
		}
		if kept := b.Stored(); len(kept) > 0 {
			t.Errorf("the browser's storage holds %v", kept)
		}
	})
	t.Run("keep every input beside what is wrong", func(t *testing.T) { keepsInputs(t, h) })
	t.Run("walk by keyboard", func(t *testing.T) { walksByKeyboard(t, h.at(t, "advisor-34")) })
	t.Run("walk without script", func(t *testing.T) { walksWithoutScript(t, h) })
	t.Run("make one flag of a double click", func(t *testing.T) { oneFlagOfTwoClicks(t, h) })
	t.Run("know who is known", func(t *testing.T) { knowsWhoIsKnown(t, h) })
	t.Run("suggest communes", func(t *testing.T) { suggestsCommunes(t, h) })
	t.Run("show another desk's people as cards only", func(t *testing.T) { showsCards(t, h) })
	t.Run("say what becomes of a person", func(t *testing.T) { actsOnAPerson(t, h) })
	t.Run("take an anonymous observation", func(t *testing.T) { takesAnonymous(t, h) })
}

// fillIn is what an advisor types about somebody.
func fillIn(b *browsertest.Tab, family string) {
	b.Fill("#champ-nom", family)
	b.Fill("#champ-prenom", "Camille")
	b.Fill("#champ-naissance-annee", "1951")
	b.Fill("#champ-telephone", "04 65 71 00 77")
	b.Click("#champ-orientation")
}

const send = `form[action="/signalements/nouveau"] button[type=submit]`

func keepsInputs(t *testing.T, h *house) {
	b := h.at(t, "advisor-34")
	b.Go("/signalements/nouveau")
	b.Fill("#champ-nom", "Exemple-Gardé")
	b.Fill("#champ-naissance", "31")
	b.Fill("#champ-naissance-mois", "févr")
	b.Fill("#champ-naissance-annee", "1951")
	b.Fill("#champ-commune", "saint-martin")
	b.Click("#champ-equipement")
	b.Click("#champ-materiel-3")
	b.Fill("#champ-description", "Rien n’est perdu")
	b.Follow(send)
	if b.Status() != 422 || !strings.HasPrefix(b.Title(), "Erreur : ") {
		t.Fatalf("%d %s", b.Status(), b.Title())
	}
	b.Axe()
	if f := b.Focused(); f.Selector != "div#erreurs" {
		t.Errorf("the focus is on %s, not on the summary", f)
	}
	for field, want := range map[string]string{
		"#champ-nom": "Exemple-Gardé", "#champ-naissance": "31", "#champ-naissance-mois": "févr", "#champ-commune": "saint-martin",
		"#champ-description": "Rien n’est perdu", "input[name=materiel]:checked": "mobile", "input[name=equipement]:checked": "oui",
	} {
		if got := b.Value(field); got != want {
			t.Errorf("%s holds %q, want %q", field, got, want)
		}
	}
	for _, name := range []string{"prenom", "naissance", "commune", "orientation"} {
		if b.Count("#champ-"+name+"-erreur") != 1 || b.Count(`#erreurs a[href="#champ-`+name+`"]`) != 1 {
			t.Errorf("%s: not both beside the field and in the summary", name)
		}
	}
	if b.Count("input[name=commune-choix]") < 2 {
		t.Error("no commune to choose from")
	}
	narrow := h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	narrow.Go("/signalements/nouveau")
	narrow.Follow(send)
	if wide := narrow.TooWide(); len(wide) > 0 {
		t.Errorf("the error state scrolls sideways at 320 pixels: %v", wide)
	}
}

func walksByKeyboard(t *testing.T, b *browsertest.Tab) {
	b.Go("/")
	b.TabTo("Se déconnecter")
	b.Load(func() { b.Press("Enter") })
	b.TabTo("Conseillère, agence de Montpellier advisor-34")
	b.Load(func() { b.Press("Enter") })
	b.TabTo("Signaler")
	b.Load(func() { b.Press("Enter") })
	b.TabTo("Nom (facultatif)")
	b.Type("Exemple-Clavier")
	b.Press("Tab")
	b.Type("Camille")
	b.Load(func() { b.Press("Enter") })
	if got := b.Text("#annonce"); got != "Aucun résultat" {
		t.Errorf("the status region says %q", got)
	}
	b.TabTo("Signaler une nouvelle personne")
	b.Load(func() { b.Press("Space") })
	if b.Value("#champ-nom") != "Exemple-Clavier" || b.Value("#champ-prenom") != "Camille" {
		t.Errorf("what was typed is not carried: %q %q", b.Value("#champ-nom"), b.Value("#champ-prenom"))
	}
	b.TabTo("Téléphone (facultatif)")
	b.Type("04 65 71 00 55")
	b.TabTo("Oui") // agrees to be referred
	b.Press("Space")
	b.TabTo("Oui") // and to the study
	b.Press("ArrowRight", "ArrowLeft")
	b.TabTo("Oui") // the network
	b.Press("Space")
	b.TabTo("Oui") // has equipment, and the question below appears
	b.Press("Space")
	b.TabTo("Ordinateur")
	b.Press("Tab", "Tab", "Space")
	b.TabTo("Enregistrer le signalement")
	b.Load(func() { b.Press("Enter") })
	flagged(t, b, "EXEMPLE-CLAVIER Camille")
	if text := b.Text("main"); !strings.Contains(text, "Équipement Téléphone portable") {
		t.Errorf("the answer is not on the sheet: %s", text)
	}
}

// flagged expects the page of a new flag.
func flagged(t *testing.T, b *browsertest.Tab, name string) {
	t.Helper()
	if b.Status() != 200 || !strings.HasPrefix(b.Path(), "/signalements/") || b.Path() == "/signalements/nouveau" {
		t.Fatalf("%d at %s: %s", b.Status(), b.Path(), b.Text("main"))
	}
	if got := b.Text("h1"); got != name {
		t.Errorf("h1 %q, want %q", got, name)
	}
	if got := b.Text("#annonce"); !strings.Contains(got, "enregistré. Prochaine étape") {
		t.Errorf("the status region says %q", got)
	}
}

func walksWithoutScript(t *testing.T, h *house) {
	b := h.at(t, "advisor-34", browsertest.NoScript)
	b.Go("/personnes")
	b.Fill("#champ-nom", "Exemple-Papier")
	b.Follow(`form[action="/personnes"] button`)
	b.Follow(`form[action="/signalements/nouveau"] button`)
	fillIn(b, "Exemple-Papier")
	b.Fill("#champ-commune", "34700")
	b.Follow(send)
	if b.Status() != 422 || b.Count("input[name=commune-choix]") < 2 {
		t.Fatalf("%d, %d communes to choose from", b.Status(), b.Count("input[name=commune-choix]"))
	}
	b.Click(`input[name=commune-choix][value="34142"]`)
	b.Follow(send)
	flagged(t, b, "EXEMPLE-PAPIER Camille")
	if text := b.Text("main"); !strings.Contains(text, "34700 Lodève") {
		t.Errorf("the commune is not on the sheet: %s", text)
	}
}

func oneFlagOfTwoClicks(t *testing.T, h *house) {
	b := h.at(t, "advisor-34", browsertest.NoScript) // the script holds the second click back by itself
	b.Go("/signalements/nouveau")
	fillIn(b, "Exemple-Pressé")
	b.Load(func() { b.DoubleClick(send) })
	flagged(t, b, "EXEMPLE-PRESSÉ Camille") // the second click is answered like the first
	b.Go("/signalements")
	if n := strings.Count(b.Text("table"), "EXEMPLE-PRESSÉ"); n != 1 {
		t.Errorf("%d flags of one double click", n)
	}
}

func knowsWhoIsKnown(t *testing.T, h *house) {
	b := h.at(t, "advisor-34")
	typed := func() {
		b.Go("/signalements/nouveau")
		fillIn(b, "Exemple-Connu")
	}
	typed()
	b.Follow(send)
	flagged(t, b, "EXEMPLE-CONNU Camille")
	typed()
	b.Follow(send)
	if b.Status() != 422 || !strings.Contains(b.Text("#erreurs"), "semble déjà connue") {
		t.Fatalf("%d %s", b.Status(), b.Text("main"))
	}
	b.Axe()
	b.Click("#champ-connue") // it is the one that is known
	b.Follow(send)
	if b.Status() != 422 || b.Count(`a[href^="/signalements/0"]`) != 1 {
		t.Fatalf("%d: no way to the open flag: %s", b.Status(), b.Text("main"))
	}
	b.Click(`input[name=connue][value=autre]`)
	b.Follow(send)
	if b.Count("#champ-motif_autre-erreur") != 1 {
		t.Errorf("no reason is asked: %s", b.Text("#erreurs"))
	}
	b.Fill("#champ-motif_autre", "Son homonyme")
	b.Follow(send)
	flagged(t, b, "EXEMPLE-CONNU Camille")
}

func suggestsCommunes(t *testing.T, h *house) {
	b := h.at(t, "advisor-34")
	b.Go("/signalements/nouveau")
	fillIn(b, "Exemple-Communes")
	b.Fill("#champ-commune", "lodev")
	b.WaitForText("#communes", "Lodève")
	b.Axe()
	lookedAt("/communes")
	b.Click(`#communes input[value="34142"]`)
	b.Follow(send)
	flagged(t, b, "EXEMPLE-COMMUNES Camille")
	if text := b.Text("main"); !strings.Contains(text, "34700 Lodève") {
		t.Errorf("the commune is not on the sheet: %s", text)
	}
}

func showsCards(t *testing.T, h *house) {
	h.as("advisor-34b").post(201, "/flags", senior(77))
	b := h.at(t, "advisor-34")
	b.Go("/personnes")
	b.Follow(`form[action="/personnes"] button`)
	if b.Status() != 422 || b.Count("#champ-nom-erreur") != 1 {
		t.Errorf("an empty search: %d", b.Status())
	}
	b.Axe()
	b.Fill("#champ-nom", "Exemple-Imaginaire-77")
	b.Follow(`form[action="/personnes"] button`)
	b.Axe()
	if got := b.Text("#annonce"); got != "1 résultat" {
		t.Errorf("the status region says %q", got)
	}
	text := b.Text("main")
	if !strings.Contains(text, "Agence de Béziers") || !strings.Contains(text, "04 65 71 34 02") {
		t.Errorf("whom to ring is not there: %s", text)
	}
	if strings.Contains(strings.ToLower(text), "imaginaire-77") || b.Count(`a[href^="/personnes/0"]`) > 0 {
		t.Errorf("another desk's person is shown: %s", text)
	}
	if b.Path() != "/personnes" {
		t.Errorf("the search is in the address: %s", b.Path())
	}
}

// partsAndObjects takes a merge back, and notes that somebody does not want to be kept.
func partsAndObjects(t *testing.T, h *house, b *browsertest.Tab) {
	t.Helper()
	advisor := h.as("advisor-34")
	one, two := advisor.post(201, "/flags", senior(41)), advisor.post(201, "/flags", senior(42))
	page := "/personnes/" + one.text("person_id")
	b.Go(page + "/fusionner")
	b.Fill("#champ-autre", two.text("reference"))
	b.Follow(`form[action$="/fusionner"] button[type=submit]`)
	b.Follow(`a[href="` + page + `/separer"]`)
	b.Axe()
	sees(t, b, "main", two.text("reference"))
	b.Follow(`form[action$="/separer"] button[type=submit]`)
	sees(t, b, "#erreurs", "Fiche : à choisir")
	b.Click(`input[name="fiche"]`)
	b.Follow(`form[action$="/separer"] button[type=submit]`)
	sees(t, b, "#annonce", "de nouveau séparées")
	if text := b.Text("main"); strings.Contains(text, two.text("reference")) || b.Count(`a[href="`+page+`/separer"]`) != 0 {
		t.Errorf("still shown together: %s", text)
	}
	b.Follow(`a[href="` + page + `/opposition"]`)
	b.Follow(`form[action$="/opposition"] button[type=submit]`)
	sees(t, b, "#erreurs", "Confirmez")
	b.Click("#champ-confirme")
	b.Follow(`form[action$="/opposition"] button[type=submit]`)
	sees(t, b, "main", "s’oppose à ce que ses données")
}

// TestThePlatformTellsACallerHowFarThingsAre, whom another desk looks after, and learns nothing else.
func TestThePlatformTellsACallerHowFarThingsAre(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	flag := h.as("advisor-34").post(201, "/flags", senior(78))
	phone, narrow := h.at(t, "phone-lr"), h.at(t, "phone-lr", browsertest.Viewport(320, 700))
	looksRight(t, phone, narrow, "/personnes/parcours?reference="+flag.text("reference"))
	phone = h.at(t, "phone-lr", browsertest.Faulty)
	phone.Go("/personnes")
	phone.Fill("#champ-nom", "Exemple-Imaginaire-78")
	phone.Follow(`form[action="/personnes"] button`)
	phone.Axe()
	phone.Follow(`a[href^="/personnes/parcours"]`)
	phone.Follow("main form[method=post] button")
	phone.Axe()
	sees(t, phone, "#erreurs", "Motif : à choisir")
	phone.Click(`input[value="person_calls"]`)
	phone.Follow("main form[method=post] button")
	phone.Axe()
	text := phone.Text("main")
	for _, want := range []string{"Agence de Montpellier", "À orienter", "Où en est-on"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there: %s", want, text)
		}
	}
	if strings.Contains(strings.ToLower(text), "imaginaire-78") {
		t.Errorf("who it is: %s", text)
	}
	advisor := h.at(t, "advisor-34b", browsertest.Faulty)
	advisor.Go("/personnes")
	advisor.Fill("#champ-nom", "Exemple-Imaginaire-78")
	if advisor.Follow(`form[action="/personnes"] button`); advisor.Count(`a[href^="/personnes/parcours"]`) != 0 {
		t.Error("an advisor of another agency is led to the journey")
	}
}

func takesAnonymous(t *testing.T, h *house) {
	b := h.at(t, "advisor-34")
	b.Go("/signalements/nouveau")
	b.Click("#champ-nommee-2")
	b.Axe()
	b.Click("#champ-sexe_anonyme")
	b.Fill("#champ-age", "71")
	b.Click("#champ-etude")
	b.Follow(send)
	flagged(t, b, "Personne non nommée")
	b.Axe()
}

func TestTheReferentsPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	sheet := senior(1)
	delete(sheet, "channel")
	sheet["programme"], sheet["first_contact"] = "accompagnement-bfc", "social_worker"
	flag := h.as("advisor-58").post(201, "/flags", inNievre(sheet))
	b, narrow := h.at(t, "referent-58"), h.at(t, "referent-58", browsertest.Viewport(320, 700))
	for _, path := range []string{"/signalements?etat=submitted", "/signalements/nouveau", "/signalements/" + flag.text("id")} {
		looksRight(t, b, narrow, path)
	}
	social := h.at(t, "advisor-58") // of the social service: who met the person first is asked
	looksRight(t, social, h.at(t, "advisor-58", browsertest.Viewport(320, 700)), "/signalements/nouveau")
	social.Follow(send)
	if social.Count("#champ-premier_contact-erreur") != 1 {
		t.Errorf("asked: %s", social.Text("#erreurs"))
	}

	b.Go("/signalements?etat=submitted")
	b.Follow("td a, th a")
	if b.Count(`form[action$="/valider"]`) != 1 {
		t.Fatalf("nothing to validate with: %s", b.Text("main"))
	}
	b.Follow(`form[action$="/valider"] button`)
	if got := b.Text("#annonce"); !strings.Contains(got, "validé. Prochaine étape : orienter") {
		t.Errorf("the status region says %q", got)
	}
	if text := b.Text("main"); !strings.Contains(text, "Signalement validé Référent, unité Nièvre") || b.Count(`form[action$="/valider"]`) != 0 {
		t.Errorf("the flag after it: %s", text)
	}
	b.Go("/signalements?etat=submitted")
	if text := b.Text("main"); !strings.Contains(text, "Aucun signalement") {
		t.Errorf("it still waits: %s", text)
	}
}

// actsOnAPerson corrects somebody, keeps wishes and a withdrawn consent, and tells a death after it was confirmed.
func actsOnAPerson(t *testing.T, h *house) {
	b := h.at(t, "advisor-34")
	person := h.as("advisor-34").post(201, "/flags", senior(40)).text("person_id")
	page := "/personnes/" + person
	follow := func(act string) { b.Follow(`form[action="` + page + "/" + act + `"] button[type=submit]`) }
	b.Go(page + "/corriger")
	b.Fill("#champ-nom", "Exemple-Juste")
	follow("corriger")
	if text := b.Text("main"); !strings.Contains(text, "EXEMPLE-JUSTE") || !strings.Contains(text, "La fiche est corrigée") {
		t.Error(b.Status(), text)
	}
	b.Go(page + "/souhaits")
	b.Click("#champ-papier")
	b.Fill("#champ-note", "Parler lentement")
	follow("souhaits")
	if text := b.Text("main"); !strings.Contains(text, "Uniquement par courrier") || !strings.Contains(text, "Parler lentement") {
		t.Error(text)
	}
	partsAndObjects(t, h, b)
	b.Go(page + "/deces")
	follow("deces")
	if b.Status() != 422 || !strings.Contains(b.Text("#erreurs"), "Confirmez") {
		t.Error("a death is not told without being confirmed:", b.Status())
	}
	b.Axe()
	b.Click("#champ-confirme")
	follow("deces")
	if text := b.Text("main"); !strings.Contains(text, "Décès signalé") || strings.Contains(text, "Signaler de nouveau") {
		t.Error(text)
	}
}
