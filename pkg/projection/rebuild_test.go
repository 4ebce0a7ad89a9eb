package projection

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/feed/feedtest"
)

func TestARebuildWhileServingStallsNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 400 {
		b.equipment.Tell(trio(i)...)
	}
	soon := func(c *Config) { c.Grace, c.Lease = 3*time.Second, time.Minute } // a lease lost on a busy machine is another test's story
	p, follower := b.projector(soon), b.projector(soon)
	b.run(p)
	b.run(follower)
	b.wait(p, "equipment", 1200)
	b.wait(follower, "equipment", 1200)
	before, err := p.Serving(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.ctx)
	readers := make(chan error, 4)
	for _, one := range []*Projector{p, p, follower, follower} {
		go func() { readers <- readWhatWasWaitedFor(ctx, b, one) }()
	}
	writer := make(chan int64)
	const ahead = 3000
	go func() {
		i := 400
		for ; ctx.Err() == nil; i++ {
			b.equipment.Tell(trio(i)...)
			_ = p.Hub.Wait(ctx, "equipment", int64(3*i-ahead)) // as fast as it is heard
		}
		writer <- int64(3 * i)
	}()
	var last int64
	for range 3 {
		if err := p.Rebuild(b.ctx, func(_ string, position, _ int64) { last = position }); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	end := <-writer
	for range 4 {
		if err := <-readers; err != nil {
			t.Fatal(err)
		}
	}
	b.wait(p, "equipment", end)
	after, err := p.Serving(b.ctx)
	if err != nil || after == before || last < 1200 {
		t.Fatal(before, after, last, err)
	}
	b.equal(p)
	b.until("the old generations are dropped", func() bool {
		var n int
		err := b.pool.QueryRow(b.ctx, `select count(*) from pg_namespace where nspname like $1`, b.name+"\\_%").Scan(&n)
		return err == nil && n == 1
	})
}

// readWhatWasWaitedFor reads its own writes: what the hub says was heard is in the schema asked for after it.
func readWhatWasWaitedFor(ctx context.Context, b *bundle, p *Projector) error {
	var slowest time.Duration
	for ctx.Err() == nil {
		heard := p.Hub.Position("equipment")
		begin := time.Now()
		schema, err := p.Serving(ctx)
		if err != nil {
			return err
		}
		var n int64
		err = b.pool.QueryRow(ctx, `select count(*) from `+schema+`.item`).Scan(&n)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil && (n < heard || n%3 != 0) {
			return fmt.Errorf("%d items in %s after %d were heard", n, schema, heard)
		}
		slowest = max(slowest, time.Since(begin))
	}
	if slowest > 900*time.Millisecond {
		return fmt.Errorf("a read took %v", slowest)
	}
	return nil
}

func TestAChangedVersionIsBuiltBesideTheServedOneAndThenSwitchedTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 100 {
		b.equipment.Tell(feedtest.Tablet(i))
	}
	old := b.projector()
	b.run(old)
	b.wait(old, "equipment", 100)
	first, err := old.Serving(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	changed := b.projector(func(c *Config) {
		c.Tables = strings.Replace(boardTables, "pool text not null", "pool text not null, kind text not null", 1)
		c.Version = 2
		c.Apply = func(batch *Batch, h Heard) error {
			if f, ok := h.Fact.(events.ItemRegistered); ok {
				batch.Queue(`insert into `+batch.Schema()+`.item values ($1, $2, $3)`, f.ItemID, f.Pool, f.Kind)
			}
			return nil
		}
	})
	if _, err := changed.Serving(b.ctx); !errors.Is(err, ErrBuilding) {
		t.Fatal("a query of the new version would read the old tables", err)
	}
	b.run(changed)
	b.wait(changed, "equipment", b.equipment.Tell(feedtest.Tablet(100)))
	second, err := changed.Serving(b.ctx)
	if err != nil || second == first {
		t.Fatal(second, err)
	}
	if n := b.number(changed, `select count(*) from %s.item where kind = 'tablet'`); n != 101 {
		t.Fatal(n)
	}
	b.wait(old, "equipment", b.equipment.Tell(feedtest.Tablet(101))) // the old process still follows and reads its own
	if again, err := old.Serving(b.ctx); err != nil || again != first {
		t.Fatal(again, err)
	}
}

