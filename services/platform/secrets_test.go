package platform_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.org/passerelle/pkg/testkit"
)

const (
	databaseSecret = "exemple-geheim-postgres-41"
	issuerSecret   = "exemple-geheim-issuer-43"
)

// guarded is a house whose secrets are known: the password of its Postgres, the token of its NATS, and what it
// tells the issuer that people sign in at.
type guarded struct {
	*house
	said     *record // everything that commands and doors have said
	database string  // address, password and all
	nats     string
	issuer   *httptest.Server
}

func newGuarded(t *testing.T) *guarded {
	t.Helper()
	g := &guarded{house: newHouse(t), said: &record{}}
	g.postgres = g.elsewhere()
	conn := g.house.database()
	if _, err := conn.Exec(t.Context(), "create role exemple superuser login password '"+databaseSecret+"'"); err != nil {
		t.Fatal(err)
	}
	socket, _ := url.Parse(g.postgres.URL())
	g.database = "postgres://exemple:" + databaseSecret + "@/passerelle?sslmode=disable&host=" + url.QueryEscape(socket.Query().Get("host"))
	g.nats = testkit.NATSElsewhere(t, filepath.Join(g.dir, "streams"))
	g.issuer = httptest.NewServer(http.HandlerFunc(g.echo))
	t.Cleanup(g.issuer.Close)
	g.secret = sought{}
	for name, secret := range map[string]string{"password of the database": databaseSecret, "token of NATS": g.natsToken(), "secret at the issuer": issuerSecret} {
		g.secret[name] = secret
		for shift := range 3 {
			coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
			g.secret[fmt.Sprintf("%s in base64 (%d)", name, shift)] = coded[4 : len(coded)-4]
		}
	}
	g.env = []string{
		"PASSERELLE_DATABASE_URL_FILE=" + g.file("database", g.database+"\n"), "PASSERELLE_NATS_URL_FILE=" + g.file("bus", g.nats+"\r\n"),
		"PASSERELLE_SIGN_IN_ISSUER=" + g.issuer.URL, "PASSERELLE_SIGN_IN_SECRET_FILE=" + g.file("client", issuerSecret+"\n"),
	}
	return g
}

func (g *guarded) natsToken() string {
	u, _ := url.Parse(g.nats)
	return u.User.Username()
}

func (g *guarded) file(name, content string) string {
	g.Helper()
	path := filepath.Join(g.dir, name+".secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		g.Fatal(err)
	}
	return path
}

// echo is an issuer that says again what it was told, as a badly made one does.
func (g *guarded) echo(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if strings.Contains(r.URL.Path, ".well-known") {
		at := g.issuer.URL
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/keys", "userinfo_endpoint": at + "/me"})
		return
	}
	_ = r.ParseForm()
	account, secret, _ := r.BasicAuth()
	w.WriteHeader(http.StatusUnauthorized)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_client", "error_description": account + " " + secret + " " + r.PostForm.Get("client_secret")})
}

// refused runs a command with other settings, which has to end with one line, and keeps what it says.
func (g *guarded) refused(want string, args []string, env ...string) {
	g.Helper()
	cmd := g.command(args...)
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	_, _ = g.said.Write(out)
	last := strings.TrimSpace(string(out))
	last = last[strings.LastIndex(last, "\n")+1:]
	if err == nil || !strings.HasPrefix(last, "passerelle: ") || !strings.Contains(last, want) {
		g.Errorf("%v with other settings, %q expected: %v: %d bytes", args, want, err, len(out))
	}
}

// typeWrongThings gives settings that cannot work, each with a secret in it.
func (g *guarded) typeWrongThings() {
	g.Helper()
	run, wrong := []string{"run"}, strings.Replace(g.database, databaseSecret, databaseSecret+"-not", 1)
	files := []string{"PASSERELLE_DATABASE_URL_FILE=", "PASSERELLE_NATS_URL_FILE="}
	for database, want := range map[string]string{
		wrong: "Postgres does not answer", "host=nowhere password=" + databaseSecret: "PASSERELLE_DATABASE_URL",
		"postgres://exemple:" + databaseSecret + "@[/passerelle": "PASSERELLE_DATABASE_URL", databaseSecret: "PASSERELLE_DATABASE_URL",
		"postgres://exemple:" + databaseSecret + "@127.0.0.1:1/passerelle":                        "Postgres does not answer",
		"postgres://exemple:" + databaseSecret + "@127.0.0.1:1/passerelle?sslmode=exemple":        "cannot be read",
		"postgres://exemple:" + databaseSecret + "@nowhere.invalid/passerelle":                    "Postgres does not answer",
		strings.Replace(g.database, "/passerelle?", "/none?", 1):                                  "Postgres does not answer",
		strings.Replace(g.database, "/passerelle?", "/passerelle?exemple="+databaseSecret+"&", 1): "Postgres does not answer",
	} {
		g.refused(want, run, append(files, "PASSERELLE_DATABASE_URL="+database)...)
	}
	for _, nats := range []string{strings.Replace(g.nats, "@", "-not@", 1), "nats://" + g.natsToken() + "@[", "http://" + g.natsToken() + "@127.0.0.1", g.natsToken()} {
		g.refused("NATS", run, "PASSERELLE_NATS_URL_FILE=", "PASSERELLE_NATS_URL="+nats)
	}
	g.refused("both given", run, "PASSERELLE_DATABASE_URL="+g.database)
	g.refused("both given", run, "PASSERELLE_NATS_URL="+g.nats)
	g.refused("PASSERELLE_DATABASE_URL_FILE: the file cannot be read", run, "PASSERELLE_DATABASE_URL_FILE="+g.database)
	g.refused("PASSERELLE_NATS_URL_FILE: the file is empty", run, "PASSERELLE_NATS_URL_FILE="+g.file("empty", "\n"))
	g.refused("PASSERELLE_NATS_NKEY", run, "PASSERELLE_NATS_NKEY="+g.natsToken())
	g.refused("PASSERELLE_SIGN_IN_SECRET_FILE", run, "PASSERELLE_SIGN_IN_SECRET_FILE="+issuerSecret)
	g.refused("PASSERELLE_SIGN_IN_ISSUER", run, "PASSERELLE_SIGN_IN_ISSUER=https://exemple:"+issuerSecret+"@issuer.example")
	g.refused("PASSERELLE_PUBLIC_URL", run, "PASSERELLE_PUBLIC_URL=https://exemple:"+issuerSecret+"@public.example")
	g.refused("--database-url holds a password", []string{"run", "--database-url", g.database}, files...)
	g.refused("--nats-url holds a password", []string{"doctor", "--nats-url=" + g.nats}, files...)
}

