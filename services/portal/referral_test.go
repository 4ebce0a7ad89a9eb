package portal

import (
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"

	"example.org/passerelle/services/portal/assets"
	"example.org/passerelle/services/portal/browsertest"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Around(m).Run()) }

// TestThePageAsksAgainUntilTheSessionHasSpoken: pending at first, pending still, then held.
func TestThePageAsksAgainUntilTheSessionHasSpoken(t *testing.T) {
	t.Parallel()
	w := codeWords()
	page := func(seat string) following {
		return w.following(requested("requested", seat), nil, user{Role: "advisor"}, noon)
	}
	var looks atomic.Int32
	mux := http.NewServeMux()
	mux.Handle("/static/", assets.Handler())
	mux.HandleFunc("/", func(rw http.ResponseWriter, r *http.Request) {
		secure(rw.Header(), "")
		body := layout(frame{Title: "Orientation"}, followPage(page("pending")))
		if r.Header.Get("Hx-Request") == "true" {
			seat := map[bool]string{true: "pending", false: "held"}[looks.Add(1) == 1]
			body = followed(page(seat), true)
		}
		_ = body.Render(r.Context(), rw)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	tab := browsertest.Open(t, server.URL)
	tab.Go("/orientations/")
	tab.WaitForText("#reponse", "Une place est gardée pour vous")
	tab.WaitForText("#annonce", "Une place est gardée pour vous")
	if looks.Load() != 2 {
		t.Errorf("it asked %d times", looks.Load())
	}
	tab.Axe()

	still := browsertest.Open(t, server.URL, browsertest.NoScript)
	still.Go("/orientations/")
	if still.Text("#reponse a") != "Actualiser" {
		t.Errorf("without script: %q", still.Text("#reponse"))
	}
}
