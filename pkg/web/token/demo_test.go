package token_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/web/token"
)

const back = "http://portal.test/connexion/retour"

// signingIn is a demo issuer that people sign in at, with a clock that can be moved.
type signingIn struct {
	*testing.T
	*httptest.Server
	demo  *token.Demo
	clock *clock
}

func newSigningIn(t *testing.T) *signingIn {
	s := &signingIn{T: t, clock: &clock{}}
	s.demo = &token.Demo{Issuer: issuer(t), Secret: "demo", Clients: func(account string) bool { return account == "advisor-34" }, Portal: "portal",
		Returns: []string{back}, People: []token.Person{{Account: "advisor-34", Label: "Conseillère d’exemple", Group: "Signaler", Email: "advisor-34@passerelle.example"},
			{Account: "admin-lr", Label: "Administratrice d’exemple", Group: "Administrer"}}}
	s.demo.Issuer.Scope, s.demo.Issuer.Now = "passerelle", s.clock.Now
	s.Server = httptest.NewServer(s.demo)
	t.Cleanup(s.Close)
	s.demo.Issuer.Name = s.URL
	return s
}

func (s *signingIn) provider() *oidc.Provider {
	return oidc.New(oidc.Config{Issuer: s.URL, ClientID: "portal", Secret: "demo", Scopes: []string{"openid"}, PKCE: true, Client: s.Client(), Now: s.clock.Now})
}

// visit is a browser that does not follow where it is sent.
func (s *signingIn) visit(address string) (*http.Response, string) {
	s.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(address)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return response, string(page)
}

// brings is what the browser takes back.
func (s *signingIn) brings(address string) url.Values {
	s.Helper()
	response, page := s.visit(address)
	to, err := response.Location()
	if err != nil || !strings.HasPrefix(to.String(), back+"?") {
		s.Fatalf("%d %v %s", response.StatusCode, err, page)
	}
	return to.Query()
}

