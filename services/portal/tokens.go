package portal

import (
	"context"
	"net/http"
	"sync"
	"time"

	"example.org/passerelle/api/client"
)

// tokens are the access tokens of the sign-ins that are at work here. They are in memory only: another process of
// the portal asks for its own.
type tokens struct {
	client  *http.Client
	address string
	now     func() time.Time
	mu      sync.Mutex
	of      map[string]*held // by sign-in
}

// held is the token of a sign-in, until a minute before it expires.
type held struct {
	mu    sync.Mutex
	token string
	until time.Time
}

// mostHeld bounds the memory: who is forgotten gets a new token with the next page.
const mostHeld = 10_000

func newTokens(c *http.Client, address string, now func() time.Time) *tokens {
	return &tokens{client: c, address: address, now: now, of: map[string]*held{}}
}

func (t *tokens) held(signIn string) *held {
	t.mu.Lock()
	defer t.mu.Unlock()
	h, known := t.of[signIn]
	if !known {
		if len(t.of) >= mostHeld {
			clear(t.of)
		}
		h = &held{}
		t.of[signIn] = h
	}
	return h
}

// keep takes the first token of a sign-in.
func (t *tokens) keep(in client.SignIn) {
	h := t.held(in.ID)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.take(in.AccessToken, in.ExpiresIn, t.now())
}

func (h *held) take(token string, seconds int, now time.Time) {
	lives := time.Duration(seconds) * time.Second
	h.token, h.until = token, now.Add(lives-min(time.Minute, lives/2))
}

func (t *tokens) forget(signIn string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, signIn)
}

// bearer gives the tokens of one sign-in.
type bearer struct {
	*tokens

	signIn, secret string
}

// Token gives one that is still good, a new one where needed. A sign-in that has ended is a Problem with 401.
func (b bearer) Token(ctx context.Context) (string, error) {
	h := b.held(b.signIn)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.token != "" && b.now().Before(h.until) {
		return h.token, nil
	}
	api, err := client.New(b.address, client.Options{HTTP: b.client})
	if err != nil {
		return "", err
	}
	answer, err := api.RenewSignInWithResponse(ctx, client.SignInSecret{SignIn: b.signIn, Secret: b.secret})
	if err != nil {
		return "", err
	}
	h.take(answer.JSON200.AccessToken, answer.JSON200.ExpiresIn, b.now())
	return h.token, nil
}

// Refresh forgets a token that was refused.
func (b bearer) Refresh(token string) {
	h := b.held(b.signIn)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.token == token {
		h.token = ""
	}
}
