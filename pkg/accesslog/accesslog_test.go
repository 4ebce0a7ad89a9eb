package accesslog_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	ctx  = context.Background()
	noon = time.Date(2021, 11, 15, 11, 0, 0, 0, time.UTC)
)

// book is the empty log of a test, which several processes may open.
type book struct {
	*accesslog.Archive
	t      testing.TB
	pool   *pgxpool.Pool
	config accesslog.Config
	clock  *clock.Manual
}

func setup(t testing.TB) *book {
	t.Helper()
	b := &book{t: t, pool: testkit.Pool(t), clock: clock.At(noon)}
	b.config = accesslog.Config{Schema: testkit.Schema(t), Key: []byte("an invented key"), Clock: b.clock}
	for range 2 {
		if err := accesslog.Provision(ctx, b.pool, b.config.Schema); err != nil {
			t.Fatal(err)
		}
	}
	b.Archive = accesslog.NewArchive(b.pool, b.config)
	return b
}

// open opens the log of a service as one more process would.
func (b *book) open(service string) *accesslog.Log {
	l := accesslog.Open(b.pool, b.config, service)
	b.t.Cleanup(func() {
		if err := l.Close(ctx); err != nil {
			b.t.Error(err)
		}
	})
	return l
}

// opened is somebody who looks at somebody.
func opened(actor string, persons ...string) accesslog.Entry {
	return accesslog.Entry{
		Actor: actor, Role: "advisor", Fund: "lr", Purpose: "follow-up", Action: accesslog.Read, What: "getFlag",
		Resource: "flag:f1", Subjects: persons, RequestID: "r1",
	}
}