func (s *signingIn) begin(hint string) (*oidc.Provider, oidc.Attempt, string) {
	s.Helper()
	p := s.provider()
	door, err := p.Door(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	a := oidc.Begin(door, back)
	return p, a, a.URL(door, hint)
}

func TestAnAccountOfTheDemoSignsInByCode(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	p, a, address := s.begin("advisor-34")
	code, err := a.Code(s.brings(address))
	if err != nil {
		t.Fatal(err)
	}
	r := oidc.Return{Code: code, RedirectURI: back, Nonce: a.Nonce, Verifier: a.Verifier}
	got, err := p.Exchange(t.Context(), r)
	if err != nil || got.Subject != "advisor-34" || got.Email != "advisor-34@passerelle.example" || !got.EmailVerified || got.UsualName != "Conseillère d’exemple" {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := p.Exchange(t.Context(), r); !errors.Is(err, oidc.ErrRefused) {
		t.Error("the code is good twice:", err)
	}
}

func TestWithoutAHintThePageAsksWhichAccount(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	for _, hint := range []string{"", "nobody"} {
		_, a, address := s.begin(hint)
		response, page := s.visit(address)
		if response.StatusCode != http.StatusOK || !strings.Contains(page, "démonstration") || strings.Count(page, `name="login_hint"`) != 2 ||
			!strings.Contains(page, `name="state" value="`+a.State+`"`) {
			t.Errorf("%d %s", response.StatusCode, page)
		}
	}
}

func TestACodeThatIsLateOrNotYoursOpensNothing(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	for name, spoil := range map[string]func(*oidc.Return){
		"late":              func(*oidc.Return) { s.clock.move(30 * time.Second) },
		"another verifier":  func(r *oidc.Return) { r.Verifier = "x" },
		"another address":   func(r *oidc.Return) { r.RedirectURI = "http://elsewhere.test" },
		"an invented code":  func(r *oidc.Return) { r.Code = "x" },
		"nobody's own code": func(r *oidc.Return) { r.Code = "" },
	} {
		p, a, address := s.begin("advisor-34")
		r := oidc.Return{Code: s.brings(address).Get("code"), RedirectURI: back, Nonce: a.Nonce, Verifier: a.Verifier}
		spoil(&r)
		if _, err := p.Exchange(t.Context(), r); !errors.Is(err, oidc.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	_, a, address := s.begin("advisor-34")
	u, _ := url.Parse(address)
	for name, c := range map[string]struct {
		member, value string
		brought       string // empty: the browser stays
	}{
		"an address that is not on the list": {"redirect_uri", back + "/x", ""},
		"an unknown client":                  {"client_id", "stranger", ""},
		"another flow":                       {"response_type", "token", "unsupported_response_type"},
		"no identity":                        {"scope", "email", "invalid_scope"},
		"a short state":                      {"state", "short", "invalid_request"},
		"a short nonce":                      {"nonce", "short", "invalid_request"},
		"a plain challenge":                  {"code_challenge_method", "plain", "invalid_request"},
	} {
		query := u.Query()
		query.Set(c.member, c.value)
		to := s.URL + "/oauth2/authorize?" + query.Encode()
		if c.brought == "" {
			if response, page := s.visit(to); response.StatusCode != http.StatusBadRequest {
				t.Errorf("%s: %d %s", name, response.StatusCode, page)
			}
			continue
		}
		if got := s.brings(to); got.Get("error") != c.brought || got.Get("code") != "" || c.member != "state" && got.Get("state") != a.State {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestWhatASignInGivesOpensTheUserinfoOnly, and is no token for software.
func TestWhatASignInGivesOpensTheUserinfoOnly(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	_, a, address := s.begin("advisor-34")
	form := url.Values{"grant_type": {"authorization_code"}, "code": {s.brings(address).Get("code")}, "redirect_uri": {back}, "code_verifier": {a.Verifier}}
	status, answer := ask(t, s.Server, "portal", "demo", form.Encode())
	if status != http.StatusOK {
		t.Fatal(status, answer)
	}
	v := verifier(s.demo.Issuer)
	v.Scope = "passerelle"
	for _, name := range []string{"access_token", "id_token"} {
		text, _ := answer[name].(string)
		if _, err := v.Verify(t.Context(), text); text == "" || !errors.Is(err, token.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, sent := range []string{"", issue(t, s.demo.Issuer)} {
		r, _ := http.NewRequest(http.MethodGet, s.URL+"/oauth2/userinfo", nil)
		r.Header.Set("Authorization", "Bearer "+sent)
		response, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized {
			t.Error(response.Status)
		}
	}
	for _, c := range [][2]string{{"portal", "grant_type=client_credentials"}, {"advisor-34", "grant_type=authorization_code&code=x"}} {
		if status, answer := ask(t, s.Server, c[0], "demo", c[1]); status != http.StatusBadRequest || answer["error"] != "unsupported_grant_type" {
			t.Error(c, status, answer)
		}
	}
}

func TestTheDemoAnswersOnItsOwnMachineOnly(t *testing.T) {
	t.Parallel()
	s := newSigningIn(t)
	passedOn := ""
	s.demo.Asks = func(r *http.Request) string { return passedOn }
	for _, c := range []struct {
		peer, client string
		want         int
	}{
		{"127.0.0.1:4000", "127.0.0.1:4000", 200}, {"[::1]:4000", "[::1]:4000", 200}, {"192.0.2.7:4000", "192.0.2.7:4000", 403},
		{"192.0.2.7:4000", "127.0.0.1:0", 403}, {"127.0.0.1:4000", "192.0.2.7:0", 403}, {"", "", 403},
	} {
		passedOn = c.client
		for _, path := range []string{"/.well-known/openid-configuration", "/oauth2/jwks"} {
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)
			r.RemoteAddr = c.peer
			if s.demo.ServeHTTP(w, r); w.Code != c.want {
				t.Errorf("%v %s: %d", c, path, w.Code)
			}
		}
	}
}
