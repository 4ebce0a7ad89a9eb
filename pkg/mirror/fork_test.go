package mirror_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/stream"
)

// mirrored gives a ledger and its stream with n events in both, and no mirror at work.
func mirrored(t testing.TB, n int) (*books, mirror.Copies) {
	t.Helper()
	b := newBooks(t)
	c := shared(t, b)
	m := run(t, b, c)
	m.flush(b.write(n, 100))
	_ = m.stop()
	return b, c
}

func sequences(t testing.TB, c mirror.Copies) (first, last uint64) {
	t.Helper()
	s, err := c.JS.Stream(t.Context(), stream.Name(c.Prefix, service))
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().State.FirstSeq, s.CachedInfo().State.LastSeq
}

// stopsAt runs a mirror that has to stop at a fork, having sent nothing.
func stopsAt(t testing.TB, b *books, c mirror.Copies, position int64) *mirror.Fork {
	t.Helper()
	_, before := sequences(t, c)
	m := run(t, b, c)
	err := <-m.done
	m.done <- err
	var fork *mirror.Fork
	if !errors.As(err, &fork) || fork.Position != position {
		t.Fatalf("want a fork at %d, got %v", position, err)
	}
	if s := m.Status(); s.State != mirror.Forked || s.Err == nil {
		t.Fatalf("%+v", s)
	}
	if _, after := sequences(t, c); after != before {
		t.Fatalf("%d messages before, %d after", before, after)
	}
	return fork
}

func TestAForkIsNamedAtItsFirstPositionAndNothingIsSent(t *testing.T) {
	t.Parallel()
	for _, story := range []struct{ mirrored, restored, written int }{
		{1000, 900, 150}, // longer than the stream
		{1000, 900, 100}, // as long
		{1000, 900, 50},  // shorter
		{1000, 900, 0},
		{200, 0, 250},
		{200, 199, 1},
		{2, 1, 1},
		{1, 0, 1},
	} {
		t.Run(fmt.Sprint(story), func(t *testing.T) {
			t.Parallel()
			b, c := mirrored(t, story.mirrored)
			first := int64(story.restored) + 1
			lost := b.event(first).ID
			b.restore(int64(story.restored))
			instead := ""
			if story.written > 0 {
				b.writeOn(story.written)
				instead = b.event(first).ID
			}
			fork := stopsAt(t, b, c, first)
			if fork.StreamID != lost || fork.LedgerID != instead {
				t.Fatal(fork)
			}
			for _, word := range []string{
				fmt.Sprintf("from position %d on", first), lost, instead, "Nothing was sent",
				"passerelle ledger recover --keep ledger", "passerelle ledger recover --keep stream",
			} {
				if !strings.Contains(fork.Error(), word) {
					t.Fatalf("%q is not in: %s", word, fork)
				}
			}
			report, err := mirror.Verify(soon(t), c, 1)
			if err != nil || report.Equal() {
				t.Fatal(report, err)
			}
		})
	}
}

// A stream that is damaged too must not be deleted while it holds another history.
func TestADamagedForkIsStillAFork(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]func(*jetstream.StreamConfig){
		"its beginning is gone": func(c *jetstream.StreamConfig) { c.MaxMsgs, c.Discard = 50, jetstream.DiscardOld },
		"it has limits":         func(c *jetstream.StreamConfig) { c.MaxMsgs = 5000 },
	} {
		for _, written := range []int{150, 100, 0} {
			t.Run(fmt.Sprint(name, ", ", written, " written"), func(t *testing.T) {
				t.Parallel()
				b, c := mirrored(t, 400)
				config := stream.Config(c.Prefix, service, b.ID(), 1)
				limit(&config)
				if _, err := c.JS.UpdateStream(t.Context(), config); err != nil {
					t.Fatal(err)
				}
				first, _ := sequences(t, c)
				b.restore(300)
				if written > 0 {
					b.writeOn(written)
				}
				at := int64(301)
				if written > 0 {
					at = max(at, int64(first)) // the first that can still be seen
				}
				_ = stopsAt(t, b, c, at)
			})
		}
	}
}

func TestAStreamOfAnotherLedgerIsNotTouched(t *testing.T) {
	t.Parallel()
	_, c := mirrored(t, 20)
	other := newBooks(t)
	c.Ledger = other
	_ = stopsAt(t, other, c, 1)
	other.write(30, 100)
	_ = stopsAt(t, other, c, 1)
}

// foreign puts a message on the stream past the mirror.
func foreign(t testing.TB, c mirror.Copies, m *nats.Msg) {
	t.Helper()
	if _, err := c.JS.PublishMsg(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func TestAMessagePutPastTheMirrorIsAFork(t *testing.T) {
	t.Parallel()
	b, c := mirrored(t, 20)
	forged := b.event(20)
	forged.Position, forged.ID = 21, "0192d3a0-0000-7000-8000-00000000f00d"
	for name, m := range map[string]*nats.Msg{
		"bare":   {Subject: c.Prefix + written, Data: []byte("{}")},
		"forged": stream.Message(c.Prefix, forged),
	} {
		t.Run(name, func(t *testing.T) {
			b, c := mirrored(t, 20)
			m.Subject = c.Prefix + written
			foreign(t, c, m)
			_ = stopsAt(t, b, c, 21)
			b.write(30, 100)
			_ = stopsAt(t, b, c, 21)
		})
	}
}

func TestAForkThatComesUpUnderARunningMirrorStopsIt(t *testing.T) {
	t.Parallel()
	b := newBooks(t)
	c := shared(t, b)
	m := run(t, b, c)
	m.flush(b.write(20, 100))
	foreign(t, c, &nats.Msg{Subject: c.Prefix + written})
	b.write(1, 100)
	err := <-m.done
	m.done <- err
	var fork *mirror.Fork
	if !errors.As(err, &fork) || fork.Position != 21 {
		t.Fatal(err)
	}
}
