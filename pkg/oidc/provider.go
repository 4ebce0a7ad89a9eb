// Package oidc signs people in at an OpenID provider by the authorization code flow. What the library below leaves
// to its user is checked here: nonce, azp, iat, and whose userinfo it is.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

var (
	// ErrRefused: what the issuer or the browser brought is not to be believed. What is wrong is wrapped, for the
	// log; nothing about a person is in it.
	ErrRefused = errors.New("sign-in refused")
	// ErrAway: the issuer could not be asked.
	ErrAway = errors.New("the issuer is out of reach")
)

// Config says how an issuer knows us, and what we take from it.
type Config struct {
	Issuer        string // URL, as in its tokens
	ClientID      string
	Secret        string
	Scopes        []string     // openid is among them
	PKCE          bool         // S256; off for an issuer that refuses parameters it does not know
	PlainUserinfo bool         // take userinfo that is not signed
	TrustEmail    bool         // the issuer checks addresses and does not say so in email_verified
	Client        *http.Client // nil: one that waits 5 s
	Now           func() time.Time
}

// Provider is an issuer. It is asked for its endpoints when they are first needed, so it may start later than we do.
type Provider struct {
	Config
	asking singleflight.Group

	mu    sync.Mutex
	known *discovered
}

// discovered is what an issuer says of itself.
type discovered struct {
	*oidc.Provider
	at         time.Time
	endSession string
	style      oauth2.AuthStyle
}

// Signed are the algorithms that are taken: none that needs a shared secret is among them.
var Signed = []string{oidc.EdDSA, oidc.ES256, oidc.PS256, oidc.RS256}

// For how long what an issuer says of itself is believed.
const fresh = time.Hour

// New makes a Provider. Nothing is asked yet.
func New(c Config) *Provider {
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 5 * time.Second}
	}
	return &Provider{Config: c}
}

// Door tells where to send a browser.
func (p *Provider) Door(ctx context.Context) (Door, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return Door{}, err
	}
	return Door{
		Issuer: p.Issuer, Authorization: found.Endpoint().AuthURL, EndSession: found.endSession,
		ClientID: p.ClientID, Scopes: p.Scopes, PKCE: p.PKCE,
	}, nil
}

// discover asks the issuer once for all who wait. What is known stays known while the issuer is away.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	known := p.known
	p.mu.Unlock()
	if known != nil && p.Now().Sub(known.at) < fresh {
		return known, nil
	}
	select {
	case result := <-p.asking.DoChan("", func() (any, error) { return p.ask(context.WithoutCancel(ctx)) }):
		if found, ok := result.Val.(*discovered); ok && result.Err == nil {
			return found, nil
		}
		if known != nil {
			return known, nil
		}
		return nil, fmt.Errorf("%w: %s: %w", ErrAway, p.Issuer, result.Err)
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %s: %w", ErrAway, p.Issuer, ctx.Err())
	}
}

func (p *Provider) ask(ctx context.Context) (*discovered, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.Client), p.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		EndSession string   `json:"end_session_endpoint"`
		Auth       []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, err
	}
	found := &discovered{Provider: provider, at: p.Now(), endSession: more.EndSession, style: oauth2.AuthStyleInHeader}
	if more.Auth != nil && !slices.Contains(more.Auth, "client_secret_basic") {
		found.style = oauth2.AuthStyleInParams
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = found
	return found, nil
}
