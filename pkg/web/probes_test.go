package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/web"
)

func TestReadinessTellsEachPart(t *testing.T) {
	t.Parallel()
	status := web.Status{Ledger: "ok", Stream: "away", Projections: "behind", Listeners: "ok", Ready: true}
	b := setup(t, func(c *web.Config) { c.Status = func(context.Context) web.Status { return status } }, nil)
	const told = `{"ledger":"ok","stream":"away","projections":"behind","listeners":"ok"}`
	if a := b.ask("GET", "/readyz", "", "Authorization", ""); a.status != 200 || strings.TrimSpace(a.text) != told {
		t.Fatal(a.status, a.text)
	}
	b.StopTaking()
	if a := b.ask("GET", "/readyz", ""); a.status != 503 || a.header.Get("Retry-After") != "1" {
		t.Fatal(a.status, a.text)
	}
	if a := b.ask("GET", "/healthz", ""); a.status != 200 {
		t.Fatal(a.status)
	}
	b.ask("GET", "/api/v1/me", "").passed(t)
}

func TestAServiceThatIsNotReadyIs503(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *web.Config) {
		c.Status = func(context.Context) web.Status {
			return web.Status{Ledger: "away", Stream: "ok", Projections: "ok", Listeners: "ok"}
		}
	}, nil)
	if a := b.ask("GET", "/readyz", ""); a.status != 503 {
		t.Fatal(a.status)
	}
}

func TestMetricsNameRoutesAndNobody(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.ask("GET", "/api/v1/flags/Camille", "")
	b.ask("GET", "/nothing/Camille", "")
	a := b.ask("GET", "/metrics", "")
	if !strings.Contains(a.text, `route="/api/v1/flags/:id",status="204"`) || strings.Contains(a.text, "Camille") || strings.Contains(a.text, "advisor-34") {
		t.Fatal(a.text)
	}
}

func TestTheDocumentAndItsPageAreServed(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	if a := b.ask("GET", "/api/openapi.json", "", "Authorization", ""); a.text != openapi.Document() || a.header.Get("Content-Type") != "application/json" {
		t.Fatal(a.status, a.header)
	}
	a := b.ask("GET", "/api/docs", "", "Authorization", "")
	for _, o := range openapi.Operations() {
		if !strings.Contains(a.text, `id="`+o.ID+`"`) {
			t.Errorf("%s is not on the page", o.ID)
		}
	}
	for _, outside := range []string{"<script", `="http`, "url(", "@import", "ZgotmplZ"} {
		if strings.Contains(a.text, outside) {
			t.Errorf("the page holds %s", outside)
		}
	}
	if !strings.Contains(a.text, "at most 4000 characters") || !strings.Contains(a.text, "reperage-lr") {
		t.Error("rules or examples are missing")
	}
}

func TestEveryAnswerIsSafeToOpenInABrowser(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	for _, path := range []string{"/api/v1/me", "/nothing", "/api/docs", "/healthz"} {
		h := b.ask("GET", path, "").header
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestADocumentWithAMistakeStopsTheStart(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		``, `[]`, `{"paths":{"/a":{"get":{}}}}`,
		`{"paths":{"/a":{"post":{"operationId":"a","x-service":"s","requestBody":{"content":{"application/json":{"schema":{"type":"strin"}}}}}}}}`,
		`{"paths":{"/a":{"post":{"operationId":"a","x-service":"s","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/None"}}}}}}}}`,
	} {
		if _, err := web.New(web.Config{Document: document}); err == nil {
			t.Errorf("%s: accepted", document)
		}
	}
	b := setup(t, nil, nil)
	if err := b.Mount("nobody", http.NotFoundHandler(), nil); err == nil {
		t.Error("a service without operations was mounted")
	}
}

// The examples of the document are what it says they are.
func TestTheExamplesFitTheirSchemas(t *testing.T) {
	t.Parallel()
	var document struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct{ Example json.RawMessage }
			}
		}
	}
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	b := setup(t, nil, nil)
	for path, methods := range document.Paths {
		for method, o := range methods {
			if example := o.RequestBody.Content["application/json"].Example; example != nil {
				b.ask(strings.ToUpper(method), strings.NewReplacer("{", "", "}", "").Replace(path), string(example)).passed(t)
			}
		}
	}
	if b.asked == 0 {
		t.Fatal("no example was tried")
	}
}

// BenchmarkAFlagRequest is a whole request in memory: routing, token, the check of the body, log and figures.
func BenchmarkAFlagRequest(b *testing.B) {
	s, body := setup(b, nil, nil), []byte(sheet(b, "x", ""))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/api/v1/flags", bytes.NewReader(body))
		r.Header.Set("Authorization", "Bearer advisor-34")
		r.Header.Set("Content-Type", "application/json")
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}
