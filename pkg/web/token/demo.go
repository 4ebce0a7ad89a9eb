package token

import (
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Demo answers as an issuer, for demonstrations only: its secret is published, nobody's password is asked, and it
// answers on this machine alone. Software gets tokens by client credentials; people sign in by code. Use a pointer.
type Demo struct {
	Issuer  Issuer
	Secret  string                     // of all clients
	Clients func(account string) bool  // who may have a token
	People  []Person                   // who may sign in
	Portal  string                     // client that people sign in to
	Returns []string                   // addresses that people may be sent back to
	Asks    func(*http.Request) string // address of who asks behind a proxy; nil: there is none

	mu    sync.Mutex
	codes map[string]code
}

// Person is somebody of the demonstration.
type Person struct {
	Account string // also the subject
	Label   string // what they do, in French
	Group   string // a heading over several
	Email   string
}

// ServeHTTP answers what /.well-known/openid-configuration names.
func (d *Demo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !d.here(r) {
		refuse(w, http.StatusForbidden, "access_denied", "The demo's issuer answers on its own machine only.")
		return
	}
	switch r.URL.Path {
	case "/oauth2/authorize":
		d.authorize(w, r)
	case "/oauth2/token":
		d.token(w, r)
	case "/oauth2/userinfo":
		d.userinfo(w, r)
	case "/oauth2/jwks":
		answer(w, http.StatusOK, d.Issuer.Key.Public())
	case "/.well-known/openid-configuration":
		answer(w, http.StatusOK, d.configuration())
	default:
		http.NotFound(w, r)
	}
}

// here tells whether a request comes from this machine, and is not passed on for another one.
func (d *Demo) here(r *http.Request) bool {
	return isLoopback(r.RemoteAddr) && (d.Asks == nil || isLoopback(d.Asks(r)))
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

func (d *Demo) token(w http.ResponseWriter, r *http.Request) {
	client, secret, sent := r.BasicAuth()
	client, secret = unescape(client), unescape(secret)
	if !sent || client != d.Portal && !d.Clients(client) || subtle.ConstantTimeCompare([]byte(secret), []byte(d.Secret)) != 1 {
		w.Header().Set("WWW-Authenticate", `Basic realm="token"`)
		refuse(w, http.StatusUnauthorized, "invalid_client", "Unknown client or wrong secret.")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || len(r.PostForm["grant_type"]) != 1 {
		refuse(w, http.StatusBadRequest, "invalid_request", "Send grant_type once, in a form.")
		return
	}
	switch grant := r.PostForm.Get("grant_type"); {
	case grant == "client_credentials" && client != d.Portal:
		d.credentials(w, client)
	case grant == "authorization_code" && client == d.Portal:
		d.redeem(w, r.PostForm)
	default:
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "grant_type has to be client_credentials, or authorization_code for the portal.")
	}
}

// tokens is an answer of the token endpoint.
type tokens struct {
	Token   string `json:"access_token"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
	Scope   string `json:"scope,omitempty"`
	IDToken string `json:"id_token,omitempty"`
}

func (d *Demo) credentials(w http.ResponseWriter, account string) {
	token, err := d.Issuer.Issue(account)
	if err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, tokens{Token: token, Type: "Bearer", Expires: seconds(d.Issuer.Lives), Scope: d.Issuer.Scope})
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// unescape reads a credential as RFC 6749 (2.3.1) has it; one that was not escaped stays as it is.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func (d *Demo) configuration() any {
	name := strings.TrimSuffix(d.Issuer.Name, "/")
	return struct {
		Issuer    string   `json:"issuer"`
		Authorize string   `json:"authorization_endpoint"`
		Token     string   `json:"token_endpoint"`
		Userinfo  string   `json:"userinfo_endpoint"`
		Keys      string   `json:"jwks_uri"`
		Scopes    []string `json:"scopes_supported"`
		Grants    []string `json:"grant_types_supported"`
		Auth      []string `json:"token_endpoint_auth_methods_supported"`
		Responses []string `json:"response_types_supported"`
		Subjects  []string `json:"subject_types_supported"`
		Algs      []string `json:"id_token_signing_alg_values_supported"`
		InfoAlgs  []string `json:"userinfo_signing_alg_values_supported"`
		PKCE      []string `json:"code_challenge_methods_supported"`
		Named     bool     `json:"authorization_response_iss_parameter_supported"`
	}{
		d.Issuer.Name, name + "/oauth2/authorize", name + "/oauth2/token", name + "/oauth2/userinfo", name + "/oauth2/jwks",
		[]string{openid, "email", "profile"}, []string{"authorization_code", "client_credentials"}, []string{"client_secret_basic"},
		[]string{"code"}, []string{"public"}, []string{"EdDSA"}, []string{"EdDSA"}, []string{"S256"}, true,
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
