// Package projection keeps read models: what was heard, in tables, in the order it was told, and as
// generations that are built beside each other and switched by one row.
package projection

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/stream"
)

// Heard is an event as a projection sees it; details stay sealed.
type Heard = feed.Heard

// Projection says what is kept.
//
// Between services there is no order: an event writes only its own columns, keyed by identifiers from
// events, and creates the row if it came first; no serial, no now(), no first-come.
type Projection struct {
	Name     string   // also the beginning of its schemas: board_7
	Services []string // whose facts it hears; each needs a Source
	// Tables is DDL with unqualified names: it runs with search_path set to the generation's schema.
	Tables string
	// Version is raised whenever Apply changes its mind about facts that were heard already, or hears a
	// name it skipped before. A changed Version or Tables makes the next start build a new generation.
	Version int
	// Apply queues what an event changes. It is called again for an event whose batch was not committed,
	// so it keeps nothing of its own. Facts of an unknown name (of a later version) never get here.
	Apply func(b *Batch, h Heard) error
	// Ahead is shown the facts of a batch before Apply queues them one by one, so that what all of them need is
	// fetched at once. nil: nothing is.
	Ahead func(ctx context.Context, batch []Heard) error
	// Lazy: what changes nothing moves the checkpoint in memory, and in the table a quarter of a second later at most. It is
	// for read models that pass most facts by, and not for those whose At is read.
	Lazy bool
}

// Batch collects the statements of a transaction. They run in the order they were queued.
type Batch struct {
	pgx.Batch
	schema string
	added  []*rows
	bare   int // statements of a batch that changes nothing
}

// idle tells whether nothing but the checkpoint would change.
func (b *Batch) idle() bool { return b.Len() == b.bare }

// Schema is the generation's schema: every name in a statement of Apply begins with it.
func (b *Batch) Schema() string { return b.schema }

// Config is what a projection needs.
type Config struct {
	Projection
	Pool    *pgxpool.Pool
	Control string // schema of the control tables, see Provision
	Sources []feed.Source
	Owner   string // of the lease, see lease.Config
	Log     *slog.Logger
	Hub     *feed.Hub // is advanced as far as Serving shows; one hub per projection
	// Applied is told what was committed, in the process whose instance is active. It must not block.
	Applied func([]Heard)
	// Beside runs while this instance is the active one; it returns when ctx ends. nil: nothing.
	Beside func(ctx context.Context)
	Grace  time.Duration // how long an old generation may still be read: the longest request, and two seconds to learn of the switch; 0: 60 s
	Lease  time.Duration // 0: 6 s
}

// Projector follows, serves and rebuilds one projection. Any number may run; one is active.
type Projector struct {
	Config
	tables  string // hash
	subject string
	serving atomic.Pointer[generation]
	rest    atomic.Int64 // nanoseconds after each batch

	mu       sync.Mutex
	active   bool
	building error
	services map[string]ServiceStatus
	unknown  map[string]bool
	looked   time.Time
}

// generation is one complete set of tables.
type generation struct {
	number  int
	version int
	served  bool
	schema  string
	writing sync.Mutex // transactions run one after the other: those of several services cannot deadlock
}

var (
	// ErrBuilding: no generation with this version's tables is complete yet.
	ErrBuilding = errors.New("read model is being built")
	errMoved    = errors.New("another instance has moved the checkpoint, or another generation is followed")
)

// Provision makes the control tables. A second call changes nothing.
func Provision(ctx context.Context, db lease.Execer, control string) error {
	if err := lease.Provision(ctx, db, control); err != nil {
		return err
	}
	s := pgx.Identifier{control}.Sanitize()
	_, err := db.Exec(ctx, `
select pg_advisory_xact_lock(hashtextextended('passerelle provision', 0));
create table if not exists `+s+`.projection (
  name       text primary key,
  generation int not null -- the one that is served
);
create table if not exists `+s+`.generation (
  projection text not null,
  generation int not null,
  tables     text not null, -- hash of the DDL
  version    int not null,
  state      text not null check (state in ('filling', 'whole', 'scratch', 'dropped')),
  retired    timestamptz,
  primary key (projection, generation)
);
create table if not exists `+s+`.checkpoint (
  projection text not null,
  generation int not null,
  service    text not null,
  sequence   bigint not null,
  event_id   text not null,
  closed     boolean not null default false, -- nothing more is to be heard in this generation
  primary key (projection, generation, service)
) with (fillfactor = 50);`)
	if err != nil {
		return fmt.Errorf("provision projections in %s: %w", control, err)
	}
	return nil
}

