package token_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/pkg/web/token"
)

// provider is an issuer that can be away and change its key.
type provider struct {
	*testing.T
	*httptest.Server
	issuer token.Issuer
	away   atomic.Bool
	asked  atomic.Int32
	mu     sync.Mutex
	shown  token.Key
}

func newProvider(t *testing.T) *provider {
	p := &provider{T: t}
	p.Server = httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(p.Close)
	p.issuer = token.Issuer{Name: p.URL, Audience: "passerelle", Lives: time.Hour, Now: noon}
	p.takeKey()
	return p
}

// takeKey makes the provider sign with another key.
func (p *provider) takeKey() {
	key, err := token.ReadKey(filepath.Join(p.TempDir(), "issuer"))
	if err != nil {
		p.Fatal(err)
	}
	p.issuer.Key = key
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = key
}

func (p *provider) answer(w http.ResponseWriter, r *http.Request) {
	if p.away.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	p.asked.Add(1)
	p.mu.Lock()
	issuer := token.Issuer{Name: p.issuer.Name, Key: p.shown}
	p.mu.Unlock()
	(&token.Demo{Issuer: issuer}).ServeHTTP(w, r)
}

// clock can be moved.
type clock struct{ now atomic.Int64 }

func (c *clock) Now() time.Time       { return noon().Add(time.Duration(c.now.Load())) }
func (c *clock) move(d time.Duration) { c.now.Add(int64(d)) }

func (p *provider) verifier(c *clock) *token.Verifier {
	return &token.Verifier{Issuer: p.URL, Audience: "passerelle", Keys: &token.Remote{Issuer: p.URL, Client: p.Client(), Now: c.Now}, Now: noon}
}

func TestAnIssuerThatComesLaterIsNoReasonToRefuse(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), &clock{}
	v, text := p.verifier(c), issue(t, p.issuer)
	p.away.Store(true)
	if _, err := v.Verify(t.Context(), text); !errors.Is(err, token.ErrAway) || errors.Is(err, token.ErrRefused) {
		t.Fatalf("while it is away: %v", err)
	}
	p.away.Store(false)
	c.move(time.Second)
	if account, err := v.Verify(t.Context(), text); err != nil || account != "advisor-34" {
		t.Fatal(account, err)
	}
}

func TestANewKeyIsFetchedWhenATokenNamesIt(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), &clock{}
	v := p.verifier(c)
	if _, err := v.Verify(t.Context(), issue(t, p.issuer)); err != nil {
		t.Fatal(err)
	}
	p.takeKey()
	c.move(5 * time.Second)
	if _, err := v.Verify(t.Context(), issue(t, p.issuer)); err != nil {
		t.Fatal(err)
	}
	before := p.asked.Load()
	for range 20 { // an invented key
		stranger := issuer(t)
		stranger.Name = p.URL
		if _, err := v.Verify(t.Context(), issue(t, stranger)); !errors.Is(err, token.ErrRefused) {
			t.Fatal(err)
		}
	}
	if asked := p.asked.Load() - before; asked > 0 {
		t.Errorf("tokens of a stranger made %d requests", asked)
	}
}

// TestAKeyThatWasTakenBackIsForgotten, and until the issuer can be asked, known keys go on.
func TestAKeyThatWasTakenBackIsForgotten(t *testing.T) {
	t.Parallel()
	p, c := newProvider(t), &clock{}
	v := p.verifier(c)
	old := p.issuer
	if _, err := v.Verify(t.Context(), issue(t, old)); err != nil {
		t.Fatal(err)
	}
	p.away.Store(true)
	c.move(time.Hour)
	if _, err := v.Verify(t.Context(), issue(t, old)); err != nil {
		t.Fatalf("a known key, while the issuer is away: %v", err)
	}
	p.takeKey()
	p.away.Store(false)
	deadline := time.Now().Add(10 * time.Second)
	for { // fetched in the background
		c.move(time.Second)
		if _, err := v.Verify(t.Context(), issue(t, old)); errors.Is(err, token.ErrRefused) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the old key is still believed")
		}
	}
}
