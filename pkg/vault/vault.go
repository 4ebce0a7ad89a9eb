// Package vault keeps the keys of persons: details are sealed with them, and erasing somebody is destroying theirs.
package vault

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
)

// KEKSize is the length of a key-encryption key in bytes.
const KEKSize = 32

// Version of the vault's tables.
const Version = 1

var (
	// ErrMissing: no key was ever kept under this subject. Never a placeholder: somebody has to look.
	ErrMissing = errors.New("key is missing from the vault")
	// ErrWrongKEK: the vault was made under another key-encryption key.
	ErrWrongKEK = errors.New("the vault was made under another key-encryption key")
	// ErrWrapped: a key does not unwrap for its subject; its row was changed.
	ErrWrapped = errors.New("key does not unwrap for its subject")
	// ErrBox: details do not open; they were sealed for another subject, stream or event, or changed.
	ErrBox = errors.New("sealed details do not open here")
	// ErrNotProvisioned: the schema is not there, or of another version.
	ErrNotProvisioned = errors.New("vault is not provisioned for this version")
)

// Config says which vault, and under which key.
type Config struct {
	Schema string
	KEK    []byte // 32 bytes
	Clock  clock.Clock
	Log    *slog.Logger  // hears of missing keys, by subject; nil: the default one
	Stock  int           // keys minted ahead; 0: 1,000
	Cached int           // unwrapped keys kept in memory; 0: 10,000
	For    time.Duration // how long one is kept; 0: 5 s. A key destroyed by another process opens that long here
}

// Vault is open. Many may be open on one schema.
type Vault struct {
	pool  *pgxpool.Pool
	table string
	kek   cipher.AEAD
	clock clock.Clock
	log   *slog.Logger
	cache *cache
	stock stock
	work  sync.WaitGroup
}

// Execer is a connection, a transaction or a pool.
type Execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Provision makes the tables. A second time, or by two at once, is harmless.
func Provision(ctx context.Context, db Execer, schema string) error {
	name := pgx.Identifier{schema}.Sanitize()
	_, err := db.Exec(ctx, fmt.Sprintf(`
		select pg_advisory_xact_lock(hashtext('passerelle vault'), hashtext('%[1]s'));
		create schema if not exists %[1]s;
		create table if not exists %[1]s.key (
			subject      text primary key,
			wrapped      bytea,
			minted_at    timestamptz not null,
			destroyed_at timestamptz,
			check ((wrapped is null) = (destroyed_at is not null))
		);
		create table if not exists %[1]s.info (
			one     bool primary key default true check (one),
			version int not null,
			kek     bytea
		);
		insert into %[1]s.info (version) values (%[2]d) on conflict do nothing;`, name, Version))
	if err != nil {
		return fmt.Errorf("provision vault %s: %w", schema, err)
	}
	return nil
}

// Open opens the vault and begins to mint. The first one to open it binds it to its key-encryption key; another
// key is ErrWrongKEK from then on. Close it before the pool.
func Open(ctx context.Context, pool *pgxpool.Pool, c Config) (*Vault, error) {
	if len(c.KEK) != KEKSize {
		return nil, fmt.Errorf("key-encryption key has %d bytes, not %d", len(c.KEK), KEKSize)
	}
	kek, err := newAEAD(c.KEK)
	if err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	v := &Vault{
		pool: pool, kek: kek, clock: c.Clock, log: c.Log,
		table: pgx.Identifier{c.Schema}.Sanitize(),
		cache: newCache(orDefault(c.Cached, 10_000), orDefault(c.For, 5*time.Second), c.Clock),
		stock: stock{size: orDefault(c.Stock, 1_000)},
	}
	if err := v.bind(ctx, c.Schema); err != nil {
		return nil, err
	}
	v.stock.mu.Lock()
	v.refill()
	v.stock.mu.Unlock()
	return v, nil
}

// Close waits for keys that are being minted.
func (v *Vault) Close() { v.work.Wait() }

// bind leaves a sealed word in the vault that only the same key-encryption key opens.
func (v *Vault) bind(ctx context.Context, schema string) error {
	word := []byte("vault " + schema)
	var version int
	var kept []byte
	err := v.pool.QueryRow(ctx, `update `+v.table+`.info set kek = coalesce(kek, $1) returning version, kek`,
		v.kek.Seal(nil, nil, word, nil)).Scan(&version, &kept)
	var server *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows), errors.As(err, &server) && (server.Code == "42P01" || server.Code == "3F000"), err == nil && version != Version:
		return fmt.Errorf("%w: %s", ErrNotProvisioned, schema)
	case err != nil:
		return fmt.Errorf("open vault %s: %w", schema, err)
	}
	if _, err := v.kek.Open(nil, nil, kept, nil); err != nil {
		return fmt.Errorf("%w: %s", ErrWrongKEK, schema)
	}
	return nil
}

