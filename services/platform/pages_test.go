package platform_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/portal"
	"example.org/passerelle/services/portal/browsertest"
)

// looked are the pages that a browser was at with the accessibility checker, by the router's own names.
var looked = struct {
	sync.Mutex
	router http.ServeMux
	at     map[string]bool
}{at: map[string]bool{}}

func init() {
	for _, r := range portal.Routes() {
		if r.Method == http.MethodGet {
			looked.router.Handle(r.Method+" "+r.Path, http.NotFoundHandler())
		}
	}
}

func lookedAt(path string) {
	r, _ := http.NewRequest(http.MethodGet, path, nil)
	looked.Lock()
	defer looked.Unlock()
	_, pattern := looked.router.Handler(r)
	looked.at[pattern] = true
}

// neverLookedAt are the pages of the router that no test has opened, when all tests ran.
func neverLookedAt() error {
	if only := flag.Lookup("test.run"); only != nil && only.Value.String() != "" || flag.Lookup("test.list").Value.String() != "" {
		return nil
	}
	if missing := missingFrom(looked.at); missing != nil {
		return fmt.Errorf("no browser has looked at %s: call looksRight for each", strings.Join(missing, ", "))
	}
	return nil
}

func missingFrom(at map[string]bool) (missing []string) {
	for _, r := range portal.Routes() {
		if pattern := r.Method + " " + r.Path; r.Method == http.MethodGet && !at[pattern] {
			missing = append(missing, pattern)
		}
	}
	slices.Sort(missing)
	return missing
}

func TestAPageThatNoBrowserLooksAtIsNamed(t *testing.T) {
	at := map[string]bool{}
	for _, pattern := range missingFrom(nil) {
		at[pattern] = true
	}
	if missing := missingFrom(at); missing != nil {
		t.Error(missing)
	}
	delete(at, "GET /demandes")
	if missing := missingFrom(at); !slices.Equal(missing, []string{"GET /demandes"}) {
		t.Error(missing)
	}
}

// at opens a tab that is signed in.
func (h *house) at(t *testing.T, account string, options ...browsertest.Option) *browsertest.Tab {
	t.Helper()
	tab := browsertest.Open(t, "http://"+h.address, append(options, browsertest.Before(h.heard(account)))...)
	tab.Go("/connexion")
	tab.Follow(`button[value="` + account + `"]`)
	return tab
}

// heard waits until what any caller was told can be read: a browser knows the positions of its own session only.
func (h *house) heard(account string) func() {
	var reader *caller
	known := map[string]int64{}
	return func() {
		told := h.toldSoFar()
		if maps.Equal(told, known) {
			return
		}
		if reader == nil {
			reader = h.as(account)
		}
		for service, at := range told {
			reader.remember(fmt.Sprint(service, ":", at))
		}
		reader.get("/me")
		known = told
	}
}

// looksRight: a page is there, nobody is kept from using it, and nothing leaves the screen at 320 pixels.
func looksRight(t *testing.T, tab, narrow *browsertest.Tab, path string) {
	t.Helper()
	stands(t, tab, narrow, path, http.StatusOK)
}

func stands(t *testing.T, tab, narrow *browsertest.Tab, path string, status int) {
	t.Helper()
	tab.Go(path)
	if tab.Status() != status || tab.Count("h1") != 1 || !strings.HasSuffix(tab.Title(), " - Passerelle") {
		t.Errorf("%s: %d, %d headings of the page, title %q", path, tab.Status(), tab.Count("h1"), tab.Title())
	}
	tab.Axe()
	narrow.Go(path)
	if wide := narrow.TooWide(); len(wide) > 0 {
		t.Errorf("%s scrolls sideways at 320 pixels: %v", path, wide)
	}
	lookedAt(path)
	picture(tab, path)
}

// picture keeps what a page looks like, for whoever asks for it.
func picture(tab *browsertest.Tab, name string) {
	if dir := os.Getenv("PASSERELLE_PICTURES"); dir != "" {
		name, _, _ = strings.Cut(name, "?")
		tab.Screenshot(filepath.Join(dir, strings.ReplaceAll(strings.Trim(name, "/"), "/", "-")+".png"))
	}
}

