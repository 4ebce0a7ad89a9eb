package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"example.org/passerelle/pkg/web"
	"example.org/passerelle/pkg/web/token"
)

// TestWhoAsksIsWhoTheProxySays, and only a proxy that is believed may say so.
func TestWhoAsksIsWhoTheProxySays(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *web.Config) {
		c.Proxies = web.Proxies{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("::1/128")}
	}, nil)
	b.answers["GET /api/v1/me"] = func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, web.Client(r.Context())+" "+web.RequestID(r.Context()))
	}
	long := strings.Repeat("a", 65)
	for _, c := range []struct{ from, forwarded, named, want string }{
		{"10.1.0.7:4000", "203.0.113.9", "named-1", "203.0.113.9:0 named-1"},
		{"[::ffff:10.1.0.7]:4000", "203.0.113.9", "named-1", "203.0.113.9:0 named-1"},
		{"[::1]:4000", "2001:db8::1", "named-1", "[2001:db8::1]:0 named-1"},
		{"10.1.0.7:4000", "198.51.100.1, 203.0.113.9, 10.1.0.8", "named-1", "203.0.113.9:0 named-1"}, // the first may be invented
		{"10.1.0.7:4000", "nobody, 10.1.0.8", "named-1", "10.1.0.8:0 named-1"},
		{"10.1.0.7:4000", "", "named-1", "10.1.0.7:4000 named-1"},
		{"10.1.0.7:4000", "203.0.113.9", "two\nlines", "203.0.113.9:0 !"},
		{"10.1.0.7:4000", "203.0.113.9", long, "203.0.113.9:0 !"},
		{"10.2.0.7:4000", "203.0.113.9", "named-1", "10.2.0.7:4000 !"},
	} {
		r := httptest.NewRequestWithContext(context.Background(), "GET", "/api/v1/me", nil)
		r.RemoteAddr = c.from
		r.Header.Set("Authorization", "Bearer advisor-34")
		r.Header["X-Forwarded-For"], r.Header["X-Request-Id"] = []string{c.forwarded}, []string{c.named}
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		client, id, _ := strings.Cut(w.Body.String(), " ")
		if want, named, _ := strings.Cut(c.want, " "); client != want || (named == "!") == (id == c.named) || id == "" {
			t.Errorf("%v: %s", c, w.Body)
		}
		if w.Header().Get("X-Request-Id") != id {
			t.Errorf("%v is called %q outside", c, w.Header().Get("X-Request-Id"))
		}
	}
}

// away is an issuer that cannot be asked.
type away struct{}

func (away) Verify(context.Context, string) (string, error) { return "", token.ErrAway }

func TestAnIssuerThatIsAwayIsNoBadToken(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *web.Config) { c.Tokens = away{} }, nil)
	a := b.ask("GET", "/api/v1/me", "")
	a.is(t, 503, "issuer_away")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestWhatIsNoOperationIsServedOtherwise; an operation asked with another method is not.
func TestWhatIsNoOperationIsServedOtherwise(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, nil)
	b.Otherwise(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "page "+r.URL.Path) }))
	for _, method := range []string{"GET", "POST"} {
		for _, path := range []string{"/", "/agenda", "/a/b/c"} {
			if a := b.ask(method, path, ""); a.status != 200 || a.text != "page "+path {
				t.Errorf("%s %s: %d %s", method, path, a.status, a.text)
			}
		}
	}
	b.ask("DELETE", "/api/v1/flags", "").is(t, 405, "method_not_allowed")
	b.ask("GET", "/api/v1/me", "").passed(t)
}
