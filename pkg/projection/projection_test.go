package projection

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/testkit"
)

func TestAFactIsThereWhenItsPositionWasHeard(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var applied atomic.Int64
	p := b.projector(func(c *Config) { c.Applied = func(h []Heard) { applied.Add(int64(len(h))) } })
	b.run(p)
	for i := range 50 {
		b.wait(p, "equipment", b.equipment.Tell(feedtest.Tablet(i)))
		if n := b.number(p, `select count(*) from %s.item`); n != int64(i)+1 {
			t.Fatalf("%d items after %d", n, i+1)
		}
	}
	b.wait(p, "workshop", b.workshop.Tell(planned(1)))
	b.until("told of 51", func() bool { return applied.Load() == 51 })
	b.equal(p)
}

func TestNobodySeesHalfAnAppend(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.projector()
	b.run(p)
	b.wait(p, "equipment", b.equipment.Tell(trio(0)...))
	ctx, cancel := context.WithCancel(b.ctx)
	watched := make(chan error, 1)
	go func() { watched <- watch(ctx, b.pool, p, 3) }()
	for i := 1; i < 300; i++ {
		b.equipment.Tell(trio(i)...)
	}
	b.wait(p, "equipment", 900)
	cancel()
	if err := <-watched; err != nil {
		t.Fatal(err)
	}
	b.equal(p)
}

func trio(i int) []events.Fact {
	return []events.Fact{feedtest.Tablet(3 * i), feedtest.Tablet(3*i + 1), feedtest.Tablet(3*i + 2)}
}

// watch reads all the time and fails when the number of items is not a multiple of an append's.
func watch(ctx context.Context, pool *pgxpool.Pool, p *Projector, of int64) error {
	for ctx.Err() == nil {
		schema, err := p.Serving(ctx)
		if err != nil {
			return err
		}
		var n int64
		if err := pool.QueryRow(ctx, `select count(*) from `+schema+`.item`).Scan(&n); err != nil && ctx.Err() == nil {
			return err
		}
		if n%of != 0 {
			return fmt.Errorf("%d items: half an append is seen", n)
		}
	}
	return nil
}

func TestTheWatchFindsHalfAnAppend(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.projector()
	b.equipment.Tell(feedtest.Tablet(1)) // alone: stands for an append that was cut
	b.run(p)
	b.wait(p, "equipment", 1)
	if watch(b.ctx, b.pool, p, 3) == nil {
		t.Fatal("a planted half append was not found")
	}
}

// Instances are stopped at random moments, streams deleted and refilled: every event counts once.
func TestACrashBetweenBatchAndCheckpointDoublesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	told := make(chan struct{})
	go func() {
		defer close(told)
		for i := range 1500 {
			b.equipment.Tell(feedtest.Tablet(i))
			b.workshop.Tell(planned(i % 40))
			if i%500 == 499 {
				b.equipment.Delete()
				b.equipment.Refill()
			}
		}
	}()
	for round := range 25 {
		p := b.projector(func(c *Config) { c.Owner = "the same process" })
		stop := b.run(p)
		target := p.Hub.Position("equipment") + rand.Int64N(150)
		ctx, cancel := context.WithTimeout(b.ctx, time.Duration(20+rand.IntN(60))*time.Millisecond)
		_ = p.Hub.Wait(ctx, "equipment", target)
		cancel()
		if err := stop(); err != nil {
			t.Fatal(round, err)
		}
	}
	<-told
	p := b.projector(func(c *Config) { c.Owner = "the same process" })
	b.run(p)
	b.wait(p, "equipment", 1500)
	b.wait(p, "workshop", 1500)
	if n := b.number(p, `select sum(n)::bigint from %s.heard`); n != 3000 {
		t.Fatalf("%d of 3000", n)
	}
	b.equal(p)
}

func TestASecondApplyOfTheSameEventsIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.projector()
	b.equipment.Tell(feedtest.Tablet(1))
	g, err := p.target(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	told := b.equipment.Told()
	var wins atomic.Int64
	var all sync.WaitGroup
	for range 8 { // as many instances that all believe they are active
		other := b.projector()
		all.Go(func() {
			switch _, err := other.apply(b.ctx, &generation{number: g.number, schema: g.schema}, "equipment", feed.Checkpoint{}, told); {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, errMoved):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if wins.Load() != 1 {
		t.Fatalf("%d applied it", wins.Load())
	}
	ahead := []ledger.Event{{Position: 5}}
	if _, err := p.apply(b.ctx, g, "equipment", feed.Checkpoint{Sequence: 1, EventID: told[0].ID}, ahead); err == nil {
		t.Fatal("a jump was applied")
	}
}

func TestTwoInstancesFollowOneAndTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.projector()
	stop := b.run(first)
	b.wait(first, "equipment", b.equipment.Tell(feedtest.Tablet(0)))
	second := b.projector()
	b.run(second)
	b.wait(second, "equipment", b.equipment.Tell(feedtest.Tablet(1))) // by what the first tells
	if second.Status().Active || !first.Status().Active {
		t.Fatal(first.Status(), second.Status())
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	b.wait(second, "equipment", b.equipment.Tell(feedtest.Tablet(2)))
	if !second.Status().Active || b.number(second, `select n from %s.heard where service = 'equipment'`) != 3 {
		t.Fatal(second.Status())
	}
}

func TestAPoisonEventStopsItsServiceInPlainSightAndNothingElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var mended atomic.Bool
	p := b.projector(func(c *Config) {
		c.Apply = func(batch *Batch, h Heard) error {
			if err := applyBoard(batch, h); err != nil && !mended.Load() {
				return fmt.Errorf("item of Fictive: %w", err)
			}
			return nil
		}
	})
	b.equipment.Tell(feedtest.Tablet(0))
	b.equipment.Tell(events.ItemRegistered{Pool: "pool-1", ItemID: "item-x", Kind: "poison"})
	b.equipment.Tell(feedtest.Tablet(1))
	b.run(p)
	b.wait(p, "equipment", 1)
	b.until("failed", func() bool { return p.Status().Services[0].State == Failed })
	one := p.Status().Services[0]
	if one.Position != 1 || one.Reason != "cannot_be_applied" {
		t.Fatal(one)
	}
	b.wait(p, "workshop", b.workshop.Tell(planned(1)))
	mended.Store(true)
	b.wait(p, "equipment", 3)
	if s := p.Status().Services[0].State; s != OK {
		t.Fatal(s)
	}
}

func TestAnEventOfALaterVersionIsPassedBy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.equipment.Put(ledger.Event{Stream: "pool:1", Name: "equipment.item-painted.v9", Data: []byte(`{}`)})
	b.equipment.Tell(feedtest.Tablet(1))
	p := b.projector()
	b.run(p)
	b.wait(p, "equipment", 2)
	if n := b.number(p, `select count(*) from %s.item`); n != 1 {
		t.Fatal(n)
	}
}

func TestAForkIsSaidPlainly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 5 {
		b.equipment.Tell(feedtest.Tablet(i))
	}
	p := b.projector()
	stop := b.run(p)
	b.wait(p, "equipment", 5)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	b.equipment.Delete()
	b.equipment.Fork(3)
	for i := range 5 {
		b.equipment.Tell(feedtest.Tablet(100 + i))
	}
	b.equipment.Refill()
	if err := b.projector().Run(b.ctx); !errors.Is(err, feed.ErrForked) || !strings.Contains(err.Error(), b.name) {
		t.Fatal(err)
	}
	// A person has decided for this stream: what was heard after position 3 is outdated.
	if err := Outdate(b.ctx, b.pool, b.control, "equipment", 3); err != nil {
		t.Fatal(err)
	}
	p = b.projector()
	b.run(p)
	b.wait(p, "equipment", 8)
	if n := b.number(p, `select count(*) from %s.item where item_id in ('item-3', 'item-4')`); n != 0 {
		t.Fatalf("%d items of the lost history", n)
	}
	b.equal(p)
}

func TestAThousandWaitersCostNoQuery(t *testing.T) {
	t.Parallel()
	for where, most := range map[string]int64{"active here": 10, "active elsewhere": 40} { // leases and a look every second; every 50 ms
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			pool, counted := countingPool(t, b.ctx)
			if where == "active elsewhere" {
				b.run(b.projector())
				b.until("it is active", func() bool { return b.leased() })
			}
			p := b.projector(func(c *Config) { c.Pool, c.Lease = pool, 6*time.Second })
			b.run(p)
			b.wait(p, "equipment", b.equipment.Tell(feedtest.Tablet(0)))
			var all sync.WaitGroup
			for range 1000 {
				all.Go(func() { b.wait(p, "equipment", 2) })
			}
			b.until("all wait", func() bool { return p.Hub.Waiting() == 1000 })
			counted.n.Store(0)
			begin := time.Now()
			b.until("a while has passed", func() bool { return time.Since(begin) > 500*time.Millisecond })
			n := counted.n.Load()
			b.equipment.Tell(feedtest.Tablet(1))
			all.Wait()
			if t.Logf("%d queries", n); n > most {
				t.Errorf("%d queries for 1,000 waiters in half a second", n)
			}
		})
	}
}

func (b *bundle) leased() bool {
	var n int
	err := b.pool.QueryRow(b.ctx, `select count(*) from `+b.control+`.lease where until > now()`).Scan(&n)
	return err == nil && n == 1
}

func countingPool(t *testing.T, ctx context.Context) (*pgxpool.Pool, *counter) { //nolint:revive // t first
	t.Helper()
	config, err := pgxpool.ParseConfig(testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	counted := &counter{}
	config.ConnConfig.Tracer = counted
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool, counted
}

type counter struct{ n atomic.Int64 }

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func BenchmarkFromStreamToReadable(b *testing.B) {
	s := setup(b)
	p := s.projector()
	s.run(p)
	s.wait(p, "equipment", s.equipment.Tell(feedtest.Tablet(0)))
	i := 1
	for b.Loop() {
		s.wait(p, "equipment", s.equipment.Tell(feedtest.Tablet(i)))
		i++
	}
}

func BenchmarkRebuild(b *testing.B) {
	s := setup(b)
	const n = 20_000
	for i := range n {
		s.equipment.Tell(feedtest.Tablet(i))
	}
	p := s.projector()
	s.ctx = context.Background()
	b.ResetTimer()
	for b.Loop() {
		if err := p.Rebuild(s.ctx, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
