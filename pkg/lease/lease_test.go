package lease_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type bundle struct {
	ctx    context.Context
	pool   *pgxpool.Pool
	schema string
}

func setup(t *testing.T) bundle {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	b := bundle{ctx, testkit.Pool(t), testkit.Schema(t)}
	for range 2 {
		if err := lease.Provision(ctx, b.pool, b.schema); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b bundle) lease(owner string) *lease.Lease {
	return lease.New(lease.Config{Pool: b.pool, Schema: b.schema, Name: "reader", Owner: owner, Long: 600 * time.Millisecond})
}

func TestOneHoldsAndTheOtherWaitsUntilItIsGivenBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	held, release, err := b.lease("a").Hold(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, ok, err := b.lease("b").Try(b.ctx); ok || err != nil {
		t.Fatal(ok, err)
	}
	release()
	if held.Err() == nil {
		t.Fatal("still held after it was given back")
	}
	_, release, ok, err := b.lease("b").Try(b.ctx)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	release()
}

func TestTheSameOwnerComesBackAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, _, ok, _ := b.lease("a").Try(b.ctx); !ok { // and is killed: never given back
		t.Fatal("not taken")
	}
	_, release, ok, err := b.lease("a").Try(b.ctx)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	release()
}

// A pool that is closed stands for a host that is cut off: it cannot renew.
func TestWhoIsCutOffStopsBeforeAnotherBegins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cut, err := pgxpool.New(b.ctx, testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	first := lease.New(lease.Config{Pool: cut, Schema: b.schema, Name: "reader", Owner: "a", Long: 600 * time.Millisecond})
	held, _, err := first.Hold(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	cut.Close()
	_, release, err := b.lease("b").Hold(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if held.Err() == nil || !errors.Is(context.Cause(held), lease.ErrLost) {
		t.Fatal("two hold it")
	}
	t.Logf("taken over after %v", time.Since(begin))
}

func TestNeverTwoAtOnceWhileManyTakeAndGiveBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if n := mostAtOnce(t, b, func(owner string) holder { return b.lease(owner) }); n != 1 {
		t.Fatalf("%d held it at once", n)
	}
}

type holder interface {
	Hold(ctx context.Context) (context.Context, func(), error)
}

// free is a lease that everybody gets: the planted fault.
type free struct{}

func (free) Hold(ctx context.Context) (context.Context, func(), error) { return ctx, func() {}, nil }

func TestTheCheckFindsTwoAtOnce(t *testing.T) {
	t.Parallel()
	if n := mostAtOnce(t, setup(t), func(string) holder { return free{} }); n < 2 {
		t.Fatal("the planted fault was not found")
	}
}

func mostAtOnce(t *testing.T, b bundle, open func(owner string) holder) int64 {
	t.Helper()
	var now, most atomic.Int64
	done := make(chan error, 4)
	for _, owner := range []string{"a", "b", "c", "d"} {
		go func() {
			var err error
			for i := 0; i < 5 && err == nil; i++ {
				var release func()
				if _, release, err = open(owner).Hold(b.ctx); err != nil {
					break
				}
				n := now.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				_, err = b.pool.Exec(b.ctx, "select pg_sleep(0.01)")
				now.Add(-1)
				release()
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	return most.Load()
}
