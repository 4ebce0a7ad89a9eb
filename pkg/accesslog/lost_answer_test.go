package accesslog_test

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/accesslog"
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

func TestAnAnswerLostOnTheWayIsNoSecondRow(t *testing.T) {
	t.Parallel()
	b := setup(t)
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
	logs := make([]*accesslog.Log, 2)
	for i := range logs {
		logs[i] = accesslog.Open(pool, b.config, "projections")
		t.Cleanup(func() {
			if err := logs[i].Close(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	together(8, func(w int) {
		for i := range 60 {
			b.write(logs[w%2], numbered(w, i)...)
		}
	})
	b.everyOne(8, 60)
	if rows := b.holds(); rows != 2*8*60 || swallowed.Load() < 5 {
		t.Errorf("%d rows for %d, %d answers lost", rows, 2*8*60, swallowed.Load())
	}
}
