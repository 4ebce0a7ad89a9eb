package oidc

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// claims are what issuers say of somebody. ProConnect has usual_name where others have family_name.
type claims struct {
	Subject       string `json:"sub"`
	Party         string `json:"azp"`
	Email         string `json:"email"`
	EmailVerified truth  `json:"email_verified"`
	GivenName     string `json:"given_name"`
	UsualName     string `json:"usual_name"`
	FamilyName    string `json:"family_name"`
}

// truth reads a boolean, also from issuers that write it as a text.
type truth bool

// UnmarshalJSON takes true and "true".
func (t *truth) UnmarshalJSON(text []byte) error {
	*t = string(text) == `true` || string(text) == `"true"`
	return nil
}

func (c claims) person(config Config, raw string) Person {
	if c.UsualName == "" {
		c.UsualName = c.FamilyName
	}
	return Person{
		Issuer: config.Issuer, Subject: c.Subject, Email: c.Email, GivenName: c.GivenName, UsualName: c.UsualName,
		EmailVerified: c.Email != "" && (bool(c.EmailVerified) || config.TrustEmail), IDToken: raw,
	}
}

// mostUserinfo bounds what is read of an issuer's answer.
const mostUserinfo = 64 << 10

// addUserinfo asks the issuer for more about whom the id_token names, where it has a place for that.
func (p *Provider) addUserinfo(ctx context.Context, found *discovered, access string, c *claims) error {
	if found.UserInfoEndpoint() == "" {
		return nil
	}
	media, body, err := p.fetchUserinfo(ctx, found.UserInfoEndpoint(), access)
	if err != nil {
		return err
	}
	var more claims
	switch {
	case media == "application/jwt":
		err = p.openUserinfo(ctx, found, body, &more)
	case media == "application/json" && p.PlainUserinfo:
		if json.Unmarshal(body, &more) != nil {
			err = fmt.Errorf("%w: userinfo: not JSON", ErrRefused)
		}
	default:
		err = fmt.Errorf("%w: userinfo: not signed", ErrRefused)
	}
	if err != nil {
		return err
	}
	if more.Subject != c.Subject {
		return fmt.Errorf("%w: userinfo: of somebody else", ErrRefused)
	}
	if more.Email == "" {
		more.Email, more.EmailVerified = c.Email, c.EmailVerified
	}
	*c = more
	return nil
}

// openUserinfo checks signature, issuer, audience and expiry as for an id_token.
func (p *Provider) openUserinfo(ctx context.Context, found *discovered, body []byte, c *claims) error {
	token, err := p.verify(ctx, found, string(body))
	if err != nil {
		return fmt.Errorf("userinfo: %w", err)
	}
	if token.IssuedAt.After(p.Now().Add(iatLeeway)) {
		return fmt.Errorf("%w: userinfo: issued in the future", ErrRefused)
	}
	return token.Claims(c)
}

func (p *Provider) fetchUserinfo(ctx context.Context, address, access string) (media string, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", nil, fmt.Errorf("%w: userinfo endpoint: %w", ErrAway, err)
	}
	request.Header.Set("Authorization", "Bearer "+access)
	response, err := p.Client.Do(request)
	if err != nil {
		return "", nil, fmt.Errorf("%w: userinfo endpoint: %w", ErrAway, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", nil, fmt.Errorf("%w: userinfo endpoint: status %d", ErrAway, response.StatusCode)
	}
	if body, err = io.ReadAll(io.LimitReader(response.Body, mostUserinfo)); err != nil {
		return "", nil, fmt.Errorf("%w: userinfo endpoint: %w", ErrAway, err)
	}
	media, _, err = mime.ParseMediaType(response.Header.Get("Content-Type"))
	if err != nil {
		return "", nil, fmt.Errorf("%w: userinfo: of no known type", ErrRefused)
	}
	return media, body, nil
}
