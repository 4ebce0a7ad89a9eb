package accesslog_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/accesslog"
)

// everyOne wants each acknowledged request to be there once.
func (b *book) everyOne(writers, each int, refused ...string) {
	b.t.Helper()
	seen := map[string]int{}
	for _, r := range b.read(accesslog.Filter{}) {
		seen[r.RequestID]++
	}
	for w := range writers {
		for i := range each {
			request := fmt.Sprintf("%d-%d", w, i)
			if n := seen[request]; n != 1 && (n > 1 || !slices.Contains(refused, request)) {
				b.t.Errorf("request %d of writer %d is there %d times", i, w, n)
			}
		}
	}
}

// numbered is the access of one request, in two rows.
func numbered(w, i int) []accesslog.Entry {
	first, second := opened("advisor-34", fmt.Sprint("p", w)), opened("advisor-34", "p0")
	first.RequestID, second.RequestID = fmt.Sprintf("%d-%d", w, i), fmt.Sprintf("%d-%d-again", w, i)
	return []accesslog.Entry{first, second}
}

func TestSixtyFourWritersAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	together(64, func(w int) {
		for i := range 20 {
			b.write(l, numbered(w, i)...)
		}
	})
	b.everyOne(64, 20)
	if rows := b.holds(); rows != 2*64*20 {
		t.Error(rows, "rows")
	}
}

func TestTwoProcessesOfOneServiceAndOneOfAnotherGoOverAMonthsEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	logs := []*accesslog.Log{b.open("projections"), b.open("projections"), b.open("detection")}
	b.clock.Set(time.Date(2021, 11, 30, 22, 59, 59, 0, time.UTC)) // a second before December in Paris
	together(48, func(w int) {
		for i := range 20 {
			if w == 0 && i == 10 {
				b.clock.Set(time.Date(2021, 11, 30, 23, 0, 0, 0, time.UTC))
			}
			b.write(logs[w%3], numbered(w, i)...)
		}
	})
	for _, l := range logs {
		b.write(l, opened("advisor-34", "p1"))
	}
	b.everyOne(48, 20)
	report, err := b.Verify(ctx)
	if err != nil || report.Rows != 2*48*20+3 || len(report.Heads) != 4 {
		t.Fatal(report, err)
	}
	for _, h := range report.Heads {
		if (h.Month == "2021-11") != (h.Closed != nil) {
			t.Error(h.Service, h.Month, h.Closed)
		}
	}
}

func TestAClockThatIsBehindWritesIntoTheNewestMonth(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	b.clock.Set(noon.AddDate(0, 1, 0))
	b.write(l, opened("advisor-34", "p1"))
	b.clock.Set(noon)
	b.write(l, opened("advisor-34", "p1"))
	b.write(b.open("projections"), opened("advisor-34", "p1"))
	rows := b.read(accesslog.Filter{})
	if len(rows) != 3 || rows[0].Month != "2021-12" || rows[0].At.Before(rows[2].At) {
		t.Error(rows)
	}
	b.holds()
}

func TestConnectionsThatDieUnderTheWriterLoseNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	logs := []*accesslog.Log{b.open("mortal-" + b.config.Schema), b.open("mortal-" + b.config.Schema)}
	var killed atomic.Int64
	kill := func() {
		var n int64
		err := b.pool.QueryRow(ctx, `select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1) k`,
			"passerelle access log mortal-"+b.config.Schema).Scan(&n)
		if err != nil {
			t.Error(err)
		}
		killed.Add(n)
	}
	var (
		mu      sync.Mutex
		refused []string // whose caller was told to come again
	)
	together(32, func(w int) {
		for i := range 20 {
			if w < 2 {
				kill()
			}
			if err := logs[w%2].Write(ctx, numbered(w, i)...); err != nil {
				mu.Lock()
				refused = append(refused, fmt.Sprintf("%d-%d", w, i))
				mu.Unlock()
			}
		}
	})
	if killed.Load() == 0 || len(refused) > 320 {
		t.Errorf("%d connections were killed, %d of 640 writes refused", killed.Load(), len(refused))
	}
	b.everyOne(32, 20, refused...)
	b.holds()
}

func TestAGroupThatIsRolledBackLeavesTheChainWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	b.write(l, opened("advisor-34", "p1"))
	if err := b.sql(`create function bad() returns trigger language plpgsql as $f$ begin if new.actor = 'bad' then raise 'no'; end if; return new; end $f$;
		create trigger bad before insert on entry for each row execute function bad()`); err != nil {
		t.Fatal(err)
	}
	if err := l.Write(ctx, opened("advisor-34", "p2"), opened("bad", "p2")); !errors.Is(err, accesslog.ErrAway) {
		t.Fatal(err)
	}
	b.write(l, opened("advisor-34", "p3"))
	if rows := b.read(accesslog.Filter{}); len(rows) != 2 || b.holds() != 2 {
		t.Error(rows)
	}
}

func TestWithoutPostgresAWriteFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	config, err := pgxpool.ParseConfig("postgres:///nothing?host=/nowhere&connect_timeout=1")
	if err != nil {
		t.Fatal(err)
	}
	away, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(away.Close)
	l := accesslog.Open(away, b.config, "projections")
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if err := l.Write(short, opened("advisor-34", "p1")); !errors.Is(err, accesslog.ErrAway) {
		t.Fatal(err)
	}
	if err := l.Close(ctx); err != nil {
		t.Error(err)
	}
	if err := l.Write(ctx, opened("advisor-34", "p1")); !errors.Is(err, accesslog.ErrAway) {
		t.Error(err)
	}
}
