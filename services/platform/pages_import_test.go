package platform_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

const (
	importing  = "/signalements/import"
	lookButton = `form[enctype="multipart/form-data"] button`
)

// paperLine is a form of the study as a line, with some columns changed.
func paperLine(changes ...string) string {
	values := strings.Split("1;2020-02-03;secretary;oui;cpam;oui;non;;oui;oui;isolation;non;oui;;F;61;non;single;employed", ";")
	for i := 0; i+1 < len(changes); i += 2 {
		values[slices.Index(paperColumns, changes[i])] = changes[i+1]
	}
	return strings.Join(values, ";") + "\r\n"
}

var paperHeader = strings.Join(paperColumns, ";") + "\r\n"

// faulty are three forms that are right and three that are not, one of them twice.
var faulty = paperHeader + paperLine() + paperLine("cle", "2", "institution", "banque-imaginaire") + paperLine("cle", "3") +
	paperLine("cle", "4", "age", "soixante", "equipement", "peut-être") + paperLine("cle", "5", "date_constat", "31/02/2020") + paperLine("cle", "6")

// choose opens the page and has a file looked at.
func choose(tab *browsertest.Tab, name, content string) {
	tab.Go(importing)
	tab.Select("#champ-programme", "Observation de l'exclusion numérique 2020")
	tab.Upload("#champ-fichier", name, content)
	tab.Follow(lookButton)
}

func TestPaperFormsAreImportedOnAPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	tab, narrow := h.at(t, "advisor-58"), h.at(t, "advisor-58", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, importing)
	tab.Click("summary")
	tab.Axe()
	picture(tab, "import")
	for _, from := range []string{"/", "/signalements/fiche-papier", "/signalements/saisie-rapide"} {
		tab.Go(from)
		tab.Follow(`main a[href="` + importing + `"]`)
	}
	t.Run("what is no file of forms", func(t *testing.T) { refusesFiles(t, h.at(t, "advisor-58", browsertest.Faulty)) })
	t.Run("looked at, then taken, and not twice", func(t *testing.T) { h.importsOnce(t, tab, narrow) })
	t.Run("without script, by keyboard", func(t *testing.T) { importsWithoutScript(t, h) })
	t.Run("a large file is followed", func(t *testing.T) { followsALargeFile(t, h) })
	t.Run("files to take away", func(t *testing.T) { h.takesFilesAway(t) })
	t.Run("not for others", func(t *testing.T) {
		provider, small := h.at(t, "provider-a", browsertest.Faulty), h.at(t, "provider-a", browsertest.Viewport(320, 700), browsertest.Faulty)
		stands(t, provider, small, importing, http.StatusForbidden)
		id := h.as("advisor-58").post(200, "/flags/import?programme=observation-bfc-2020&dry_run=true", csvFile(paperHeader)).text("id")
		other, narrow := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Viewport(320, 700), browsertest.Faulty)
		stands(t, other, narrow, "/imports/"+id, http.StatusNotFound)
	})
}

func refusesFiles(t *testing.T, tab *browsertest.Tab) {
	tab.Go(importing)
	tab.Follow(lookButton)
	for _, want := range []string{"Programme : choisissez-en un", "Fichier : choisissez-en un"} {
		sees(t, tab, "#erreurs", want)
	}
	for _, one := range []struct{ name, content, says string }{
		{"vide.csv", "", "il est vide"},
		{"colonnes.csv", strings.Replace(paperHeader, "institution;", "couleur;", 1), "« couleur »"},
		{"lignes.csv", paperLine("cle", "Exemple-Imaginaire"), "ne donne pas le nom des colonnes"},
		{"image.csv", "\x89PNG\r\n\x1a\n\x00\xff\xfe", "pas en UTF-8"},
		{"fiches.xlsx", "PK\x03\x04\x14\x00", "c’est un classeur"},
		{"guillemet.csv", "cle;\"date", "ne se lit pas comme du CSV"},
	} {
		choose(tab, one.name, one.content)
		if tab.Status() != http.StatusUnprocessableEntity || !strings.HasPrefix(tab.Title(), "Erreur : ") {
			t.Errorf("%s: %d %s", one.name, tab.Status(), tab.Title())
		}
		sees(t, tab, "#erreurs", one.says)
		if strings.Contains(tab.Text("main"), "Exemple-Imaginaire") {
			t.Errorf("%s: a value stands on the page", one.name)
		}
	}
	tab.Axe()
	picture(tab, "import-refuse")
	choose(tab, "seulement-la-premiere-ligne.csv", paperHeader)
	sees(t, tab, "main", "Le fichier ne contient aucune fiche")
}

