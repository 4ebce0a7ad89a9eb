package deadline_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	start = time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC)
	week  = 7 * 24 * time.Hour
)

// bundle is a service that registers an item and then looks at it every week of a year.
type bundle struct {
	t             testing.TB
	ctx           context.Context
	pool          *pgxpool.Pool
	control, name string
	tell          *feedtest.Teller
	clock         *clock.Manual

	mu     sync.Mutex
	calls  int
	keys   map[ledger.Key]bool
	looked map[string][]time.Time
}

func setup(t testing.TB) *bundle {
	t.Helper()
	b := &bundle{
		t: t, ctx: feedtest.Context(t), pool: testkit.Pool(t), control: testkit.Schema(t), name: testkit.Schema(t) + "due",
		tell: feedtest.New(t, "equipment"), clock: clock.At(start), keys: map[ledger.Key]bool{}, looked: map[string][]time.Time{},
	}
	if err := projection.Provision(b.ctx, b.pool, b.control); err != nil {
		t.Fatal(err)
	}
	return b
}

func weekly(f events.Fact) (add, done []deadline.Due) {
	switch f := f.(type) {
	case events.ItemRegistered:
		return []deadline.Due{{At: f.At.Add(week), Aggregate: f.ItemID, Kind: "look"}}, nil
	case events.TabletLacking: // stands for: looked at
		done = []deadline.Due{{At: f.At, Aggregate: f.ReferralID, Kind: "look"}}
		if next := f.At.Add(week); next.Before(start.AddDate(1, 0, 0)) {
			add = []deadline.Due{{At: next, Aggregate: f.ReferralID, Kind: "look"}}
		}
		return add, done
	}
	return nil, nil
}

func (b *bundle) look(_ context.Context, due deadline.Due, key ledger.Key) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	if b.keys[key] {
		return nil
	}
	b.keys[key] = true
	b.looked[due.Aggregate] = append(b.looked[due.Aggregate], due.At)
	b.tell.Tell(events.TabletLacking{ReferralID: due.Aggregate, At: due.At})
	return nil
}

func (b *bundle) register(items int) {
	for i := range items {
		b.tell.Tell(events.ItemRegistered{ItemID: fmt.Sprint("item-", i), At: start})
	}
}

func (b *bundle) run(owner string, change ...func(*deadline.Config)) (d *deadline.Deadlines, stop func()) {
	b.t.Helper()
	c := deadline.Config{
		Name: b.name, Source: b.tell.Source, Pool: b.pool, Control: b.control, Owner: owner, Clock: b.clock, Lease: 600 * time.Millisecond,
		Map: weekly, Handle: b.look, Again: 100 * time.Millisecond,
	}
	for _, f := range change {
		f(&c)
	}
	d, err := deadline.New(c)
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.ctx)
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Error(err)
		}
	})
	b.t.Cleanup(stop)
	return d, stop
}

// heard waits until everything that was told so far is derived from.
func (b *bundle) heard(d *deadline.Deadlines) {
	b.t.Helper()
	if err := d.Hub.Wait(b.ctx, "equipment", int64(len(b.tell.Told()))); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) quiet(d *deadline.Deadlines) {
	b.t.Helper()
	b.heard(d)
	if err := d.Quiet(b.ctx); err != nil {
		waiting, _ := d.Waiting(context.Background(), 10)
		b.t.Fatal(err, waiting, d.Status())
	}
}

// check says whether each item was looked at every week until a day, once and in order.
func check(looked map[string][]time.Time, items int, until time.Time) error {
	for i := range items {
		item := fmt.Sprint("item-", i)
		times, want := looked[item], start.Add(week)
		for _, at := range times {
			if !at.Equal(want) {
				return fmt.Errorf("%s: looked at %v, not at %v", item, at, want)
			}
			want = want.Add(week)
		}
		if !want.After(until) && want.Before(start.AddDate(1, 0, 0)) {
			return fmt.Errorf("%s: not looked at on %v", item, want)
		}
	}
	return nil
}

func (b *bundle) check(items int, until time.Time) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := check(b.looked, items, until); err != nil {
		b.t.Fatal(err)
	}
}

