package projection

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed/feedtest"
)

// passing counts tablets that are kept and passes items by.
func passing(c *Config) {
	c.Lazy, c.Owner = true, "the same process"
	c.Apply = func(b *Batch, h Heard) error {
		if _, ok := h.Fact.(events.ItemRegistered); ok {
			return nil
		}
		return applyBoard(b, h)
	}
}

// stored is where the table has the checkpoint of a service.
func (b *bundle) stored(service string) (sequence int64) {
	b.t.Helper()
	err := b.pool.QueryRow(b.ctx, `select coalesce(max(sequence), 0) from `+b.control+`.checkpoint where projection = $1 and service = $2`, b.name, service).Scan(&sequence)
	if err != nil {
		b.t.Fatal(err)
	}
	return sequence
}

func TestWhatChangesNothingIsHeardAtOnceAndStoredSoon(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.projector(passing)
	stop := b.run(p)
	for i := range 20 {
		b.wait(p, "equipment", b.equipment.Tell(feedtest.Tablet(i)))
	}
	b.until("stored beside the reading", func() bool { return b.stored("equipment") == 20 })
	b.wait(p, "equipment", b.equipment.Tell(feedtest.Tablet(20)))
	if err := stop(); err != nil || b.stored("equipment") != 21 {
		t.Fatalf("%v, %d of 21 are stored at the end", err, b.stored("equipment"))
	}
}

// Some instances end well, others lose their database first, as when the process is killed: what they had only in memory is
// heard again, and every event counts once.
func TestAKillBeforeTheCheckpointIsStoredDoublesAndLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	items := int64(0)
	for range 25 {
		pool, err := pgxpool.NewWithConfig(b.ctx, b.pool.Config())
		if err != nil {
			t.Fatal(err)
		}
		p := b.projector(passing, func(c *Config) { c.Pool = pool })
		stop := b.run(p)
		for range 1 + rand.IntN(6) {
			b.wait(p, "equipment", b.equipment.Tell(feedtest.Tablet(1)))
			if rand.IntN(2) == 0 {
				b.wait(p, "equipment", b.equipment.Tell(kept(1)))
				items++
			}
		}
		if rand.IntN(3) > 0 {
			pool.Close()
		}
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		pool.Close()
	}
	p := b.projector(passing)
	b.run(p)
	b.wait(p, "equipment", b.equipment.Tell(kept(1)))
	if n := b.number(p, `select n from %s.heard where service = 'equipment'`); n != items+1 {
		t.Fatalf("%d of %d", n, items+1)
	}
	b.equal(p)
}

// TestWhoIsAheadInMemoryOnlyGivesWay: the table was moved by another instance that believes it is active. What changes
// nothing was passed by in memory meanwhile; what does is refused, read again, and counted once.
func TestWhoIsAheadInMemoryOnlyGivesWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.projector(passing)
	g, err := p.target(b.ctx)
	if err != nil {
		t.Fatal(err)
	}
	b.equipment.Tell(feedtest.Tablet(1))
	b.equipment.Tell(kept(1))
	told := b.equipment.Told()
	twins := [2]*follower{}
	for i := range twins {
		twins[i] = &follower{Projector: b.projector(passing), g: &generation{number: g.number, schema: g.schema}, service: "equipment"}
		if _, err := twins[i].put(b.ctx, told[:1]); err != nil || twins[i].at.Sequence != 1 || twins[i].stored.Sequence != 0 {
			t.Fatalf("%v: heard %d, stored %d", err, twins[i].at.Sequence, twins[i].stored.Sequence)
		}
	}
	if _, err := twins[0].put(b.ctx, told[1:]); err != nil {
		t.Fatal(err)
	}
	if _, err := twins[1].put(b.ctx, told[1:]); !errors.Is(err, errMoved) {
		t.Fatal("both applied it:", err)
	}
	if err := twins[1].store(b.ctx); !errors.Is(err, errMoved) {
		t.Fatal("the checkpoint went back:", err)
	}
	b.run(p)
	b.wait(p, "equipment", b.equipment.Tell(kept(1)))
	if n := b.number(p, `select n from %s.heard where service = 'equipment'`); n != 2 {
		t.Fatalf("%d of 2", n)
	}
	b.equal(p)
}
