package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/ledger/conformance"
	"example.org/passerelle/pkg/testkit"
)

// lossy is a connection that swallows an answer now and then, and is cut with it: what was asked is done.
type lossy struct {
	net.Conn
	reads     int
	swallowed *atomic.Int64
}

func (c *lossy) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.reads++; err == nil && c.reads%40 == 0 {
		c.swallowed.Add(1)
		_ = c.Close()
		return 0, errors.New("the answer was lost on the way")
	}
	return n, err
}

func TestAnAnswerLostOnTheWayIsNoSecondFact(t *testing.T) {
	t.Parallel()
	s := setup(t)
	config, err := pgxpool.ParseConfig(testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	var swallowed atomic.Int64
	dial := config.ConnConfig.DialFunc
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return &lossy{Conn: conn, swallowed: &swallowed}, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	l := shelf{pool, s.schema}.open(t)
	var journal conformance.Journal
	together(8, func(w int) {
		for i := range 300 {
			a := one(fmt.Sprintf("book:%d", w), i+1)
			if w%2 == 0 {
				a.Key = key(fmt.Sprintf("w%d-%d", w, i))
			}
			done, err := l.Append(ctx, a)
			if err != nil {
				t.Errorf("writer %d: %v", w, err)
				return
			}
			meta, err := done[0].Events[0].ReadMeta()
			if err != nil || done[0].Replayed {
				t.Errorf("what this very call stored is answered as a repetition (%v)", err)
			}
			journal.Note(ledger.Key(meta.Key), done[0])
		}
	})
	all := rows(t, s.open(t))
	if err := journal.Check(all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 2400 || swallowed.Load() < 5 {
		t.Errorf("%d rows for 2400 appends, %d answers lost", len(all), swallowed.Load())
	}
	t.Logf("%d answers lost", swallowed.Load())
}
