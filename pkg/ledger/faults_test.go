package ledger_test

import (
	"context"
	stdbase64 "encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/ledger/conformance"
	"example.org/passerelle/pkg/testkit"
)

func base64(b []byte) string { return stdbase64.StdEncoding.EncodeToString(b) }
func newID() string          { return uuid.Must(uuid.NewV7()).String() }

// hold takes the ledger's lock as a frozen process would, until the answer is called.
func (s shelf) hold(t *testing.T, l *ledger.Postgres) (release func()) {
	t.Helper()
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", l.Lock()); err != nil {
		t.Fatal(err)
	}
	release = sync.OnceFunc(func() {
		if err := tx.Rollback(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(release)
	return release
}

// until waits for a condition that gives no signal.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
		<-time.After(time.Millisecond)
	}
}

// inOneGroup lets all the appends wait behind one that is under way, so that they are taken together.
func inOneGroup(t *testing.T, s shelf, l *ledger.Postgres, appends ...ledger.Append) []error {
	t.Helper()
	release := s.hold(t, l)
	answers := make([]error, len(appends))
	first := make(chan struct{})
	go func() {
		defer close(first)
		_, _ = l.Append(ctx, one("shelf:first", 1))
	}()
	until(t, "the first is under way", func() bool { return waitingForLock(t, s) })
	go func() {
		until(t, "all wait", func() bool { return l.Waiting() == len(appends) })
		release()
	}()
	together(len(appends), func(i int) { _, answers[i] = l.Append(ctx, appends[i]) })
	<-first
	return answers
}

func waitingForLock(t *testing.T, s shelf) (waits bool) {
	t.Helper()
	err := s.pool.QueryRow(ctx, `select exists (select from pg_stat_activity where application_name = $1 and wait_event = 'advisory')`,
		"passerelle ledger "+s.schema).Scan(&waits)
	if err != nil {
		t.Fatal(err)
	}
	return waits
}

func TestTwinsInOneGroupHarmNoNeighbour(t *testing.T) {
	t.Parallel()
	s := setup(t)
	l := s.open(t)
	var appends []ledger.Append
	for i := range 8 {
		stream, tag, twin := one("book:1", 1), one(fmt.Sprintf("tagged:%d", i), 1), one(fmt.Sprintf("keyed:%d", i), 1)
		tag.Take, twin.Key = []string{"tag:A"}, key("twin")
		appends = append(appends, stream, tag, twin, one(fmt.Sprintf("neighbour:%d", i), 1))
	}
	counts := map[string]int{}
	for i, err := range inOneGroup(t, s, l, appends...) {
		kind := []string{"stream", "claim", "key", "neighbour"}[i%4]
		var claimed *ledger.Claimed
		switch {
		case err == nil:
			counts[kind]++
		case kind == "stream" && errors.Is(err, ledger.ErrConflict):
		case kind == "claim" && errors.As(err, &claimed):
		default:
			t.Errorf("%s: %v", kind, err)
		}
	}
	if want := (map[string]int{"stream": 1, "claim": 1, "key": 8, "neighbour": 8}); fmt.Sprint(counts) != fmt.Sprint(want) {
		t.Errorf("answered well: %v, not %v", counts, want)
	}
	if all := rows(t, l); len(all) != 1+1+1+1+8 {
		t.Errorf("%d rows", len(all))
	} else if err := conformance.CheckRows(all); err != nil {
		t.Error(err)
	}
}

func TestOnlyTheGuiltyOneOfAGroupFails(t *testing.T) {
	t.Parallel()
	s := setup(t)
	l := s.open(t)
	// Something the appender knows nothing of, so that it has to find out who is guilty.
	if _, err := s.pool.Exec(ctx, "alter table "+s.schema+".event add check (stream <> 'book:7')"); err != nil {
		t.Fatal(err)
	}
	var appends []ledger.Append
	for i := range 20 {
		appends = append(appends, one(fmt.Sprintf("book:%d", i), 1))
	}
	for i, err := range inOneGroup(t, s, l, appends...) {
		if guilty := i == 7; guilty != (err != nil) {
			t.Errorf("book %d: %v", i, err)
		}
	}
	if err := conformance.CheckRows(rows(t, l)); err != nil {
		t.Error(err)
	}
}

func TestWhatCannotBeToldHarmsNoNeighbour(t *testing.T) {
	t.Parallel()
	s := setup(t)
	l := s.open(t)
	together(64, func(w int) {
		bad := one(fmt.Sprintf("bad:%d", w), 1)
		bad.Facts[0].Data = []byte([]string{"\"\x00\"", "\"\xff\"", `"\u0000"`, `"` + strings.Repeat("x", ledger.MaxBytes) + `"`}[w%4])
		if _, err := l.Append(ctx, bad); err == nil {
			t.Errorf("writer %d told what cannot be told", w)
		}
		if _, err := l.Append(ctx, one(fmt.Sprintf("good:%d", w), 1)); err != nil {
			t.Errorf("neighbour %d: %v", w, err)
		}
	})
}

func TestAFrozenLockDelaysAndNothingElse(t *testing.T) {
	t.Parallel()
	s := setup(t)
	l := s.open(t)
	release := s.hold(t, l)
	thawed := time.AfterFunc(2500*time.Millisecond, release) // longer than lock_timeout: asked again
	defer thawed.Stop()
	patient, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if _, err := l.Append(patient, one("book:1", 1)); err != nil {
		t.Fatal(err)
	}
}

