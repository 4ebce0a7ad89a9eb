package mirror_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/testkit"
)

func TestWhatIsAppendedIsInTheStreamByteForByte(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	c := shared(t, b)
	before := b.write(300, 200)
	m := run(t, b, c)
	m.flush(before)
	last := b.write(700, 200)
	m.flush(last)
	if report := equal(t, c); report.Ledger != last || report.Stream != last {
		t.Fatal(report)
	}
	if s := m.Status(); s.State != mirror.OK || s.Position != last || s.Head != last || s.Err != nil || s.Repairs > 1 {
		t.Fatalf("%+v", s)
	}
}

func TestTheLargestEventThatIsAppendedIsMirrored(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	c := shared(t, b)
	m := run(t, b, c)
	a := ledger.Append{
		Facts:  []ledger.Fact{{Stream: "book:" + strings.Repeat("é", 250), Version: 1, Name: written}},
		Answer: []byte(`"` + strings.Repeat("a", 18<<10) + `"`), Take: []string{strings.Repeat(`"`, 500)},
	}
	for n := ledger.MaxBytes; ; n -= 1 << 10 {
		a.Facts[0].Data = bytes.Repeat([]byte("1"), n)
		done, err := b.Append(soon(t), a)
		if errors.Is(err, ledger.ErrTooLarge) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		m.flush(done[0].Last)
		break
	}
	equal(t, c)
}

