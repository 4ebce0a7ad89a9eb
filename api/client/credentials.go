package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Credentials are a client's identifier and secret, for which an issuer gives tokens (OAuth 2, client
// credentials). A token is used until a minute before it expires. Use a pointer.
type Credentials struct {
	Address string // of the token endpoint
	ID      string
	Secret  string
	HTTP    *http.Client // nil: http.DefaultClient

	mu    sync.Mutex
	token string
	until time.Time
}

// Token gives a token that is still good, a new one where needed.
func (c *Credentials) Token(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && time.Now().Before(c.until) {
		return c.token, nil
	}
	token, lives, err := c.ask(ctx)
	if err != nil {
		return "", err
	}
	c.token, c.until = token, time.Now().Add(lives-min(time.Minute, lives/2))
	return token, nil
}

// Refresh forgets a token that was refused.
func (c *Credentials) Refresh(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token == token {
		c.token = ""
	}
}

func (c *Credentials) ask(ctx context.Context) (token string, lives time.Duration, err error) {
	form := strings.NewReader(url.Values{"grant_type": {"client_credentials"}}.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Address, form)
	if err != nil {
		return "", 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(c.ID), url.QueryEscape(c.Secret))
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(r)
	if err != nil {
		return "", 0, err
	}
	defer response.Body.Close()
	var answer struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
		Error   string `json:"error"`
	}
	err = json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&answer)
	if response.StatusCode != http.StatusOK || err != nil || answer.Token == "" {
		return "", 0, fmt.Errorf("token for %s: status %d %s", c.ID, response.StatusCode, answer.Error)
	}
	return answer.Token, time.Duration(answer.Expires) * time.Second, nil
}
