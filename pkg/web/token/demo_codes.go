package token

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// code is what somebody takes back to the portal.
type code struct {
	account, redirectURI, nonce, challenge string
	until                                  time.Time
}

const (
	codesLive   = 30 * time.Second
	signInsLive = time.Minute // id_token, userinfo and the token for it, as with ProConnect
	mostCodes   = 1000
)

// keep makes a code that is good once.
func (d *Demo) keep(c code) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.codes == nil || len(d.codes) >= mostCodes {
		d.codes = map[string]code{}
	}
	name := random()
	c.until = d.Issuer.Now().Add(codesLive)
	d.codes[name] = c
	return name
}

func (d *Demo) take(name string) (code, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, known := d.codes[name]
	delete(d.codes, name)
	return c, known && d.Issuer.Now().Before(c.until)
}

// redeem trades a code. Whoever tries it first has used it up.
func (d *Demo) redeem(w http.ResponseWriter, form url.Values) {
	c, known := d.take(form.Get("code"))
	if !known || form.Get("redirect_uri") != c.redirectURI || !c.proves(form) {
		refuse(w, http.StatusBadRequest, "invalid_grant", "This code is used, expired, or somebody else's.")
		return
	}
	given, err := d.signIn(c)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, given)
}

// proves tells whether who brings the code is who was sent for it (RFC 7636).
func (c code) proves(form url.Values) bool {
	if c.challenge == "" {
		return !form.Has("code_verifier")
	}
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(c.challenge)) == 1
}

// spoken are the claims about a person.
type spoken struct {
	jwt.Claims

	Nonce         string `json:"nonce,omitempty"`
	Email         string `json:"email,omitempty"`
	EmailVerified bool   `json:"email_verified,omitempty"`
	UsualName     string `json:"usual_name,omitempty"`
}

func (d *Demo) about(account, audience string) jwt.Claims {
	now := d.Issuer.Now()
	return jwt.Claims{Issuer: d.Issuer.Name, Subject: account, Audience: jwt.Audience{audience},
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(signInsLive))}
}

// signIn gives the tokens of a sign-in. Its access token opens the userinfo and nothing else.
func (d *Demo) signIn(c code) (tokens, error) {
	id, err := d.Issuer.Key.Sign(spoken{Claims: d.about(c.account, d.Portal), Nonce: c.nonce})
	if err != nil {
		return tokens{}, err
	}
	access, err := d.userinfoTokens().Issue(c.account)
	return tokens{Token: access, Type: "Bearer", Expires: seconds(signInsLive), Scope: openid, IDToken: id}, err
}

func (d *Demo) userinfoTokens() Issuer {
	i := d.Issuer
	i.Audience, i.Scope, i.Lives = i.Name, openid, signInsLive
	return i
}

// userinfo is a signed JWT, as with ProConnect.
func (d *Demo) userinfo(w http.ResponseWriter, r *http.Request) {
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	v := &Verifier{Issuer: d.Issuer.Name, Audience: d.Issuer.Name, Scope: openid, Keys: Set(d.Issuer.Key.Public()), Now: d.Issuer.Now}
	account, err := v.Verify(r.Context(), token)
	person, known := d.person(account)
	if err != nil || !known {
		w.Header().Set("WWW-Authenticate", "Bearer")
		refuse(w, http.StatusUnauthorized, "invalid_token", "Send the access token of a sign-in.")
		return
	}
	text, err := d.Issuer.Key.Sign(spoken{Claims: d.about(account, d.Portal), Email: person.Email, EmailVerified: true, UsualName: person.Label})
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(text)) // the client may be gone
}
