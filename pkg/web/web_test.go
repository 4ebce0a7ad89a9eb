package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// known is a verifier whose tokens are the accounts themselves.
type known []string

func (k known) Verify(_ context.Context, token string) (string, error) {
	for _, account := range k {
		if token == account {
			return account, nil
		}
	}
	return "", errors.New("unknown")
}

// bundle is a server whose operations answer what a test says.
type bundle struct {
	*web.Server
	answers map[string]http.HandlerFunc // by method and path; else 204
	asked   int                         // how many requests reached a handler
	bodies  []string                    // of those
}

func (b *bundle) handler(w http.ResponseWriter, r *http.Request) {
	b.asked++
	body, _ := io.ReadAll(r.Body) // what cannot be read is empty
	b.bodies = append(b.bodies, string(body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	if answer, there := b.answers[r.Method+" "+r.URL.Path]; there {
		answer(w, r)
		return
	}
	w.Header().Set("Passerelle-Position", "detection:12")
	w.WriteHeader(http.StatusNoContent)
}

func setup(t testing.TB, change func(*web.Config), heard *web.Heard) *bundle {
	t.Helper()
	config := web.Config{
		Document: openapi.Document(), Tokens: known{"advisor-34", "provider-a"}, Secret: []byte("published test secret"),
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&config)
	}
	server, err := web.New(config)
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{Server: server, answers: map[string]http.HandlerFunc{}}
	for _, service := range []string{"detection", "referral", "workshop", "equipment", "funding", "projections", "identity", "access"} {
		if err := server.Mount(service, http.HandlerFunc(b.handler), heard); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// refuseWith makes an operation answer with an error, as the generated servers do it.
func (b *bundle) refuseWith(route string, err error) {
	b.answers[route] = func(w http.ResponseWriter, r *http.Request) { web.WriteError(w, r, err) }
}

// ask sends a request as advisor-34. Headers come as name and value in turn; an empty value takes one away.
func (b *bundle) ask(method, path, body string, headers ...string) *answer {
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer advisor-34")
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return read(w)
}

// answer is a response, read as a problem where it is one.
type answer struct {
	status  int
	header  http.Header
	text    string
	problem struct {
		Type, Title, Detail, Code string
		Status                    int
		RequestID                 string `json:"request_id"`
		Errors                    []refusal.Fault
	}
}

func read(w *httptest.ResponseRecorder) *answer {
	a := &answer{status: w.Code, header: w.Header(), text: w.Body.String()}
	if w.Header().Get("Content-Type") == "application/problem+json" {
		d := json.NewDecoder(strings.NewReader(a.text))
		d.DisallowUnknownFields()
		if err := d.Decode(&a.problem); err != nil && !errors.Is(err, io.EOF) {
			a.problem.Code = "not a problem: " + err.Error()
		}
	}
	return a
}

// is fails the test unless the answer is this problem, whole and well formed.
func (a *answer) is(t *testing.T, status int, code string) {
	t.Helper()
	if a.status != status || a.problem.Code != code || a.problem.Status != status ||
		a.problem.Type != "urn:passerelle:problem:"+code || a.problem.Title == "" || a.problem.Detail == "" {
		t.Fatalf("got %d %s, want %d %s: %s", a.status, a.problem.Code, status, code, a.text)
	}
}

func (a *answer) passed(t *testing.T) {
	t.Helper()
	if a.status != http.StatusNoContent {
		t.Fatalf("got %d: %s", a.status, a.text)
	}
}

// sheet is the example of the document with one member changed, or taken out when value is "".
func sheet(t testing.TB, path, value string) string {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(openapi.Document()), &document); err != nil {
		t.Fatal(err)
	}
	at := document
	for _, name := range []string{"paths", "/api/v1/flags", "post", "requestBody", "content", "application/json", "example"} {
		at = at[name].(map[string]any)
	}
	body := at
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		at = at[name].(map[string]any)
	}
	last := names[len(names)-1]
	if delete(at, last); value != "" {
		at[last] = json.RawMessage(value)
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