// lookEverywhere asks what anybody may ask, and fails to sign in.
func (g *guarded) lookEverywhere() {
	g.Helper()
	in := map[string]string{"issuer": g.issuer.URL, "code": "Exemple", "redirect_uri": "http://" + g.address + "/connexion/retour", "nonce": strings.Repeat("n", 32), "code_verifier": strings.Repeat("v", 43)}
	body, _ := json.Marshal(in)
	response, err := http.Post("http://"+g.address+"/api/v1/sign-ins", "application/json", bytes.NewReader(body))
	g.keep(response, err)
	if response.StatusCode != http.StatusUnauthorized {
		g.Errorf("the issuer refuses, and the answer is %d", response.StatusCode)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/connexion", "/api/openapi.json", "/nowhere"} {
		response, err := http.Get("http://" + g.address + path)
		g.keep(response, err)
	}
	g.as("advisor-34").post(201, "/flags", senior(1))
	for _, args := range [][]string{{"doctor"}, {"--help"}, {"version"}, {"parked", "list"}} {
		_, _ = g.said.Write([]byte(g.mustOperate(args...)))
	}
}

func (g *guarded) keep(response *http.Response, err error) {
	g.Helper()
	if err != nil {
		g.Fatal(err)
	}
	defer response.Body.Close()
	_, _ = fmt.Fprintf(g.said, "%v\n", response.Header)
	if _, err := io.Copy(g.said, response.Body); err != nil {
		g.Fatal(err)
	}
}

// arguments are those of every process on this machine that may be looked at.
func arguments(t *testing.T) []byte {
	t.Helper()
	list, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(list) == 0 {
		t.Fatalf("no arguments of processes: %v", err)
	}
	var all bytes.Buffer
	for _, one := range list {
		text, _ := os.ReadFile(one) // processes come and go
		all.Write(text)
		all.WriteByte('\n')
	}
	return all.Bytes()
}

// TestNoSecretIsEverSaid: not in a log, an error, an answer, the doctor's report or the arguments of a process.
func TestNoSecretIsEverSaid(t *testing.T) {
	t.Parallel()
	g := newGuarded(t)
	g.typeWrongThings()
	g.start()
	g.lookEverywhere()
	g.search("arguments of processes", arguments(t))
	g.stop()
	g.search("what was said", []byte(g.said.String()))
	g.search("log of the process", []byte(g.log.String()))
	if !strings.Contains(g.log.String(), "sign-in failed") || !strings.Contains(g.said.String(), "files with secrets") {
		t.Error("less was looked at than this test believes")
	}
	g.aSaidSecretIsFound()
}

func (g *guarded) aSaidSecretIsFound() {
	g.Helper()
	for _, text := range []string{"connect to " + g.database, "Basic " + base64.StdEncoding.EncodeToString([]byte("passerelle:"+issuerSecret)), g.nats} {
		if len(g.secret.in("planted", []byte(text))) == 0 {
			g.Error("a planted secret is not found")
		}
	}
	careless := exec.Command("sh", "-c", "read line", databaseSecret)
	hold, err := careless.StdinPipe()
	if err != nil {
		g.Fatal(err)
	}
	if err := careless.Start(); err != nil {
		g.Fatal(err)
	}
	if len(g.secret.in("arguments", arguments(g.T))) == 0 {
		g.Error("a secret among the arguments of a process is not found")
	}
	_ = hold.Close()
	_ = careless.Wait() // without a line it ends with 1
}

// TestAKeyThatOthersMayReadIsRefused with what to do about it, and the doctor tells of the other files.
func TestAKeyThatOthersMayReadIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	for _, name := range []string{"kek", "issuer", "access", "chain"} {
		key := filepath.Join(h.dir, "secrets", name)
		h.must(os.Chmod(key, 0o640))
		if said, err := h.operator("doctor"); err == nil || !strings.Contains(said, "BAD  "+key) || !strings.Contains(said, "chmod 600 "+key) {
			t.Errorf("the doctor on %s: %v: %s", name, err, said)
		}
		h.must(os.Chmod(key, 0o600))
	}
	h.stop()
	for _, name := range []string{"kek", "issuer", "access", "chain"} {
		key := filepath.Join(h.dir, "secrets", name)
		for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
			h.must(os.Chmod(key, mode))
			if said, err := h.operator("run"); err == nil || !strings.Contains(said, "secret "+key+" may be read or changed by others than its owner: run `chmod 600 "+key) {
				t.Errorf("%s with %o: %v: %s", name, mode, err, said)
			}
		}
		h.must(os.Chmod(key, 0o400))
	}
	h.start()
	h.stop()
}
