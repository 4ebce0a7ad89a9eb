package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/pkg/web"
)

// TestDoorsCountAddresses: who tries to sign in again and again is slowed down, and nobody else.
func TestDoorsCountAddresses(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	b := setup(t, func(c *web.Config) { c.AddressRate, c.Now = 10, func() time.Time { return now } }, nil)
	knock := func(from string) *answer {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/sign-ins", strings.NewReader(`{"code":"c","redirect_uri":"r","nonce":"`+strings.Repeat("n", 32)+`"}`))
		r.RemoteAddr = from
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		return read(w)
	}
	for range 10 {
		knock("192.0.2.7:4000").passed(t)
	}
	a := knock("192.0.2.7:4001")
	a.is(t, http.StatusTooManyRequests, "too_many_requests")
	if a.header.Get("Retry-After") != "6" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	knock("192.0.2.8:4000").passed(t)
	b.ask("GET", "/api/v1/me", "").passed(t)
	now = now.Add(6 * time.Second)
	knock("192.0.2.7:4002").passed(t)
}

// TestARequestInsideIsAskedByWhoAskedForThePage: a portal in this process is not one client for all browsers.
func TestARequestInsideIsAskedByWhoAskedForThePage(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.answers["GET /api/v1/codes"] = func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, web.Client(r.Context()))
	}
	inside := &http.Client{Transport: web.Inside(b)}
	b.Handle(http.MethodGet, "/page", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asking, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, "http://house/api/v1/codes", nil)
		asking.Header.Set("Authorization", "Bearer advisor-34")
		response, err := inside.Do(asking)
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		_, _ = io.Copy(w, response.Body)
	}))
	r := httptest.NewRequest(http.MethodGet, "/page", nil)
	r.RemoteAddr = "192.0.2.7:4000"
	w := httptest.NewRecorder()
	if b.ServeHTTP(w, r); w.Body.String() != "192.0.2.7:4000" {
		t.Error(w.Body.String())
	}
}
