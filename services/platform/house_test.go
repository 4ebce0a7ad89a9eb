package platform_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	crand "crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/postgres"
	_ "example.org/passerelle/services/platform" // what the binary is made of: a change runs these tests again
	"example.org/passerelle/services/portal/browsertest"
)

// binary is `passerelle` as it is shipped; the tests here know it from outside only.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "passerelle-house")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "passerelle")
	build := []string{"build", "-o", binary}
	if os.Getenv("PASSERELLE_RACE") != "" {
		build = append(build, "-race") // a race ends the process with another code than 0
	}
	if out, err := exec.Command("go", append(build, "./passerelle")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := browsertest.Around(m).Run() // and stops the browser
	if err := neverLookedAt(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func soak() bool { return os.Getenv("PASSERELLE_SOAK") != "" }

// house is a data folder and the process that runs on it, if any.
type house struct {
	*testing.T
	dir     string
	address string
	env     []string // of every command, beside the usual
	cmd     *exec.Cmd
	ended   chan error
	log     *record
	demo    string // PASSERELLE_DEMO
	saying  string // what tryStart waits for

	postgres *postgres.Server // nil: the private one of the process
	secret   sought           // what search looks for
	answers  *record          // nil: answers are not kept

	telling sync.Mutex
	told    map[string]int64 // the last position of each service that a caller was told
}

// newHouse makes an empty folder that Postgres can reach also when the tests run as root.
func newHouse(t *testing.T) *house {
	t.Helper()
	dir, err := os.MkdirTemp("", "passerelle-data")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // see above
		t.Fatal(err)
	}
	h := &house{T: t, dir: dir, address: freeAddress(t), log: &record{}, demo: "identity"}
	t.Cleanup(func() {
		h.kill()
		os.RemoveAll(dir)
		h.keepLog()
	})
	return h
}

// keepLog puts what the process said where `make logs` looks for what nobody may print.
func (h *house) keepLog() {
	if dir := os.Getenv("PASSERELLE_LOGS"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(h.Name(), "/", "-")+filepath.Base(h.dir)+".log"), []byte(h.log.String()), 0o600)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	for {
		port := lowest + int(ports.Add(1))%(highest-lowest)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue // somebody answers there
		}
		l.Close()
		return l.Addr().String()
	}
}

// Addresses are given once, and below those that the system takes for connections: a process comes back to its own
// after a while, and nobody may have it then.
const lowest, highest = 20_000, 32_000

var ports = func() *atomic.Int64 {
	first := new(atomic.Int64)
	first.Store(rand.Int64N(highest - lowest)) // others may run beside these tests
	return first
}()

func (h *house) command(args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "PASSERELLE_DATA_DIR="+h.dir, "PASSERELLE_HTTP_ADDR="+h.address, "PASSERELLE_DEMO="+h.demo)
	cmd.Env = append(cmd.Env, h.env...)
	return cmd
}

// start runs the process and waits until it answers.
func (h *house) start() {
	h.Helper()
	if err := h.tryStart(); err != nil {
		h.Fatalf("start: %v\n%s", err, h.log)
	}
}

func (h *house) tryStart() error {
	h.cmd, h.ended = h.command("run"), make(chan error, 1)
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	h.cmd.Stderr = h.log
	if err := h.cmd.Start(); err != nil {
		return err
	}
	ready, read, said := make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)
	saying := cmp.Or(h.saying, " answers on http://")
	go func() {
		defer close(read)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			fmt.Fprintln(h.log, lines.Text())
			select {
			case said <- struct{}{}:
			default:
			}
			if saying != "" && strings.Contains(lines.Text(), saying) {
				close(ready)
				saying = ""
			}
		}
	}()
	cmd, ended := h.cmd, h.ended
	go func() {
		<-read
		ended <- cmd.Wait()
	}()
	silent := time.NewTimer(silence)
	defer silent.Stop()
	for {
		select {
		case <-ready:
			return nil
		case <-said:
			silent.Reset(silence)
		case err := <-h.ended:
			h.cmd = nil
			return fmt.Errorf("ended: %w", err)
		case <-silent.C:
			_ = h.cmd.Process.Signal(syscall.SIGQUIT) // its goroutines say where it stands
			err := <-h.ended
			h.cmd = nil
			return fmt.Errorf("not ready, and silent for %s: %w", silence, err)
		}
	}
}

