package access

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/pkg/web/token"
	"example.org/passerelle/services/access/rest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const returnTo = "http://portal.test/connexion/retour"

// counter is where people sign in: an issuer, the rows, and a clock that can be moved.
type counter struct {
	*testing.T
	signIns

	pool    *pgxpool.Pool
	moved   atomic.Int64
	members map[string]bool
	issuer  *httptest.Server
	away    atomic.Bool
}

func (c *counter) clock() time.Time {
	return time.Date(2021, 11, 15, 9, 0, 0, 0, time.UTC).Add(time.Duration(c.moved.Load()))
}

func (c *counter) later(d time.Duration) { c.moved.Add(int64(d)) }

func newCounter(t *testing.T) *counter {
	t.Helper()
	c := &counter{T: t, pool: testkit.Pool(t), members: map[string]bool{"advisor-34": true}}
	schema := testkit.Schema(t)
	if _, err := c.pool.Exec(t.Context(), "create schema if not exists "+pgx.Identifier{schema}.Sanitize()); err != nil {
		t.Fatal(err)
	}
	if err := ProvisionSignIns(t.Context(), c.pool, schema); err != nil {
		t.Fatal(err)
	}
	demo := &token.Demo{Issuer: c.key("demo"), Secret: "demo", Portal: "portal", Returns: []string{returnTo},
		People: []token.Person{{Account: "advisor-34", Label: "Conseillère d’exemple"}, {Account: "stranger", Label: "Personne imaginaire"}}}
	c.issuer = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		demo.ServeHTTP(w, r)
	}))
	t.Cleanup(c.issuer.Close)
	demo.Issuer.Name = c.issuer.URL
	own := c.key("own")
	own.Name, own.Audience, own.Scope, own.Lives = "urn:passerelle:access", "passerelle", "passerelle", 5*time.Minute
	c.signIns = newSignIns(SignInConfig{
		Issuers: []SignInIssuer{{Demo: true, Provider: oidc.New(oidc.Config{
			Issuer: c.issuer.URL, ClientID: "portal", Secret: "demo", Scopes: []string{"openid"}, PKCE: true, Now: c.clock,
		})}},
		Tokens: own, Idle: 30 * time.Minute, Longest: 10 * time.Hour, Schema: schema, Now: c.clock,
	}, &engine.Engine{Pool: c.pool, Log: slog.New(slog.DiscardHandler)})
	c.account = func(id string) directory.Account {
		if !c.members[id] {
			return directory.Account{}
		}
		return directory.Account{ID: id, Grants: []directory.Grant{{Role: directory.Advisor}}}
	}
	return c
}

func (c *counter) key(name string) token.Issuer {
	key, err := token.ReadKey(filepath.Join(c.TempDir(), name))
	if err != nil {
		c.Fatal(err)
	}
	return token.Issuer{Name: name, Key: key, Lives: time.Minute, Now: c.clock}
}

// comesBack is a browser that went to the door and brings a code.
func (c *counter) comesBack(account string) rest.NewSignIn {
	c.Helper()
	answer, err := c.GetSignInDoor(c.Context(), rest.GetSignInDoorRequestObject{})
	if err != nil {
		c.Fatal(err)
	}
	d := answer.(rest.GetSignInDoor200JSONResponse)
	door := oidc.Door{Issuer: d.Issuer, Authorization: d.AuthorizationEndpoint, ClientID: d.ClientID, Scopes: d.Scopes, PKCE: d.Pkce}
	a := oidc.Begin(door, returnTo)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Get(a.URL(door, account))
	if err != nil {
		c.Fatal(err)
	}
	response.Body.Close()
	to, err := response.Location()
	if err != nil {
		c.Fatal(response.Status, err)
	}
	code, err := a.Code(to.Query())
	if err != nil {
		c.Fatal(err)
	}
	return rest.NewSignIn{Code: code, RedirectURI: returnTo, Nonce: a.Nonce, CodeVerifier: &a.Verifier}
}

func (c *counter) signIn(b rest.NewSignIn) (rest.SignIn, error) {
	answer, err := c.CreateSignIn(c.Context(), rest.CreateSignInRequestObject{Body: &b})
	if err != nil {
		return rest.SignIn{}, err
	}
	return rest.SignIn(answer.(rest.CreateSignIn201JSONResponse)), nil
}

func (c *counter) mustSignIn() rest.SignIn {
	c.Helper()
	in, err := c.signIn(c.comesBack("advisor-34"))
	if err != nil {
		c.Fatal(err)
	}
	return in
}

func (c *counter) next(id, secret string) (rest.SignInToken, error) {
	answer, err := c.RenewSignIn(c.Context(), rest.RenewSignInRequestObject{Body: &rest.SignInSecret{SignIn: id, Secret: secret}})
	if err != nil {
		return rest.SignInToken{}, err
	}
	return rest.SignInToken(answer.(rest.RenewSignIn200JSONResponse)), nil
}

// opens tells whether a token opens the surface now.
func (c *counter) opens(text string) bool {
	v := &token.Verifier{Issuer: "urn:passerelle:access", Audience: "passerelle", Scope: "passerelle", Keys: token.Set(c.Tokens.Key.Public()), Now: c.clock}
	account, err := v.Verify(c.Context(), text)
	return err == nil && account == "advisor-34"
}

func TestASignInGivesTokensWhileItIsUsed(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	in := c.mustSignIn()
	if !c.opens(in.AccessToken) || in.ExpiresIn != 300 || in.Account != "advisor-34" || in.Name != "Conseillère d’exemple" || in.IDToken == "" {
		t.Errorf("%+v", in)
	}
	for range 17 { // nine hours and a half
		c.later(34 * time.Minute)
		if c.opens(in.AccessToken) {
			t.Fatal("a token lives longer than five minutes")
		}
		next, err := c.next(in.ID, in.Secret)
		if err != nil || !c.opens(next.AccessToken) {
			t.Fatal(err)
		}
		in.AccessToken = next.AccessToken
	}
}

