// Package lease keeps one instance of a reader active: a row with its owner and the time until which it holds.
package lease

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The usual times.
const (
	Long  = 6 * time.Second
	Renew = 2 * time.Second
)

// Execer is a connection, a pool or a transaction.
type Execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Provision makes the table. A second call changes nothing.
func Provision(ctx context.Context, db Execer, schema string) error {
	s := pgx.Identifier{schema}.Sanitize()
	_, err := db.Exec(ctx, `
select pg_advisory_xact_lock(hashtextextended('passerelle provision', 0));
create schema if not exists `+s+`;
create table if not exists `+s+`.lease (
  name  text primary key,
  owner text not null,
  until timestamptz not null
);`)
	if err != nil {
		return fmt.Errorf("provision lease in %s: %w", schema, err)
	}
	return nil
}

// Config says which lease, and for whom. An owner that comes back under the same name takes its lease
// again at once: give each process a name of its own that survives its restart, if there is one.
type Config struct {
	Pool   *pgxpool.Pool
	Schema string
	Name   string
	Owner  string
	Long   time.Duration // 0: 6 s
	Renew  time.Duration // 0: a third of Long
}

// Lease is one instance's wish to be the active one. The times are the database's, so clocks of hosts
// need not agree.
type Lease struct {
	Config
	take, give, ask string
}

// New makes a lease that is not held yet.
func New(c Config) *Lease {
	if c.Long == 0 {
		c.Long = Long
	}
	if c.Renew == 0 {
		c.Renew = c.Long / 3
	}
	table := pgx.Identifier{c.Schema, "lease"}.Sanitize()
	return &Lease{
		Config: c,
		take: `insert into ` + table + ` as l (name, owner, until) values ($1, $2, clock_timestamp() + $3 * interval '1 microsecond')
on conflict (name) do update set owner = excluded.owner, until = excluded.until
where l.owner = excluded.owner or l.until < clock_timestamp()`,
		ask:  `select ceil(extract(epoch from greatest(until, clock_timestamp()) - clock_timestamp()) * 1000000)::bigint from ` + table + ` where name = $1`,
		give: `update ` + table + ` set until = '-infinity' where name = $1 and owner = $2`,
	}
}

// Holder is who has a lease now, empty if nobody has it.
func Holder(ctx context.Context, db interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}, schema, name string) (owner string, err error) {
	err = db.QueryRow(ctx, `select owner from `+pgx.Identifier{schema, "lease"}.Sanitize()+` where name = $1 and until > clock_timestamp()`, name).Scan(&owner)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("lease %s: %w", name, err)
	}
	return owner, nil
}

// ErrLost is the cause of a held context that ended because the lease could not be renewed in time.
var ErrLost = errors.New("lease is lost")

// Try takes the lease if it is free. held ends when the lease is lost, before anyone else can have it.
// release gives it back and ends held.
func (l *Lease) Try(ctx context.Context) (held context.Context, release func(), ok bool, err error) {
	asked := time.Now()
	ok, err = l.renew(ctx)
	if !ok || err != nil {
		return nil, nil, false, err
	}
	held, end := context.WithCancelCause(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		l.keep(held, asked, end)
	}()
	return held, func() {
		end(nil)
		<-kept
		l.release()
	}, true, nil
}

// Hold waits until the lease is free and takes it, see Try. It answers ctx's error when that ends first;
// a database that is away is waited for.
func (l *Lease) Hold(ctx context.Context) (held context.Context, release func(), err error) {
	for {
		held, release, ok, _ := l.Try(ctx)
		if ok {
			return held, release, nil
		}
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-time.After(min(l.Renew/2, l.left(ctx))):
		}
	}
}

// left is the time until the lease is free if nobody renews it: who waits takes it as soon as its owner is gone.
func (l *Lease) left(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, l.Renew)
	defer cancel()
	var left int64 // in microseconds
	if err := l.Pool.QueryRow(ctx, l.ask, l.Name).Scan(&left); err != nil {
		return l.Long
	}
	return time.Duration(max(left, 1000)) * time.Microsecond
}

func (l *Lease) renew(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, l.Renew)
	defer cancel()
	tag, err := l.Pool.Exec(ctx, l.take, l.Name, l.Owner, l.Long.Microseconds())
	if err != nil {
		return false, fmt.Errorf("lease %s: %w", l.Name, err)
	}
	return tag.RowsAffected() == 1, nil
}

// keep renews until held ends, and ends it when the time is nearly over or another owner has the lease.
func (l *Lease) keep(held context.Context, asked time.Time, end context.CancelCauseFunc) {
	tick := time.NewTicker(l.Renew)
	defer tick.Stop()
	for {
		over := time.NewTimer(time.Until(asked.Add(l.Long - l.Long/6)))
		select {
		case <-held.Done():
			over.Stop()
			return
		case <-over.C:
			end(ErrLost)
			return
		case <-tick.C:
		}
		over.Stop()
		begin := time.Now()
		switch ok, err := l.renew(held); {
		case err != nil:
		case !ok:
			end(ErrLost)
			return
		default:
			asked = begin
		}
	}
}

func (l *Lease) release() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = l.Pool.Exec(ctx, l.give, l.Name, l.Owner)
}
