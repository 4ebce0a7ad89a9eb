package listen

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/testkit"
)

func TestTheCheckFindsWhatMustNeverHappen(t *testing.T) {
	t.Parallel()
	one := func(position int64) Heard {
		return Heard{Event: ledger.Event{Position: position, Stream: "pool:1"}}
	}
	for fault, order := range map[string][]Heard{
		"lost": {one(1)}, "twice": {one(1), one(1)}, "out of order": {one(2), one(1)},
	} {
		if check(order, 2) == nil {
			t.Error("a planted fault was not found: " + fault)
		}
	}
}

func TestLanesRunSideBySideAndEachInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 210 {
		b.tell.Tell(feedtest.Tablet(i))
	}
	var now, most atomic.Int64
	var busy sync.Map
	var meet sync.WaitGroup // all seven lanes have to be there at once for anyone to go on
	meet.Add(7)
	l := b.listener(func(ctx context.Context, h Heard, key ledger.Key) error {
		if _, taken := busy.LoadOrStore(h.Stream, true); taken {
			t.Error("two at once in " + h.Stream)
		}
		defer busy.Delete(h.Stream)
		defer now.Add(-1)
		for n, m := now.Add(1), most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		if h.Position <= 7 {
			meet.Done()
			meet.Wait()
		}
		return b.diary.write(ctx, h, key)
	}, func(c *Config) { c.Try = 20 * time.Second })
	b.run(l)
	b.wait(l, 210)
	_, order := b.diary.read()
	if err := check(order, 210); err != nil || most.Load() != 7 {
		t.Fatal(err, most.Load())
	}
}

func TestWhatNobodyReactsToIsHeardAndNeverHandled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 100 {
		b.tell.Tell(events.TabletKept{Pool: "pool-1", SessionID: fmt.Sprint(i)})
	}
	b.tell.Put(ledger.Event{Stream: "pool:1", Name: "equipment.item-painted.v9", Data: []byte(`{}`)})
	l := b.listener(b.diary.write)
	b.run(l)
	b.wait(l, 101)
	b.tell.TellUnder("request-7", feedtest.Tablet(1))
	b.wait(l, 102)
	heard, _ := b.diary.read()
	if len(heard) != 1 || heard[0].Correlation() != "request-7" || heard[0].Cause() != "equipment:102" {
		t.Fatal(heard)
	}
}

func TestAPoisonMessageIsParkedWithThoseBehindItAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var mended atomic.Bool
	l := b.listener(func(ctx context.Context, h Heard, key ledger.Key) error {
		if h.Position == 3 && !mended.Load() { // pool-2
			return errors.New("item of Fictive is broken")
		}
		return b.diary.write(ctx, h, key)
	}, func(c *Config) { c.Try = time.Second }) // a busy machine may need that long for the first try
	stop := b.run(l)
	for i := range 35 {
		b.tell.Tell(feedtest.Tablet(i))
	}
	b.wait(l, 35) // parked counts as heard
	parked := b.parked(l)
	if len(parked) != 5 || parked[0].Sequence != 3 || parked[0].Tries < 1 || parked[0].Reason != "error without a code" || parked[1].Reason != "behind" {
		t.Fatal(parked)
	}
	if _, order := b.diary.read(); len(order) != 30 {
		t.Fatal(len(order))
	}
	if err := stop(); err != nil { // another instance finds them in the table
		t.Fatal(err)
	}
	l = b.listener(l.Reactions[0].React)
	b.run(l)
	b.wait(l, b.tell.Tell(feedtest.Tablet(37))) // pool-2 again: behind the others
	if n := len(b.parked(l)); n != 6 {
		t.Fatal(n)
	}
	b.until("tried again and again", func() bool { return b.parked(l)[0].Tries > 2 })
	mended.Store(true)
	if err := l.Retry(b.ctx, parked[4].ID); err != nil {
		t.Fatal(err)
	}
	b.until("none is parked", func() bool { return len(b.parked(l)) == 0 })
	b.wait(l, b.tell.Tell(feedtest.Tablet(44))) // and the lane is open again
	_, order := b.diary.read()
	if err := check(order, 37); err != nil {
		t.Fatal(err)
	}
	if len(b.parked(l)) != 0 {
		t.Fatal("the lane is still closed")
	}
}

