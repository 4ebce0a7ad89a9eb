package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

func TestEachErrorHasItsStatus(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	for _, c := range []struct {
		err    error
		status int
		code   string
	}{
		{refusal.New(refusal.Conflict, "already_asked", "Asked already."), 409, "already_asked"},
		{refusal.New(refusal.Forbidden, "own_flag", "Your own."), 403, "own_flag"},
		{refusal.New(refusal.NotFound, "no_flag", "No such flag."), 404, "no_flag"},
		{refusal.New(refusal.Invalid, "consent_missing", "No consent."), 422, "consent_missing"},
		{refusal.Faults{{Field: "person", Code: "no_way_to_reach", Detail: "No phone."}}, 422, "no_way_to_reach"},
		{refusal.Faults{{Field: "a", Code: "x", Detail: "X."}, {Field: "b", Code: "y", Detail: "Y."}}, 422, "invalid"},
		{decider.ErrStale, 412, "stale"},
		{decider.ErrKeyReused, 422, "key_reused"},
		{&ledger.Claimed{Claim: "asset:x", Holder: "item:1"}, 409, "taken"},
		{ledger.ErrUnavailable, 503, "ledger_away"},
		{ledger.ErrRestored, 503, "ledger_away"},
		{ledger.ErrTooLarge, 413, "too_large"},
		{ledger.ErrNotText, 422, "not_text"},
		{context.DeadlineExceeded, 503, "too_slow"},
		{json.Unmarshal([]byte("1.5"), new(int)), 422, "wrong_type"},
		{errors.New("secret of the database"), 500, "internal"},
	} {
		b.refuseWith("GET /api/v1/me", fmt.Errorf("load flag f1: %w", c.err))
		a := b.ask("GET", "/api/v1/me", "")
		a.is(t, c.status, c.code)
		if strings.Contains(a.text, "secret") || strings.Contains(a.text, "load flag") {
			t.Errorf("%v: the inside shows: %s", c.err, a.text)
		}
		if (a.header.Get("Retry-After") == "1") != (c.status == 503) {
			t.Errorf("%v: Retry-After %q", c.err, a.header.Get("Retry-After"))
		}
		if c.status == 422 && len(a.problem.Errors) == 0 {
			t.Errorf("%v: no errors list", c.err)
		}
		if (a.problem.RequestID != "") != (c.status == 500) {
			t.Errorf("%v: request_id %q", c.err, a.problem.RequestID)
		}
	}
}

func TestAPanicIsA500AndTheServerLives(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.answers["GET /api/v1/me"] = func(http.ResponseWriter, *http.Request) { panic("Camille Exemple") }
	b.ask("GET", "/api/v1/me", "").is(t, 500, "internal")
	b.ask("GET", "/api/v1/codes", "").passed(t)
}

func TestAnUnknownAddressOrMethodIsAProblem(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.ask("GET", "/api/v1/nothing", "").is(t, 404, "no_such_address")
	a := b.ask("DELETE", "/api/v1/flags", "")
	a.is(t, 405, "method_not_allowed")
	if allow := a.header.Get("Allow"); !strings.Contains(allow, "POST") || !strings.Contains(allow, "GET") {
		t.Fatalf("Allow: %q", allow)
	}
}

func TestWithoutAValidTokenItIs401(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	for sent, code := range map[string]string{"": "token_missing", "Basic YTpi": "token_missing", "Bearer ": "token_missing", "Bearer stranger": "token_refused"} {
		a := b.ask("GET", "/api/v1/me", "", "Authorization", sent)
		a.is(t, 401, code)
		if a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Error("no WWW-Authenticate")
		}
	}
	b.ask("GET", "/oauth2/jwks", "", "Authorization", "").passed(t)
}

func TestTheRateIsPerClient(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	b := setup(t, func(c *web.Config) { c.Rate, c.Burst, c.Now = 0.5, 2, func() time.Time { return now } }, nil)
	ask := func(account string) *answer {
		return b.ask("GET", "/api/v1/me", "", "Authorization", "Bearer "+account)
	}
	ask("advisor-34").passed(t)
	ask("advisor-34").passed(t)
	a := ask("advisor-34")
	a.is(t, 429, "too_many_requests")
	if a.header.Get("Retry-After") != "2" {
		t.Fatalf("Retry-After %q", a.header.Get("Retry-After"))
	}
	ask("provider-a").passed(t)
	for range 2 {
		ask("stranger").is(t, 401, "token_refused")
	}
	ask("stranger").is(t, 429, "too_many_requests")
	now = now.Add(2 * time.Second)
	ask("advisor-34").passed(t)
}

func TestAHandlerThatTakesTooLongIs503(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *web.Config) { c.Deadline = time.Millisecond }, nil)
	b.answers["GET /api/v1/me"] = func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		web.WriteError(w, r, r.Context().Err())
	}
	b.ask("GET", "/api/v1/me", "").is(t, 503, "too_slow")
}

