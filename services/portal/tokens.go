package portal

import (
	"net/http"
	"strings"
	"sync"

	"example.org/passerelle/api/client"
)

// demoSecret is that of all demo accounts; it is published.
const demoSecret = "demo"

// tokens are the access tokens of the accounts that are signed in here.
type tokens struct {
	client *http.Client
	issuer string
	mu     sync.Mutex
	of     map[string]*client.Credentials
}

func newTokens(c *http.Client, issuer string) *tokens {
	return &tokens{client: c, issuer: strings.TrimSuffix(issuer, "/"), of: map[string]*client.Credentials{}}
}

func (t *tokens) source(account string) client.Tokens {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, ok := t.of[account]
	if !ok {
		c = &client.Credentials{Address: t.issuer + "/oauth2/token", ID: account, Secret: demoSecret, HTTP: t.client}
		t.of[account] = c
	}
	return c
}
