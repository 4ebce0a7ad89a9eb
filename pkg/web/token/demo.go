package token

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// Demo answers as an issuer for software: client credentials by basic auth, discovery, keys. All clients share
// one secret, so it is for demonstrations only.
type Demo struct {
	Issuer  Issuer
	Secret  string
	Clients func(account string) bool // who may have a token
}

// ServeHTTP answers /oauth2/token, /oauth2/jwks and /.well-known/openid-configuration.
func (d Demo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/oauth2/token":
		d.token(w, r)
	case "/oauth2/jwks":
		answer(w, http.StatusOK, d.Issuer.Key.Public())
	case "/.well-known/openid-configuration":
		answer(w, http.StatusOK, d.configuration())
	default:
		http.NotFound(w, r)
	}
}

func (d Demo) token(w http.ResponseWriter, r *http.Request) {
	account, secret, sent := r.BasicAuth()
	account, secret = unescape(account), unescape(secret)
	if !sent || !d.Clients(account) || subtle.ConstantTimeCompare([]byte(secret), []byte(d.Secret)) != 1 {
		w.Header().Set("WWW-Authenticate", `Basic realm="token"`)
		refuse(w, http.StatusUnauthorized, "invalid_client", "Unknown client or wrong secret.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || len(r.PostForm["grant_type"]) != 1 {
		refuse(w, http.StatusBadRequest, "invalid_request", "Send grant_type once, in a form.")
		return
	}
	if r.PostForm.Get("grant_type") != "client_credentials" {
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "grant_type has to be client_credentials.")
		return
	}
	token, err := d.Issuer.Issue(account)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"`
	}{token, "Bearer", int(d.Issuer.Lives.Seconds())})
}

// unescape reads a credential as RFC 6749 (2.3.1) has it; one that was not escaped stays as it is.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func (d Demo) configuration() any {
	name := strings.TrimSuffix(d.Issuer.Name, "/")
	return struct {
		Issuer    string   `json:"issuer"`
		Token     string   `json:"token_endpoint"`
		Keys      string   `json:"jwks_uri"`
		Grants    []string `json:"grant_types_supported"`
		Auth      []string `json:"token_endpoint_auth_methods_supported"`
		Responses []string `json:"response_types_supported"`
		Subjects  []string `json:"subject_types_supported"`
		Algs      []string `json:"id_token_signing_alg_values_supported"`
	}{
		d.Issuer.Name, name + "/oauth2/token", name + "/oauth2/jwks", []string{"client_credentials"},
		[]string{"client_secret_basic"}, []string{"token"}, []string{"public"}, []string{"EdDSA"},
	}
}

func refuse(w http.ResponseWriter, status int, code, text string) {
	answer(w, status, struct {
		Error string `json:"error"`
		Text  string `json:"error_description"`
	}{code, text})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}