func TestAnotherVersionOfTheSameTablesIsServedWhileItsSuccessorIsBuilt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.equipment.Tell(feedtest.Tablet(0))
	p := b.projector()
	stop := b.run(p)
	b.wait(p, "equipment", 1)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	again := b.projector(func(c *Config) { c.Version = 2 })
	if schema, err := again.Serving(b.ctx); err != nil || schema != b.name+"_1" {
		t.Fatal(schema, err)
	}
	b.run(again)
	b.until("switched", func() bool {
		schema, err := again.Serving(b.ctx)
		return err == nil && schema == b.name+"_2"
	})
	b.wait(again, "equipment", b.equipment.Tell(feedtest.Tablet(1)))
	if n := b.number(again, `select n from %s.heard where service = 'equipment'`); n != 2 {
		t.Fatal(n)
	}
}

func TestAHalfFilledGenerationOfADeadProcessIsDropped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	dead := b.projector()
	if _, err := dead.first(b.ctx); err != nil {
		t.Fatal(err)
	}
	left, err := dead.create(b.ctx, "filling")
	if err != nil {
		t.Fatal(err)
	}
	b.run(b.projector(func(c *Config) { c.Grace = 200 * time.Millisecond }))
	b.until("dropped", func() bool {
		var n int
		err := b.pool.QueryRow(b.ctx, `select count(*) from pg_namespace where nspname = $1`, left.schema).Scan(&n)
		return err == nil && n == 0
	})
}

func TestTheServedGenerationIsNeverDropped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.projector(func(c *Config) { c.Grace = time.Nanosecond })
	if _, err := p.first(b.ctx); err != nil {
		t.Fatal(err)
	}
	stop, swept := make(chan struct{}), make(chan error, 1)
	go func() { // as another process does, while this one rebuilds
		other := b.projector(func(c *Config) { c.Grace = time.Nanosecond })
		for {
			select {
			case <-stop:
				swept <- nil
				return
			default:
				if err := other.sweepOnce(b.ctx); err != nil {
					swept <- err
					return
				}
			}
		}
	}()
	for range 20 {
		if err := p.Rebuild(b.ctx, nil); err != nil {
			t.Fatal(err)
		}
		schema, err := p.Serving(b.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.pool.Exec(b.ctx, `select from `+schema+`.session`); err != nil {
			t.Fatal("what is served is gone: ", err)
		}
	}
	close(stop)
	if err := <-swept; err != nil {
		t.Fatal(err)
	}
	g, err := p.refresh(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.drop(b.ctx, g.number); !errors.Is(err, errServed) {
		t.Fatal(err)
	}
}

func TestARebuildThatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.equipment.Tell(events.ItemRegistered{Pool: "pool-1", ItemID: "item-x", Kind: "poison"})
	p := b.projector()
	if err := p.Rebuild(b.ctx, nil); !errors.Is(err, poisonous{}) {
		t.Fatal(err)
	}
	var n int
	if err := b.pool.QueryRow(b.ctx, `select count(*) from pg_namespace where nspname like $1`, b.name+"\\_%").Scan(&n); err != nil || n != 0 {
		t.Fatal(n, err)
	}
}

// weave fills a generation with two streams in an order that rapid draws.
func weave(t *rapid.T, b *bundle, p *Projector, label string) string {
	g, err := p.create(b.ctx, "scratch")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]feed.Checkpoint{}
	tellers := []*feedtest.Teller{b.equipment, b.workshop}
	for {
		open := tellers[:0:0]
		for _, w := range tellers {
			if at[w.Service].Sequence < int64(len(w.Told())) {
				open = append(open, w)
			}
		}
		if len(open) == 0 {
			return g.schema
		}
		w := rapid.SampledFrom(open).Draw(t, label)
		from := at[w.Service]
		rest := w.Told()[from.Sequence:]
		batch := rest[:rapid.IntRange(1, len(rest)).Draw(t, label)]
		if _, err := p.apply(b.ctx, g, w.Service, from, batch); err != nil {
			t.Fatal(err)
		}
		last := batch[len(batch)-1]
		at[w.Service] = feed.Checkpoint{Sequence: last.Position, EventID: last.ID}
	}
}

