package oidc

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// Door is where an issuer lets people in, and how.
type Door struct {
	Issuer        string
	Authorization string // endpoint
	EndSession    string // endpoint; empty: the issuer has none
	ClientID      string
	Scopes        []string
	PKCE          bool
}

// Attempt is what a browser session remembers of somebody who was sent to an issuer. It is good for one return.
type Attempt struct {
	Issuer      string
	RedirectURI string
	State       string
	Nonce       string
	Verifier    string // empty without PKCE
}

var (
	// ErrOtherState: this return belongs to no attempt of this browser (login CSRF), or to an older one.
	ErrOtherState = errors.New("return without a sign-in that was begun here")
	// ErrNotSignedIn: the issuer let nobody in. Its reason is wrapped, as a code.
	ErrNotSignedIn = errors.New("the issuer signed nobody in")
)

// Begin makes an attempt: its texts are random, 52 characters each.
func Begin(d Door, redirectURI string) Attempt {
	a := Attempt{Issuer: d.Issuer, RedirectURI: redirectURI, State: secret(), Nonce: secret()}
	if d.PKCE {
		a.Verifier = secret()
	}
	return a
}

func secret() string { return rand.Text() + rand.Text() }

// URL is where the browser goes. hint is an account that the issuer may know, or empty. Only what is needed is in
// it: some issuers refuse what they do not know.
func (a Attempt) URL(d Door, hint string) string {
	query := url.Values{
		"response_type": {"code"}, "client_id": {d.ClientID}, "redirect_uri": {a.RedirectURI},
		"scope": {strings.Join(d.Scopes, " ")}, "state": {a.State}, "nonce": {a.Nonce},
	}
	if a.Verifier != "" {
		query.Set("code_challenge", oauth2.S256ChallengeFromVerifier(a.Verifier))
		query.Set("code_challenge_method", "S256")
	}
	if hint != "" {
		query.Set("login_hint", hint)
	}
	return with(d.Authorization, query)
}

// Code is what the issuer gave the browser to take back, if the return belongs to this attempt.
func (a Attempt) Code(returned url.Values) (string, error) {
	state, issuer := returned.Get("state"), returned.Get("iss")
	switch {
	case a.State == "" || subtle.ConstantTimeCompare([]byte(state), []byte(a.State)) != 1:
		return "", ErrOtherState
	case issuer != "" && issuer != a.Issuer: // RFC 9207: an answer of another issuer
		return "", ErrOtherState
	case returned.Get("error") != "":
		return "", fmt.Errorf("%w: %.50q", ErrNotSignedIn, returned.Get("error"))
	case returned.Get("code") == "":
		return "", fmt.Errorf("%w: no code", ErrNotSignedIn)
	}
	return returned.Get("code"), nil
}

// EndSessionURL is where the browser goes to end its session at the issuer too; empty when the issuer has no such place.
func (d Door) EndSessionURL(idToken, returnTo, state string) string {
	if d.EndSession == "" {
		return ""
	}
	return with(d.EndSession, url.Values{"id_token_hint": {idToken}, "post_logout_redirect_uri": {returnTo}, "state": {state}})
}

func with(address string, query url.Values) string {
	if strings.Contains(address, "?") {
		return address + "&" + query.Encode()
	}
	return address + "?" + query.Encode()
}
