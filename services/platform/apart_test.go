package platform_test

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"example.org/passerelle/pkg/testkit"
)

// hosted are the processes that a house apart has two of.
var hosted = []string{"access", "detection", "referral", "workshop", "equipment", "funding", "projections", "portal"}

// apart is a house whose services are processes of their own, on a Postgres and a NATS elsewhere. For those who
// come to its door it is a house like any other.
type apart struct {
	*house
	twins    map[string][]*process
	identity *process
	edge     *process
}

// process is one of its processes.
type process struct {
	*house
	name    string
	address string
	env     []string
	cmd     *exec.Cmd
	ready   chan struct{}
	ended   chan error
}

// newApart starts what is elsewhere, with as many connections as a Postgres usually has, and provisions.
func newApart(t *testing.T) *apart {
	t.Helper()
	h := newHouse(t)
	a := &apart{house: h, twins: map[string][]*process{}}
	h.postgres = h.elsewhere()
	h.env = []string{
		"PASSERELLE_DATABASE_URL=" + h.postgres.URL(), "PASSERELLE_NATS_URL=" + testkit.NATSElsewhere(t, filepath.Join(h.dir, "streams")),
		"PASSERELLE_SECRETS_DIR=" + filepath.Join(h.dir, "keys"), "PASSERELLE_OIDC_ISSUER=http://" + h.address,
		"PASSERELLE_ERASURES=" + filepath.Join(h.dir, "erasures"),
	}
	a.identity = a.process("identity")
	upstreams := "identity=http://" + a.identity.address
	for _, service := range hosted {
		one, other := a.process(service), a.process(service)
		a.twins[service] = []*process{one, other}
		upstreams += fmt.Sprintf(" %s=http://%s,http://%s", service, one.address, other.address)
	}
	a.edge = a.process("edge")
	a.edge.address = h.address
	a.edge.env = []string{"PASSERELLE_UPSTREAMS=" + upstreams}
	return a
}

func (a *apart) process(name string) *process {
	return &process{house: a.house, name: name, address: freeAddress(a.T)}
}

// start starts everything at once: the order does not matter.
func (a *apart) start() {
	a.Helper()
	a.mustOperate("provision")
	all := a.all()
	for _, p := range all {
		p.start()
	}
	for _, p := range all {
		p.await()
	}
	a.until(func() bool { return a.ready() == http.StatusOK })
}

func (a *apart) all() []*process {
	all := []*process{a.edge, a.identity}
	for _, service := range hosted {
		all = append(all, a.twins[service]...)
	}
	return all
}

// ready is what the edge says.
func (a *apart) ready() int {
	response, err := http.Get("http://" + a.address + "/readyz")
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// stop ends everything as an operator does.
func (a *apart) stop() {
	a.Helper()
	all := a.all()
	for _, p := range all {
		p.terminate()
	}
	for _, p := range all {
		p.awaitEnd()
	}
}

func (p *process) start() {
	p.Helper()
	p.cmd, p.ready, p.ended = p.command(p.name), make(chan struct{}), make(chan error, 1)
	p.cmd.Env = append(append(p.cmd.Env, "PASSERELLE_HTTP_ADDR="+p.address), p.env...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.Fatal(err)
	}
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(p.kill)
	cmd, ready, ended := p.cmd, p.ready, p.ended
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			fmt.Fprintln(p.log, lines.Text())
			if strings.Contains(lines.Text(), " answers on http://") {
				close(ready)
			}
		}
		ended <- cmd.Wait()
	}()
}

func (p *process) await() {
	p.Helper()
	select {
	case <-p.ready:
	case err := <-p.ended:
		p.cmd = nil
		p.Fatalf("%s ended: %v\n%s", p.name, err, p.log)
	case <-time.After(90 * time.Second):
		p.Fatalf("%s is not ready after 90 s\n%s", p.name, p.log)
	}
}

