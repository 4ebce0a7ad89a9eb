package platform_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/services/portal/browsertest"
)

// hearing is a test that only notes what it would fail with.
type hearing struct {
	testing.TB

	found []string
}

func (h *hearing) Error(args ...any)                 { h.found = append(h.found, fmt.Sprint(args...)) }
func (h *hearing) Errorf(format string, args ...any) { h.Error(fmt.Sprintf(format, args...)) }
func (h *hearing) Fatalf(format string, args ...any) { h.Errorf(format, args...); runtime.Goexit() }
func (h *hearing) Fatal(args ...any)                 { h.Error(args...); runtime.Goexit() }

// forgetting stands before the house and answers a request in its place, or changes it: a handler that forgets something. It says whether it
// has answered.
type forgetting func(w http.ResponseWriter, r *http.Request) bool

// behind is a tab of somebody who is signed in, and meets such a handler.
func (h *house) behind(t *testing.T, tb testing.TB, account string, forgets forgetting) *browsertest.Tab {
	t.Helper()
	house := &url.URL{Scheme: "http", Host: h.address}
	proxy, signedIn := httputil.NewSingleHostReverseProxy(house), h.browser(t, account).Jar.Cookies(house)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/entrer":
			for _, one := range signedIn {
				http.SetCookie(w, &http.Cookie{Name: one.Name, Value: one.Value, Path: "/"})
			}
			_, _ = io.WriteString(w, "<!doctype html><html lang=fr><title>Entrer</title><main>Entrer</main></html>")
		case forgets == nil || !forgets(w, r):
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	tab := browsertest.Open(tb, server.URL, browsertest.NoScript, browsertest.Faulty)
	tab.Go("/entrer")
	return tab
}

// saysYes: the form is taken, and nothing is done.
func saysYes(suffix string) forgetting {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, suffix) {
			return false
		}
		http.Redirect(w, r, strings.TrimSuffix(r.URL.Path, suffix), http.StatusSeeOther)
		return true
	}
}

// overlooks: a box of the form is read as something else.
func overlooks(suffix, field, as string) forgetting {
	return func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, suffix) && r.ParseForm() == nil {
			r.PostForm.Set(field, as)
			body := r.PostForm.Encode()
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Length", strconv.Itoa(len(body)))
		}
		return false
	}
}

// lets everybody in.
func lets(suffix string) forgetting {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, suffix) {
			return false
		}
		_, _ = io.WriteString(w, "<!doctype html><html lang=fr><title>Annuler</title><main>Annuler</main></html>")
		return true
	}
}

// TestAForgetfulHandlerIsFoundOnTheProvidersPages: each step of the pages of a session finds a handler that forgets one thing, and finds
// nothing where none does.
func TestAForgetfulHandlerIsFoundOnTheProvidersPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	running, past := map[string]any{"meetings": meetsAround(time.Hour)}, map[string]any{"meetings": meetsAround(-time.Hour)}
	webinar := map[string]any{"meetings": meetsAround(-time.Hour), "mode": "webinar"}
	for name, c := range map[string]struct {
		plan    map[string]any
		step    func(t testing.TB, tab *browsertest.Tab, at string)
		account string
		forgets forgetting
	}{
		"a number that is none is taken":                    {nil, changesSeats, "", overlooks("/places", "places", "5")},
		"the provider's own public gets seats that are not": {nil, keepsSeats, "", overlooks("/votre-public", "places", "1")},
		"another mode is not kept":                          {nil, changesMode, "", saysYes("/adapter")},
		"a session is not confirmed":                        {nil, confirms, "", saysYes("/confirmer")},
		"a session goes on though it is cancelled":          {nil, cancels, "", saysYes("/annuler")},
		"a draft stays one":                                 {map[string]any{"draft": true}, opensADraft, "", saysYes("/ouvrir")},
		"a session ends before its last meeting":            {running, stops, "", saysYes("/terminer")},
		"a paper is not filed":                              {past, ends, "", saysYes("/documents")},
		"the new place is not kept":                         {nil, moves, "", overlooks("/deplacer", "lieu", "Ailleurs")},
		"who followed at home is not counted":               {webinar, isCounted, "", overlooks("/presences/1", "domicile", "0")},
		"another provider is let in":                        {nil, isNotForOthers, "provider-58", lets("/annuler")},
	} {
		t.Run(name, func(t *testing.T) {
			account := c.account
			if account == "" {
				account = "provider-a"
			}
			for _, forgets := range []forgetting{nil, c.forgets} {
				heard, ended := &hearing{TB: t}, make(chan struct{})
				tab, at := h.behind(t, heard, account, forgets), h.plans("Atelier à éprouver", c.plan)
				go func() {
					defer close(ended)
					c.step(heard, tab, at)
				}()
				<-ended
				if forgets == nil && heard.found != nil {
					t.Error("a sound handler:", heard.found)
				}
				if forgets != nil && heard.found == nil {
					t.Error("not found")
				}
			}
		})
	}
}
