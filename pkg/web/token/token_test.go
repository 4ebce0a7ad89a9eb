package token_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/pkg/web/token"
)

func noon() time.Time { return time.Date(2021, 11, 15, 12, 0, 0, 0, time.UTC) }

func later(d time.Duration) func() time.Time { return func() time.Time { return noon().Add(d) } }

func issuer(t *testing.T) token.Issuer {
	t.Helper()
	key, err := token.ReadKey(filepath.Join(t.TempDir(), "issuer"))
	if err != nil {
		t.Fatal(err)
	}
	return token.Issuer{Name: "http://issuer.test", Audience: "passerelle", Key: key, Lives: time.Hour, Now: noon}
}

func verifier(i token.Issuer) *token.Verifier {
	return &token.Verifier{Issuer: i.Name, Audience: i.Audience, Keys: token.Set(i.Key.Public()), Now: noon}
}

func issue(t *testing.T, i token.Issuer) string {
	t.Helper()
	text, err := i.Issue("advisor-34")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestATokenOutlivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "issuer")
	before, err := token.ReadKey(file)
	if err != nil {
		t.Fatal(err)
	}
	i := token.Issuer{Name: "http://issuer.test", Audience: "passerelle", Key: before, Lives: time.Hour, Now: noon}
	text := issue(t, i)
	if i.Key, err = token.ReadKey(file); err != nil {
		t.Fatal(err)
	}
	if account, err := verifier(i).Verify(t.Context(), text); err != nil || account != "advisor-34" {
		t.Fatal(account, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info.Mode(), err)
	}
}

func TestTokensThatAreNotForHereAreRefused(t *testing.T) {
	t.Parallel()
	ours := issuer(t)
	right := issue(t, ours)
	parts := strings.Split(right, ".")
	stranger := issuer(t)
	otherName, otherAudience := ours, ours
	otherName.Name, otherAudience.Audience = "http://other.test", "elsewhere"
	early, forever := ours, ours
	early.Now, forever.Lives = later(time.Minute), -time.Hour
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))
	for name, text := range map[string]string{
		"another key":      issue(t, stranger),
		"another issuer":   issue(t, otherName),
		"another audience": issue(t, otherAudience),
		"not yet valid":    issue(t, early),
		"expired":          issue(t, forever),
		"alg none":         none + "." + parts[1] + ".",
		"alg none, signed": none + "." + parts[1] + "." + parts[2],
		"changed claims":   parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"admin-lr"}`)) + "." + parts[2],
		"no token":         "x",
		"nothing":          "",
	} {
		if _, err := verifier(ours).Verify(t.Context(), text); !errors.Is(err, token.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestATokenThatWasRightExpiresAllTheSame(t *testing.T) {
	t.Parallel()
	i := issuer(t)
	text, v := issue(t, i), verifier(i)
	if _, err := v.Verify(t.Context(), text); err != nil {
		t.Fatal(err)
	}
	v.Now = later(time.Hour)
	if _, err := v.Verify(t.Context(), text); !errors.Is(err, token.ErrRefused) {
		t.Fatal(err)
	}
}

func demo(t *testing.T) *httptest.Server {
	t.Helper()
	d := &token.Demo{Issuer: issuer(t), Secret: "demo", Clients: func(account string) bool { return account == "advisor-34" }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	d.Issuer.Name = server.URL
	return server
}

func ask(t *testing.T, server *httptest.Server, client, secret, form string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/oauth2/token", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(client, secret)
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

func TestADemoClientGetsATokenThatDiscoveryVerifies(t *testing.T) {
	t.Parallel()
	server := demo(t)
	status, answer := ask(t, server, "advisor-34", "demo", "grant_type=client_credentials")
	if status != 200 || answer["token_type"] != "Bearer" || answer["expires_in"] != 3600.0 {
		t.Fatal(status, answer)
	}
	remote := &token.Remote{Issuer: server.URL, Client: server.Client(), Now: noon}
	v := &token.Verifier{Issuer: server.URL, Audience: "passerelle", Keys: remote, Now: noon}
	text, _ := answer["access_token"].(string)
	if account, err := v.Verify(t.Context(), text); err != nil || account != "advisor-34" {
		t.Fatal(account, err)
	}
}

func TestTheTokenEndpointRefusesAsRFC6749Has(t *testing.T) {
	t.Parallel()
	server := demo(t)
	for _, c := range []struct {
		client, secret, form string
		status               int
		code                 string
	}{
		{"advisor-34", "wrong", "grant_type=client_credentials", 401, "invalid_client"},
		{"nobody", "demo", "grant_type=client_credentials", 401, "invalid_client"},
		{"advisor-34", "demo", "", 400, "invalid_request"},
		{"advisor-34", "demo", "grant_type=password", 400, "unsupported_grant_type"},
	} {
		if status, answer := ask(t, server, c.client, c.secret, c.form); status != c.status || answer["error"] != c.code {
			t.Errorf("%v: %d %v", c, status, answer)
		}
	}
}

func TestAFileThatIsNoKeyStopsTheStart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "issuer")
	if err := os.WriteFile(file, make([]byte, ed25519.PrivateKeySize), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := token.ReadKey(file); err == nil {
		t.Fatal("accepted")
	}
}
