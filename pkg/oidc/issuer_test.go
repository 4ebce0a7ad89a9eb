package oidc_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.org/passerelle/pkg/oidc"
)

var noon = time.Date(2021, 11, 15, 12, 0, 0, 0, time.UTC)

type says = map[string]any

// issuer signs Jeanne Exemple in. A test changes what it says, or how it signs.
type issuer struct {
	*testing.T
	*httptest.Server
	key   *rsa.PrivateKey
	id    func(says) // changes the claims of the id_token
	info  func(says) // and of the userinfo
	sign  func(says) string
	plain bool // userinfo in JSON
	style string

	mu       sync.Mutex
	codes    map[string]url.Values // what the browser was sent with
	asked    []url.Values          // what the token endpoint was sent
	discover int
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newIssuer(t *testing.T) *issuer {
	i := &issuer{T: t, key: rsaKey(), id: func(says) {}, info: func(says) {}, codes: map[string]url.Values{}, style: "client_secret_basic"}
	i.sign = func(c says) string { return i.signed(jose.SigningKey{Algorithm: jose.RS256, Key: i.key}, c) }
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.configuration)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.public()}})
	})
	mux.HandleFunc("POST /token", i.token)
	mux.HandleFunc("GET /userinfo", i.userinfo)
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: &i.key.PublicKey, KeyID: "one", Algorithm: "RS256", Use: "sig"}
}

func (i *issuer) signed(key jose.SigningKey, c says) string {
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithHeader("kid", "one"))
	if err != nil {
		i.Fatal(err)
	}
	text, err := jwt.Signed(signer).Claims(c).Serialize()
	if err != nil {
		i.Fatal(err)
	}
	return text
}

func (i *issuer) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (i *issuer) configuration(w http.ResponseWriter, _ *http.Request) {
	i.mu.Lock()
	i.discover++
	i.mu.Unlock()
	i.answer(w, says{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
		"userinfo_endpoint": i.URL + "/userinfo", "end_session_endpoint": i.URL + "/end", "token_endpoint_auth_methods_supported": []string{i.style},
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
	})
}

// visit is the browser at the issuer: it comes back with a code.
func (i *issuer) visit(address string) url.Values {
	u, err := url.Parse(address)
	if err != nil {
		i.Fatal(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	code := rand.Text()
	i.codes[code] = u.Query()
	return url.Values{"code": {code}, "state": {u.Query().Get("state")}, "iss": {i.URL}}
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	i.mu.Lock()
	sent, known := i.codes[r.PostForm.Get("code")]
	delete(i.codes, r.PostForm.Get("code"))
	i.asked = append(i.asked, r.PostForm)
	i.mu.Unlock()
	challenge := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	pkce := sent.Get("code_challenge")
	if !known || id != "us" || secret != "ours" || basic != (i.style == "client_secret_basic") || r.PostForm.Get("redirect_uri") != sent.Get("redirect_uri") ||
		pkce != "" && pkce != base64.RawURLEncoding.EncodeToString(challenge[:]) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error": "invalid_grant"}`))
		return
	}
	c := says{"iss": i.URL, "aud": "us", "sub": "jeanne", "nonce": sent.Get("nonce"), "iat": noon.Unix(), "exp": noon.Add(time.Minute).Unix()}
	i.id(c)
	i.answer(w, says{"access_token": "open", "token_type": "Bearer", "expires_in": 60, "id_token": i.sign(c)})
}

func (i *issuer) userinfo(w http.ResponseWriter, _ *http.Request) {
	c := says{"iss": i.URL, "aud": "us", "sub": "jeanne", "exp": noon.Add(time.Minute).Unix(), "iat": noon.Unix(),
		"email": "jeanne@exemple.test", "email_verified": true, "given_name": "Jeanne", "usual_name": "Exemple"}
	i.info(c)
	if i.plain {
		i.answer(w, c)
		return
	}
	w.Header().Set("Content-Type", "application/jwt")
	_, _ = w.Write([]byte(i.signed(jose.SigningKey{Algorithm: jose.RS256, Key: i.key}, c)))
}

func (i *issuer) config() oidc.Config {
	return oidc.Config{Issuer: i.URL, ClientID: "us", Secret: "ours", Scopes: []string{"openid", "email"}, PKCE: true, Client: i.Client(),
		Now: func() time.Time { return noon }}
}

// signIn is the whole way: door, attempt, browser, exchange.
func (i *issuer) signIn(c oidc.Config) (oidc.Person, error) {
	i.Helper()
	p := oidc.New(c)
	door, err := p.Door(i.Context())
	if err != nil {
		i.Fatal(err)
	}
	a := oidc.Begin(door, "http://passerelle.test/connexion/retour")
	code, err := a.Code(i.visit(a.URL(door, "")))
	if err != nil {
		i.Fatal(err)
	}
	return p.Exchange(i.Context(), oidc.Return{Code: code, RedirectURI: a.RedirectURI, Nonce: a.Nonce, Verifier: a.Verifier})
}

// asSecret is what a careless library takes for a shared secret: the public key.
func (i *issuer) asSecret() []byte {
	der, err := x509.MarshalPKIXPublicKey(&i.key.PublicKey)
	if err != nil {
		i.Fatal(err)
	}
	return der
}

func unsigned(c says) string {
	text, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(text) + "."
}

func strangerKey() jose.SigningKey {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	return jose.SigningKey{Algorithm: jose.EdDSA, Key: key}
}
