package feed_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/feed/feedtest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var errEnough = errors.New("enough")

// readUntil reads to a position and checks that nothing is left out or repeated on the way.
func readUntil(ctx context.Context, s feed.Source, from feed.Checkpoint, last int64) ([]ledger.Event, error) {
	var all []ledger.Event
	err := feed.Read(ctx, s, from, 100, func(batch []ledger.Event) error {
		if len(batch) == 0 || len(batch) > 100 {
			return fmt.Errorf("a batch of %d", len(batch))
		}
		all = append(all, batch...)
		if all[len(all)-1].Position >= last {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		return all, err
	}
	return all, continuous(all, from.Sequence)
}

func continuous(all []ledger.Event, after int64) error {
	for i, e := range all {
		if want := after + int64(i) + 1; e.Position != want {
			return fmt.Errorf("position %d where %d is next", e.Position, want)
		}
	}
	return nil
}

func TestAReaderGetsEveryEventInOrderFromWhereverItBegins(t *testing.T) {
	t.Parallel()
	w := feedtest.New(t, "equipment")
	for i := range 300 {
		w.Tell(feedtest.Tablet(i))
	}
	for _, from := range []int64{0, 1, 150, 299} {
		at := feed.Checkpoint{Sequence: from}
		if from > 0 {
			at.EventID = w.Told()[from-1].ID
		}
		all, err := readUntil(feedtest.Context(t), w.Source, at, 300)
		if err != nil || int64(len(all)) != 300-from {
			t.Fatal(from, len(all), err)
		}
		if got, want := all[0], w.Told()[from]; got.ID != want.ID || string(got.Data) != string(want.Data) || string(got.Meta) != string(want.Meta) {
			t.Fatal(got, want)
		}
	}
}

func TestAReaderWaitsForWhatIsNotThereYet(t *testing.T) {
	t.Parallel()
	w := feedtest.New(t, "equipment")
	w.Tell(feedtest.Tablet(0))
	heard := make(chan ledger.Event)
	ctx, cancel := context.WithCancel(feedtest.Context(t))
	done := make(chan error, 1)
	go func() {
		done <- feed.Read(ctx, w.Source, feed.Checkpoint{Sequence: 1}, 10, func(batch []ledger.Event) error {
			for _, e := range batch {
				heard <- e
			}
			return nil
		})
	}()
	w.Tell(feedtest.Tablet(1))
	if e := <-heard; e.Position != 2 {
		t.Fatal(e.Position)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAStreamThatIsDeletedAndRefilledIsReadOnAtTheNextSequence(t *testing.T) {
	t.Parallel()
	for _, when := range []int{0, 40} { // the reader is at the end, or still on its way
		t.Run(fmt.Sprint(when), func(t *testing.T) {
			t.Parallel()
			w := feedtest.New(t, "equipment")
			for i := range 200 {
				w.Tell(feedtest.Tablet(i))
			}
			ctx, there := feedtest.Context(t), make(chan struct{})
			var once sync.Once
			var all []ledger.Event
			done := make(chan error, 1)
			go func() {
				done <- feed.Read(ctx, w.Source, feed.Checkpoint{}, 20, func(batch []ledger.Event) error {
					all = append(all, batch...)
					if len(all) >= 200-when {
						once.Do(func() { close(there) })
					}
					if len(all) >= 230 {
						return errEnough
					}
					return nil
				})
			}()
			<-there
			w.Delete()
			for i := range 30 {
				w.Tell(feedtest.Tablet(200 + i))
			}
			begin := time.Now()
			w.Refill()
			if err := <-done; !errors.Is(err, errEnough) {
				t.Fatal(err)
			}
			t.Logf("back after %v", time.Since(begin))
			if err := continuous(all, 0); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAHoleIsReportedOnceAndNotReadOver(t *testing.T) {
	t.Parallel()
	for _, hole := range []int64{1, 7, 20} { // at the beginning, in the middle, at the checkpoint's next
		t.Run(fmt.Sprint(hole), func(t *testing.T) {
			t.Parallel()
			w := feedtest.New(t, "equipment")
			for i := range 30 {
				w.Tell(feedtest.Tablet(i))
			}
			w.Lose(hole)
			damaged, err := w.Conn.SubscribeSync(stream.Damaged(w.Prefix, w.Service))
			if err != nil {
				t.Fatal(err)
			}
			type result struct {
				all []ledger.Event
				err error
			}
			done := make(chan result, 1)
			go func() {
				all, err := readUntil(feedtest.Context(t), w.Source, feed.Checkpoint{}, 31)
				done <- result{all, err}
			}()
			m, err := damaged.NextMsgWithContext(feedtest.Context(t))
			if err != nil || string(m.Data) != fmt.Sprint(hole) {
				t.Fatal(m, err)
			}
			if _, err := damaged.NextMsg(3 * 100 * time.Millisecond); err == nil {
				t.Fatal("reported again while the repair had no time yet")
			}
			w.Delete()
			w.Refill()
			w.Tell(feedtest.Tablet(30))
			if r := <-done; r.err != nil || len(r.all) != 31 {
				t.Fatal(len(r.all), r.err)
			}
		})
	}
}

func TestAMessageThatNobodyOfUsWroteIsDamage(t *testing.T) {
	t.Parallel()
	w := feedtest.New(t, "equipment")
	w.Tell(feedtest.Tablet(0))
	if _, err := w.JS.Publish(context.Background(), w.Prefix+"equipment.foreign", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	damaged, err := w.Conn.SubscribeSync(stream.Damaged(w.Prefix, w.Service))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(feedtest.Context(t))
	done := make(chan []ledger.Event, 1)
	go func() {
		all, _ := readUntil(ctx, w.Source, feed.Checkpoint{}, 2)
		done <- all
	}()
	if m, err := damaged.NextMsgWithContext(ctx); err != nil || string(m.Data) != "2" {
		t.Fatal(m, err)
	}
	cancel()
	if all := <-done; len(all) != 1 {
		t.Fatal(len(all))
	}
}

func TestAForkedCheckpointIsSaidPlainly(t *testing.T) {
	t.Parallel()
	w := feedtest.New(t, "equipment")
	for i := range 5 {
		w.Tell(feedtest.Tablet(i))
	}
	_, err := readUntil(feedtest.Context(t), w.Source, feed.Checkpoint{Sequence: 3, EventID: "another"}, 5)
	if !errors.Is(err, feed.ErrForked) || !strings.Contains(err.Error(), w.Told()[2].ID) || !strings.Contains(err.Error(), "sequence 3") {
		t.Fatal(err)
	}
}

func TestARunningReaderSeesThatTheRefilledStreamIsAnother(t *testing.T) {
	t.Parallel()
	w := feedtest.New(t, "equipment")
	for i := range 5 {
		w.Tell(feedtest.Tablet(i))
	}
	done, there := make(chan error, 1), make(chan struct{})
	go func() {
		done <- feed.Read(feedtest.Context(t), w.Source, feed.Checkpoint{}, 10, func(batch []ledger.Event) error {
			if batch[len(batch)-1].Position == 5 {
				close(there)
			}
			return nil
		})
	}()
	<-there
	w.Delete()
	w.Fork(3)
	for i := range 5 {
		w.Tell(feedtest.Tablet(100 + i))
	}
	w.Refill()
	if err := <-done; !errors.Is(err, feed.ErrForked) {
		t.Fatal(err)
	}
}

func TestAnAppendIsNeverCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []ledger.Event
		for _, of := range rapid.SliceOfN(rapid.IntRange(1, 6), 1, 12).Draw(t, "appends") {
			for part := range of {
				all = append(all, ledger.Event{Position: int64(len(all)) + 1, Meta: fmt.Appendf(nil, `{"part":%d,"of":%d}`, part+1, of)})
			}
		}
		var seen []ledger.Event
		handle := feed.Whole(func(batch []ledger.Event) error {
			seen = append(seen, batch...)
			return whole(batch)
		})
		for rest := all; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "batch")
			if err := handle(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if len(seen) != len(all) {
			t.Fatalf("%d of %d", len(seen), len(all))
		}
		if err := continuous(seen, 0); err != nil {
			t.Fatal(err)
		}
	})
}

func whole(batch []ledger.Event) error {
	meta, err := batch[len(batch)-1].ReadMeta()
	if err != nil || meta.Part != meta.Of {
		return fmt.Errorf("a batch ends at part %d of %d: %w", meta.Part, meta.Of, err)
	}
	return nil
}

func TestTheCheckFindsABatchThatIsCut(t *testing.T) {
	t.Parallel()
	if whole([]ledger.Event{{Meta: []byte(`{"part":1,"of":2}`)}}) == nil {
		t.Fatal("a planted half append was not found")
	}
	if continuous([]ledger.Event{{Position: 1}, {Position: 3}}, 0) == nil {
		t.Fatal("a planted jump was not found")
	}
}

func TestHeardGivesCauseAndCorrelation(t *testing.T) {
	t.Parallel()
	w := feedtest.New(t, "equipment")
	w.TellUnder("request-1", feedtest.Tablet(1))
	h, err := feed.Hear("equipment", w.Told()[0])
	if err != nil || h.Cause() != "equipment:1" || h.Correlation() != "request-1" || h.Fact.(events.ItemRegistered).ItemID != "item-1" {
		t.Fatal(h, err)
	}
}

func BenchmarkRead(b *testing.B) {
	w := feedtest.New(b, "equipment")
	const n = 50_000
	for i := range n {
		w.Tell(feedtest.Tablet(i))
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := readUntil(context.Background(), w.Source, feed.Checkpoint{}, n); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
