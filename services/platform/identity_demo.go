package platform

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/pkg/web/token"
)

const (
	demoTokensLive = time.Hour
	demoSecret     = "demo"
	demoPortal     = "passerelle-portal" // how the demo's issuer knows us
)

// demoIssuer makes tokens for the demo's accounts, under a name.
func demoIssuer(c Config, key, name string) (token.Issuer, error) {
	read, err := readKey(key)
	return token.Issuer{Name: name, Audience: c.OIDCAudience, Scope: c.OIDCScope, Key: read, Lives: demoTokensLive, Now: time.Now}, err
}

// demoHere is the demo's issuer in one process, nil where there is no demonstration.
func (i *installation) demoHere() (*token.Issuer, error) {
	if i.config.Demo == "off" {
		return nil, nil
	}
	issuer, err := demoIssuer(i.config, i.secrets.file("issuer"), i.address)
	return &issuer, err
}

// demoTokens is the issuer of the demo's accounts, for software and for people.
func demoTokens(c Config, issuer token.Issuer) *token.Demo {
	return &token.Demo{
		Issuer: issuer, Secret: demoSecret, Clients: isAccount, People: demoPeople(), Portal: demoPortal, Returns: demoReturns(c, issuer.Name),
		Asks: func(r *http.Request) string { return web.Client(r.Context()) },
	}
}

func isAccount(id string) bool {
	_, ok := sample.Find(id)
	return ok
}

func demoPeople() []token.Person {
	var list []token.Person
	for _, a := range demoAccounts() {
		list = append(list, token.Person{Account: a.ID, Label: a.Label, Group: a.Group, Email: demoEmail(a.ID)})
	}
	return list
}

// demoEmail is in a domain that nobody can have (RFC 2606).
func demoEmail(account string) string { return account + "@" + demoDomain }

const demoDomain = "passerelle.example"

// demoAccount is whose address it is.
func demoAccount(email string) (string, bool) {
	account, domain, _ := strings.Cut(email, "@")
	return account, domain == demoDomain && isAccount(account)
}

// returnPath is the page that a sign-in comes back to.
const returnPath = "/connexion/retour"

// demoReturns are the addresses under which a browser on this machine may have opened the portal.
func demoReturns(c Config, name string) []string {
	list := []string{strings.TrimSuffix(name, "/") + returnPath}
	u, err := url.Parse(name)
	if err == nil && web.IsLoopback(u.Host) && u.Port() != "" {
		for _, host := range []string{"localhost", "127.0.0.1", "::1"} {
			list = append(list, "http://"+net.JoinHostPort(host, u.Port())+returnPath)
		}
	}
	if c.PublicURL != "" {
		list = append(list, strings.TrimSuffix(c.PublicURL, "/")+returnPath)
	}
	return list
}
