package platform_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/passerelle/pkg/postgres"
	"example.org/passerelle/pkg/testkit"
)

// hosted are the services that a house apart has two of.
var hosted = []string{"detection", "referral", "workshop", "equipment", "projections"}

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
	var err error
	if h.postgres, err = postgres.Start(context.Background(), postgres.Options{Dir: filepath.Join(h.dir, "elsewhere"), MaxConnections: 100}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.postgres.Stop() })
	h.env = []string{
		"PASSERELLE_DATABASE_URL=" + h.postgres.URL(), "PASSERELLE_NATS_URL=" + testkit.NATSElsewhere(t),
		"PASSERELLE_SECRETS_DIR=" + filepath.Join(h.dir, "keys"), "PASSERELLE_OIDC_ISSUER=http://" + h.address,
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
	<-p.ended
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
	if out, err := a.operator("ledger", "recover", "--keep", "ledger"); err == nil || !strings.Contains(out, "stop its processes") {
		t.Errorf("recovers while others write: %v %s", err, out)
	}
	a.stop()
}
