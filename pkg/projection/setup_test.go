package projection

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// board hears two services. heard counts on purpose what a real read model must not count: it shows an
// event that was applied twice.
const boardTables = `
create table session (session_id text primary key, provider text, tablets int not null default 0);
create table item (item_id text primary key, pool text not null);
create table heard (service text primary key, n bigint not null);`

func applyBoard(b *Batch, h Heard) error {
	s := b.Schema()
	b.Queue(`insert into `+s+`.heard values ($1, 1) on conflict (service) do update set n = heard.n + 1`, h.Service)
	switch f := h.Fact.(type) {
	case events.SessionPlanned:
		b.Queue(`insert into `+s+`.session (session_id, provider) values ($1, $2) on conflict (session_id) do update set provider = excluded.provider`, f.SessionID, f.ProviderID)
	case events.TabletKept:
		b.Queue(`insert into `+s+`.session (session_id, tablets) values ($1, 1) on conflict (session_id) do update set tablets = session.tablets + 1`, f.SessionID)
	case events.ItemRegistered:
		if f.Kind == "poison" {
			return poisonous{}
		}
		b.Queue(`insert into `+s+`.item values ($1, $2)`, f.ItemID, f.Pool)
	}
	return nil
}

type poisonous struct{}

func (poisonous) Error() string { return "this one cannot be applied" }
func (poisonous) Code() string  { return "cannot_be_applied" }

type bundle struct {
	t         testing.TB
	ctx       context.Context
	pool      *pgxpool.Pool
	equipment *feedtest.Teller
	workshop  *feedtest.Teller
	control   string
	name      string
	owners    int
}

func setup(t testing.TB) *bundle {
	t.Helper()
	prefix := testkit.Prefix(t)
	b := &bundle{
		t: t, ctx: feedtest.Context(t), pool: testkit.Pool(t), control: testkit.Schema(t), name: testkit.Schema(t) + "board",
		equipment: feedtest.With(t, prefix, "equipment"), workshop: feedtest.With(t, prefix, "workshop"),
	}
	for range 2 {
		if err := Provision(b.ctx, b.pool, b.control); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *bundle) config() Config {
	b.owners++
	c := Config{
		Projection: Projection{Name: b.name, Services: []string{"equipment", "workshop"}, Tables: boardTables, Version: 1, Apply: applyBoard},
		Pool:       b.pool, Control: b.control, Sources: []feed.Source{b.equipment.Source, b.workshop.Source},
		Owner: fmt.Sprint("owner-", b.owners), Hub: feed.NewHub(), Lease: 600 * time.Millisecond,
	}
	if testing.Verbose() && os.Getenv("LOG") != "" {
		c.Log = slog.Default()
	}
	return c
}

func (b *bundle) projector(change ...func(*Config)) *Projector {
	b.t.Helper()
	c := b.config()
	for _, f := range change {
		f(&c)
	}
	p, err := New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// run runs a projector until stop, at the latest until the test's end.
func (b *bundle) run(p *Projector) (stop func() error) {
	ctx, cancel := context.WithCancel(b.ctx)
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	b.t.Cleanup(func() { _ = stop() })
	return stop
}

func (b *bundle) wait(p *Projector, service string, position int64) {
	b.t.Helper()
	if err := p.Hub.Wait(b.ctx, service, position); err != nil {
		b.t.Fatalf("%s %d was not heard: %v %+v", service, position, err, p.Status())
	}
}

// number asks the generation that is served for one number.
func (b *bundle) number(p *Projector, sql string) (n int64) {
	b.t.Helper()
	schema, err := p.Serving(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.pool.QueryRow(b.ctx, fmt.Sprintf(sql, schema)).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *bundle) equal(p *Projector) {
	b.t.Helper()
	if d, err := p.Verify(b.ctx); d != nil || err != nil {
		b.t.Fatal(d, err)
	}
}

// until polls where nobody gives a signal.
func (b *bundle) until(what string, ok func() bool) {
	b.t.Helper()
	for !ok() {
		select {
		case <-b.ctx.Done():
			b.t.Fatal("never: " + what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func planned(n int) events.SessionPlanned {
	return events.SessionPlanned{SessionID: fmt.Sprintf("session-%d", n), ProviderID: fmt.Sprintf("provider-%d", n)}
}

func kept(n int) events.TabletKept {
	return events.TabletKept{Pool: "pool-1", ItemID: "item-1", SessionID: fmt.Sprintf("session-%d", n)}
}
