package enginetest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/listen"
)

// Beside begins another service of the same world, or the same one in a second process. They share the streams, the database,
// the clock and the keys; a second process has its own way into the ledger, and is as active as the first: both hold the
// leases, as where one was frozen, and the other took over.
func (w *World) Beside(service string, run Run, opens ...string) *World {
	w.t.Helper()
	b, e := *w, *w.Engine
	e.Service = service
	e.Codec = w.Vault.Codec(func(name string) bool { return slices.Contains(opens, name) })
	e.Ledger = w.ledgerOf(service, service == w.service)
	b.service, b.run, b.Engine = service, run, &e
	w.must(listen.Provision(w.ctx(), w.Pool, e.Heard()))
	b.begin()
	w.t.Cleanup(func() { b.end() })
	return &b
}

// ledgerOf is that of a service, if it tells anything.
func (w *World) ledgerOf(service string, again bool) ledger.Ledger {
	one, tells := w.tellers[service]
	if !tells {
		return nil
	}
	if !again {
		return one.ledger
	}
	l, err := ledger.Open(w.ctx(), w.Pool, ledger.Config{
		Schema: w.prefix + service, Service: service, ChainKey: []byte(chainKey), Clock: w.Clock, OnCommit: one.mirror.Committed,
	})
	w.must(err)
	w.t.Cleanup(func() { _ = l.Close(context.Background()) })
	return l
}

// Stop ends the process of the service; Again begins it anew.
func (w *World) Stop() { w.end() }

// Again begins the service once more, with what it has kept.
func (w *World) Again() {
	w.t.Helper()
	w.begin()
}

// Quiet returns when all these services have heard everything, and nothing is due in any of them.
func Quiet(worlds ...*World) {
	first := worlds[0]
	first.t.Helper()
	for before := map[string]int64(nil); ; {
		heads := first.heads()
		if maps.Equal(heads, before) {
			return
		}
		for _, w := range worlds {
			w.catchUp(heads)
			w.retried()
			w.must(w.running.Quiet(w.ctx()))
		}
		before = heads
	}
}

// heads are how far the ledgers are.
func (w *World) heads() map[string]int64 {
	w.t.Helper()
	heads := map[string]int64{}
	for service, one := range w.tellers {
		head, err := one.ledger.Head(w.ctx())
		w.must(err)
		heads[service] = head.Position
	}
	return heads
}

func (w *World) catchUp(heads map[string]int64) {
	w.t.Helper()
	for _, r := range w.running.Readers() {
		for _, service := range r.Services {
			w.must(r.Hub.Wait(w.ctx(), service, heads[service]))
		}
	}
}

// retried waits until no reaction is parked: one that took too long counts as heard, and is tried again.
func (w *World) retried() {
	w.t.Helper()
	for ctx := w.ctx(); ; time.Sleep(10 * time.Millisecond) { // nothing tells
		var parked int
		w.must(w.Pool.QueryRow(ctx, `select count(*) from `+pgx.Identifier{w.Engine.Heard(), "parked"}.Sanitize()).Scan(&parked))
		if parked == 0 {
			return
		}
	}
}

// NextDue is when something is due next in this service; zero: nothing is.
func (w *World) NextDue() (at time.Time) {
	w.t.Helper()
	for _, p := range w.running.Projectors() {
		if !strings.HasSuffix(p.Name, "_due") {
			continue
		}
		schema, err := p.Serving(w.ctx())
		w.must(err)
		var next *time.Time
		w.must(w.Pool.QueryRow(w.ctx(), `select min(at) from `+pgx.Identifier{schema, "due"}.Sanitize()+` where at > $1`, w.Clock.Now()).Scan(&next))
		if next != nil {
			return next.UTC()
		}
	}
	return at
}

// Stored is what a service has told, as its ledger keeps it.
func (w *World) Stored(service string) []ledger.Event { return w.events(service) }
