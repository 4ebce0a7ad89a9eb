package browsertest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	cdp "github.com/chromedp/chromedp"
)

func TestAPageThatIsRightHasNoFinding(t *testing.T) {
	t.Parallel()
	tab := Open(t, site(t))
	tab.Go("/sample")
	tab.Axe()
	if tab.Status() != http.StatusOK || tab.Title() != "Page d’essai – Passerelle" || tab.Text("h1") != "Bonjour" {
		t.Errorf("%d %q %q", tab.Status(), tab.Title(), tab.Text("h1"))
	}
	if kept := tab.Stored(); len(kept) != 0 {
		t.Errorf("the page keeps %v in the browser", kept)
	}
}

func TestEachPlantedFaultIsFound(t *testing.T) {
	t.Parallel()
	tab := Open(t, site(t), Faulty)
	tab.Go("/faults")
	var rules []string
	for _, f := range tab.check().Violations {
		rules = append(rules, f.Rule)
		if f.Rule == "image-alt" && !strings.Contains(f.String(), "[img]") {
			t.Errorf("it does not say where: %s", f)
		}
	}
	for _, rule := range []string{"image-alt", "label"} {
		if !slices.Contains(rules, rule) {
			t.Errorf("axe did not find %s but %v", rule, rules)
		}
	}
	errors := strings.Join(tab.ConsoleErrors(), "\n")
	for _, words := range []string{"console: \"planted\" 7", "nobody is not defined", "inline script", "inline style", "404 http"} {
		if !strings.Contains(errors, words) {
			t.Errorf("the console does not tell of %q:\n%s", words, errors)
		}
	}
	if wide := tab.TooWide(); !slices.Contains(wide, "pre#wide") {
		t.Errorf("too wide: %v", wide)
	}
	if kept := tab.Stored(); !slices.Contains(kept, "person") {
		t.Errorf("kept in the browser: %v", kept)
	}
}

func TestAPageWithAFaultFailsItsTest(t *testing.T) {
	t.Parallel()
	base := site(t)
	said := &listener{TB: t}
	tab := Open(t, base, Faulty)
	tab.Go("/faults")
	tab.t, tab.setup.faulty = said, false
	tab.Axe()
	tab.expectNoFaults()
	tab.t, tab.setup.faulty = t, true
	if !strings.Contains(said.errors, "image-alt") || !strings.Contains(said.errors, "planted") {
		t.Errorf("it said: %s", said.errors)
	}
}

func TestTheKeyboardIsEnough(t *testing.T) {
	t.Parallel()
	tab := Open(t, site(t))
	tab.Go("/sample")
	tab.Press("Tab")
	if f := tab.Focused(); f.Name != "Aller au contenu" || f.Role != "link" {
		t.Errorf("first comes %s", f)
	}
	tab.TabTo("Nom")
	tab.Type("Élodie Exemple")
	tab.TabTo("Département")
	tab.Press("ArrowDown", "Shift+Tab")
	if f := tab.Focused(); f.Name != "Remarque (facultatif)" {
		t.Errorf("before it comes %s", f)
	}
	tab.TabTo("Enregistrer")
	tab.Load(func() { tab.Press("Enter") })
	if !strings.EqualFold(tab.Path(), "/sample?name=%C3%89lodie%20Exemple&department=34") || tab.Status() != http.StatusOK {
		t.Errorf("%d on %s", tab.Status(), tab.Path())
	}
}

func TestWhatTabDoesNotReachIsSaid(t *testing.T) {
	t.Parallel()
	tab := Open(t, site(t))
	tab.Go("/sample")
	met, found := tab.seek("Personne")
	if found || len(met) < 10 || met[0].Name != "Aller au contenu" {
		t.Errorf("found %v, met:\n%s", found, list(met))
	}
}

func TestAnErrorHasTheFocusAndIsAccessible(t *testing.T) {
	t.Parallel()
	tab := Open(t, site(t))
	tab.Go("/sample")
	tab.Follow("form[method=post] .govuk-button")
	if tab.Status() != http.StatusUnprocessableEntity || !strings.HasPrefix(tab.Title(), "Erreur : ") {
		t.Errorf("%d %q", tab.Status(), tab.Title())
	}
	if f := tab.Focused(); f.Selector != "div.govuk-error-summary" {
		t.Errorf("the focus is on %s", f)
	}
	tab.Axe()
	picture(tab, "error.png")
}

