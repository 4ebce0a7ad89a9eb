package token

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Signed are the algorithms of issuers elsewhere. All have a public key: none that takes a shared secret is among
// them.
var Signed = []jose.SignatureAlgorithm{jose.EdDSA, jose.RS256, jose.ES256, jose.PS256}

// claims are what an access token says.
type claims struct {
	jwt.Claims

	Scope string `json:"scope,omitempty"` // separated by spaces (RFC 9068)
}

// Verifier checks the tokens of one issuer. Use a pointer; it remembers tokens that were right.
type Verifier struct {
	Issuer, Audience string
	Scope            string // that a token must have; empty: any
	Keys             Keys
	Algorithms       []jose.SignatureAlgorithm // empty: EdDSA
	Leeway           time.Duration             // for clocks that differ
	Now              func() time.Time

	mu    sync.Mutex
	known map[[32]byte]claims
}

// mostKnown bounds the memory of a Verifier.
const mostKnown = 4096

// Verify gives the account that a token was issued to, or ErrRefused.
func (v *Verifier) Verify(ctx context.Context, token string) (string, error) {
	digest := sha256.Sum256([]byte(token))
	v.mu.Lock()
	claims, known := v.known[digest]
	v.mu.Unlock()
	if !known {
		var err error
		if claims, err = v.open(ctx, token); err != nil {
			return "", err
		}
	}
	if err := v.accept(claims); err != nil {
		return "", err
	}
	if !known {
		v.remember(digest, claims)
	}
	return claims.Subject, nil
}

// open checks the signature.
func (v *Verifier) open(ctx context.Context, token string) (c claims, err error) {
	algorithms := v.Algorithms
	if len(algorithms) == 0 {
		algorithms = []jose.SignatureAlgorithm{jose.EdDSA}
	}
	parsed, err := jwt.ParseSigned(token, algorithms) // refuses alg none and all that are not named
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	header := parsed.Headers[0]
	key, err := v.Keys.Key(ctx, header.KeyID)
	if err != nil {
		return c, err
	}
	if key.Algorithm != "" && key.Algorithm != header.Algorithm {
		return c, fmt.Errorf("%w: key of another algorithm", ErrRefused)
	}
	if err := parsed.Claims(key.Key, &c); err != nil {
		return c, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return c, nil
}

func (v *Verifier) accept(c claims) error {
	switch {
	case c.Expiry == nil:
		return fmt.Errorf("%w: it never expires", ErrRefused)
	case c.Subject == "" || len(c.Subject) > 100:
		return fmt.Errorf("%w: no subject", ErrRefused)
	case v.Issuer == "" || v.Audience == "" || !slices.Contains(c.Audience, v.Audience):
		return fmt.Errorf("%w: for another audience", ErrRefused)
	case v.Scope != "" && !slices.Contains(strings.Fields(c.Scope), v.Scope):
		return fmt.Errorf("%w: for something else", ErrRefused)
	case !v.Now().Before(c.Expiry.Time().Add(v.Leeway)):
		return fmt.Errorf("%w: expired", ErrRefused)
	}
	if err := c.ValidateWithLeeway(jwt.Expected{Issuer: v.Issuer, Time: v.Now()}, max(v.Leeway, time.Second)); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return nil
}

func (v *Verifier) remember(digest [32]byte, c claims) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil || len(v.known) >= mostKnown {
		v.known = map[[32]byte]claims{}
	}
	v.known[digest] = c
}

// Issuers are verifiers of several issuers. A token is shown to the one that it names, and to no other.
type Issuers []*Verifier

// Verify gives the account that a token was issued to, or ErrRefused.
func (all Issuers) Verify(ctx context.Context, token string) (string, error) {
	name := namedIssuer(token)
	for _, v := range all {
		if name != "" && v.Issuer == name {
			return v.Verify(ctx, token)
		}
	}
	return "", fmt.Errorf("%w: of an unknown issuer", ErrRefused)
}

// namedIssuer is what a token says of itself; nothing is believed yet.
func namedIssuer(token string) string {
	_, rest, _ := strings.Cut(token, ".")
	payload, _, _ := strings.Cut(rest, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return ""
	}
	var said struct {
		Issuer string `json:"iss"`
	}
	if json.Unmarshal(text, &said) != nil {
		return ""
	}
	return said.Issuer
}
