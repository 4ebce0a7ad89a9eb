package portal

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"example.org/passerelle/api/client"
	openapi "example.org/passerelle/api/http"
)

// examples is a REST surface that answers with the examples of its own document, and counts.
type examples struct {
	mux   *http.ServeMux
	asked []string
}

func (e *examples) RoundTrip(r *http.Request) (*http.Response, error) {
	e.asked = append(e.asked, r.Method+" "+r.URL.Path)
	w := httptest.NewRecorder()
	e.mux.ServeHTTP(w, r)
	return w.Result(), nil
}

func newExamples(t *testing.T) *http.ServeMux {
	t.Helper()
	var document struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct {
					Example json.RawMessage `json:"example"`
				} `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for path, operations := range document.Paths {
		if strings.HasPrefix(path, "/api/v1/flags/") { // two of these cannot stand in one ServeMux
			continue
		}
		for method, o := range operations {
			example := o.Responses["200"].Content["application/json"].Example
			if example == nil {
				continue
			}
			mux.HandleFunc(strings.ToUpper(method)+" "+path, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write(example)
			})
		}
	}
	return mux
}

// mostAsked is how often a page may ask the REST surface, beside the labels, which are kept.
const mostAsked = 6

// TestAPageOfMoneyAsksAtMostSixTimes, however much it shows; each is made of what the surface says of itself.
func TestAPageOfMoneyAsksAtMostSixTimes(t *testing.T) {
	t.Parallel()
	surface := newExamples(t)
	for _, u := range []user{{Account: "one", Role: "funding_officer", Fund: "carsat-lr"}, {Account: "two", Role: "provider", Fund: "carsat-lr", Provider: "0190a0c4-7a10-7c3e-8f00-000000000203"}} {
		for _, r := range moneyRoutes() {
			if r.Method != http.MethodGet {
				continue
			}
			page, asked, status := visited(t, surface, u, r)
			if len(asked) > mostAsked {
				t.Errorf("%s of a %s asks %d times: %v", r.Path, u.Role, len(asked), asked)
			}
			if status == http.StatusInternalServerError || u.Role == "funding_officer" && (status != http.StatusOK || !strings.Contains(page, "<h1")) {
				t.Errorf("%s of a %s: %d", r.Path, u.Role, status)
			}
		}
	}
}

// visited shows a page to somebody, without a browser and without a session that is stored.
func visited(t *testing.T, surface *http.ServeMux, u user, r Route) (page string, asked []string, status int) {
	t.Helper()
	asks, id := &examples{mux: surface}, "0190a0c4-7a10-7c3e-8f00-000000000203"
	p := &Portal{Config: Config{Now: time.Now, Log: slog.New(slog.DiscardHandler)}, sessions: scs.New(), labels: newLabels(time.Now)}
	p.labels.kept[u.Role] = words{read: time.Now(), lists: map[string][]client.Code{}, known: map[string]map[string]string{}}
	api, err := client.New("http://surface.example", client.Options{HTTP: &http.Client{Transport: asks}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, strings.NewReplacer("{id}", id, "{projet}", id).Replace(r.Path), http.NoBody)
	request.SetPathValue("id", id)
	request.SetPathValue("projet", id)
	ctx, err := p.sessions.Load(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	v := &visit{Portal: p, w: w, r: request.WithContext(ctx), ctx: ctx, user: u, api: api}
	v.finish(r.page(v))
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), asks.asked, w.Code
}
