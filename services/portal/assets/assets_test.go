package assets

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

// budget is what a first visit may cost beside the font, gzipped.
const budget = 60 << 10

func TestANameChangesWithTheContentAndOnlyWithIt(t *testing.T) {
	one := load(fstest.MapFS{"dist/a.js": {Data: []byte("1")}})
	same := load(fstest.MapFS{"dist/a.js": {Data: []byte("1")}})
	other := load(fstest.MapFS{"dist/a.js": {Data: []byte("2")}})
	if one.names["a.js"] != same.names["a.js"] || one.names["a.js"] == other.names["a.js"] {
		t.Errorf("names: %q, %q and %q", one.names["a.js"], same.names["a.js"], other.names["a.js"])
	}
}

func TestAStylesheetsNameChangesWithItsFont(t *testing.T) {
	css := []byte(`src:url("a.woff2")`)
	one := load(fstest.MapFS{"dist/a.woff2": {Data: []byte("1")}, "dist/main.css": {Data: css}})
	other := load(fstest.MapFS{"dist/a.woff2": {Data: []byte("2")}, "dist/main.css": {Data: css}})
	if one.names["main.css"] == other.names["main.css"] {
		t.Errorf("still %q", one.names["main.css"])
	}
}

func TestEveryAddressInTheStylesheetIsServed(t *testing.T) {
	addresses := regexp.MustCompile(`url\("?([^")]+)"?\)`).FindAllStringSubmatch(get(t, Path("main.css"), "").Body.String(), -1)
	if len(addresses) != 4 {
		t.Fatalf("%d addresses, not the four font files", len(addresses))
	}
	for _, a := range addresses {
		if answer := get(t, Prefix+a[1], ""); answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != "font/woff2" {
			t.Errorf("%s: %d %s", a[1], answer.Code, answer.Header().Get("Content-Type"))
		}
	}
}

func TestGzipIsGivenToWhoAsksForIt(t *testing.T) {
	plain := get(t, Path("main.js"), "").Body.String()
	for accept, want := range map[string]string{"": "", "br": "", "gzip;q=0": "", "gzip": "gzip", "br, GZIP;q=0.5": "gzip"} {
		answer := get(t, Path("main.js"), accept)
		if got := answer.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: %q", accept, got)
		}
		if answer.Header().Get("Vary") != "Accept-Encoding" || body(t, answer) != plain {
			t.Errorf("Accept-Encoding %q: not the same script, or no Vary", accept)
		}
	}
}

func TestAnAddressMayBeKeptForEver(t *testing.T) {
	h := get(t, Path("favicon.svg"), "").Header()
	if h.Get("Cache-Control") != "public, max-age=31536000, immutable" || h.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("headers: %v", h)
	}
}

func TestWhatIsNotThereIsNotKept(t *testing.T) {
	for _, address := range []string{Prefix, Prefix + "main.css", Prefix + "main.0000000000.css", Prefix + "../assets.go"} {
		if answer := get(t, address, ""); answer.Code != http.StatusNotFound || answer.Header().Get("Cache-Control") != "" {
			t.Errorf("%s: %d %v", address, answer.Code, answer.Header())
		}
	}
	answer := httptest.NewRecorder()
	Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, Path("main.css"), nil))
	if answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", answer.Code)
	}
}

func TestScriptAndStylesheetStayInTheBudget(t *testing.T) {
	css, js := get(t, Path("main.css"), "gzip").Body.Len(), get(t, Path("main.js"), "gzip").Body.Len()
	t.Logf("gzipped: stylesheet %d, script %d, together %d of %d bytes", css, js, css+js, budget)
	if css+js > budget {
		t.Errorf("over the budget of %d bytes", budget)
	}
}

// TestNothingAStrictPolicyRefuses: default-src 'self' lets no data: address in, and nothing is kept in the browser.
func TestNothingAStrictPolicyRefuses(t *testing.T) {
	for name, words := range map[string][]string{
		"main.css": {"data:", "@import", "GDS", "crown", "crest"},
		"main.js":  {"localStorage", "sessionStorage", "indexedDB"},
	} {
		text := get(t, Path(name), "").Body.String()
		for _, word := range words {
			if strings.Contains(text, word) {
				t.Errorf("%s has %q", name, word)
			}
		}
	}
}

func get(t *testing.T, address, accept string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept-Encoding", accept)
	answer := httptest.NewRecorder()
	Handler().ServeHTTP(answer, r)
	return answer
}

func body(t *testing.T, answer *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = answer.Body
	if answer.Header().Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = unpacked
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