func TestTheScriptImprovesThePage(t *testing.T) {
	t.Parallel()
	tab := Open(t, site(t))
	tab.Go("/sample")
	tab.Fill("#note", "vingt-trois caractères.")
	if tab.Value("#note") != "vingt-trois caractères." {
		t.Errorf("the note is %q", tab.Value("#note"))
	}
	tab.WaitForText(".govuk-character-count__status", "3 caractères en trop")
	tab.Click("#by-phone")
	tab.Fill("#phone", "01 99 00 00 00")
	tab.Select("#department", "Nièvre")
	tab.Click("[data-hx-get]")
	tab.WaitForText("#live", "12 résultats")
	if tab.Text("#live") != "12 résultats" || tab.Value("#department") != "58" {
		t.Errorf("%q, %q", tab.Text("#live"), tab.Value("#department"))
	}
	tab.Axe()
	picture(tab, "sample.png")
}

func TestADoubleClickSendsAFormOnce(t *testing.T) {
	t.Parallel()
	if sent := sentByDoubleClick(t, `1`); sent != 1 {
		t.Errorf("sent %d times", sent)
	}
	if sent := sentByDoubleClick(t, `(b => b.replaceWith(b.cloneNode()))(document.querySelector('form[method=post] .govuk-button'))`); sent != 2 {
		t.Errorf("without our script sent %d times: the mouse does not click twice", sent)
	}
}

// sentByDoubleClick spoils the page with a script first.
func sentByDoubleClick(t *testing.T, spoil string) int {
	t.Helper()
	tab := Open(t, site(t))
	tab.Go("/sample")
	ask[cdp.Void](tab, "spoil the page", spoil)
	ask[cdp.Void](tab, "count", `window.sent = 0; document.addEventListener('submit', e => { e.preventDefault(); window.sent++ })`)
	tab.DoubleClick("form[method=post] .govuk-button")
	return ask[int](tab, "read the count", `window.sent`)
}

func TestEverythingWorksWithoutScript(t *testing.T) {
	t.Parallel()
	tab := Open(t, site(t), NoScript)
	tab.Go("/sample")
	if tab.Count(".govuk-frontend-supported") != 0 || !strings.Contains(tab.Text("#note-info"), "20 caractères au plus") {
		t.Error("the page's script has run")
	}
	tab.Fill("#name", "Exemple")
	tab.Select("#department", "Hérault")
	tab.TabTo("Enregistrer")
	tab.Load(func() { tab.Press("Enter") })
	if tab.Path() != "/sample?name=Exemple&department=34" {
		t.Error(tab.Path())
	}
	tab.Follow("form[method=post] .govuk-button")
	if tab.Status() != http.StatusUnprocessableEntity {
		t.Errorf("status %d", tab.Status())
	}
	picture(tab, "noscript.png")
}

func TestNothingIsTooWideOnASmallScreen(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]Option{"320 pixels": {Viewport(320, 800)}, "zoom of 4": {Zoom(4)}, "zoom of 2": {Zoom(2)}} {
		tab := Open(t, site(t), options...)
		tab.Go("/sample")
		if wide := tab.TooWide(); len(wide) != 0 {
			t.Errorf("%s: %v", name, wide)
		}
		tab.Axe()
		picture(tab, strings.ReplaceAll(name, " ", "-")+".png")
	}
}

func TestTabsShareNoCookie(t *testing.T) {
	t.Parallel()
	base := site(t)
	one, other := Open(t, base), Open(t, base)
	one.Go("/sample")
	other.Go("/sample")
	ask[string](one, "set a cookie", `document.cookie = 'a=1'`)
	if got := ask[string](other, "read the cookies", `document.cookie`); got != "" {
		t.Errorf("the other tab has %q", got)
	}
}

// picture keeps what the page looks like, for whoever asks for it.
func picture(tab *Tab, name string) {
	if dir := os.Getenv("PASSERELLE_PICTURES"); dir != "" {
		tab.Screenshot(filepath.Join(dir, name))
	}
}

// listener hears what a test would have been failed with.
type listener struct {
	testing.TB
	errors string
}

func (l *listener) Errorf(format string, args ...any) { l.errors += fmt.Sprintf(format, args...) }
