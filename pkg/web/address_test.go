package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	openapi "example.org/passerelle/api/http"
)

// signingIn is a server that lets each address ask for ten tokens a minute; the clock is the test's.
func signingIn(t *testing.T, now *time.Time) *Server {
	t.Helper()
	s, err := New(Config{Document: openapi.Document(), Address: map[string]float64{"sign-in": 10}, Now: func() time.Time { return *now }})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Mount("identity", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func askFrom(s *Server, address, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader("grant_type=client_credentials"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = address
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestAnAddressMaySignInTenTimesAMinute(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	s := signingIn(t, &now)
	token := func(address string) *httptest.ResponseRecorder { return askFrom(s, address, "POST", "/oauth2/token") }
	for i := range 10 {
		if w := token(fmt.Sprintf("[2001:db8:1:2::%d]:4000", i+1)); w.Code != 204 {
			t.Fatalf("the %d. of its network: %d", i+1, w.Code)
		}
	}
	w := token("[2001:db8:1:2:ffff::9]:4000")
	if w.Code != 429 || w.Header().Get("Retry-After") != "6" || !strings.Contains(w.Body.String(), "too_many_requests") {
		t.Errorf("the 11. of a network: %d %v %s", w.Code, w.Header(), w.Body)
	}
	for _, other := range []string{"[2001:db8:1:3::1]:4000", "192.0.2.7:4000", "[::ffff:192.0.2.8]:4000"} {
		if w := token(other); w.Code != 204 {
			t.Errorf("%s: %d", other, w.Code)
		}
	}
	if w := askFrom(s, "[2001:db8:1:2::1]:4000", "GET", "/oauth2/jwks"); w.Code != 204 {
		t.Errorf("what is no sign-in: %d", w.Code)
	}
	now = now.Add(6 * time.Second)
	if first, second := token("[2001:db8:1:2::1]:4000"), token("[2001:db8:1:2::1]:4000"); first.Code != 204 || second.Code != 429 {
		t.Errorf("six seconds later: %d, then %d", first.Code, second.Code)
	}
}

func TestManyAddressesTakeBoundedMemory(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	s := signingIn(t, &now)
	for i := range mostClients + 5000 {
		if err := s.byAddress["sign-in"].takeBy(neighbourhood(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255))); err != nil {
			t.Fatal(err)
		}
		if n := len(s.byAddress["sign-in"].clients); n > mostClients {
			t.Fatalf("%d addresses are remembered", n)
		}
	}
}

// A page that asks for a visitor asks from the visitor's address, in this process and over the network.
func TestWhoAsksForAVisitorSaysSo(t *testing.T) {
	t.Parallel()
	var seen []string
	tell := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.RemoteAddr+" "+r.Header.Get("X-Forwarded-For"))
	})
	behind := httptest.NewServer(tell)
	defer behind.Close()
	s, err := New(Config{Document: openapi.Document()})
	if err != nil {
		t.Fatal(err)
	}
	s.Handle("GET", "/page", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for _, road := range []http.RoundTripper{Inside(tell), Forwarding(http.DefaultTransport)} {
			ask, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, behind.URL, nil)
			response, err := road.RoundTrip(ask)
			if err != nil {
				t.Error(err)
				continue
			}
			_ = response.Body.Close()
		}
	}))
	askFrom(s, "192.0.2.7:4000", "GET", "/page")
	if len(seen) != 2 || seen[0] != "192.0.2.7:4000 " || !strings.HasSuffix(seen[1], " 192.0.2.7") {
		t.Errorf("%q", seen)
	}
}
