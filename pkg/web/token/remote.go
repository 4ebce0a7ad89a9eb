package token

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Remote fetches the keys of an OpenID provider: when first needed, and again, at most every half minute, when
// a token names a key that is not known.
type Remote struct {
	Issuer string // URL, as in the tokens
	Client *http.Client
	Now    func() time.Time

	mu      sync.Mutex
	keys    Set
	fetched time.Time
}

const fetchAgain = 30 * time.Second

// Key gives a key of the provider.
func (r *Remote) Key(ctx context.Context, id string) (jose.JSONWebKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key, err := r.keys.Key(ctx, id); err == nil || r.Now().Sub(r.fetched) < fetchAgain {
		return key, err
	}
	r.fetched = r.Now()
	keys, err := r.fetch(ctx)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("%w: keys of %s: %w", ErrRefused, r.Issuer, err)
	}
	r.keys = keys
	return r.keys.Key(ctx, id)
}

func (r *Remote) fetch(ctx context.Context) (keys Set, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var found struct {
		Keys string `json:"jwks_uri"`
	}
	if err := r.get(ctx, strings.TrimSuffix(r.Issuer, "/")+"/.well-known/openid-configuration", &found); err != nil {
		return keys, err
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
