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
	Scope    string // of the tokens; empty: none is named
	Key      Key
	Lives    time.Duration
	Now      func() time.Time
}

// Issue makes a token for an account.
func (i Issuer) Issue(account string) (string, error) {
	now := i.Now()
	return i.Key.Sign(claims{Scope: i.Scope, Claims: jwt.Claims{
		Issuer: i.Name, Subject: account, Audience: jwt.Audience{i.Audience}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(i.Lives)),
	}})
}

// Sign makes a JWT of claims.
func (k Key) Sign(claims any) (string, error) {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", k.id())
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: k.private}, options)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
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
