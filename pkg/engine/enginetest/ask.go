package enginetest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// anybody is a verifier whose tokens are the accounts themselves.
type anybody struct{}

func (anybody) Verify(_ context.Context, token string) (string, error) { return token, nil }

// serve puts the service behind the real edge; an answer that is not as the document says becomes a 500.
func (w *World) serve(handler http.Handler, heard *web.Heard) *web.Server {
	w.t.Helper()
	server, err := web.New(web.Config{
		Document: openapi.Document(), Tokens: anybody{}, Secret: w.Engine.Secret, Log: w.Engine.Log, CheckAnswers: true,
	})
	w.must(err)
	w.must(server.Mount(w.service, handler, heard))
	return server
}

// Answer is a response.
type Answer struct {
	Status  int
	Header  http.Header
	Body    string
	Problem struct {
		Code, Detail string
		Errors       refusal.Faults
	}
}

// Ask sends a request as an account. Headers come as name and value in turn.
func (w *World) Ask(account, method, path, body string, headers ...string) Answer {
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+account)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	recorded := httptest.NewRecorder()
	w.server.ServeHTTP(recorded, r)
	a := Answer{Status: recorded.Code, Header: recorded.Header(), Body: recorded.Body.String()}
	if a.Status >= http.StatusBadRequest {
		_ = json.Unmarshal([]byte(a.Body), &a.Problem) // a test looks at the code
	}
	return a
}

// Read reads the body of an answer with this status, and ends the test for any other.
func Read[B any](w *World, a Answer, status int) (body B) {
	w.t.Helper()
	if a.Status != status {
		w.t.Fatalf("%d instead of %d: %s", a.Status, status, a.Body)
	}
	w.must(json.Unmarshal([]byte(a.Body), &body))
	return body
}

// Refused checks that an answer is this problem.
func (w *World) Refused(a Answer, status int, code string) {
	w.t.Helper()
	if a.Status != status || a.Problem.Code != code {
		w.t.Errorf("%d %s instead of %d %s: %s", a.Status, a.Problem.Code, status, code, a.Body)
	}
}