// kill ends it as the kernel does.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGKILL)
	if err := <-p.ended; err == nil {
		p.Logf("%s had ended before it was killed", p.name)
	}
	p.cmd = nil
}

func (p *process) terminate() {
	p.Helper()
	if p.cmd == nil {
		return
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.Fatal(err)
	}
}

func (p *process) awaitEnd() {
	p.Helper()
	if p.cmd == nil {
		return
	}
	select {
	case err := <-p.ended:
		p.cmd = nil
		if err != nil {
			p.Fatalf("stop %s: %v\n%s", p.name, err, p.log)
		}
	case <-time.After(15 * time.Second):
		p.Fatalf("%s still runs 15 s after SIGTERM\n%s", p.name, p.log)
	}
}

func TestTheStoryRunsApart(t *testing.T) {
	t.Parallel()
	a := newApart(t)
	a.start()
	a.tellTheStory()
	if out := a.mustOperate("provision"); strings.Contains(out, "made") {
		t.Errorf("provisioning again: %s", out)
	}
	if out := a.mustOperate("parked", "list"); !strings.Contains(out, "0 parked") {
		t.Errorf("parked: %s", out)
	}
	if out := a.mustOperate("projections", "rebuild"); !strings.Contains(out, "board: rebuilt") {
		t.Errorf("rebuild: %s", out)
	}
	a.as("advisor-34").get("/flags")
	if said := a.mustOperate("doctor"); strings.Contains(said, "BAD") {
		t.Errorf("doctor: %s", said)
	}
	a.stopOneUnnoticed()
	a.signsInOnce()
	a.searchFolder("running")
	a.search("what the processes said", []byte(a.log.String()))
	if out, err := a.operator("ledger", "recover", "--keep", "ledger"); err == nil || !strings.Contains(out, "stop its processes") {
		t.Errorf("recovers while others write: %v %s", err, out)
	}
	a.stop()
}

// signsInOnce: a browser is known to both portals, and still when one of them is gone.
func (a *apart) signsInOnce() {
	a.Helper()
	b := a.browser(a.T, "advisor-34")
	for range 4 {
		if page := b.get(a.T, "/signalements"); !strings.Contains(page, "Se déconnecter") {
			a.Fatalf("one of the portals does not know who this is: %s", page)
		}
	}
	a.twins["portal"][0].kill()
	for range 4 {
		if page := b.get(a.T, "/"); !strings.Contains(page, "Se déconnecter") {
			a.Fatalf("the other portal does not know who this is: %s", page)
		}
	}
}

// stopOneUnnoticed: one of two is stopped while people write without a key, and nobody is refused.
func (a *apart) stopOneUnnoticed() {
	a.Helper()
	token := a.as("advisor-34").token
	var (
		all     sync.WaitGroup
		next    atomic.Int64
		stopped atomic.Bool
		under   = make(chan struct{}, 1000)
	)
	next.Store(76) // the next one is who privacy_test looks for
	for range 4 {
		all.Go(func() {
			for !stopped.Load() {
				advisor := &caller{h: a.house, account: "advisor-34", token: token, positions: map[string]string{}}
				if r, err := advisor.try(http.MethodPost, "/flags", senior(int(next.Add(1)))); err != nil || r.status != http.StatusCreated {
					a.Errorf("refused while one of two stops: %d %s %v", r.status, r.raw, err)
					return
				}
				under <- struct{}{}
			}
		})
	}
	for range 20 {
		<-under
	}
	going := a.twins["detection"][0]
	going.terminate()
	going.awaitEnd()
	stopped.Store(true)
	all.Wait()
	going.start()
	going.await()
}