// Destroy destroys a key and leaves a dated tombstone: what it sealed is erased, here at once and in other
// processes within seconds. A second time is harmless and keeps the date. ErrMissing for a key never kept.
func (v *Vault) Destroy(ctx context.Context, subject string) error {
	var found bool
	err := v.pool.QueryRow(ctx, `
		update `+v.table+`.key set wrapped = null, destroyed_at = coalesce(destroyed_at, $2) where subject = $1 returning true`,
		subject, v.clock.Now()).Scan(&found)
	v.cache.destroyed(subject)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return v.missing(subject)
	case err != nil:
		return fmt.Errorf("destroy key of %s: %w", subject, err)
	}
	return nil
}

// Alive are those of some subjects whose keys can still be used.
func (v *Vault) Alive(ctx context.Context, subjects []string) ([]string, error) {
	rows, err := v.pool.Query(ctx, `select subject from `+v.table+`.key where subject = any($1) and wrapped is not null order by subject`, subjects)
	if err != nil {
		return nil, fmt.Errorf("look for keys: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Prefetch brings the keys of a page in one query. Subjects that are empty, erased or missing are passed over;
// Unseal tells of them.
func (v *Vault) Prefetch(ctx context.Context, subjects []string) error {
	wanted := make([]string, 0, len(subjects))
	for _, s := range subjects {
		if _, ok := v.cache.get(s); !ok && s != "" {
			wanted = append(wanted, s)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	_, err := v.fetch(ctx, wanted)
	return err
}

// Unseal opens details that belong to an event of this stream and name; those of a destroyed key become erased.
// ErrMissing, ErrWrapped and ErrBox are alarms. Details that are absent or in clear stay as they are.
func (v *Vault) Unseal(ctx context.Context, stream, name string, d events.Details) error {
	err := d.Open(func(box []byte) ([]byte, error) {
		key, err := v.key(ctx, d.Subject())
		if err != nil {
			return nil, err
		}
		return openBox(key, box, d.Subject(), stream, name)
	})
	if err != nil {
		return fmt.Errorf("open details of %s in %s: %w", d.Subject(), stream, err)
	}
	return nil
}

func (v *Vault) seal(ctx context.Context, stream, name string, d events.Details) error {
	err := d.Seal(func(plain []byte) ([]byte, error) {
		key, err := v.key(ctx, d.Subject())
		if err != nil {
			return nil, err
		}
		return sealBox(key, plain, d.Subject(), stream, name)
	})
	if err != nil {
		return fmt.Errorf("seal details of %s in %s: %w", d.Subject(), stream, err)
	}
	return nil
}

// key is the unwrapped key of a subject: events.ErrErased for a tombstone, ErrMissing if there is none.
func (v *Vault) key(ctx context.Context, subject string) (*dataKey, error) {
	entry, ok := v.cache.get(subject)
	if !ok {
		fetched, err := v.fetch(ctx, []string{subject})
		if err != nil {
			return nil, err
		}
		if entry, ok = fetched[subject]; !ok {
			return nil, v.missing(subject)
		}
	}
	switch {
	case entry.broken:
		return nil, ErrWrapped
	case entry.key == nil:
		return nil, events.ErrErased
	}
	return entry.key, nil
}

func (v *Vault) missing(subject string) error {
	v.log.Error("a key is missing from the vault", "subject", subject)
	return fmt.Errorf("%w: %s", ErrMissing, subject)
}

func (v *Vault) fetch(ctx context.Context, subjects []string) (map[string]entry, error) {
	before := v.cache.epoch()
	rows, err := v.pool.Query(ctx, `select subject, wrapped from `+v.table+`.key where subject = any($1)`, subjects)
	if err != nil {
		return nil, fmt.Errorf("fetch keys: %w", err)
	}
	found := make(map[string]entry, len(subjects))
	var subject string
	var wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{&subject, &wrapped}, func() error {
		found[subject] = v.unwrapped(wrapped, subject)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("fetch keys: %w", err)
	}
	v.cache.put(found, before)
	return found, nil
}

func (v *Vault) unwrapped(wrapped []byte, subject string) entry {
	if wrapped == nil {
		return entry{}
	}
	key, err := unwrap(v.kek, wrapped, subject)
	return entry{key: key, broken: err != nil}
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}