func TestTheCheckFindsAMissedAndADoubledWeek(t *testing.T) {
	t.Parallel()
	for fault, times := range map[string][]time.Time{
		"missed":  {start.Add(week), start.Add(3 * week)},
		"doubled": {start.Add(week), start.Add(week), start.Add(2 * week)},
		"short":   {start.Add(week)},
	} {
		if check(map[string][]time.Time{"item-0": times}, 1, start.Add(3*week)) == nil {
			t.Error("a planted fault was not found: " + fault)
		}
	}
}

func TestAYearIsLivedInASecond(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(10)
	d, _ := b.run("a")
	b.heard(d)
	begin := time.Now()
	b.clock.Set(start.AddDate(1, 0, 0))
	b.quiet(d)
	t.Logf("520 deadlines, one after the other in each item, in %v", time.Since(begin))
	b.check(10, b.clock.Now())
}

func TestAYearDayByDayWithARestartInTheMiddle(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(2)
	d, stop := b.run("a")
	for day := range 366 {
		if day == 100 || day == 200 { // stopped over some deadlines
			stop()
		}
		b.clock.Set(start.AddDate(0, 0, day))
		if day == 130 || day == 200 {
			d, stop = b.run("a")
		}
		if day < 100 || day >= 130 {
			b.quiet(d)
			b.check(2, b.clock.Now())
		}
	}
}

func TestTwoLoopsAtOnceDoEverythingOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(5)
	first, _ := b.run("the same owner") // both hold the lease
	second, _ := b.run("the same owner")
	b.heard(first)
	b.heard(second)
	for month := 1; month <= 12; month++ {
		b.clock.Set(start.AddDate(0, month, 0))
		b.quiet(first)
		b.quiet(second)
	}
	b.check(5, b.clock.Now())
	if !first.Status().Active || !second.Status().Active {
		t.Fatal("only one was active")
	}
}

func TestTheSecondTakesOverWhenTheFirstIsGone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(1)
	first, stop := b.run("a")
	b.clock.Set(start.Add(week))
	b.quiet(first)
	second, _ := b.run("b")
	stop()
	b.clock.Set(start.Add(5 * week))
	b.quiet(second)
	b.check(1, b.clock.Now())
}

func TestADeadlineThatFailsDoesNotBlockTheOthersAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(3)
	var mu sync.Mutex
	var failed []time.Time
	d, _ := b.run("a", func(c *deadline.Config) {
		c.Again = 20 * time.Millisecond
		c.Handle = func(ctx context.Context, due deadline.Due, key ledger.Key) error {
			if due.Aggregate == "item-1" {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, time.Now())
				switch {
				case len(failed) == 2:
					panic("item")
				case len(failed) <= 4:
					return errors.New("not now")
				}
			}
			return b.look(ctx, due, key)
		}
	})
	b.clock.Set(start.Add(week))
	b.quiet(d)
	b.check(3, b.clock.Now())
	mu.Lock()
	defer mu.Unlock()
	for i := range failed[1:] {
		if pause, least := failed[i+1].Sub(failed[i]), 20*time.Millisecond<<i; pause < least-5*time.Millisecond {
			t.Errorf("try %d came %v after the one before, not %v", i+2, pause, least)
		}
	}
}

func TestAnAnsweredOrReplacedDeadlineIsNotDone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(1)
	b.tell.Tell(events.TabletLacking{ReferralID: "item-0", At: start.Add(week)}) // somebody has looked already
	d, _ := b.run("a")
	b.heard(d)
	b.clock.Set(start.Add(week + time.Hour))
	b.quiet(d)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.calls != 0 {
		t.Fatal(b.calls)
	}
}

func TestTheMachinesClockIsKeptToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d, _ := b.run("a", func(c *deadline.Config) { c.Clock = clock.System{} })
	b.tell.Tell(events.ItemRegistered{ItemID: "item-0", At: time.Now().Add(300*time.Millisecond - week)})
	b.heard(d)
	if err := d.Hub.Wait(b.ctx, "equipment", 2); err != nil {
		t.Fatal(err)
	}
}