func interleaved(t testing.TB) *bundle {
	b := setup(t)
	for i := range 12 {
		b.workshop.Tell(planned(i % 5))
		b.equipment.Tell(feedtest.Tablet(i))
		b.equipment.Tell(kept(i % 6))
	}
	return b
}

func TestNoInterleavingOfTwoStreamsChangesARow(t *testing.T) {
	t.Parallel()
	b := interleaved(t)
	p := b.projector()
	first, drop, err := p.Scratch(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = drop() }()
	rapid.Check(t, func(t *rapid.T) {
		d, err := Compare(b.ctx, b.pool, first, weave(t, b, p, "order"))
		if d != nil || err != nil {
			t.Fatal(d, err)
		}
	})
}

// The planted fault keeps who came first.
func TestTheComparisonFindsARowThatDependsOnTheOrder(t *testing.T) {
	t.Parallel()
	b := interleaved(t)
	p := b.projector(func(c *Config) {
		c.Tables = `create table session (session_id text primary key, began_by text not null)`
		c.Apply = func(batch *Batch, h Heard) error {
			for id := range map[string]bool{sessionOf(h.Fact): true} {
				if id != "" {
					batch.Queue(`insert into `+batch.Schema()+`.session values ($1, $2) on conflict do nothing`, id, h.Service)
				}
			}
			return nil
		}
	})
	found := make(chan *Difference, 1)
	rapid.Check(t, func(t *rapid.T) {
		d, err := Compare(b.ctx, b.pool, weave(t, b, p, "one"), weave(t, b, p, "other"))
		if err != nil {
			t.Fatal(err)
		}
		if d != nil {
			select {
			case found <- d:
			default:
			}
		}
	})
	select {
	case d := <-found:
		if d.Table != "session" || len(d.Columns) != 1 || d.Columns[0] != "began_by" {
			t.Fatal(d)
		}
	default:
		t.Fatal("the planted fault was not found")
	}
}

func sessionOf(f events.Fact) string {
	switch f := f.(type) {
	case events.SessionPlanned:
		return f.SessionID
	case events.TabletKept:
		return f.SessionID
	}
	return ""
}

func TestAComparisonNamesTheRowAndNotWhatIsSealedInIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, sql := range []string{
		`create schema %[1]s_1; create table %[1]s_1.person (id text primary key, name bytea, city text); insert into %[1]s_1.person values ('p1', 'sealed-1', null), ('p2', 'sealed-2', null)`,
		`create schema %[1]s_2; create table %[1]s_2.person (id text primary key, name bytea, city text); insert into %[1]s_2.person values ('p2', 'sealed-2', null), ('p1', 'sealed-1', null)`,
		`create schema %[1]s_3; create table %[1]s_3.person (id text primary key, name bytea, city text); insert into %[1]s_3.person values ('p1', 'sealed-1', null), ('p2', 'sealed-x', null)`,
		`create schema %[1]s_4; create table %[1]s_4.person (id text primary key, name bytea, city text); insert into %[1]s_4.person values ('p1', 'sealed-1', null)`,
		`create schema %[1]s_5; create table %[1]s_5.person (id text primary key, name bytea)`,
	} {
		if _, err := b.pool.Exec(b.ctx, fmt.Sprintf(sql, b.name)); err != nil {
			t.Fatal(err)
		}
	}
	for other, want := range map[string]string{
		"_2": "",
		"_3": "table person, row p2: differs in name",
		"_4": "table person, row p2: only in " + b.name + "_1",
	} {
		d, err := Compare(b.ctx, b.pool, b.name+"_1", b.name+other)
		if err != nil || d == nil != (want == "") || (d != nil && d.String() != want) {
			t.Errorf("%s: %v %v", other, d, err)
		}
	}
	if _, err := Compare(b.ctx, b.pool, b.name+"_1", b.name+"_5"); err == nil {
		t.Error("other columns count as equal")
	}
}
