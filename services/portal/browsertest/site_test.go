package browsertest

import (
	"embed"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/assets"
)

//go:embed testdata/*.html
var pages embed.FS

func TestMain(m *testing.M) { os.Exit(Around(m).Run()) }

const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// site is a page as the portal makes them, and one with planted faults.
func site(t *testing.T) string {
	t.Helper()
	html := template.Must(template.New("").Funcs(template.FuncMap{"path": assets.Path, "icon": assets.Icon}).ParseFS(pages, "testdata/*.html"))
	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	mux.HandleFunc("GET /sample", func(w http.ResponseWriter, _ *http.Request) {
		_ = html.ExecuteTemplate(w, "sample.html", map[string]bool{"Error": false})
	})
	mux.HandleFunc("POST /sample", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("name") != "" {
			http.Redirect(w, r, "/sample?name="+r.FormValue("name")+"&department="+r.FormValue("department"), http.StatusSeeOther)
			return
		}
		w.WriteHeader(http.StatusUnprocessableEntity)
		_ = html.ExecuteTemplate(w, "sample.html", map[string]bool{"Error": true})
	})
	mux.HandleFunc("GET /island", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("12&nbsp;résultats")) })
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		_ = html.ExecuteTemplate(w, "faults.html", strings.Repeat("large", 100))
	})
	mux.HandleFunc("GET /faults.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(`console.error('planted', 7); localStorage.setItem('person', 'x'); nobody.knows()`))
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
