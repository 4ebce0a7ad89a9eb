package oidc_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.org/passerelle/pkg/oidc"
)

func TestAPersonIsSignedIn(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	got, err := i.signIn(i.config())
	if err != nil || got.IDToken == "" {
		t.Fatal(got, err)
	}
	got.IDToken = ""
	want := oidc.Person{Issuer: i.URL, Subject: "jeanne", Email: "jeanne@exemple.test", EmailVerified: true, GivenName: "Jeanne", UsualName: "Exemple"}
	if got != want {
		t.Errorf("%+v", got)
	}
}

// TestWhatCannotBeBelievedIsRefused: each of these differs from the sign-in above in one thing only.
func TestWhatCannotBeBelievedIsRefused(t *testing.T) {
	t.Parallel()
	late := noon.Add(-time.Second).Unix()
	for name, change := range map[string]func(*issuer){
		"an expired id_token":               func(i *issuer) { i.id = func(c says) { c["exp"] = late } },
		"one that never expires":            func(i *issuer) { i.id = func(c says) { delete(c, "exp") } },
		"another issuer":                    func(i *issuer) { i.id = func(c says) { c["iss"] = "https://elsewhere.test" } },
		"another audience":                  func(i *issuer) { i.id = func(c says) { c["aud"] = "them" } },
		"another party":                     func(i *issuer) { i.id = func(c says) { c["azp"] = "them" } },
		"several audiences without a party": func(i *issuer) { i.id = func(c says) { c["aud"] = []string{"us", "them"} } },
		"several audiences, another party": func(i *issuer) {
			i.id = func(c says) { c["aud"], c["azp"] = []string{"us", "them"}, "them" }
		},
		"a replayed nonce":     func(i *issuer) { i.id = func(c says) { c["nonce"] = "of-yesterday" } },
		"no nonce":             func(i *issuer) { i.id = func(c says) { delete(c, "nonce") } },
		"issued in the future": func(i *issuer) { i.id = func(c says) { c["iat"] = noon.Add(time.Minute).Unix() } },
		"issued never":         func(i *issuer) { i.id = func(c says) { delete(c, "iat") } },
		"no subject":           func(i *issuer) { i.id = func(c says) { delete(c, "sub") } },
		"alg none":             func(i *issuer) { i.sign = unsigned },
		"HS256 with the public key": func(i *issuer) {
			i.sign = func(c says) string { return i.signed(jose.SigningKey{Algorithm: jose.HS256, Key: i.asSecret()}, c) }
		},
		"another key":                 func(i *issuer) { i.sign = func(c says) string { return i.signed(strangerKey(), c) } },
		"no id_token":                 func(i *issuer) { i.sign = func(says) string { return "" } },
		"userinfo of somebody else":   func(i *issuer) { i.info = func(c says) { c["sub"] = "paul" } },
		"userinfo of nobody":          func(i *issuer) { i.info = func(c says) { delete(c, "sub") } },
		"userinfo for others":         func(i *issuer) { i.info = func(c says) { c["aud"] = "them" } },
		"userinfo of another issuer":  func(i *issuer) { i.info = func(c says) { c["iss"] = "https://elsewhere.test" } },
		"expired userinfo":            func(i *issuer) { i.info = func(c says) { c["exp"] = late } },
		"userinfo from the future":    func(i *issuer) { i.info = func(c says) { c["iat"] = noon.Add(time.Minute).Unix() } },
		"userinfo that is not signed": func(i *issuer) { i.plain = true },
	} {
		i := newIssuer(t)
		change(i)
		if got, err := i.signIn(i.config()); !errors.Is(err, oidc.ErrRefused) || got != (oidc.Person{}) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestWhatIsUnusualButRightIsTaken(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*issuer, *oidc.Config){
		"several audiences, we are the party": func(i *issuer, _ *oidc.Config) {
			i.id = func(c says) { c["aud"], c["azp"] = []string{"us", "them"}, "us" }
		},
		"a clock that is a little ahead": func(i *issuer, _ *oidc.Config) { i.id = func(c says) { c["iat"] = noon.Add(10 * time.Second).Unix() } },
		"plain userinfo that we take":    func(i *issuer, c *oidc.Config) { i.plain, c.PlainUserinfo = true, true },
		"the secret in the form":         func(i *issuer, _ *oidc.Config) { i.style = "client_secret_post" },
		"a truth written as text":        func(i *issuer, _ *oidc.Config) { i.info = func(c says) { c["email_verified"] = "true" } },
		"an issuer that checks addresses": func(i *issuer, c *oidc.Config) {
			i.info, c.TrustEmail = func(c says) { delete(c, "email_verified") }, true
		},
	} {
		i := newIssuer(t)
		c := i.config()
		change(i, &c)
		if got, err := i.signIn(c); err != nil || !got.EmailVerified {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestSubjectsAreComparedInPlainUserinfoToo(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	i.plain, i.info = true, func(c says) { c["sub"] = "paul" }
	c := i.config()
	c.PlainUserinfo = true
	if _, err := i.signIn(c); !errors.Is(err, oidc.ErrRefused) {
		t.Error(err)
	}
}

func TestAnAddressThatNobodyCheckedIsNotVerified(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(says){
		"said so":  func(c says) { c["email_verified"] = false },
		"not said": func(c says) { delete(c, "email_verified") },
		"none":     func(c says) { c["email"] = "" },
	} {
		i := newIssuer(t)
		i.info = change
		if got, err := i.signIn(i.config()); err != nil || got.EmailVerified {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestACodeIsGoodOnce(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	p := oidc.New(i.config())
	door, err := p.Door(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := oidc.Begin(door, "http://passerelle.test/connexion/retour")
	code, err := a.Code(i.visit(a.URL(door, "")))
	if err != nil {
		t.Fatal(err)
	}
	r := oidc.Return{Code: code, RedirectURI: a.RedirectURI, Nonce: a.Nonce, Verifier: a.Verifier}
	if _, err := p.Exchange(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Exchange(t.Context(), r); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("again: %v", err)
	}
}

func TestAStolenCodeOpensNothing(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	p := oidc.New(i.config())
	door, _ := p.Door(t.Context())
	theirs, mine := oidc.Begin(door, "http://passerelle.test/connexion/retour"), oidc.Begin(door, "http://passerelle.test/connexion/retour")
	stolen := i.visit(theirs.URL(door, ""))
	if _, err := mine.Code(stolen); !errors.Is(err, oidc.ErrOtherState) {
		t.Errorf("their return is taken in my browser: %v", err)
	}
	r := oidc.Return{Code: stolen.Get("code"), RedirectURI: mine.RedirectURI, Nonce: mine.Nonce, Verifier: mine.Verifier}
	if _, err := p.Exchange(t.Context(), r); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("their code opens with my verifier: %v", err)
	}
}

func TestAReturnBelongsToOneAttempt(t *testing.T) {
	t.Parallel()
	a := oidc.Attempt{Issuer: "https://issuer.test", State: "of-this-browser"}
	for name, c := range map[string]struct {
		returned url.Values
		want     error
	}{
		"another state":       {url.Values{"state": {"of-another"}, "code": {"c"}}, oidc.ErrOtherState},
		"no state":            {url.Values{"code": {"c"}}, oidc.ErrOtherState},
		"another issuer":      {url.Values{"state": {a.State}, "code": {"c"}, "iss": {"https://elsewhere.test"}}, oidc.ErrOtherState},
		"nobody signed in":    {url.Values{"state": {a.State}, "error": {"access_denied"}}, oidc.ErrNotSignedIn},
		"nothing brought":     {url.Values{"state": {a.State}}, oidc.ErrNotSignedIn},
		"what was asked for":  {url.Values{"state": {a.State}, "code": {"c"}}, nil},
		"and from whom it is": {url.Values{"state": {a.State}, "code": {"c"}, "iss": {a.Issuer}}, nil},
	} {
		if _, err := a.Code(c.returned); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (oidc.Attempt{}).Code(url.Values{"code": {"c"}}); !errors.Is(err, oidc.ErrOtherState) {
		t.Errorf("without an attempt: %v", err)
	}
}

func TestAnIssuerIsSentNothingItMayNotKnow(t *testing.T) {
	t.Parallel()
	door := oidc.Door{Authorization: "https://issuer.test/authorize", ClientID: "us", Scopes: []string{"openid", "email"}}
	for pkce, more := range map[bool][]string{false: nil, true: {"code_challenge", "code_challenge_method"}} {
		door.PKCE = pkce
		a := oidc.Begin(door, "https://passerelle.test/connexion/retour")
		u, err := url.Parse(a.URL(door, ""))
		if err != nil {
			t.Fatal(err)
		}
		query := u.Query()
		for _, name := range append(more, "response_type", "client_id", "redirect_uri", "scope", "state", "nonce") {
			if query.Get(name) == "" {
				t.Errorf("PKCE %v: no %s", pkce, name)
			}
			query.Del(name)
		}
		if len(query) > 0 || len(a.State) < 32 || len(a.Nonce) < 32 || pkce && len(a.Verifier) < 43 {
			t.Errorf("PKCE %v: %v %+v", pkce, query, a)
		}
	}
}

func TestAnIssuerMayComeLater(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	c := i.config()
	closed := true
	c.Client = &http.Client{Transport: away{&closed}}
	p := oidc.New(c)
	if _, err := p.Door(t.Context()); !errors.Is(err, oidc.ErrAway) || errors.Is(err, oidc.ErrRefused) {
		t.Errorf("while it is away: %v", err)
	}
	closed = false
	for range 3 {
		if door, err := p.Door(t.Context()); err != nil || door.EndSession != i.URL+"/end" {
			t.Errorf("%+v %v", door, err)
		}
	}
	if i.discover != 1 {
		t.Errorf("asked %d times", i.discover)
	}
}

// away is a network that is cut.
type away struct{ closed *bool }

func (a away) RoundTrip(r *http.Request) (*http.Response, error) {
	if *a.closed {
		return nil, errors.New("cut")
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestTheWayOutLeadsPastTheIssuer(t *testing.T) {
	t.Parallel()
	door := oidc.Door{EndSession: "https://issuer.test/end?tenant=1"}
	want := "https://issuer.test/end?tenant=1&id_token_hint=t&post_logout_redirect_uri=https%3A%2F%2Fpasserelle.test%2Fconnexion&state=s"
	if got := door.EndSessionURL("t", "https://passerelle.test/connexion", "s"); got != want {
		t.Error(got)
	}
	if got := (oidc.Door{}).EndSessionURL("t", "x", "s"); got != "" {
		t.Error(got)
	}
}
