package listen

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type bundle struct {
	t      testing.TB
	ctx    context.Context
	pool   *pgxpool.Pool
	schema string
	tell   *feedtest.Teller
	owners int
	diary  *diary
}

func setup(t testing.TB) *bundle {
	t.Helper()
	b := &bundle{t: t, ctx: feedtest.Context(t), pool: testkit.Pool(t), schema: testkit.Schema(t), tell: feedtest.New(t, "equipment"), diary: &diary{keys: map[ledger.Key]int64{}, done: map[int64]bool{}}}
	for range 2 {
		if err := Provision(b.ctx, b.pool, b.schema); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *bundle) listener(react func(context.Context, Heard, ledger.Key) error, change ...func(*Config)) *Listener {
	b.t.Helper()
	b.owners++
	c := Config{
		Listener: "workshop", Sources: []feed.Source{b.tell.Source}, Pool: b.pool, Schema: b.schema, Owner: fmt.Sprint("owner-", b.owners),
		Reactions: []Reaction{{Event: "equipment.item-registered.v1", Lane: pool, React: react}},
		Lease:     600 * time.Millisecond, Try: 200 * time.Millisecond, Again: 50 * time.Millisecond,
	}
	if os.Getenv("LOG") != "" {
		c.Log = slog.Default()
	}
	for _, f := range change {
		f(&c)
	}
	l, err := New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	return l
}

func pool(f events.Fact) string { return f.Stream() }

func (b *bundle) run(l *Listener) (stop func() error) {
	ctx, cancel := context.WithCancel(b.ctx)
	done := make(chan error, 1)
	go func() { done <- l.Run(ctx) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-done
	})
	b.t.Cleanup(func() { _ = stop() })
	return stop
}

func (b *bundle) wait(l *Listener, position int64) {
	b.t.Helper()
	if err := l.Hub.Wait(b.ctx, "equipment", position); err != nil {
		b.t.Fatalf("%d was not heard: %v %+v", position, err, l.Status())
	}
}

func (b *bundle) parked(l *Listener) []Parked {
	b.t.Helper()
	all, err := l.Parked(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	return all
}

func (b *bundle) until(what string, ok func() bool) {
	b.t.Helper()
	for !ok() {
		select {
		case <-b.ctx.Done():
			b.t.Fatal("never: " + what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// diary stands for the ledger that is commanded: a key is done once.
type diary struct {
	mu    sync.Mutex
	keys  map[ledger.Key]int64
	done  map[int64]bool
	heard []Heard // every time
	order []Heard // the first time
}

func (d *diary) write(_ context.Context, h Heard, key ledger.Key) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, h)
	if at, again := d.keys[key]; again {
		if at != h.Position {
			return fmt.Errorf("one key for %d and %d", at, h.Position)
		}
		return nil
	}
	d.keys[key] = h.Position
	d.order = append(d.order, h)
	d.done[h.Position] = true
	return nil
}

func (d *diary) read() (heard, order []Heard) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.heard), slices.Clone(d.order)
}

// check says whether every one of n events was done, once, and in its lane in order.
func check(order []Heard, n int) error {
	if len(order) != n {
		return fmt.Errorf("%d of %d done", len(order), n)
	}
	last, seen := map[string]int64{}, map[int64]bool{}
	for _, h := range order {
		if seen[h.Position] {
			return fmt.Errorf("%d was done twice", h.Position)
		}
		seen[h.Position] = true
		if h.Position < last[h.Stream] {
			return fmt.Errorf("%d after %d in %s", h.Position, last[h.Stream], h.Stream)
		}
		last[h.Stream] = h.Position
	}
	return nil
}
