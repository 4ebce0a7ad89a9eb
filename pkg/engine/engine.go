// Package engine is what a service runs on: its ledger and codec, the streams of the others, and a place for
// what it does in the background.
package engine

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/erasure"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
)

// Control is the schema of the projections' control tables.
const Control = "projection"

// Engine belongs to one service in one process.
type Engine struct {
	Service string
	Ledger  ledger.Ledger // nil for a service that tells nothing
	Codec   decider.Codec
	Vault   *vault.Vault
	Pool    *pgxpool.Pool
	Conn    *nats.Conn
	JS      jetstream.JetStream
	Prefix  string // of streams and schemas, empty in operation
	Owner   string // of leases: this process
	Clock   clock.Clock
	Log     *slog.Logger
	Secret  []byte // for keyed hashes and cursors
	// Accesses is who read or wrote personal data, in all services.
	Accesses *accesslog.Archive
	// Note adds to it in the service's own name, for what nobody asked for; nil where nothing is served.
	Note func(context.Context, ...accesslog.Entry) error
	// Directory is how the funds are organised and who may work there, now.
	Directory func() *directory.Directory
	Erasures  *erasure.Register // nil for a service that erases nobody
	Asleep    bool              // nothing runs in the background: who asks works with what is kept

	group      *errgroup.Group
	ctx        context.Context
	readers    []Reader
	projectors []*projection.Projector
	deadlines  []*deadline.Deadlines
}

// Reader is something that hears: how far, and how it does.
type Reader struct {
	Name       string
	Projection bool // else a listener
	Services   []string
	Hub        *feed.Hub
	State      func() (state, reason string) // ok, building, behind, away
}

// Attach says where background work runs: in group, until ctx ends.
func (e *Engine) Attach(ctx context.Context, group *errgroup.Group) { e.ctx, e.group = ctx, group }

// Go runs work in the background. An error ends the process: nothing keeps on half alive.
func (e *Engine) Go(name string, work func(context.Context) error) {
	if e.Asleep {
		return
	}
	e.group.Go(func() error {
		if err := work(e.ctx); err != nil && e.ctx.Err() == nil {
			return fmt.Errorf("%s of %s: %w", name, e.Service, err)
		}
		return nil
	})
}

// Sources are the streams of services.
func (e *Engine) Sources(services ...string) []feed.Source {
	sources := make([]feed.Source, len(services))
	for i, service := range services {
		sources[i] = feed.Source{Conn: e.Conn, JS: e.JS, Prefix: e.Prefix, Service: service}
	}
	return sources
}

// Project keeps a read model. applied may be nil.
func (e *Engine) Project(p projection.Projection, applied func([]projection.Heard)) (*projection.Projector, error) {
	p.Name = e.Prefix + p.Name
	projector, err := projection.New(projection.Config{
		Projection: p, Pool: e.Pool, Control: e.Prefix + Control, Sources: e.Sources(p.Services...), Owner: e.Owner,
		Log: e.Log, Hub: feed.NewHub(), Applied: applied,
	})
	if err != nil {
		return nil, err
	}
	e.keep(projector)
	e.Go("projection "+p.Name, projector.Run)
	return projector, nil
}

// Rest makes the read models of the service wait so long after each batch; see projection.Projector.Rest.
func (e *Engine) Rest(d time.Duration) {
	for _, p := range e.projectors {
		p.Rest(d)
	}
}

// Keep does the work of something that is made of a read model, such as a copy in memory. The process is not ready while it
// is being built.
func (e *Engine) Keep(r Reader, work func(context.Context) error) {
	if e.Asleep { // who asks makes it
		return
	}
	e.readers = append(e.readers, r)
	e.Go(r.Name, work)
}

func (e *Engine) keep(p *projection.Projector) {
	e.readers = append(e.readers, Reader{p.Name, true, p.Services, p.Hub, func() (string, string) { return projectorState(p) }})
	e.projectors = append(e.projectors, p)
}

func projectorState(p *projection.Projector) (state, reason string) {
	status := p.Status()
	if status.Generation == 0 {
		return "building", status.Build
	}
	for _, service := range status.Services {
		if service.State != projection.OK {
			return "away", service.Reason
		}
	}
	return "ok", ""
}

// Readers are all that hear in this service, in the order they were begun.
func (e *Engine) Readers() []Reader { return e.readers }

// Projectors are the read models that this service keeps.
func (e *Engine) Projectors() []*projection.Projector { return e.projectors }