func TestASignInEnds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*counter, rest.SignIn){
		"when nobody uses it": func(c *counter, _ rest.SignIn) { c.later(35 * time.Minute) },
		"when it is old": func(c *counter, in rest.SignIn) {
			for range 24 {
				c.later(25 * time.Minute)
				_, _ = c.next(in.ID, in.Secret)
			}
		},
		"when somebody signs out": func(c *counter, in rest.SignIn) {
			if _, err := c.EndSignIn(c.Context(), rest.EndSignInRequestObject{Body: &rest.SignInSecret{SignIn: in.ID, Secret: in.Secret}}); err != nil {
				c.Fatal(err)
			}
		},
	} {
		c := newCounter(t)
		in := c.mustSignIn()
		end(c, in)
		if _, err := c.next(in.ID, in.Secret); !errors.Is(err, errEnded) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestATokenDoesNotOutliveItsSignIn: the last one of the day is short.
func TestATokenDoesNotOutliveItsSignIn(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	in := c.mustSignIn()
	for range 23 {
		c.later(26 * time.Minute)
		if _, err := c.next(in.ID, in.Secret); err != nil {
			t.Fatal(err)
		}
	} // two minutes are left
	if next, err := c.next(in.ID, in.Secret); err != nil || next.ExpiresIn != 120 {
		t.Error(next.ExpiresIn, err)
	}
}

func TestOnlyItsHolderUsesASignIn(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	in, other := c.mustSignIn(), c.mustSignIn()
	for name, secret := range map[string]string{"another's": other.Secret, "none": "", "an invented one": strings.Repeat("A", 52)} {
		if _, err := c.next(in.ID, secret); !errors.Is(err, errEnded) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := c.EndSignIn(c.Context(), rest.EndSignInRequestObject{Body: &rest.SignInSecret{SignIn: in.ID, Secret: secret}}); err != nil {
			t.Error(err)
		}
	}
	if _, err := c.next(in.ID, in.Secret); err != nil {
		t.Error("somebody else has ended it:", err)
	}
}

func TestWithoutAMembershipThereIsNoToken(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	if in, err := c.signIn(c.comesBack("stranger")); !errors.Is(err, errNoRole) || in.AccessToken != "" {
		t.Error(in, err)
	}
	in := c.mustSignIn()
	c.members["advisor-34"] = false
	if next, err := c.next(in.ID, in.Secret); !errors.Is(err, errNoRole) || next.AccessToken != "" {
		t.Error("a membership that ended still gives tokens:", next, err)
	}
}

func TestACodeSignsInOnce(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	back := c.comesBack("advisor-34")
	if _, err := c.signIn(back); err != nil {
		t.Fatal(err)
	}
	replayed := c.comesBack("advisor-34")
	replayed.Nonce = back.Nonce
	for name, b := range map[string]rest.NewSignIn{"the same code": back, "the nonce of another attempt": replayed} {
		if _, err := c.signIn(b); !errors.Is(err, errRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnIssuerThatIsAwayRefusesNobody(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	back := c.comesBack("advisor-34")
	c.away.Store(true)
	var p *web.Problem
	if _, err := c.signIn(back); !errors.As(err, &p) || p.Status != http.StatusServiceUnavailable || p.RetryAfter == 0 {
		t.Error(err)
	}
}

// TestTheDatabaseHoldsNoSecret that would give whoever reads it a token.
func TestTheDatabaseHoldsNoSecret(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	in := c.mustSignIn()
	rows, err := c.pool.Query(t.Context(), c.rows.in("select row_to_json(r)::text from %s r"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(all) != 1 || !strings.Contains(all[0], in.ID) {
		t.Fatal(all, err)
	}
	for _, secret := range []string{in.Secret, in.AccessToken, in.IDToken, in.Name} {
		if strings.Contains(all[0], secret) {
			t.Errorf("%s is in %s", secret, all[0])
		}
	}
}

func TestWhoSignedInIsSeen(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.mustSignIn()
	c.later(time.Minute)
	in := c.mustSignIn()
	c.later(time.Minute)
	if _, err := c.next(in.ID, in.Secret); err != nil {
		t.Fatal(err)
	}
	seen, err := c.rows.LastSeen(t.Context(), []string{"advisor-34", "admin-lr"})
	if err != nil || len(seen) != 1 || !seen["advisor-34"].Equal(c.clock()) {
		t.Error(seen, err)
	}
}

// TestAnAddressCountsWhenTheIssuerHasCheckedIt, and the demo's own names count at the demo's issuer only.
func TestAnAddressCountsWhenTheIssuerHasCheckedIt(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	c.sample = func(email string) (string, bool) { return "advisor-34", email == "advisor-34@passerelle.example" }
	for _, s := range []struct {
		demo bool
		who  oidc.Person
		want string
	}{
		{true, oidc.Person{Subject: "advisor-34"}, "advisor-34"},
		{false, oidc.Person{Subject: "advisor-34"}, ""},
		{false, oidc.Person{Subject: "x", Email: "advisor-34@passerelle.example", EmailVerified: true}, "advisor-34"},
		{false, oidc.Person{Subject: "x", Email: "advisor-34@passerelle.example"}, ""},
		{false, oidc.Person{Subject: "x", Email: "personne@imaginaire.example", EmailVerified: true}, ""},
	} {
		if got, err := c.bind(t.Context(), SignInIssuer{Demo: s.demo}, s.who); got != s.want || (err == nil) != (s.want != "") {
			t.Errorf("%+v: %q %v", s, got, err)
		}
	}
}