func (b *book) write(l *accesslog.Log, entries ...accesslog.Entry) {
	b.t.Helper()
	if err := l.Write(ctx, entries...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) read(f accesslog.Filter) []accesslog.Row {
	b.t.Helper()
	rows, err := b.Read(ctx, f, nil, 10_000)
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

// holds wants every chain to verify, and gives how many rows there are.
func (b *book) holds() int64 {
	b.t.Helper()
	report, err := b.Verify(ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	return report.Rows
}

// sql changes the tables behind the log's back.
func (b *book) sql(statements ...string) error {
	b.t.Helper()
	for _, sql := range statements {
		if _, err := b.pool.Exec(ctx, b.in(sql)); err != nil {
			return err
		}
	}
	return nil
}

func (b *book) in(sql string) string {
	return "set search_path = " + pgx.Identifier{b.config.Schema}.Sanitize() + "; " + sql
}

func TestWhatIsWrittenIsReadNewestFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	b.write(l, opened("advisor-34", "p1", "p2"))
	b.clock.Set(noon.Add(time.Minute))
	search := accesslog.Entry{Actor: "advisor-11", Fund: "lr", Purpose: "follow-up", Action: accesslog.Search, What: "searchPersons", Subjects: []string{"p2"}, Fields: []string{"family_name", "phone"}}
	b.write(l, search)
	b.clock.Set(noon.Add(2 * time.Minute))
	refused := accesslog.Entry{Actor: "advisor-58", Fund: "bfc", Purpose: "follow-up", Action: accesslog.Refused, What: "getPerson", Resource: "person:p1"}
	b.write(l, refused)

	all := b.read(accesslog.Filter{})
	if len(all) != 3 || all[0].What != "getPerson" || all[1].Fields[1] != "phone" || all[2].Subjects[1] != "p2" || !all[2].At.Equal(noon) || all[2].Service != "projections" {
		t.Fatalf("%+v", all)
	}
	for name, c := range map[string]struct {
		filter accesslog.Filter
		rows   int
	}{
		"a person, and who was refused": {accesslog.Filter{Person: "p1"}, 2},
		"a person of a search":          {accesslog.Filter{Person: "p2"}, 2},
		"an account":                    {accesslog.Filter{Actor: "advisor-34"}, 1},
		"a fund":                        {accesslog.Filter{Fund: "lr"}, 2},
		"from":                          {accesslog.Filter{From: noon.Add(time.Minute)}, 2},
		"to":                            {accesslog.Filter{To: noon.Add(time.Minute)}, 1},
		"all of it":                     {accesslog.Filter{Person: "p2", Actor: "advisor-11", Fund: "lr", From: noon, To: noon.Add(time.Hour)}, 1},
		"nobody":                        {accesslog.Filter{Person: "p3"}, 0},
	} {
		if rows := b.read(c.filter); len(rows) != c.rows {
			t.Errorf("%s: %d rows, want %d", name, len(rows), c.rows)
		}
	}
	if b.holds() != 3 {
		t.Error("not three rows")
	}
}

func TestPagesMissNothingAndDoubleNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 7 { // at one moment, in two chains
		b.write(b.open([]string{"projections", "detection"}[i%2]), opened(fmt.Sprint("a", i), "p1"))
	}
	seen := map[string]bool{}
	var after *accesslog.Place
	for {
		rows, err := b.Read(ctx, accesslog.Filter{Person: "p1"}, after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if seen[r.Actor] {
				t.Error(r.Actor, "twice")
			}
			seen[r.Actor] = true
		}
		if len(rows) < 2 {
			break
		}
		place := rows[1].Place()
		after = &place
	}
	if len(seen) != 7 {
		t.Error(seen)
	}
}

func TestALogHoldsNoWords(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	for name, change := range map[string]func(*accesslog.Entry){
		"a name as subject":   func(e *accesslog.Entry) { e.Subjects = []string{"Camille Exemple"} },
		"a separator":         func(e *accesslog.Entry) { e.Subjects = []string{"p1,p2"} },
		"an empty subject":    func(e *accesslog.Entry) { e.Subjects = []string{""} },
		"a word as field":     func(e *accesslog.Entry) { e.Fields = []string{"Éxemple"} },
		"an unknown action":   func(e *accesslog.Entry) { e.Action = "looked" },
		"no operation":        func(e *accesslog.Entry) { e.What = "" },
		"a NUL":               func(e *accesslog.Entry) { e.Actor = "a\x00" },
		"half of a character": func(e *accesslog.Entry) { e.Role = "\xc3" },
	} {
		e := opened("advisor-34", "p1")
		change(&e)
		if err := l.Write(ctx, opened("advisor-34", "p1"), e); !errors.Is(err, accesslog.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(b.read(accesslog.Filter{})) != 0 {
		t.Error("half of a call was written")
	}
}

func TestWhoWasSeenLast(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	b.write(l, opened("advisor-34", "p1"), opened("advisor-11", "p1"))
	later := noon.AddDate(0, 2, 0)
	b.clock.Set(later)
	b.write(l, opened("advisor-34", "p1"))
	seen, err := b.LastSeen(ctx, []string{"advisor-34", "advisor-11", "advisor-99"})
	if err != nil || len(seen) != 2 || !seen["advisor-34"].Equal(later) || !seen["advisor-11"].Equal(noon) {
		t.Error(seen, err)
	}
}

func TestBusyLookUpsAreThoseThatLedToNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	open := func(actor string, persons ...string) {
		for _, p := range persons {
			b.write(l, opened(actor, p))
		}
	}
	open("curious", "p1", "p2", "p2", "p3")
	open("worker", "p1", "p2", "p3")
	open("calm", "p1", "p2")
	wrote, elsewhere := opened("worker", "p1"), opened("elsewhere", "p1")
	wrote.Action, elsewhere.Fund = accesslog.Write, "bfc"
	b.write(l, wrote, elsewhere, opened("lists", "p1", "p2", "p3", "p4"))
	for fund, want := range map[string]string{"lr": "curious", "": "curious"} {
		busy, err := b.BusyLookups(ctx, fund, noon, noon.Add(time.Hour), 3)
		if err != nil || len(busy) != 1 || busy[0] != (accesslog.Busy{Actor: want, Role: "advisor", Opened: 3}) {
			t.Error(busy, err)
		}
	}
	if busy, err := b.BusyLookups(ctx, "bfc", noon, noon.Add(time.Hour), 1); err != nil || len(busy) != 1 || busy[0].Actor != "elsewhere" {
		t.Error(busy, err)
	}
}

// together starts all at once and waits for all.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}
