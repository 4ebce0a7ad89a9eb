package platform

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/pkg/web/token"
	"example.org/passerelle/services/access"
)

// SignIn says at which issuer people sign in, and for how long. The demo's accounts need none of it.
type SignIn struct {
	SignInIssuer     string        `name:"sign-in-issuer" env:"PASSERELLE_SIGN_IN_ISSUER" help:"Address of the OpenID provider that people sign in at."`
	SignInClientID   string        `name:"sign-in-client-id" env:"PASSERELLE_SIGN_IN_CLIENT_ID" default:"passerelle" help:"How it knows us."`
	SignInSecretFile string        `name:"sign-in-secret-file" env:"PASSERELLE_SIGN_IN_SECRET_FILE" help:"File with our secret there (default: sign-in-client in the folder of the secrets)."`
	SignInScope      string        `name:"sign-in-scope" env:"PASSERELLE_SIGN_IN_SCOPE" default:"openid email profile" help:"What we ask for, openid among it."`
	SignInPKCE       string        `name:"sign-in-pkce" env:"PASSERELLE_SIGN_IN_PKCE" default:"on" help:"on, or off for an issuer that refuses it."`
	SignInUserinfo   string        `name:"sign-in-userinfo" env:"PASSERELLE_SIGN_IN_USERINFO" default:"signed" help:"signed, or plain to take userinfo that is not."`
	SignInEmail      string        `name:"sign-in-email" env:"PASSERELLE_SIGN_IN_EMAIL" default:"said" help:"said: an address counts when the issuer says email_verified; trusted: it checks all it gives."`
	SessionIdle      time.Duration `name:"session-idle" env:"PASSERELLE_SESSION_IDLE" default:"30m" help:"A sign-in that is not used for so long is over."`
	SessionMax       time.Duration `name:"session-max" env:"PASSERELLE_SESSION_MAX" default:"10h" help:"Every sign-in is over after so long."`
}

func (s SignIn) check() error {
	if s.SignInIssuer != "" {
		if err := checkIssuerAddress("PASSERELLE_SIGN_IN_ISSUER", s.SignInIssuer); err != nil {
			return err
		}
	}
	for _, c := range []struct{ name, value, one, other string }{
		{"PASSERELLE_SIGN_IN_PKCE", s.SignInPKCE, "on", "off"}, {"PASSERELLE_SIGN_IN_USERINFO", s.SignInUserinfo, "signed", "plain"},
		{"PASSERELLE_SIGN_IN_EMAIL", s.SignInEmail, "said", "trusted"},
	} {
		if c.value != c.one && c.value != c.other {
			return fmt.Errorf("%s is %q: give %s or %s", c.name, c.value, c.one, c.other)
		}
	}
	switch {
	case s.SessionIdle < time.Minute:
		return fmt.Errorf("PASSERELLE_SESSION_IDLE is %s: give at least a minute", s.SessionIdle)
	case s.SessionMax < s.SessionIdle:
		return fmt.Errorf("PASSERELLE_SESSION_MAX is %s, shorter than PASSERELLE_SESSION_IDLE", s.SessionMax)
	}
	return nil
}

// checkIssuerAddress wants one that nobody between can change.
func checkIssuerAddress(name, address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("%s is not an https:// address", name)
	case u.Scheme == "http" && !web.IsLoopback(u.Host):
		return fmt.Errorf("%s is an http:// address of another machine: its keys could be changed on the way, give https://", name)
	}
	return nil
}

// Passerelle's own tokens, for people who have signed in.
const (
	ownIssuer     = "urn:passerelle:access"
	ownKey        = "access" // file in the folder of the secrets
	ownTokensLive = 5 * time.Minute
)

func (i *installation) ownTokens() (token.Issuer, error) {
	key, err := readKey(i.secrets.file(ownKey))
	return token.Issuer{
		Name: ownIssuer, Audience: i.config.OIDCAudience, Scope: i.config.OIDCScope, Key: key, Lives: ownTokensLive, Now: time.Now,
	}, err
}

// verifiers are those of all tokens that are taken: ours, the demo's, and those of the issuer for software.
func (i *installation) verifiers(demo *token.Issuer) (token.Issuers, error) {
	own, err := i.ownTokens()
	if err != nil {
		return nil, err
	}
	all := token.Issuers{{Issuer: own.Name, Keys: token.Set(own.Key.Public())}}
	if demo != nil {
		all = append(all, &token.Verifier{Issuer: demo.Name, Keys: token.Set(demo.Key.Public())})
	}
	if name := i.config.OIDCIssuer; name != "" && (demo == nil || demo.Name != name) {
		all = append(all, &token.Verifier{
			Issuer: name, Algorithms: token.Signed, Leeway: 10 * time.Second,
			Keys: &token.Remote{Issuer: name, Client: &http.Client{Timeout: 5 * time.Second}, Now: time.Now},
		})
	}
	for _, v := range all {
		v.Audience, v.Scope, v.Now = i.config.OIDCAudience, i.config.OIDCScope, time.Now
	}
	return all, nil
}

// runAccess begins the service that signs people in.
func (i *installation) runAccess(e *engine.Engine) (http.Handler, *web.Heard, error) {
	own, err := i.ownTokens()
	if err != nil {
		return nil, nil, err
	}
	issuers, err := i.signInIssuers()
	if err != nil {
		return nil, nil, err
	}
	c := access.SignInConfig{Issuers: issuers, Tokens: own, Idle: i.config.SessionIdle, Longest: i.config.SessionMax, Now: time.Now}
	if i.config.Demo != "off" {
		c.Sample = demoAccount
	}
	return c.Run(e)
}

// signInIssuers are the one that is configured, and the demo's in a demonstration.
func (i *installation) signInIssuers() (list []access.SignInIssuer, err error) {
	c := i.config
	if c.SignInIssuer != "" {
		secret, err := i.signInSecret()
		if err != nil {
			return nil, err
		}
		list = append(list, access.SignInIssuer{Provider: oidc.New(oidc.Config{
			Issuer: c.SignInIssuer, ClientID: c.SignInClientID, Secret: secret, Scopes: strings.Fields(c.SignInScope), PKCE: c.SignInPKCE == "on",
			PlainUserinfo: c.SignInUserinfo == "plain", TrustEmail: c.SignInEmail == "trusted", Now: time.Now,
		})})
	}
	if c.Demo != "off" {
		list = append(list, access.SignInIssuer{Demo: true, Provider: oidc.New(oidc.Config{
			Issuer: i.demoName(), ClientID: demoPortal, Secret: demoSecret, Scopes: []string{"openid", "email", "profile"}, PKCE: true, Now: time.Now,
		})})
	}
	return list, nil
}

// demoName is what the demo's issuer calls itself: in one process it is at our own address.
func (i *installation) demoName() string {
	if i.folder != nil {
		return i.address
	}
	return i.config.OIDCIssuer
}

func (i *installation) signInSecret() (string, error) {
	if file := i.config.SignInSecretFile; file != "" {
		return readSecretFile("PASSERELLE_SIGN_IN_SECRET_FILE", file)
	}
	return readSecretFile("PASSERELLE_SIGN_IN_SECRET_FILE is not given, and our secret at the issuer is not in "+i.secretsDir()+"/sign-in-client", filepath.Join(i.secretsDir(), "sign-in-client"))
}

// provisionSignIns makes the table of sign-ins.
func (i *installation) provisionSignIns(ctx context.Context) error {
	return access.ProvisionSignIns(ctx, i.pool, access.Name)
}