func TestWhoCannotWaitIsToldSoAndNothingIsHalfDone(t *testing.T) {
	t.Parallel()
	s := setup(t)
	l := s.open(t)
	release := s.hold(t, l)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	asked := ledger.Append{Facts: []ledger.Fact{conformance.Fact("book:1", 1), conformance.Fact("book:1", 2)}, Key: key("k")}
	if _, err := l.Append(short, asked); !errors.Is(err, ledger.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("answered %v", err)
	}
	release()
	if done := must(t, l, asked)[0]; done.Last != 2 {
		t.Fatalf("asked again under the same key: %+v", done)
	}
	if all := rows(t, l); len(all) != 2 {
		t.Fatalf("%d rows", len(all))
	}
}

func TestKilledConnectionsLoseNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	s := setup(t)
	config, err := pgxpool.ParseConfig(testkit.Postgres(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.RuntimeParams["application_name"] = "passerelle ledger " + s.schema
	if config.MaxConns < 4 {
		config.MaxConns = 4
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	processes := shelf{pool, s.schema}
	sides := [2]ledger.Ledger{processes.open(t), processes.open(t)}
	var journal conformance.Journal
	killer, cancel := context.WithCancel(ctx)
	var strikes, killed atomic.Int64
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		before := 0
		for tick := time.NewTicker(50 * time.Millisecond); ; {
			select {
			case <-killer.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
			now := journal.Len()
			if now == before {
				continue // let a slow machine connect again first
			}
			before = now
			tag, err := s.pool.Exec(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", "passerelle ledger "+s.schema)
			if err != nil {
				t.Error(err)
			}
			strikes.Add(1)
			killed.Add(tag.RowsAffected())
		}
	}()
	together(32, func(w int) {
		for i := 0; strikes.Load() < 25; i++ {
			k := key(fmt.Sprintf("w%d-%d", w, i))
			patient, done := context.WithTimeout(ctx, 60*time.Second)
			a := one(fmt.Sprintf("book:%d-%d", w, i), 1)
			a.Key = k
			if stored, err := sides[w%2].Append(patient, a); err != nil {
				t.Errorf("writer %d: %v", w, err)
			} else {
				journal.Note(k, stored[0])
			}
			done()
		}
	})
	cancel()
	<-ended
	all := rows(t, sides[0])
	if err := journal.Check(all); err != nil {
		t.Fatal(err)
	}
	if journal.Len() != len(all) {
		t.Fatalf("%d answers, %d rows", journal.Len(), len(all))
	}
	t.Logf("%d connections killed, %d appends", killed.Load(), len(all))
}

func TestRecordedTimeNeverGoesBack(t *testing.T) {
	t.Parallel()
	noon := time.Date(2030, 5, 4, 12, 0, 0, 0, time.UTC)
	for name, open := range map[string]func(clock.Clock) ledger.Ledger{
		"memory":   func(c clock.Clock) ledger.Ledger { return ledger.NewMemory("library", c) },
		"postgres": func(c clock.Clock) ledger.Ledger { return setup(t).open(t, func(o *ledger.Config) { o.Clock = c }) },
	} {
		c := clock.At(noon)
		l := open(c)
		must(t, l, one("book:1", 1))
		c.Set(noon.Add(-time.Hour))
		must(t, l, one("book:1", 2))
		c.Set(noon.Add(time.Minute))
		must(t, l, one("book:1", 3))
		for i, want := range []time.Time{noon, noon, noon.Add(time.Minute)} {
			if got := rows(t, l)[i].Recorded; !got.Equal(want) {
				t.Errorf("%s: event %d recorded at %s, not %s", name, i+1, got, want)
			}
		}
	}
}

func TestCommitsAreToldInTheirOrderBeforeTheCallers(t *testing.T) {
	t.Parallel()
	var told atomic.Int64
	l := setup(t).open(t, func(c *ledger.Config) {
		c.OnCommit = func(events []ledger.Event) {
			for _, e := range events {
				if !told.CompareAndSwap(e.Position-1, e.Position) {
					t.Errorf("told of position %d after %d", e.Position, told.Load())
				}
			}
		}
	})
	together(32, func(w int) {
		for i := range 20 {
			if done := must(t, l, one(fmt.Sprintf("book:%d", w), i+1))[0]; told.Load() < done.Last {
				t.Errorf("position %d was answered before it was told", done.Last)
			}
		}
	})
}

func TestClosingCommitsWhatIsPending(t *testing.T) {
	t.Parallel()
	s := setup(t)
	l := s.open(t)
	release := s.hold(t, l)
	answers := make(chan error, 16)
	ask := func(i int) {
		_, err := l.Append(ctx, one(fmt.Sprintf("book:%d", i), 1))
		answers <- err
	}
	go ask(0)
	until(t, "the first is under way", func() bool { return waitingForLock(t, s) })
	for i := range cap(answers) - 1 {
		go ask(i + 1)
	}
	until(t, "the others wait", func() bool { return l.Waiting() == cap(answers)-1 })
	hurried, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	closed := make(chan error)
	go func() { closed <- l.Close(ctx) }()
	<-hurried.Done()
	release()
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	for range cap(answers) {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if _, err := l.Append(ctx, one("book:late", 1)); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("answered %v after the end", err)
	}
}