func TestADroppedMessageLetsThoseBehindItGoOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.listener(func(ctx context.Context, h Heard, key ledger.Key) error {
		if h.Position == 1 {
			panic("item of Fictive")
		}
		return b.diary.write(ctx, h, key)
	}, func(c *Config) { c.Again = time.Hour })
	b.run(l)
	b.tell.Tell(feedtest.Tablet(0))
	b.wait(l, b.tell.Tell(feedtest.Tablet(7)))
	parked := b.parked(l)
	if len(parked) != 2 || parked[0].Reason != "panic: string" {
		t.Fatal(parked)
	}
	if err := l.Drop(b.ctx, parked[0].ID); err != nil {
		t.Fatal(err)
	}
	b.until("the one behind is done", func() bool { return len(b.parked(l)) == 0 })
	if _, order := b.diary.read(); len(order) != 1 {
		t.Fatal(order)
	}
	if err := l.Drop(b.ctx, parked[0].ID); !errors.Is(err, ErrNotParked) {
		t.Fatal(err)
	}
}

func TestAReactionThatHangsIsGivenUpAfterItsTime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.listener(func(ctx context.Context, _ Heard, _ ledger.Key) error {
		<-ctx.Done()
		return ctx.Err()
	})
	b.run(l)
	b.wait(l, b.tell.Tell(feedtest.Tablet(0)))
	if parked := b.parked(l); len(parked) != 1 || parked[0].Reason != "not done in time" {
		t.Fatal(parked)
	}
}

func TestAFactThatCannotBeReadIsParked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.listener(b.diary.write)
	b.run(l)
	b.wait(l, b.tell.Put(ledger.Event{Stream: "pool:1", Name: "equipment.item-registered.v1", Data: []byte(`{"pool":7,"name":"Fictive"}`)}))
	if parked := b.parked(l); len(parked) != 1 || strings.Contains(parked[0].Reason, "Fictive") || parked[0].Lane != "pool:1" {
		t.Fatal(parked)
	}
}

// Instances are stopped at random moments, the stream is deleted and refilled, reactions fail at random.
func TestEveryEventIsDoneOnceHoweverOftenAListenerDies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const n = 1500
	told := make(chan struct{})
	go func() {
		defer close(told)
		for i := range n {
			b.tell.Tell(feedtest.Tablet(i))
			if i%400 == 399 {
				b.tell.Delete()
				b.tell.Refill()
			}
		}
	}()
	shaky := func(ctx context.Context, h Heard, key ledger.Key) error {
		if rand.IntN(10) == 0 {
			return errors.New("not now")
		}
		err := b.diary.write(ctx, h, key)
		if rand.IntN(10) == 0 {
			return errors.New("done, but the answer was lost")
		}
		return err
	}
	same := func(c *Config) { c.Owner = "the same process" }
	var checkpoint int64
	for range 20 {
		l := b.listener(shaky, same)
		stop := b.run(l)
		ctx, cancel := context.WithTimeout(b.ctx, time.Duration(20+rand.IntN(80))*time.Millisecond)
		_ = l.Hub.Wait(ctx, "equipment", n+1)
		cancel()
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		at, err := l.checkpoints(b.ctx)
		if err != nil || at["equipment"].Sequence < checkpoint {
			t.Fatal(at, checkpoint, err)
		}
		checkpoint = at["equipment"].Sequence
	}
	<-told
	l := b.listener(shaky, same)
	b.run(l)
	b.wait(l, n)
	b.until("none is parked", func() bool { return len(b.parked(l)) == 0 })
	heard, order := b.diary.read()
	if err := check(order, n); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d reactions for %d events", len(heard), n)
}

func TestOneInstanceIsActiveAndTheOtherTakesOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.listener(b.diary.write)
	stop := b.run(first)
	b.wait(first, b.tell.Tell(feedtest.Tablet(0)))
	second := b.listener(b.diary.write)
	b.run(second)
	b.wait(second, b.tell.Tell(feedtest.Tablet(1)))
	if !first.Status().Active || second.Status().Active {
		t.Fatal(first.Status(), second.Status())
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	b.wait(second, b.tell.Tell(feedtest.Tablet(2)))
	_, order := b.diary.read()
	if err := check(order, 3); err != nil || !second.Status().Active {
		t.Fatal(err)
	}
}

