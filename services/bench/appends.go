package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/ledger"
)

const (
	fact = "bench.fact-told.v1"
	// Bars of an append beside one transaction per append.
	mostSlower  = 1.3 // p50 of one writer
	leastFaster = 5.0 // rate of many writers
)

// appends measures durable appends of 500-byte facts, each to its own stream.
func appends(ctx context.Context, url string, rounds int, length time.Duration) ([]row, error) {
	var rows []row
	for _, writers := range []int{1, 64, 256} {
		ours, plain, err := appendsBy(ctx, url, writers, rounds, length)
		if err != nil {
			return nil, fmt.Errorf("appends of %d writers: %w", writers, err)
		}
		name := fmt.Sprintf("appends, %d writers", writers)
		rows = append(rows, shown(name+": plain pgx, one transaction per append", plain), shown(name+": ledger", ours))
		rows = append(rows, beside(name, ours, plain, writers)...)
	}
	return rows, nil
}

// beside holds ours against plain: alone the latency counts, among 64 the rate and the slowest. How 256 do is
// shown; what limits them is not plain, but the speed at which rows can be copied.
func beside(name string, ours, plain figures, writers int) []row {
	switch writers {
	case 1:
		return []row{atMost(name+": ledger's p50 beside plain's", ratio(ours.p50, plain.p50), mostSlower)}
	case 64:
		return []row{
			atLeast(name+": ledger's rate beside plain's", ours.rate/plain.rate, leastFaster),
			atMost(name+": ledger's p99 beside plain's p50", ratio(ours.p99, plain.p50), 1),
		}
	}
	return []row{{name + ": ledger's rate beside plain's", "×", fmt.Sprintf("%.2f", ours.rate/plain.rate), "", true}}
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

func atMost(name string, measured, bar float64) row {
	return row{name, "×", fmt.Sprintf("%.2f", measured), fmt.Sprintf("≤ %.2f", bar), measured <= bar}
}

func atLeast(name string, measured, bar float64) row {
	return row{name, "×", fmt.Sprintf("%.2f", measured), fmt.Sprintf("≥ %.2f", bar), measured >= bar}
}

func shown(name string, f figures) row {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return row{name, "/s; p50, p99 in ms", fmt.Sprintf("%.0f; %.2f, %.2f", f.rate, ms(f.p50), ms(f.p99)), "", true}
}

func appendsBy(ctx context.Context, url string, writers, rounds int, length time.Duration) (ours, plain figures, err error) {
	pool, err := warmPool(ctx, url, min(writers, 64))
	if err != nil {
		return ours, plain, err
	}
	defer pool.Close()
	l, err := openLedger(ctx, pool, fmt.Sprintf("ours_%d", writers))
	if err != nil {
		return ours, plain, err
	}
	defer func() { _ = l.Close(ctx) }()
	insert, err := plainTable(ctx, pool, fmt.Sprintf("plain_%d", writers))
	if err != nil {
		return ours, plain, err
	}
	var acknowledged atomic.Int64
	medians, err := race(ctx, course{writers, rounds, length, slicesFor(writers)},
		contestant{"ledger", func(ctx context.Context, _, _ int) error {
			_, err := l.Append(ctx, ledger.Append{Facts: []ledger.Fact{{Stream: stream(), Version: 1, Name: fact, Data: data}}})
			if err == nil {
				acknowledged.Add(1)
			}
			return err
		}},
		contestant{"plain", insert})
	if err != nil {
		return ours, plain, err
	}
	return medians[0], medians[1], holdsExactly(ctx, pool, l, fmt.Sprintf("ours_%d", writers), acknowledged.Load())
}

// holdsExactly: a ledger that is fast because it forgets is not fast.
func holdsExactly(ctx context.Context, pool *pgxpool.Pool, l *ledger.Postgres, schema string, acknowledged int64) error {
	head, err := l.Head(ctx)
	if err != nil {
		return err
	}
	var rows int64
	if err := pool.QueryRow(ctx, "select count(*) from "+pgx.Identifier{schema, "event"}.Sanitize()).Scan(&rows); err != nil {
		return err
	}
	if rows != acknowledged || head.Position != acknowledged {
		return fmt.Errorf("%d appends were acknowledged, the ledger has %d rows and ends at %d", acknowledged, rows, head.Position)
	}
	return l.CheckChain(ctx, 1)
}

// warmPool opens all its connections before anybody is measured.
func warmPool(ctx context.Context, url string, size int) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns, config.MinConns = int32(max(size, 4)), int32(size)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	conns := make([]*pgxpool.Conn, size)
	for i := range conns {
		if conns[i], err = pool.Acquire(ctx); err != nil {
			return nil, err
		}
	}
	for _, conn := range conns {
		conn.Release()
	}
	return pool, nil
}

func openLedger(ctx context.Context, pool *pgxpool.Pool, schema string) (*ledger.Postgres, error) {
	if err := ledger.Provision(ctx, pool, schema, "bench"); err != nil {
		return nil, err
	}
	return ledger.Open(ctx, pool, ledger.Config{Schema: schema, Service: "bench", ChainKey: []byte("a key of the bench")})
}

// plainTable has the ledger's columns and indexes; the position is an identity, and nothing checks anything.
func plainTable(ctx context.Context, pool *pgxpool.Pool, schema string) (func(context.Context, int, int) error, error) {
	if err := ledger.Provision(ctx, pool, schema, "bench"); err != nil {
		return nil, err
	}
	table := pgx.Identifier{schema, "event"}.Sanitize()
	if _, err := pool.Exec(ctx, "alter table "+table+" alter position add generated by default as identity"); err != nil {
		return nil, err
	}
	sql := "insert into " + table + ` (id, stream, version, name, data, meta, key, recorded, link)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	return func(ctx context.Context, _, _ int) error {
		id := uuid.Must(uuid.NewV7())
		meta, err := json.Marshal(ledger.Meta{Part: 1, Of: 1, Key: id[:]})
		if err != nil {
			return err
		}
		_, err = pool.Exec(ctx, sql, [16]byte(id), stream(), 1, fact, data, meta, id[:], time.Now(), link)
		return err
	}, nil
}

var (
	data = body(500)
	link = make([]byte, 32)
)

func stream() string { return "fact:" + uuid.NewString() }

// body is a JSON text that cannot be compressed.
func body(size int) []byte {
	text := ""
	for len(text) < size {
		text += rand.Text()
	}
	return []byte(`{"text":"` + text[:size-11] + `"}`)
}

// slicesFor: alone, the shorter the pieces in which the contestants take turns, the more alike are the
// disturbances they meet; many writers need a whole turn to get into step.
func slicesFor(writers int) int {
	if writers == 1 {
		return 40
	}
	return 1
}
