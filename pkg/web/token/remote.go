package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// ErrAway says that the issuer could not be asked for its keys: nothing is known about the token.
var ErrAway = errors.New("the issuer's keys are out of reach")

// Remote keeps the keys of an OpenID provider. They are fetched when first needed, so it may start later than who
// asks; again when a token names a key that is not known, and now and then, so that a key that was taken back is
// forgotten.
type Remote struct {
	Issuer string // URL, as in the tokens
	Client *http.Client
	Now    func() time.Time

	mu     sync.Mutex
	keys   Set
	got    time.Time // when keys was fetched
	asked  time.Time
	failed error // of the last time
	asking chan struct{}
}

const (
	fresh       = 15 * time.Minute
	askAgain    = 5 * time.Second // tokens with invented keys must not make a storm
	askAgainOne = time.Second     // after a failure
	answerIn    = 5 * time.Second
)

// Key gives a key of the provider. While one is fetched, tokens of known keys do not wait.
func (r *Remote) Key(ctx context.Context, id string) (jose.JSONWebKey, error) {
	key, found, asking := r.look(ctx, id)
	if found || asking == nil {
		return key, r.why(found)
	}
	select {
	case <-asking:
	case <-ctx.Done():
		return key, fmt.Errorf("%w: %w", ErrAway, ctx.Err())
	}
	r.mu.Lock()
	key, err := r.keys.Key(ctx, id)
	r.mu.Unlock()
	return key, r.why(err == nil)
}

// look gives a key that is known, and what to wait for if one is being fetched.
func (r *Remote) look(ctx context.Context, id string) (jose.JSONWebKey, bool, chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key, err := r.keys.Key(ctx, id)
	if (err != nil || r.Now().Sub(r.got) >= fresh) && r.asking == nil && r.Now().Sub(r.asked) >= r.pause() {
		r.asked, r.asking = r.Now(), make(chan struct{})
		go r.ask(context.WithoutCancel(ctx))
	}
	return key, err == nil, r.asking
}

func (r *Remote) pause() time.Duration {
	if r.failed != nil {
		return askAgainOne
	}
	return askAgain
}

// ask fetches for everybody who waits. Keys that are known stay known when it fails.
func (r *Remote) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, answerIn)
	defer cancel()
	keys, err := r.fetch(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed = err; err == nil {
		r.keys, r.got = keys, r.Now()
	}
	close(r.asking)
	r.asking = nil
}

// why tells a token of an unknown key from an issuer that does not answer.
func (r *Remote) why(found bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case found:
		return nil
	case r.failed != nil:
		return fmt.Errorf("%w: %s: %w", ErrAway, r.Issuer, r.failed)
	}
	return fmt.Errorf("%w: unknown key", ErrRefused)
}

func (r *Remote) fetch(ctx context.Context) (keys Set, err error) {
	var found struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := r.get(ctx, strings.TrimSuffix(r.Issuer, "/")+"/.well-known/openid-configuration", &found); err != nil {
		return keys, err
	}
	if found.Issuer != r.Issuer {
		return keys, fmt.Errorf("it calls itself %q", found.Issuer)
	}
	return keys, r.get(ctx, found.Keys, (*jose.JSONWebKeySet)(&keys))
}

func (r *Remote) get(ctx context.Context, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := r.Client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return json.NewDecoder(http.MaxBytesReader(nil, response.Body, 1<<20)).Decode(into)
}
