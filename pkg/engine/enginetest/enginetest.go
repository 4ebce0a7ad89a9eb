// Package enginetest runs one service on real parts: ledger, vault, mirror, streams and HTTP, all under a prefix of
// the test's own. The other services are ledgers that the test speaks for.
package enginetest

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/erasure"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/listen"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/pkg/web"
)

// Noon is where the clock of each test stands at first.
var Noon = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)

// Run is how a service is begun.
type Run func(*engine.Engine) (http.Handler, *web.Heard, error)

// World is a service under test and the others it hears.
type World struct {
	Engine *engine.Engine
	Heard  *web.Heard
	Clock  *clock.Manual
	Vault  *vault.Vault
	Pool   *pgxpool.Pool

	t       testing.TB
	service string
	run     Run
	codec   *vault.Codec
	prefix  string
	tellers map[string]*teller
	server  *web.Server
	running *engine.Engine // of the process that runs now
	end     func()
}

const chainKey = "published chain key"

// teller is a service that tells facts.
type teller struct {
	ledger *ledger.Postgres
	mirror *mirror.Mirror
}

// Start begins a service that may open the details of the events named.
func Start(t testing.TB, service string, run Run, opens ...string) *World {
	t.Helper()
	w := &World{
		t: t, service: service, run: run, Clock: clock.At(Noon), prefix: testkit.Schema(t) + "_", Pool: pool(t),
		tellers: map[string]*teller{},
	}
	conn, js := testkit.NATS(t)
	w.Engine = &engine.Engine{
		Service: service, Pool: w.Pool, Conn: conn, JS: js, Prefix: w.prefix, Owner: "test", Clock: w.Clock,
		Log: slog.New(slog.DiscardHandler), Secret: []byte("published test secret"), Directory: sample.Directory,
	}
	var err error
	w.Engine.Erasures, err = erasure.Open(filepath.Join(t.TempDir(), "erasures"))
	w.must(err)
	w.openVault(opens)
	w.openLedgers()
	w.must(listen.Provision(w.ctx(), w.Pool, w.Engine.Heard()))
	w.must(projection.Provision(w.ctx(), w.Pool, w.prefix+engine.Control))
	w.must(engine.ProvisionReader(w.ctx(), w.Pool, w.prefix+engine.Control))
	w.Engine.Ledger = w.tellers[service].ledger
	if service == live.Service {
		w.layDirectory()
	}
	w.begin()
	t.Cleanup(func() { w.end() })
	return w
}

func pool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 20
	p, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// services are all that tell facts.
func services() (list []string) {
	for _, name := range events.Names() {
		if service := events.Service(name); !slices.Contains(list, service) {
			list = append(list, service)
		}
	}
	return list
}

func (w *World) openVault(opens []string) {
	w.t.Helper()
	schema := w.prefix + "vault"
	w.must(vault.Provision(w.ctx(), w.Pool, schema))
	var err error
	w.Vault, err = vault.Open(w.ctx(), w.Pool, vault.Config{
		Schema: schema, KEK: []byte("published test key, 32 bytes lon"), Clock: w.Clock, Log: w.Engine.Log, Stock: 40,
	})
	w.must(err)
	w.t.Cleanup(w.Vault.Close)
	w.codec = w.Vault.Codec(nil)
	w.Engine.Vault = w.Vault
	w.Engine.Codec = w.Vault.Codec(func(name string) bool { return slices.Contains(opens, name) })
}

func (w *World) openLedgers() {
	w.t.Helper()
	var all errgroup.Group
	for _, service := range services() {
		if service == live.Service && w.service != service {
			continue // the others are given the directory
		}
		one := &teller{}
		w.tellers[service] = one
		all.Go(func() error { return w.open(service, one) })
	}
	w.must(all.Wait())
}

// open opens the ledger of a service and mirrors it until the test ends.
func (w *World) open(service string, one *teller) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	schema := w.prefix + service
	if err = ledger.Provision(ctx, w.Pool, schema, service); err == nil {
		one.ledger, err = ledger.Open(ctx, w.Pool, ledger.Config{
			Schema: schema, Service: service, ChainKey: []byte(chainKey), Clock: w.Clock,
			OnCommit: func(e []ledger.Event) { one.mirror.Committed(e) },
		})
	}
	if err == nil {
		one.mirror, err = mirror.New(mirror.Config{Copies: mirror.Copies{Service: service, Prefix: w.prefix, Ledger: one.ledger, JS: w.Engine.JS}})
	}
	if err != nil {
		cancel()
		return err
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = one.mirror.Run(ctx) }() // it only ends with ctx
	w.t.Cleanup(func() {
		cancel()
		<-ended
		_ = one.ledger.Close(context.Background())
	})
	return nil
}

// begin runs the service until end is called.
func (w *World) begin() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	group, ctx := errgroup.WithContext(ctx)
	e := *w.Engine
	e.Attach(ctx, group)
	w.running = &e
	follow := w.followDirectory(&e)
	handler, heard, err := w.run(&e)
	w.must(err)
	heard = follow(heard)
	w.Heard, w.server = heard, w.serve(handler, heard)
	w.end = func() {
		cancel()
		if err := group.Wait(); err != nil {
			w.t.Error(err)
		}
	}
	w.ready(&e)
}

// ready waits until every reader is open, as /readyz does.
func (w *World) ready(e *engine.Engine) {
	w.t.Helper()
	ctx := w.ctx()
	for _, r := range e.Readers() {
		for state, reason := r.State(); state != "ok"; state, reason = r.State() {
			if ctx.Err() != nil {
				w.t.Fatal(r.Name, state, reason)
			}
			time.Sleep(time.Millisecond) // nothing tells
		}
	}
}

// HearAgain ends the service, forgets how far its listener has heard, begins it again, and waits until it has
// heard everything a second time.
func (w *World) HearAgain() {
	w.t.Helper()
	w.end()
	_, err := w.Pool.Exec(w.ctx(), `delete from `+pgx.Identifier{w.Engine.Heard(), "checkpoint"}.Sanitize())
	w.must(err)
	w.begin()
	for service, one := range w.tellers {
		head, err := one.ledger.Head(w.ctx())
		w.must(err)
		w.wait(service, head.Position)
	}
}

func (w *World) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// ctx ends long after anything a test waits for.
func (w *World) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}