// TestAWrongStartApartIsOneLineThatSaysWhatToDo for each thing an operator gets wrong first. None tells a secret.
func TestAWrongStartApartIsOneLineThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	a := newApart(t)
	wrongNATS := strings.Replace(a.env[1], "nats://", "nats://invented-word", 1)
	a.says("detection", "run `passerelle provision` first")
	a.mustOperate("provision")
	a.says("detection", "PASSERELLE_DATABASE_URL", "PASSERELLE_DATABASE_URL=")
	a.says("detection", "PASSERELLE_DATABASE_URL", "PASSERELLE_DATABASE_URL=mysql://somewhere")
	a.says("detection", "Postgres does not answer", "PASSERELLE_DATABASE_URL=postgres://passerelle:invented-word@127.0.0.1:1/passerelle")
	a.says("projections", "PASSERELLE_NATS_URL", "PASSERELLE_NATS_URL=")
	a.says("projections", "it does not know us", wrongNATS)
	a.says("projections", "PASSERELLE_NATS_CERT and PASSERELLE_NATS_KEY belong together", "PASSERELLE_NATS_CERT="+binary)
	a.says("projections", "PASSERELLE_NATS_NKEY", "PASSERELLE_NATS_NKEY="+filepath.Join(a.dir, "nothing"))
	a.says("detection", "PASSERELLE_ERASURES", "PASSERELLE_ERASURES=")
	a.says("detection", "is no folder", "PASSERELLE_ERASURES="+filepath.Join(a.dir, "nothing", "erasures"))
	a.says("referral", "PASSERELLE_SECRETS_DIR", "PASSERELLE_SECRETS_DIR=")
	a.says("referral", "run `passerelle provision` first", "PASSERELLE_SECRETS_DIR="+filepath.Join(a.dir, "nothing"))
	a.says("referral", "PASSERELLE_OIDC_ISSUER is missing", "PASSERELLE_OIDC_ISSUER=")
	a.says("referral", "give https://", "PASSERELLE_OIDC_ISSUER=http://issuer.example")
	a.says("referral", "PASSERELLE_DATABASE_CONNECTIONS", "PASSERELLE_DATABASE_CONNECTIONS=1")
	a.says("identity", "loopback", "PASSERELLE_HTTP_ADDR=0.0.0.0:0")
	a.says("identity", "PASSERELLE_DEMO", "PASSERELLE_DEMO=off")
	a.says("identity", "PASSERELLE_SECRETS_DIR", "PASSERELLE_SECRETS_DIR=")
	a.says("edge", "PASSERELLE_UPSTREAMS is missing", "PASSERELLE_UPSTREAMS=")
	a.says("edge", "does not say where projections answers", "PASSERELLE_UPSTREAMS=access=http://h:0 detection=http://h:1 referral=http://h:2;workshop=http://h:3 equipment=http://h:4 funding=http://h:5")
	a.says("edge", "postal", "PASSERELLE_UPSTREAMS=postal=http://h:1")
	a.says("edge", "PASSERELLE_PROXIES", "PASSERELLE_PROXIES=everybody")

	other := filepath.Join(a.dir, "others")
	a.says("provision", "the key-encryption key is lost", "PASSERELLE_SECRETS_DIR="+other)
	if err := os.WriteFile(filepath.Join(other, "kek"), make([]byte, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	a.says("provision", "not the key of this database", "PASSERELLE_SECRETS_DIR="+other)
	if _, err := a.database().Exec(t.Context(), "update passerelle.provisioned set version = version + 1"); err != nil {
		t.Fatal(err)
	}
	a.says("detection", "newer version")
	a.says("provision", "newer version")
}

// says expects a command to end with one line.
func (a *apart) says(command, want string, env ...string) {
	a.Helper()
	cmd := a.command(command)
	cmd.Env = append(append(cmd.Env, "PASSERELLE_HTTP_ADDR="+freeAddress(a.T)), env...)
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	last := text[strings.LastIndex(text, "\n")+1:]
	if err == nil || !strings.HasPrefix(last, "passerelle: ") || !strings.Contains(last, want) || strings.Contains(text, "invented-word") {
		a.Errorf("%s with %v: %v: %s", command, env, err, text)
	}
}
