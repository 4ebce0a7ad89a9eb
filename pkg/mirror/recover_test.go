package mirror_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/testkit"
)

func recovery(t testing.TB, c mirror.Copies) mirror.Recovery {
	t.Helper()
	return mirror.Recovery{Copies: c, ChainKey: chainKey, Lost: filepath.Join(t.TempDir(), "lost.jsonl")}
}

func recovered(t testing.TB, r mirror.Recovery, keep string) mirror.Outcome {
	t.Helper()
	done, err := mirror.Recover(soon(t), r, keep)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// lost reads the file of what was given up.
func lost(t testing.TB, r mirror.Recovery) (lines []map[string]any) {
	t.Helper()
	file, err := os.Open(r.Lost)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func state(t testing.TB, b *books) string {
	t.Helper()
	s, err := b.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAnOlderDumpIsBroughtUpToDateFromTheStream(t *testing.T) {
	t.Parallel()
	b, c := mirrored(t, 900)
	key := ledger.Key{1, 2, 3}
	lent := ledger.Append{
		Facts: []ledger.Fact{{Stream: "book:b7", Version: 1, Name: written, Data: []byte(`{"tag":"T-7"}`)}},
		Key:   key, Request: []byte("hash"), Answer: []byte(`{"id":"b7"}`), Take: []string{"tag:T-7"},
	}
	first, err := b.Append(t.Context(), lent)
	if err != nil {
		t.Fatal(err)
	}
	m := run(t, b, c)
	m.flush(b.write(300, 100))
	_ = m.stop()
	head := b.head()

	b.restore(880)
	if _, err := b.Append(t.Context(), lent); !errors.Is(err, ledger.ErrRestored) {
		t.Fatal("a restored ledger took an append:", err)
	}
	_ = stopsAt(t, b, c, 881)
	r := recovery(t, c)
	done := recovered(t, r, mirror.KeepStream)
	if done.Common != 880 || done.Imported != head-880 || done.Lost != 0 || lost(t, r) != nil || state(t, b) != ledger.StateOpen {
		t.Fatal(done)
	}
	equal(t, c)

	again, err := b.Append(t.Context(), lent)
	if err != nil || !again[0].Replayed || string(again[0].Answer) != string(first[0].Answer) && string(again[0].Answer) != `{"id":"b7"}` || again[0].First != first[0].First {
		t.Fatalf("%+v %v", again, err)
	}
	other := ledger.Append{Facts: []ledger.Fact{{Stream: "book:b8", Version: 1, Name: written, Data: []byte(`{}`)}}, Take: []string{"tag:T-7"}}
	var claimed *ledger.Claimed
	if _, err := b.Append(t.Context(), other); !errors.As(err, &claimed) || claimed.Holder != "book:b7" {
		t.Fatal("the claim of the lost interval is free:", err)
	}
	m = run(t, b, c)
	l := listen(t, c, head)
	last := b.write(20, 100)
	m.flush(last)
	l.hears(last)
	equal(t, c)
}

func TestOfAForkEitherCopyCanBeKeptAndTheOtherIsNotThrownAway(t *testing.T) {
	t.Parallel()
	for _, written := range []int{150, 100, 30} {
		t.Run("stream", func(t *testing.T) {
			t.Parallel()
			b, c := mirrored(t, 400)
			b.restore(300)
			b.writeOn(written)
			gone := b.event(301).ID
			r := recovery(t, c)
			done := recovered(t, r, mirror.KeepStream)
			if done.Common != 300 || done.Imported != 100 || done.Lost != int64(written) || b.head() != 400 {
				t.Fatal(done)
			}
			if lines := lost(t, r); len(lines) != written || lines[0]["id"] != gone || lines[0]["position"] != 301.0 {
				t.Fatal(len(lines), lines[0])
			}
			goesOn(t, b, c, r)
		})
		t.Run("ledger", func(t *testing.T) {
			t.Parallel()
			b, c := mirrored(t, 400)
			gone := b.event(301).ID
			b.restore(300)
			b.writeOn(written)
			r := recovery(t, c)
			done := recovered(t, r, mirror.KeepLedger)
			if done.Common != 300 || done.Imported != 0 || done.Lost != 100 || b.head() != 300+int64(written) {
				t.Fatal(done)
			}
			if lines := lost(t, r); len(lines) != 100 || lines[0]["id"] != gone {
				t.Fatal(len(lines), lines[0])
			}
			goesOn(t, b, c, r)
		})
	}
}

// goesOn checks that nothing is left to decide, and that the mirror works.
func goesOn(t testing.TB, b *books, c mirror.Copies, r mirror.Recovery) {
	t.Helper()
	equal(t, c)
	for _, keep := range []string{mirror.KeepLedger, mirror.KeepStream} {
		if again := recovered(t, r, keep); again.Imported+again.Lost+again.Refilled != 0 {
			t.Fatal(again)
		}
	}
	m := run(t, b, c)
	m.flush(b.write(10, 100))
	if m.Status().Repairs > 0 {
		t.Fatal(m.Status().Repaired)
	}
	_ = m.stop()
	equal(t, c)
}

func TestALostLedgerComesBackWholeFromItsStream(t *testing.T) {
	t.Parallel()
	_, c := mirrored(t, 300)
	fresh := newBooks(t)
	c.Ledger = fresh
	if done := recovered(t, recovery(t, c), mirror.KeepStream); done.Common != 0 || done.Imported != 300 {
		t.Fatal(done)
	}
	m := run(t, fresh, c) // the stream still names the lost ledger
	m.flush(fresh.write(10, 100))
	equal(t, c)
}

func TestTheStreamIsKeptOnlyIfTheLedgersMirrorWroteIt(t *testing.T) {
	t.Parallel()
	forge := func(b *books, key []byte) *nats.Msg {
		e := b.event(40)
		link := e.Link
		e.Position, e.ID, e.Version, e.Data = 41, "0192d3a0-0000-7000-8000-00000000f00d", 999, []byte(`{"forged":true}`)
		e.Link = ledger.ChainLink(key, link, e)
		return stream.Message("", e)
	}
	for name, put := range map[string]func(*books) *nats.Msg{
		"a bare message":         func(*books) *nats.Msg { return &nats.Msg{Data: []byte("{}")} },
		"a forged event":         func(b *books) *nats.Msg { return forge(b, []byte("a guess")) },
		"a copy of an old event": func(b *books) *nats.Msg { e := b.event(7); e.Position = 41; return stream.Message("", e) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, c := mirrored(t, 40)
			m := put(b)
			m.Subject = c.Prefix + written
			foreign(t, c, m)
			_ = stopsAt(t, b, c, 41)
			r := recovery(t, c)
			_, err := mirror.Recover(soon(t), r, mirror.KeepStream)
			var unproven *mirror.Unproven
			if !errors.As(err, &unproven) || unproven.Position != 41 || b.head() != 40 || state(t, b) != ledger.StateOpen {
				t.Fatal(err, b.head())
			}
			if done := recovered(t, r, mirror.KeepLedger); done.Lost != 1 || len(lost(t, r)) != 1 {
				t.Fatal(done)
			}
			goesOn(t, b, c, r)
		})
	}
}

func TestATamperedOrHoledStreamIsNotKept(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*ledger.Event) bool{
		"one byte":     func(e *ledger.Event) bool { e.Data[3] ^= 1; return true },
		"another time": func(e *ledger.Event) bool { e.Recorded = e.Recorded.AddDate(0, 0, -1); return true },
		"gone":         func(*ledger.Event) bool { return false },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBooks(t)
			b.write(60, 50)
			c := shared(t, b)
			config := stream.Config(c.Prefix, service, b.ID(), 1)
			config.DenyDelete = false
			s, err := c.JS.CreateStream(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			for p := range int64(60) {
				e := b.event(p + 1)
				keep := p != 49 || spoil(&e)
				foreign(t, c, stream.Message(c.Prefix, e))
				if !keep {
					if err := s.DeleteMsg(t.Context(), 50); err != nil {
						t.Fatal(err)
					}
				}
			}
			b.restore(40)
			_, err = mirror.Recover(soon(t), recovery(t, c), mirror.KeepStream)
			var unproven *mirror.Unproven
			if !errors.As(err, &unproven) || unproven.Position != 50 || b.head() != 40 || state(t, b) != ledger.StateRestored {
				t.Fatal(err, b.head())
			}
		})
	}
}

