// Package deadline does what is due: it derives from a service's own facts what has to happen when, and
// tells the service when the time has come.
package deadline

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/projection"
)

// Due is one thing to do. It is kept in microseconds, UTC.
type Due struct {
	At        time.Time
	Aggregate string
	Kind      string
}

// Key makes the command of a deadline happen once: SHA-256 over "due:<aggregate>:<kind>:<at>".
func (d Due) Key() (k ledger.Key) {
	sum := sha256.Sum256(fmt.Appendf(nil, "due:%s:%s:%s", d.Aggregate, d.Kind, d.plain().At.Format(time.RFC3339Nano)))
	copy(k[:], sum[:])
	return k
}

func (d Due) plain() Due {
	d.At = d.At.UTC().Truncate(time.Microsecond)
	return d
}

// Config is what the deadlines of a service need.
type Config struct {
	Name    string // of the projection; its schemas are <name>_<n>
	Source  feed.Source
	Pool    *pgxpool.Pool
	Control string // schema of the control tables, see projection.Provision
	Owner   string // of the lease
	Clock   clock.Clock
	Log     *slog.Logger
	Hub     *feed.Hub // is advanced as far as the deadlines were derived
	Lease   time.Duration
	Version int // is raised when Map changes its mind about facts that were heard already
	// Map says what a fact adds and what it answers. Done comes first. A Due with a zero At in done
	// answers whatever is due for that aggregate and kind.
	Map func(events.Fact) (add, done []Due)
	// Handle sends the command. It may be called again under the same key, and is, until a fact has
	// answered: at first after a second, then less and less often, whether it failed or not. Several
	// aggregates are handled at once, the deadlines of one in order. ctx ends after ten seconds.
	Handle func(ctx context.Context, due Due, key ledger.Key) error
	Again  time.Duration // 0: 1 s
}

// Deadlines derives and does what is due. Any number may run; one is active, and two do no harm.
type Deadlines struct {
	Config
	*projection.Projector

	news chan struct{} // something was heard

	mu    sync.Mutex
	tried map[Due]attempt
}

type attempt struct {
	count int
	next  time.Time // on the machine's clock: a clock that stands still must not stop a repeat
}

const (
	tables = `
create table due (
  at        timestamptz not null,
  aggregate text not null,
  kind      text not null,
  primary key (aggregate, kind, at)
);
create index on due (at, aggregate, kind);`
	page    = 500
	atOnce  = 32
	longest = 10 * time.Second
	slowest = 5 * time.Minute
	lookAll = 5 * time.Second
)

// New makes deadlines; nothing happens before Run.
func New(c Config) (*Deadlines, error) {
	if c.Again == 0 {
		c.Again = time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Hub == nil {
		c.Hub = feed.NewHub()
	}
	d := &Deadlines{Config: c, news: make(chan struct{}, 1), tried: map[Due]attempt{}}
	p, err := projection.New(projection.Config{
		Projection: projection.Projection{Name: c.Name, Services: []string{c.Source.Service}, Tables: tables, Version: c.Version, Apply: d.apply, Lazy: true},
		Pool:       c.Pool, Control: c.Control, Sources: []feed.Source{c.Source}, Owner: c.Owner, Log: c.Log, Hub: c.Hub, Lease: c.Lease,
		Applied: func([]projection.Heard) { d.wake() }, Beside: d.loop,
	})
	d.Projector = p
	return d, err
}

func (d *Deadlines) apply(b *projection.Batch, h projection.Heard) error {
	add, done := d.Map(h.Fact)
	due := pgx.Identifier{b.Schema(), "due"}.Sanitize()
	for _, one := range done {
		if one.At.IsZero() {
			b.Queue(`delete from `+due+` where aggregate = $1 and kind = $2`, one.Aggregate, one.Kind)
		} else {
			b.Queue(`delete from `+due+` where aggregate = $1 and kind = $2 and at = $3`, one.Aggregate, one.Kind, one.plain().At)
		}
	}
	for _, one := range add {
		b.Queue(`insert into `+due+` (at, aggregate, kind) values ($1, $2, $3) on conflict do nothing`, one.plain().At, one.Aggregate, one.Kind)
	}
	return nil
}

func (d *Deadlines) wake() {
	select {
	case d.news <- struct{}{}:
	default:
	}
}

// Waiting gives what is due now and was not answered yet, in order, at most limit.
func (d *Deadlines) Waiting(ctx context.Context, limit int) ([]Due, error) {
	return d.after(ctx, Due{}, d.Clock.Now(), limit)
}

// Quiet waits until nothing is due: everything that was has been answered and heard.
func (d *Deadlines) Quiet(ctx context.Context) error {
	for {
		if waiting, err := d.Waiting(ctx, 1); err == nil && len(waiting) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// after gives a page of what is due, behind the last of the page before.
func (d *Deadlines) after(ctx context.Context, last Due, now time.Time, limit int) ([]Due, error) {
	schema, err := d.Serving(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := d.Pool.Query(ctx, `select at, aggregate, kind from `+pgx.Identifier{schema, "due"}.Sanitize()+`
where at <= $1 and (at, aggregate, kind) > ($2, $3, $4) order by at, aggregate, kind limit $5`, now, last.At, last.Aggregate, last.Kind, limit)
	if err != nil {
		return nil, fmt.Errorf("deadlines %s: %w", d.Name, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Due, error) {
		var one Due
		err := row.Scan(&one.At, &one.Aggregate, &one.Kind)
		return one.plain(), err
	})
}
