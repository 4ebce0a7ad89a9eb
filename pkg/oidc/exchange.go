package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Return is what a browser brought back, and what was remembered of its attempt.
type Return struct {
	Code        string
	RedirectURI string
	Nonce       string
	Verifier    string
}

// Person is who signed in, as the issuer says.
type Person struct {
	Issuer        string
	Subject       string // unlike any other of this issuer
	Email         string
	EmailVerified bool // the address is theirs
	GivenName     string
	UsualName     string
	IDToken       string // to end the session at the issuer
}

const (
	iatLeeway   = 30 * time.Second
	longSubject = 255 // characters at most, by the specification
)

// Exchange trades a code for the person it stands for. A code is good once.
func (p *Provider) Exchange(ctx context.Context, r Return) (Person, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return Person{}, err
	}
	tokens, err := p.redeem(ctx, found, r)
	if err != nil {
		return Person{}, err
	}
	raw, _ := tokens.Extra("id_token").(string)
	claims, err := p.verifyIDToken(ctx, found, raw, r.Nonce)
	if err != nil {
		return Person{}, err
	}
	if err := p.addUserinfo(ctx, found, tokens.AccessToken, &claims); err != nil {
		return Person{}, err
	}
	return claims.person(p.Config, raw), nil
}

func (p *Provider) redeem(ctx context.Context, found *discovered, r Return) (*oauth2.Token, error) {
	endpoint := found.Endpoint()
	endpoint.AuthStyle = found.style
	c := oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: endpoint, RedirectURL: r.RedirectURI}
	var options []oauth2.AuthCodeOption
	if p.PKCE {
		options = append(options, oauth2.VerifierOption(r.Verifier))
	}
	tokens, err := c.Exchange(oidc.ClientContext(ctx, p.Client), r.Code, options...)
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError:
		return nil, fmt.Errorf("%w: the issuer takes no such code: %.50q", ErrRefused, refused.ErrorCode)
	case err != nil:
		return nil, fmt.Errorf("%w: %s: token endpoint", ErrAway, p.Issuer) // the error may hold what it answered
	}
	return tokens, nil
}

// verifyIDToken checks signature, issuer, audience and expiry by the library, and then what that does not.
func (p *Provider) verifyIDToken(ctx context.Context, found *discovered, raw, nonce string) (claims, error) {
	token, err := p.verify(ctx, found, raw)
	if err != nil {
		return claims{}, err
	}
	var c claims
	if err := token.Claims(&c); err != nil {
		return c, fmt.Errorf("%w: id_token: claims that cannot be read", ErrRefused)
	}
	switch {
	case nonce == "" || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return c, fmt.Errorf("%w: id_token: another nonce", ErrRefused)
	case len(token.Audience) > 1 && c.Party == "", c.Party != "" && c.Party != p.ClientID:
		return c, fmt.Errorf("%w: id_token: for another party", ErrRefused)
	case token.IssuedAt.Unix() <= 0 || token.IssuedAt.After(p.Now().Add(iatLeeway)):
		return c, fmt.Errorf("%w: id_token: issued in the future", ErrRefused)
	case token.Subject == "" || len(token.Subject) > longSubject:
		return c, fmt.Errorf("%w: id_token: no subject", ErrRefused)
	}
	return c, nil
}

func (p *Provider) verify(ctx context.Context, found *discovered, raw string) (*oidc.IDToken, error) {
	verifier := found.Verifier(&oidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: Signed, Now: p.Now})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return token, nil
}