func TestTheLogHoldsNeitherBodiesNorQueriesNorAddresses(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := setup(t, func(c *web.Config) {
		c.Log = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}, nil)
	b.answers["POST /api/v1/flags"] = func(http.ResponseWriter, *http.Request) { panic("Camille Exemple") }
	b.ask("POST", "/api/v1/flags", sheet(t, "x", ""))
	b.ask("GET", "/api/v1/flags?desk=Camille+Exemple", "")
	b.ask("GET", "/api/v1/flags/Camille", "")
	b.ask("GET", "/nothing/Camille", "")
	for _, personal := range []string{"Camille", "+33467000000", "espace personnel", "1958"} {
		if strings.Contains(log.String(), personal) {
			t.Errorf("%q is in the log: %s", personal, log.String())
		}
	}
	for _, wanted := range []string{`"route":"/api/v1/flags/:id"`, `"status":204`, `"account":"advisor-34"`, `"request_id"`, `"ms"`} {
		if !strings.Contains(log.String(), wanted) {
			t.Errorf("%s is not in the log: %s", wanted, log.String())
		}
	}
}

func TestAnAnswerThatTheDocumentDoesNotKnowIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *web.Config) { c.CheckAnswers = true }, nil)
	say := func(status int, position, body string) *answer {
		b.answers["POST /api/v1/flags/f1/validate"] = func(w http.ResponseWriter, _ *http.Request) {
			if position != "" {
				w.Header().Set("Passerelle-Position", position)
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
		return b.ask("POST", "/api/v1/flags/f1/validate", "{}")
	}
	right := `{"id":"f1","status":"validated","help":"to_refer"}`
	if a := say(200, "detection:1", right); a.status != 200 || a.text != right || a.header.Get("Passerelle-Position") != "detection:1" {
		t.Fatal(a.status, a.text)
	}
	say(200, "", right).is(t, 500, "internal")
	say(201, "detection:1", right).is(t, 500, "internal")
	say(200, "detection:1", `{"id":"f1","status":"validated","help":"to_refer","nir":"1"}`).is(t, 500, "internal")
	say(200, "detection:1", `{"id":"f1","status":"fine","help":"to_refer"}`).is(t, 500, "internal")
}

// TestAnAnswerOfAFormThatTheDocumentDoesNotNameIsFound: each that is named passes, whatever is in it.
func TestAnAnswerOfAFormThatTheDocumentDoesNotNameIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *web.Config) { c.CheckAnswers = true }, nil)
	const path = "/api/v1/referrals/r1/letter"
	say := func(media, body string) *answer {
		b.answers["GET "+path] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", media)
			_, _ = w.Write([]byte(body))
		}
		return b.ask("GET", path, "")
	}
	for _, named := range []string{"text/html; charset=utf-8", "text/calendar", "application/pdf"} {
		if a := say(named, "%PDF-1.3"); a.status != 200 || a.text != "%PDF-1.3" {
			t.Error(named, a.status, a.text)
		}
	}
	for _, planted := range []string{"text/csv", "application/octet-stream", "application/json", ""} {
		say(planted, "%PDF-1.3").is(t, 500, "internal")
	}
}

func TestTheServerLetsItsClientsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The listener is in memory, so that time stands still while everybody waits.
		b, l := setup(t, nil, nil), newListener()
		entered, release := make(chan struct{}), make(chan struct{})
		b.answers["GET /api/v1/me"] = func(w http.ResponseWriter, _ *http.Request) {
			close(entered)
			<-release
			w.WriteHeader(http.StatusNoContent)
		}
		ctx, stop := context.WithCancel(t.Context())
		served, answered := make(chan error, 1), make(chan int, 1)
		go func() { served <- b.Serve(ctx, l) }()
		go func() { answered <- l.get(t, "/api/v1/me").status }()
		<-entered
		stop()
		synctest.Wait()
		if late := l.get(t, "/readyz"); late.status != http.StatusServiceUnavailable || !late.closes {
			t.Errorf("who comes while the door closes gets %+v", late)
		}
		close(release)
		if status := <-answered; status != http.StatusNoContent {
			t.Errorf("the running request got %d", status)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		if conn, err := l.dial(); err == nil {
			conn.Close()
			t.Error("still takes connections")
		}
	})
}

func TestTheServerDoesNotWaitForClientsWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, l := setup(t, nil, nil), newListener()
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- b.Serve(ctx, l) }()
		stop()
		began := time.Now()
		for {
			if _, err := l.try(t.Context(), "/readyz"); err != nil {
				break // the door is closed
			}
			if time.Since(began) > 3*time.Second {
				t.Fatal("it serves on")
			}
			time.Sleep(50 * time.Millisecond) // of the test's own time
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
}