func TestPagesAroundEveryWalk(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.as("provider-a").post(http.StatusCreated, "/sessions", workshop(4))
	h.as("advisor-34").post(http.StatusCreated, "/flags", senior(1))
	t.Run("before the sign-in", func(t *testing.T) {
		tab, narrow := browsertest.Open(t, "http://"+h.address), browsertest.Open(t, "http://"+h.address, browsertest.Viewport(320, 700))
		looksRight(t, tab, narrow, "/connexion")
		looksRight(t, tab, narrow, "/accessibilite")
		stands(t, tab, narrow, "/nulle-part", http.StatusNotFound)
		strange, small := browsertest.Open(t, "http://"+h.address, browsertest.Faulty), browsertest.Open(t, "http://"+h.address, browsertest.Viewport(320, 700), browsertest.Faulty)
		stands(t, strange, small, "/connexion/retour?code=stolen&state=of-somebody-else", http.StatusBadRequest)
		stands(t, strange, small, "/connexion/aller", http.StatusNotFound) // the demo's accounts have buttons
		tab.Go("/tableau-de-bord")
		if tab.Path() != "/connexion?suite=%2Ftableau-de-bord" {
			t.Error("a page is shown without sign-in:", tab.Path())
		}
		tab.Follow(`button[value="analyst-lr"]`)
		if tab.Path() != "/tableau-de-bord" {
			t.Error("the sign-in forgets where somebody wanted to go:", tab.Path())
		}
	})
	t.Run("rights", func(t *testing.T) {
		tab, narrow := h.at(t, "admin-lr"), h.at(t, "admin-lr", browsertest.Viewport(320, 700))
		looksRight(t, tab, narrow, "/droits")
		if tab.Count(`footer a[href="/droits"]`) != 1 || tab.Count("caption") != 1 || tab.Count("th[scope=row]") != len(policy.Table()) || tab.Count("th[scope=col]") != 1+len(directory.Roles) {
			t.Error("the table of rights is not whole")
		}
	})
	t.Run("figures", func(t *testing.T) {
		tab, narrow := h.at(t, "analyst-lr"), h.at(t, "analyst-lr", browsertest.Viewport(320, 700))
		looksRight(t, tab, narrow, "/tableau-de-bord?par=desk")
		for _, by := range []string{"par=month", "par=department", "par=channel", "par=programme", "periode=annee-derniere&departement=34"} {
			if tab.Go("/tableau-de-bord?" + by); tab.Status() != http.StatusOK {
				t.Errorf("%s: %d", by, tab.Status())
			}
		}
	})
	t.Run("the home of every role, and where it leads", func(t *testing.T) {
		tab, narrow := browsertest.Open(t, "http://"+h.address), h.at(t, "referent-58", browsertest.Viewport(320, 700))
		seen := map[directory.Role]bool{}
		for _, a := range sample.Accounts() {
			if seen[a.Role] {
				continue
			}
			seen[a.Role] = true
			tab.Go("/connexion")
			tab.Follow(`button[value="` + a.ID + `"]`)
			looksRight(t, tab, narrow, "/")
			for _, l := range tab.Links("nav a, main a") {
				if tab.Go(l); tab.Status() != http.StatusOK {
					t.Errorf("%s is led to %s and gets %d", a.ID, l, tab.Status())
				}
			}
			tab.Go("/")
			tab.Follow(`form[action="/deconnexion"] button`)
		}
	})
	t.Run("what is not for somebody", func(t *testing.T) {
		tab, narrow := h.at(t, "provider-a", browsertest.Faulty), h.at(t, "provider-a", browsertest.Viewport(320, 700), browsertest.Faulty)
		stands(t, tab, narrow, "/signalements", http.StatusForbidden)
		stands(t, tab, narrow, "/orientations/unknown", http.StatusNotFound)
	})
	t.Run("an address that no link has", func(t *testing.T) {
		tab, narrow := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Viewport(320, 700), browsertest.Faulty)
		stands(t, tab, narrow, "/signalements?etat=nulle-part", http.StatusNotFound)
	})
	t.Run("an account that does not exist", func(t *testing.T) {
		response, err := http.PostForm("http://"+h.address+"/connexion", url.Values{"compte": {"nobody"}})
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		page, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(page), "Ce compte n’existe pas ici") {
			t.Errorf("%s %v: %s", response.Status, err, page)
		}
	})
	t.Run("the way out", func(t *testing.T) {
		tab := h.at(t, "advisor-34")
		tab.Follow(`form[action="/deconnexion"] button`)
		tab.Go("/signalements")
		if tab.Path() != "/connexion?suite=%2Fsignalements" {
			t.Error("still signed in:", tab.Path())
		}
	})
	t.Run("forms of other sites are refused", func(t *testing.T) {
		r, _ := http.NewRequest(http.MethodPost, "http://"+h.address+"/connexion", strings.NewReader("compte=advisor-34"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://elsewhere.example")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusForbidden || len(response.Cookies()) > 0 {
			t.Error(response.Status)
		}
	})
}