// fragile is a ledger whose connection breaks at the second import.
type fragile struct {
	mirror.Ledger
	imports int
}

var errBroken = errors.New("the connection broke")

func (f *fragile) Import(ctx context.Context, events []ledger.Event) error {
	if f.imports++; f.imports == 2 {
		return errBroken
	}
	return f.Ledger.Import(ctx, events)
}

func TestAnInterruptedRecoveryIsCalledAgain(t *testing.T) {
	t.Parallel()
	b, c := mirrored(t, 900)
	b.restore(100)
	b.writeOn(5)
	c.Ledger = &fragile{Ledger: b.Postgres}
	r := recovery(t, c)
	if _, err := mirror.Recover(soon(t), r, mirror.KeepStream); !errors.Is(err, errBroken) {
		t.Fatal(err)
	}
	if state(t, b) != ledger.StateRestored || b.head() == 900 {
		t.Fatal("half a ledger is open")
	}
	if done := recovered(t, r, mirror.KeepStream); b.head() != 900 || state(t, b) != ledger.StateOpen || done.Lost != 0 {
		t.Fatal(done)
	}
	if len(lost(t, r)) != 5 {
		t.Fatal(lost(t, r))
	}
	c.Ledger = b.Postgres
	equal(t, c)
}

func TestNothingIsGivenUpWithoutAFileForIt(t *testing.T) {
	t.Parallel()
	b, c := mirrored(t, 40)
	b.restore(30)
	b.writeOn(5)
	r := recovery(t, c)
	if err := os.WriteFile(r.Lost, []byte("an earlier one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, keep := range []string{mirror.KeepLedger, mirror.KeepStream} {
		if _, err := mirror.Recover(soon(t), r, keep); !errors.Is(err, os.ErrExist) {
			t.Fatal(keep, err)
		}
	}
	if content, err := os.ReadFile(r.Lost); err != nil || string(content) != "an earlier one" || b.head() != 35 {
		t.Fatal(string(content), err, b.head())
	}
	if fork := compare(t, c).Fork; fork == nil || fork.Position != 31 {
		t.Fatal(fork)
	}
}

func TestARestoredLedgerOpensOnlyWhenItsStreamShowsThatNothingIsLost(t *testing.T) {
	t.Parallel()
	t.Run("equal", func(t *testing.T) {
		t.Parallel()
		b, c := mirrored(t, 40)
		b.restore(40)
		if err := mirror.Reopen(soon(t), c); err != nil || state(t, b) != ledger.StateOpen {
			t.Fatal(err)
		}
	})
	t.Run("longer", func(t *testing.T) {
		t.Parallel()
		b, c := mirrored(t, 40)
		b.restore(30)
		var fork *mirror.Fork
		if err := mirror.Reopen(soon(t), c); !errors.As(err, &fork) || state(t, b) != ledger.StateRestored {
			t.Fatal(err)
		}
		r := recovery(t, c)
		if done, err := mirror.AcceptLoss(soon(t), r); err != nil || done.Lost != 10 || done.Refilled != 30 {
			t.Fatal(done, err)
		}
		goesOn(t, b, c, r)
	})
	t.Run("shorter", func(t *testing.T) {
		t.Parallel()
		b, c := mirrored(t, 40)
		b.write(3, 50)
		b.restore(43)
		undecided(t, b, c)
	})
	t.Run("missing", func(t *testing.T) {
		t.Parallel()
		b, c := mirrored(t, 40)
		b.restore(40)
		c.Prefix = testkit.Prefix(t)
		undecided(t, b, c)
		if done, err := mirror.AcceptLoss(soon(t), recovery(t, c)); err != nil || done.Refilled != 40 || done.Lost != 0 || state(t, b) != ledger.StateOpen {
			t.Fatal(done, err)
		}
		equal(t, c)
	})
}

func undecided(t testing.TB, b *books, c mirror.Copies) {
	t.Helper()
	err := mirror.Reopen(soon(t), c)
	if !errors.Is(err, mirror.ErrUndecided) || !strings.Contains(err.Error(), "accept-loss") || state(t, b) != ledger.StateRestored {
		t.Fatal(err)
	}
}

func TestRecoverRefusesWhatItCannotDo(t *testing.T) {
	t.Parallel()
	b, c := mirrored(t, 4)
	if _, err := mirror.Recover(soon(t), recovery(t, c), "both"); !errors.Is(err, mirror.ErrKeep) {
		t.Fatal(err)
	}
	c.Prefix = testkit.Prefix(t)
	if _, err := mirror.Recover(soon(t), recovery(t, c), mirror.KeepStream); !errors.Is(err, mirror.ErrNoStream) || b.head() != 4 {
		t.Fatal(err)
	}
}