// The first holds the lease and cannot be told to stop: its pool is gone, as on a host that was cut off.
func TestADeadInstanceIsReplacedWithinTheLease(t *testing.T) {
	t.Parallel()
	b := setup(t)
	gone, err := pgxpool.New(b.ctx, testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	first := b.listener(b.diary.write, func(c *Config) { c.Pool = gone })
	b.run(first)
	b.wait(first, b.tell.Tell(feedtest.Tablet(0)))
	second := b.listener(b.diary.write)
	b.run(second)
	begin := time.Now()
	gone.Close()
	b.until("taken over", func() bool { return second.Status().Active })
	t.Logf("taken over after %v of a lease of 600 ms", time.Since(begin))
	b.wait(second, b.tell.Tell(feedtest.Tablet(1)))
	if _, order := b.diary.read(); check(order, 2) != nil {
		t.Fatal(order)
	}
}

func TestAHoleIsReportedAndNotReadOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 10 {
		b.tell.Tell(feedtest.Tablet(i))
	}
	b.tell.Lose(5)
	damaged, err := b.tell.Conn.SubscribeSync(stream.Damaged(b.tell.Prefix, "equipment"))
	if err != nil {
		t.Fatal(err)
	}
	l := b.listener(b.diary.write)
	b.run(l)
	if m, err := damaged.NextMsgWithContext(b.ctx); err != nil || string(m.Data) != "5" {
		t.Fatal(m, err)
	}
	b.wait(l, 4)
	b.tell.Delete()
	b.tell.Refill()
	b.wait(l, 10)
	heard, order := b.diary.read()
	if err := check(order, 10); err != nil || len(heard) != 10 {
		t.Fatal(err, len(heard))
	}
}

func TestAForkIsSaidPlainlyAndHeardAgainWhenItIsDecided(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 5 {
		b.tell.Tell(feedtest.Tablet(i))
	}
	l := b.listener(b.diary.write)
	stop := b.run(l)
	b.wait(l, 5)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	b.tell.Delete()
	b.tell.Fork(3)
	for i := range 5 {
		b.tell.Tell(feedtest.Tablet(100 + i))
	}
	b.tell.Refill()
	if err := b.listener(b.diary.write).Run(b.ctx); !errors.Is(err, feed.ErrForked) || !strings.Contains(err.Error(), "listener workshop") {
		t.Fatal(err)
	}
	if err := Outdate(b.ctx, b.pool, b.schema, "equipment", 3); err != nil {
		t.Fatal(err)
	}
	l = b.listener(b.diary.write)
	b.run(l)
	b.wait(l, 8)
	if heard, _ := b.diary.read(); len(heard) != 10 {
		t.Fatal(len(heard))
	}
}

func TestAStoredCheckpointNeverGoesBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var n int
	rapid.Check(t, func(t *rapid.T) {
		n++
		l := b.listener(b.diary.write, func(c *Config) { c.Listener = fmt.Sprint("listener-", n) })
		var highest int64
		for _, at := range rapid.SliceOfN(rapid.Int64Range(1, 9), 1, 8).Draw(t, "stored by two instances") {
			if err := l.store(b.ctx, map[string]feed.Checkpoint{"equipment": {Sequence: at, EventID: fmt.Sprint(at)}}); err != nil {
				t.Fatal(err)
			}
			highest = max(highest, at)
			got, err := l.checkpoints(b.ctx)
			if want := (feed.Checkpoint{Sequence: highest, EventID: fmt.Sprint(highest)}); err != nil || got["equipment"] != want {
				t.Fatal(got, want, err)
			}
		}
	})
}

func TestHeardIsTheLowestUnfinishedInWhateverOrderTheyFinish(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tr := &track{heard: feed.Checkpoint{Sequence: 10}}
		open := map[int64]bool{}
		last := int64(10)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			if len(open) == 0 || rapid.Bool().Draw(t, "read") {
				last++
				tr.read(ledger.Event{Position: last, ID: fmt.Sprint(last)})
				open[last] = true
				continue
			}
			var all []int64
			for at := range open {
				all = append(all, at)
			}
			slices.Sort(all)
			at := rapid.SampledFrom(all).Draw(t, "finish")
			delete(open, at)
			before := tr.checkpoint().Sequence
			moved := tr.finish(at)
			want := last
			for other := range open {
				want = min(want, other-1)
			}
			got := tr.checkpoint()
			if got.Sequence != want || moved != (want > before) || want > 10 && got.EventID != fmt.Sprint(want) {
				t.Fatalf("heard %+v, want %d", got, want)
			}
		}
	})
}

func BenchmarkReactions(b *testing.B) {
	s := setup(b)
	const n = 20_000
	for i := range n {
		s.tell.Tell(feedtest.Tablet(i))
	}
	s.ctx = context.Background()
	b.ResetTimer()
	i := 0
	for b.Loop() {
		i++
		l := s.listener(func(context.Context, Heard, ledger.Key) error { return nil }, func(c *Config) {
			c.Listener = fmt.Sprint("listener-", i)
			c.Reactions[0].Lane = func(f events.Fact) string { return f.(events.ItemRegistered).ItemID }
		})
		stop := s.run(l)
		s.wait(l, n)
		_ = stop()
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