// New makes a projector; nothing happens before Run, Rebuild or Serving.
func New(c Config) (*Projector, error) {
	if len(c.Sources) == 0 || len(c.Sources) != len(c.Services) {
		return nil, fmt.Errorf("projection %s: %d sources for %d services", c.Name, len(c.Sources), len(c.Services))
	}
	if c.Grace == 0 {
		c.Grace = time.Minute
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Hub == nil {
		c.Hub = feed.NewHub()
	}
	hash := sha256.Sum256([]byte(c.Tables))
	return &Projector{
		Config: c, tables: hex.EncodeToString(hash[:8]), subject: stream.Heard(c.Sources[0].Prefix, c.Name),
		services: map[string]ServiceStatus{}, unknown: map[string]bool{},
	}, nil
}

func (p *Projector) schema(number int) string { return p.Name + "_" + strconv.Itoa(number) }

func (p *Projector) control(table string) string {
	return pgx.Identifier{p.Control, table}.Sanitize()
}

// Serving is the schema to read from now. Wait at the hub first and ask then: what was waited for is in it.
// It answers ErrBuilding while no generation fits this version's tables.
func (p *Projector) Serving(ctx context.Context) (string, error) {
	g := p.serving.Load()
	if g == nil {
		var err error
		if g, err = p.refresh(ctx); err != nil {
			return "", err
		}
	}
	return g.schema, nil
}

// At is an expression for a statement on the tables of a schema that Serving gave: how far they have heard each service,
// as a JSON object. It belongs to the statement's own snapshot, so it says exactly what was counted.
func (p *Projector) At(schema string) string {
	return `(select coalesce(jsonb_object_agg(service, sequence), '{}') from ` + p.control("checkpoint") + `
  where projection || '_' || generation = '` + strings.ReplaceAll(schema, "'", "''") + `')`
}

// refresh reads which generation is served. A generation with other tables than ours is not for our queries.
func (p *Projector) refresh(ctx context.Context) (*generation, error) {
	var g generation
	err := p.Pool.QueryRow(ctx, `
select g.generation, g.version, g.generation = p.generation
from `+p.control("generation")+` g join `+p.control("projection")+` p on p.name = g.projection
where g.projection = $1 and g.tables = $2 and g.state = 'whole'
order by g.generation = p.generation desc, g.generation desc limit 1`, p.Name, p.tables).Scan(&g.number, &g.version, &g.served)
	if errors.Is(err, pgx.ErrNoRows) {
		p.serving.Store(nil)
		return nil, ErrBuilding
	}
	if err != nil {
		return nil, fmt.Errorf("projection %s: %w", p.Name, err)
	}
	g.schema = p.schema(g.number)
	p.serving.Store(&g)
	return &g, nil
}

// Outdate says that what was heard of a service after a position is no longer true (its ledger was
// restored, or its stream was recovered): every generation that has heard more is built anew at the next start.
func Outdate(ctx context.Context, db lease.Execer, control, service string, after int64) error {
	s := pgx.Identifier{control}.Sanitize()
	_, err := db.Exec(ctx, `
with gone as (
  update `+s+`.checkpoint set closed = true where service = $1 and sequence > $2 returning projection, generation)
update `+s+`.generation g set version = -1 from gone where g.projection = gone.projection and g.generation = gone.generation`, service, after)
	if err != nil {
		return fmt.Errorf("outdate %s after %d: %w", service, after, err)
	}
	return nil
}
