package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/postgres"
)

// Config says which ledger is opened.
type Config struct {
	Schema   string
	Service  string
	ChainKey []byte
	Clock    clock.Clock // nil: the machine's
	// OnCommit is called with what this process appended, in the order of commits and before the callers are
	// answered. It must not block. It is not called for what other processes appended, nor for a commit whose
	// answer was lost on the way: who listens must be ready for a jump, and read.
	OnCommit func([]Event)
	// Idle: nobody is in a hurry to append here. The connection for it is opened by the first append, and the pool is
	// not warmed.
	Idle bool
}

// Postgres is a ledger in a schema. Any number of processes may open one; each has one appender.
type Postgres struct {
	pool     *pgxpool.Pool
	config   Config
	id       string
	lock     int64
	sql      func(string) string
	appender *appender
}

var (
	// ErrNotProvisioned: the schema holds no ledger of that service.
	ErrNotProvisioned = errors.New("ledger is not provisioned")
	// ErrNewer: the schema was made by a newer version of this program.
	ErrNewer = errors.New("ledger was made by a newer version")
)

// warm is how many connections of the pool are open when Open returns, unless the ledger is idle.
const warm = 4

// Open opens a provisioned ledger. It refuses a server that could lose an acknowledged commit.
func Open(ctx context.Context, pool *pgxpool.Pool, c Config) (*Postgres, error) {
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	if c.OnCommit == nil {
		c.OnCommit = func([]Event) {}
	}
	l := &Postgres{pool: pool, config: c, sql: func(sql string) string { return inSchema(c.Schema, sql) }}
	if err := l.check(ctx); err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", c.Schema, err)
	}
	if err := l.warm(ctx); err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", c.Schema, err)
	}
	l.appender = newAppender(pool.Config(), c, l.lock)
	if err := l.appender.start(ctx); err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", c.Schema, err)
	}
	return l, nil
}

func (l *Postgres) check(ctx context.Context) error {
	var there bool
	err := l.pool.QueryRow(ctx, "select to_regclass($1) is not null", l.sql("{schema}.info")).Scan(&there)
	if err != nil {
		return err
	}
	if !there {
		return ErrNotProvisioned
	}
	var database, service string
	var made int
	err = l.pool.QueryRow(ctx, l.sql("select current_database(), id::text, service, format from {schema}.info")).Scan(&database, &l.id, &service, &made)
	l.lock = ledgerLock(database, l.config.Schema)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNotProvisioned
	case err != nil:
		return err
	case service != l.config.Service:
		return fmt.Errorf("%w: it is the ledger of %s", ErrNotProvisioned, service)
	case made > format:
		return ErrNewer
	}
	return nil
}

func (l *Postgres) warm(ctx context.Context) error {
	var held []*pgxpool.Conn
	defer func() {
		for _, conn := range held {
			conn.Release()
		}
	}()
	connections := int32(warm)
	if l.config.Idle {
		connections = 1 // which says whether the server could lose a commit
	}
	for range min(connections, l.pool.Config().MaxConns) {
		conn, err := l.pool.Acquire(ctx)
		if err != nil {
			return err
		}
		held = append(held, conn)
		if err := postgres.CheckDurable(ctx, conn.Conn()); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, l.sql(sqlHead)); err != nil {
			return err
		}
	}
	return nil
}

// ID is the ledger's identity, made once by Provision.
func (l *Postgres) ID() string { return l.id }

// Service is whose ledger it is.
func (l *Postgres) Service() string { return l.config.Service }

// Append is described at Ledger.
func (l *Postgres) Append(ctx context.Context, appends ...Append) ([]Appended, error) {
	if len(appends) == 0 {
		return nil, nil
	}
	e, err := newEntry(ctx, l.config.Service, appends)
	if err != nil {
		return nil, err
	}
	if err := l.appender.enqueue(e); err != nil {
		return nil, err
	}
	select {
	case <-e.done:
	case <-ctx.Done():
		select {
		case <-e.done:
		default:
			return nil, fmt.Errorf("append: %w: %w", ErrUnavailable, context.Cause(ctx))
		}
	}
	switch {
	case e.err != nil:
		return nil, e.err
	case e.found:
		return l.asFound(ctx, e)
	}
	return e.appended(), nil
}

// asFound answers a call whose keys were there already. What this very call stored, its answer lost on the
// way, is no repetition.
func (l *Postgres) asFound(ctx context.Context, e *entry) ([]Appended, error) {
	out := make([]Appended, len(e.parts))
	for i, p := range e.parts {
		a, found, err := l.Find(ctx, p.key)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("append: %w: its key is gone", ErrConflict)
		}
		a.Replayed = a.Events[0].ID != e.drafts[p.from].ID
		out[i] = a
	}
	return out, nil
}

// Close commits what is pending and ends the appender; appends that come later, or are not done when ctx
// ends, are answered ErrUnavailable. The pool stays open.
func (l *Postgres) Close(ctx context.Context) error { return l.appender.close(ctx) }

// number makes a lock's number from names.
func number(names ...string) int64 {
	h := sha256.New()
	for _, name := range names {
		_, _ = h.Write(field(nil, name))
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil)))
}

// ledgerLock is the number of a ledger's lock.
func ledgerLock(database, schema string) int64 { return number("ledger", database, schema) }
