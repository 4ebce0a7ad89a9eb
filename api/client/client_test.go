package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	client "example.org/passerelle/api/client"
)

// server answers tokens, and one flag whose state it gives a position.
type server struct {
	*httptest.Server
	issued   atomic.Int64
	refuse   atomic.Bool // the next token that is shown
	requests []*http.Request
}

func setup(t *testing.T) *server {
	t.Helper()
	s := &server{}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth2/token", func(w http.ResponseWriter, r *http.Request) {
		if id, secret, _ := r.BasicAuth(); id != "advisor-34" || secret != "demo" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_client"}`)
			return
		}
		fmt.Fprintf(w, `{"access_token":"t%d","token_type":"Bearer","expires_in":3600}`, s.issued.Add(1))
	})
	mux.HandleFunc("POST /api/v1/flags/{id}/validate", func(w http.ResponseWriter, r *http.Request) {
		s.requests = append(s.requests, r)
		if s.refuse.Swap(false) {
			problem(w, http.StatusUnauthorized, `{"status":401,"code":"token_refused","detail":"No."}`)
			return
		}
		w.Header().Set("Passerelle-Position", fmt.Sprintf("detection:%d", 10+len(s.requests)))
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"f1","status":"validated","help":"to_refer"}`)
	})
	mux.HandleFunc("GET /api/v1/flags/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.requests = append(s.requests, r)
		w.Header().Set("Retry-After", "1")
		problem(w, http.StatusServiceUnavailable, `{"status":503,"code":"not_yet_heard","detail":"Not yet.","errors":[{"field":"a","code":"b","detail":"c"}]}`)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func problem(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

func (s *server) client(t *testing.T, secret string) *client.ClientWithResponses {
	t.Helper()
	c, err := client.New(s.URL, client.Options{Tokens: &client.Credentials{Address: s.URL + "/oauth2/token", ID: "advisor-34", Secret: secret}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAWriteIsSeenByWhatFollows(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.client(t, "demo")
	validated, err := c.ValidateFlagWithResponse(context.Background(), "f1", client.Key("k1"))
	if err != nil || validated.JSON200 == nil || validated.JSON200.Status != "validated" {
		t.Fatal(validated, err)
	}
	_, err = c.GetFlagWithResponse(context.Background(), "f1")
	first, second := s.requests[0].Header, s.requests[1].Header
	if first.Get("Idempotency-Key") != "k1" || first.Get("Passerelle-Position") != "" || second.Get("Passerelle-Position") != "detection:11" || second.Get("Idempotency-Key") != "" {
		t.Fatal(first, second)
	}
	var p *client.Problem
	if !errors.As(err, &p) || p.Code != "not_yet_heard" || p.Status != 503 || p.RetryAfter != time.Second || len(p.Errors) != 1 {
		t.Fatal(err)
	}
	if s.issued.Load() != 1 {
		t.Fatal("a token for every request")
	}
}

func TestARefusedTokenIsReplacedOnceAndTheWriteIsTheSame(t *testing.T) {
	t.Parallel()
	s := setup(t)
	s.refuse.Store(true)
	if _, err := s.client(t, "demo").ValidateFlagWithResponse(context.Background(), "f1"); err != nil {
		t.Fatal(err)
	}
	first, second := s.requests[0].Header, s.requests[1].Header
	if first.Get("Authorization") != "Bearer t1" || second.Get("Authorization") != "Bearer t2" || first.Get("Idempotency-Key") != second.Get("Idempotency-Key") {
		t.Fatal(first, second)
	}
}

func TestAWrongSecretIsAnError(t *testing.T) {
	t.Parallel()
	s := setup(t)
	if _, err := s.client(t, "wrong").GetFlagWithResponse(context.Background(), "f1"); err == nil || len(s.requests) != 0 {
		t.Fatal(err)
	}
}