func (h *house) importsOnce(t *testing.T, tab, narrow *browsertest.Tab) {
	before := len(h.ledgerOf("detection"))
	choose(tab, "fiches.csv", faulty)
	if tab.Path() != importing || tab.Status() != http.StatusOK {
		t.Error(tab.Path(), tab.Status())
	}
	for _, want := range []string{"3 fiches peuvent être importées. Rien n’est encore enregistré.", "Institution concernée institution", "Écrivez une de ces réponses : CAF ; CPAM ; ",
		"Écrivez un nombre d’années en chiffres", "Écrivez oui ou non", "Écrivez la date d’un jour qui existe"} {
		sees(t, tab, "main", want)
	}
	if rows := tab.Count("tbody tr"); rows != 4 || strings.Contains(tab.Text("main"), "banque-imaginaire") {
		t.Error(rows, tab.Text("main"))
	}
	if len(h.ledgerOf("detection")) != before {
		t.Error("a look has stored something")
	}
	tab.Axe()
	picture(tab, "import-verifie")
	tab.Follow(`form[enctype="multipart/form-data"] button`)
	sees(t, tab, "main", "3 fiches sont importées.")
	looksRight(t, tab, narrow, tab.Path())
	picture(tab, "import-fait")
	if address := tab.Path(); !strings.HasPrefix(address, "/imports/") || !strings.HasSuffix(address, "?programme=observation-bfc-2020") {
		t.Error(address)
	}
	tab.Go(importing)
	tab.Axe()
	picture(tab, "import-avec-liste")
	sees(t, tab, "main", "Vos imports des trente derniers jours")
	if n := tab.Count(`main a[href^="/imports/"]`); n != 1 {
		t.Error(n, "imports are listed, one was made and others only looked at")
	}
	tab.Follow(`main a[href^="/imports/"]`)
	sees(t, tab, "main", "3 fiches sont importées.")
	tab.Go("/signalements")
	if n := tab.Count("main tbody tr"); n != 3 {
		t.Error(n, "flags are listed")
	}
	choose(tab, "fiches.csv", faulty)
	sees(t, tab, "main", "Il n’y a rien à importer.")
	sees(t, tab, "main dl", "Déjà importées, laissées telles quelles 3")
	if tab.Count(lookButton) != 0 {
		t.Error("nothing is offered, and there is a button for it")
	}
}

func importsWithoutScript(t *testing.T, h *house) {
	tab := h.at(t, "advisor-58", browsertest.NoScript)
	choose(tab, "fiches.csv", paperHeader+paperLine("cle", "sans script"))
	sees(t, tab, "main", "1 fiche peut être importée.")
	tab.TabTo("Importer 1 fiche")
	tab.Load(func() { tab.Press("Enter") })
	sees(t, tab, "main", "1 fiche est importée.")
}

// followsALargeFile: the page keeps no large file, so it is chosen again.
func followsALargeFile(t *testing.T, h *house) {
	var file strings.Builder
	file.WriteString(paperHeader)
	for n := range 300 {
		file.WriteString(paperLine("cle", fmt.Sprintf("grand-%d", n), "description", strings.Repeat("Licorne numérique. ", 200)))
	}
	tab := h.at(t, "advisor-58")
	choose(tab, "grand.csv", file.String())
	tab.WaitForText("main", "300 fiches peuvent être importées.")
	tab.Axe()
	tab.Upload("#champ-fichier", "grand.csv", file.String())
	tab.Follow(lookButton)
	tab.WaitForText("main", "300 fiches sont importées.")
	tab.Axe()
}

// takesFilesAway: the empty file and the export have the same columns.
func (h *house) takesFilesAway(t *testing.T) {
	empty, export := h.download(t, "advisor-58", importing+"/modele", url.Values{}), h.download(t, "advisor-58", "/signalements/export", url.Values{"export": {"observation-bfc-2020"}})
	header, lines, _ := strings.Cut(export, "\r\n")
	if empty != header+"\r\n" || !strings.HasPrefix(header, "\ufeffcle;date_constat;") || strings.Count(lines, "\r\n") != 304 {
		t.Errorf("%q, %q, %d lines", empty, header, strings.Count(lines, "\r\n"))
	}
	if again := h.as("advisor-58").post(200, "/flags/import?programme=observation-bfc-2020&dry_run=true", csvFile(empty)); again.number("accepted") != 0 || again.text("state") != "done" {
		t.Errorf("%s", again.raw)
	}
	tab := h.at(t, "advisor-58", browsertest.Faulty)
	tab.Go(importing)
	tab.Follow(`form[action="/signalements/export"] button`)
	sees(t, tab, "#erreurs", "Programme à exporter : choisissez-en un")
}

// download is a file that a form of the pages gives.
func (h *house) download(t *testing.T, account, path string, form url.Values) string {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	for _, step := range []struct {
		path string
		form url.Values
	}{{"/connexion", url.Values{"compte": {account}}}, {path, form}} {
		answer, err := browser.PostForm("http://"+h.address+step.path, step.form)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(step.path, answer.Status, err)
		}
		if step.path == path {
			return string(raw)
		}
	}
	return ""
}
