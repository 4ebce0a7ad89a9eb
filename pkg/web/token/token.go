// Package token makes and checks access tokens: JWTs, signed with Ed25519 where they are ours.
package token

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// ErrRefused says that a token is not valid here. What is wrong with it is wrapped, for the log only.
var ErrRefused = errors.New("token refused")

// Key signs. It is kept in a file, so that tokens outlive a restart.
type Key struct{ private ed25519.PrivateKey }

// ReadKey reads the key of a file (PKCS 8, PEM), which is made with mode 0600 when it is not there.
func ReadKey(name string) (Key, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(name)
	}
	if err != nil {
		return Key{}, fmt.Errorf("key of the issuer: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return Key{}, fmt.Errorf("key of the issuer: %s is not PEM", name)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Key{}, fmt.Errorf("key of the issuer: %w", err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("key of the issuer: %s is not an Ed25519 key", name)
	}
	return Key{private}, nil
}

func makeKey(name string) (Key, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, fmt.Errorf("key of the issuer: %w", err)
	}
	bytes, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("key of the issuer: %w", err)
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) { // another process was faster
		return ReadKey(name)
	}
	if err != nil {
		return Key{}, fmt.Errorf("key of the issuer: %w", err)
	}
	return Key{private}, errors.Join(pem.Encode(file, &pem.Block{Type: "PRIVATE KEY", Bytes: bytes}), file.Sync(), file.Close())
}

// id is the thumbprint of the public key.
func (k Key) id() string {
	sum := sha256.Sum256(k.private.Public().(ed25519.PublicKey))
	return fmt.Sprintf("%x", sum[:8])
}

// Public is the set of public keys, as /oauth2/jwks shows it.
func (k Key) Public() jose.JSONWebKeySet {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: k.private.Public(), KeyID: k.id(), Algorithm: string(jose.EdDSA), Use: "sig"}}}
}

// Issuer makes tokens.
type Issuer struct {
	Name     string // URL; iss
	Audience string
	Key      Key
	Lives    time.Duration
	Now      func() time.Time
}

// Issue makes a token for an account.
func (i Issuer) Issue(account string) (string, error) {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", i.Key.id())
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: i.Key.private}, options)
	if err != nil {
		return "", fmt.Errorf("issue token: %w", err)
	}
	now := i.Now()
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: i.Name, Subject: account, Audience: jwt.Audience{i.Audience}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(i.Lives)),
	}).Serialize()
}

// Keys gives the public key of an issuer.
type Keys interface {
	Key(ctx context.Context, id string) (jose.JSONWebKey, error)
}

// Set is a fixed set of keys.
type Set jose.JSONWebKeySet

// Key gives the key of an identifier, or the only key when the token names none.
func (s Set) Key(_ context.Context, id string) (jose.JSONWebKey, error) {
	for _, k := range s.Keys {
		if k.KeyID == id || id == "" && len(s.Keys) == 1 {
			return k, nil
		}
	}
	return jose.JSONWebKey{}, fmt.Errorf("%w: unknown key", ErrRefused)
}

// Signed are the algorithms of issuers elsewhere. All have a public key: none that takes a shared secret is among
// them.
var Signed = []jose.SignatureAlgorithm{jose.EdDSA, jose.RS256, jose.ES256, jose.PS256}

// Verifier checks the tokens of one issuer. Use a pointer; it remembers tokens that were right.
type Verifier struct {
	Issuer, Audience string
	Keys             Keys
	Algorithms       []jose.SignatureAlgorithm // empty: EdDSA
	Leeway           time.Duration             // for clocks that differ
	Now              func() time.Time

	mu    sync.Mutex
	known map[[32]byte]jwt.Claims
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
func (v *Verifier) open(ctx context.Context, token string) (claims jwt.Claims, err error) {
	algorithms := v.Algorithms
	if len(algorithms) == 0 {
		algorithms = []jose.SignatureAlgorithm{jose.EdDSA}
	}
	parsed, err := jwt.ParseSigned(token, algorithms) // refuses alg none and all that are not named
	if err != nil {
		return claims, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	header := parsed.Headers[0]
	key, err := v.Keys.Key(ctx, header.KeyID)
	if err != nil {
		return claims, err
	}
	if key.Algorithm != "" && key.Algorithm != header.Algorithm {
		return claims, fmt.Errorf("%w: key of another algorithm", ErrRefused)
	}
	if err := parsed.Claims(key.Key, &claims); err != nil {
		return claims, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return claims, nil
}

func (v *Verifier) accept(c jwt.Claims) error {
	switch {
	case c.Expiry == nil:
		return fmt.Errorf("%w: it never expires", ErrRefused)
	case c.Subject == "" || len(c.Subject) > 100:
		return fmt.Errorf("%w: no subject", ErrRefused)
	case v.Issuer == "" || v.Audience == "" || !slices.Contains(c.Audience, v.Audience):
		return fmt.Errorf("%w: for another audience", ErrRefused)
	case !v.Now().Before(c.Expiry.Time().Add(v.Leeway)):
		return fmt.Errorf("%w: expired", ErrRefused)
	}
	if err := c.ValidateWithLeeway(jwt.Expected{Issuer: v.Issuer, Time: v.Now()}, max(v.Leeway, time.Second)); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return nil
}

func (v *Verifier) remember(digest [32]byte, claims jwt.Claims) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil || len(v.known) >= mostKnown {
		v.known = map[[32]byte]jwt.Claims{}
	}
	v.known[digest] = claims
}

// AnyOf accepts what one of several verifiers accepts.
type AnyOf []interface {
	Verify(ctx context.Context, token string) (string, error)
}

// Verify gives the account of the first verifier that accepts the token.
func (all AnyOf) Verify(ctx context.Context, token string) (account string, err error) {
	err = ErrRefused
	for _, one := range all {
		if account, err = one.Verify(ctx, token); err == nil {
			return account, nil
		}
	}
	return "", err
}