func TestAMirrorWakesTheOneThatIsActiveElsewhere(t *testing.T) {
	t.Parallel()
	here := newBooks(t)
	there := openBooks(t, here.schema)
	c := shared(t, here)
	held := make(chan struct{}, 1)
	one := func(config *mirror.Config) {
		config.Lease = func(ctx context.Context) (context.Context, func(), error) {
			select {
			case held <- struct{}{}:
				return ctx, func() { <-held }, nil
			case <-ctx.Done():
				return nil, nil, ctx.Err()
			}
		}
	}
	active := run(t, here, c, one)
	active.flush(here.write(10, 100))
	watching := run(t, there, c, one)
	heard := make(chan struct{}, 100)
	if _, err := c.JS.Conn().Subscribe(stream.Wake(c.Prefix, service), func(*nats.Msg) { heard <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	last := there.write(10, 100)
	active.flush(last)
	watching.flush(last)
	<-heard
	if active.Status().Active == watching.Status().Active {
		t.Fatal("one of two is active")
	}
	_ = active.stop()
	watching.flush(there.write(10, 100))
	equal(t, c)
}

func TestAMirrorTakesOverFromOneThatIsGone(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	c := shared(t, b)
	pool := testkit.Pool(t)
	if err := lease.Provision(soon(t), pool, b.schema+"_heard"); err != nil {
		t.Fatal(err)
	}
	of := func(owner string) func(*mirror.Config) {
		return func(config *mirror.Config) {
			config.Lease = lease.New(lease.Config{
				Pool: pool, Schema: b.schema + "_heard", Name: "mirror", Owner: owner, Long: time.Second,
			}).Hold
		}
	}
	first := run(t, b, c, of("first"))
	first.flush(b.write(10, 100))
	second := run(t, b, c, of("second"))
	_ = first.stop()
	second.flush(b.write(10, 100))
	equal(t, c)
}

func TestTwoMirrorsAtOnceDoNoHarm(t *testing.T) {
	t.Parallel()
	here := newBooks(t)
	there := openBooks(t, here.schema)
	c := shared(t, here)
	one, other := run(t, here, c), run(t, there, c)
	var writers sync.WaitGroup
	for _, b := range []*books{here, there, here, there} {
		writers.Go(func() {
			for range 40 {
				b.write(20, 50)
			}
		})
	}
	writers.Wait()
	last := here.head()
	one.flush(last)
	other.flush(last)
	equal(t, c)
	if n := one.Status().Repairs + other.Status().Repairs; n > 2 {
		t.Fatal("the stream was made", n, "times")
	}
}

func TestAStreamThatIsDeletedUnderTrafficComesBackUnderItsReaders(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	c := shared(t, b)
	m := run(t, b, c)
	m.flush(b.write(200, 200))
	l := listen(t, c, 0)
	var writers sync.WaitGroup
	defer writers.Wait()
	for round := range 4 {
		l.hears(b.head())
		writers.Go(func() {
			for range 25 {
				b.write(20, 200)
			}
		})
		l.hears(int64(300 + 500*round))
		if err := c.JS.DeleteStream(t.Context(), stream.Name(c.Prefix, service)); err != nil {
			t.Fatal(err)
		}
		writers.Wait()
	}
	last := b.write(1, 100)
	m.flush(last)
	l.hears(last)
	equal(t, c)
}

func TestWhileJetStreamIsAwayAppendsGoOnAndLaterTheMirrorCatchesUp(t *testing.T) {
	t.Parallel()
	b, h := newBooks(t), newHouse(t)
	h.start()
	c := copies(b, h.connect(t), "")
	m := run(t, b, c)
	m.flush(b.write(100, 100))
	h.stop()
	last := b.write(500, 100)
	until(t, func() bool { s := m.Status(); return s.State == mirror.Away && s.Err != nil })
	h.start()
	m.flush(last)
	if s := m.Status(); s.State != mirror.OK || s.Repairs > 1 {
		t.Fatalf("%+v", s)
	}
	equal(t, c)
}

func TestAFalseReportOfDamageChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	c := shared(t, b)
	m := run(t, b, c)
	m.flush(b.write(300, 100))
	made := m.Status().Repairs
	for _, says := range []string{"", "7", "300", "301", "99999", "-4", "?"} {
		if err := c.JS.Conn().Publish(stream.Damaged(c.Prefix, service), []byte(says)); err != nil {
			t.Fatal(err)
		}
		m.flush(b.write(1, 100))
	}
	if m.Status().Repairs != made {
		t.Fatal(m.Status().Repaired)
	}
	equal(t, c)
}

func TestALimitPutOnTheStreamIsFoundByTheRegularCheck(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*jetstream.StreamConfig){
		"age":     func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour },
		"size":    func(c *jetstream.StreamConfig) { c.MaxBytes = 1 << 30 },
		"message": func(c *jetstream.StreamConfig) { c.MaxMsgSize = 1 << 20 },
		"discard": func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardOld },
		"no acks": func(c *jetstream.StreamConfig) { c.NoAck = true },
		"sealed":  func(c *jetstream.StreamConfig) { c.Sealed = true },
		"ledger":  func(c *jetstream.StreamConfig) { c.Metadata = map[string]string{stream.LedgerID: "another"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBooks(t)
			c := shared(t, b)
			m := run(t, b, c, func(config *mirror.Config) { config.Check = 50 * time.Millisecond })
			m.flush(b.write(20, 100))
			made := m.Status().Repairs
			config := stream.Config(c.Prefix, service, b.ID(), 1)
			spoil(&config)
			if _, err := c.JS.UpdateStream(t.Context(), config); err != nil {
				t.Fatal(err)
			}
			until(t, func() bool { return m.Status().Repairs > made })
			m.flush(b.write(20, 100))
			equal(t, c)
		})
	}
}

func TestCommittedNeverBlocksAndKeepsLittle(t *testing.T) {
	t.Parallel()
	b, h := newBooks(t), newHouse(t)
	h.start()
	c := copies(b, h.connect(t), "")
	m := run(t, b, c)
	m.flush(b.write(1, 100))
	h.stop()
	begin := time.Now()
	for range 4 {
		b.write(5000, 20) // more than is held
	}
	if took := time.Since(begin); took > 30*time.Second {
		t.Fatal("appends waited for JetStream:", took)
	}
	h.start()
	m.flush(b.head())
	equal(t, c)
}