// silence is how long a start may say nothing before it counts as stuck. How long it takes in all is for `make bench` to say.
const silence = 90 * time.Second

// kill ends the process as the kernel does, and Postgres with it (its parent-death signal).
func (h *house) kill() {
	if h.cmd == nil {
		return
	}
	_ = h.cmd.Process.Signal(syscall.SIGKILL)
	if err := <-h.ended; err == nil {
		h.Log("it had ended before it was killed")
	}
	h.cmd = nil
}

// stop ends the process as an operator does, and expects exit 0.
func (h *house) stop() {
	h.Helper()
	if err := h.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		h.Fatal(err)
	}
	select {
	case err := <-h.ended:
		h.cmd = nil
		if err != nil {
			h.Fatalf("stop: %v\n%s", err, h.log)
		}
	case <-time.After(15 * time.Second):
		_ = h.cmd.Process.Signal(syscall.SIGQUIT) // it says where it stands
		err := <-h.ended
		h.cmd = nil
		h.Fatalf("still running 15 s after SIGTERM: %v\n%s", err, h.log)
	}
}

// operator runs a command of the operator.
func (h *house) operator(args ...string) (string, error) {
	out, err := h.command(args...).CombinedOutput()
	return string(out), err
}

// mustOperate runs a command of the operator that has to succeed.
func (h *house) mustOperate(args ...string) string {
	h.Helper()
	out, err := h.operator(args...)
	if err != nil {
		h.Fatalf("passerelle %s: %v\n%s\n%s", strings.Join(args, " "), err, out, h.log)
	}
	return out
}

// elsewhere is a Postgres of its own, with as many connections as one usually has.
func (h *house) elsewhere() *postgres.Server {
	h.Helper()
	server, err := postgres.Start(context.Background(), postgres.Options{Dir: filepath.Join(h.dir, "elsewhere"), MaxConnections: 100})
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = server.Stop() })
	return server
}

// database connects to the running Postgres.
func (h *house) database() *pgx.Conn {
	h.Helper()
	conn, err := pgx.Connect(context.Background(), h.databaseURL())
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func (h *house) databaseURL() string {
	h.Helper()
	if h.postgres != nil {
		return h.postgres.URL()
	}
	password, err := os.ReadFile(filepath.Join(h.dir, "pg.password"))
	if err != nil {
		h.Fatal(err)
	}
	pid, err := os.ReadFile(filepath.Join(h.dir, "pg", "postmaster.pid"))
	if err != nil {
		h.Fatal(err)
	}
	socket := strings.Split(string(pid), "\n")[4]
	query := url.Values{"host": {socket}, "user": {"passerelle"}, "password": {strings.TrimSpace(string(password))}}
	return "postgres:///passerelle?" + query.Encode()
}

// record is what a process has said.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// caller is an account with a token. It sends back the positions it was given, as a good client does.
type caller struct {
	h         *house
	account   string
	token     string
	mu        sync.Mutex
	positions map[string]string
}

func (h *house) as(account string) *caller {
	h.Helper()
	request, _ := http.NewRequest(http.MethodPost, "http://"+h.address+"/oauth2/token", strings.NewReader("grant_type=client_credentials"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(account, "demo")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		h.Fatal(err)
	}
	defer response.Body.Close()
	var body struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil || body.Token == "" {
		h.Fatalf("no token for %s: %d %v", account, response.StatusCode, err)
	}
	return &caller{h: h, account: account, token: body.Token, positions: map[string]string{}}
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   map[string]any
	raw    []byte
}

func (r reply) text(name string) string {
	s, _ := r.body[name].(string)
	return s
}

func (r reply) number(name string) int {
	n, _ := r.body[name].(float64)
	return int(n)
}

func (r reply) items() []map[string]any {
	list, _ := r.body["items"].([]any)
	out := make([]map[string]any, len(list))
	for i := range list {
		out[i], _ = list[i].(map[string]any)
	}
	return out
}

// try sends a request. An error means that no whole answer came.
// csvFile is a body that is a table.
type csvFile string

func (c *caller) try(method, path string, body any, headers ...string) (reply, error) {
	var content io.Reader
	media := "application/json"
	switch b := body.(type) {
	case nil:
	case csvFile:
		content, media = strings.NewReader(string(b)), "text/csv"
	case string:
		content = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			return reply{}, err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, "http://"+c.h.address+"/api/v1"+path, content)
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		request.Header.Set("Content-Type", media)
	}
	c.mu.Lock()
	for service, position := range c.positions {
		request.Header.Add("Passerelle-Position", service+":"+position)
	}
	c.mu.Unlock()
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{status: response.StatusCode, header: response.Header, raw: raw}
	if c.h.answers != nil {
		fmt.Fprintf(c.h.answers, "%v\n%s\n", response.Header, raw)
	}
	_ = json.Unmarshal(raw, &r.body)
	c.remember(response.Header.Get("Passerelle-Position"))
	return r, nil
}

func (c *caller) remember(position string) {
	if service, at, ok := strings.Cut(position, ":"); ok {
		c.mu.Lock()
		c.positions[service] = at
		c.mu.Unlock()
		c.h.wasTold(service, at)
	}
}

func (h *house) wasTold(service, at string) {
	position, _ := strconv.ParseInt(at, 10, 64)
	h.telling.Lock()
	defer h.telling.Unlock()
	if h.told == nil {
		h.told = map[string]int64{}
	}
	h.told[service] = max(h.told[service], position)
}

func (h *house) toldSoFar() map[string]int64 {
	h.telling.Lock()
	defer h.telling.Unlock()
	return maps.Clone(h.told)
}

// learn takes over what another caller was told, as somebody does who is sent a link.
func (c *caller) learn(other *caller) {
	other.mu.Lock()
	known := maps.Clone(other.positions)
	other.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.Copy(c.positions, known)
}

// do sends a request as software of a partner does: what is answered "not now" is sent again with the same key.
func (c *caller) do(want int, method, path string, body any, headers ...string) reply {
	c.h.Helper()
	if method != http.MethodGet && !slices.Contains(headers, "Idempotency-Key") {
		headers = append(slices.Clip(headers), "Idempotency-Key", crand.Text())
	}
	r, err := c.try(method, path, body, headers...)
	for range 5 {
		if err != nil || r.status != http.StatusServiceUnavailable || want == http.StatusServiceUnavailable {
			break
		}
		seconds, _ := strconv.Atoi(r.header.Get("Retry-After"))
		time.Sleep(time.Duration(max(1, seconds)) * time.Second)
		r, err = c.try(method, path, body, headers...)
	}
	if err != nil {
		c.h.Fatalf("%s %s as %s: %v\n%s", method, path, c.account, err, c.h.log)
	}
	if r.status != want {
		c.h.Fatalf("%s %s as %s: %d, want %d: %s\n%s", method, path, c.account, r.status, want, r.raw, c.h.log)
	}
	return r
}

func (c *caller) post(want int, path string, body any, headers ...string) reply {
	c.h.Helper()
	return c.do(want, http.MethodPost, path, body, headers...)
}

func (c *caller) get(path string) reply {
	c.h.Helper()
	return c.do(http.StatusOK, http.MethodGet, path, nil)
}
