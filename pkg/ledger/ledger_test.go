package ledger_test

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/ledger/conformance"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var (
	ctx = context.Background()
	one = conformance.One
	key = conformance.Key
)

// shelf is an empty ledger of a test, which several processes may open.
type shelf struct {
	pool   *pgxpool.Pool
	schema string
}

func setup(t testing.TB) shelf {
	t.Helper()
	s := shelf{testkit.Pool(t), testkit.Schema(t)}
	if err := ledger.Provision(ctx, s.pool, s.schema, "library"); err != nil {
		t.Fatal(err)
	}
	return s
}

// open opens the ledger as one more process would.
func (s shelf) open(t testing.TB, change ...func(*ledger.Config)) *ledger.Postgres {
	t.Helper()
	c := ledger.Config{Schema: s.schema, Service: "library", ChainKey: []byte("an invented key")}
	for _, f := range change {
		f(&c)
	}
	l, err := ledger.Open(ctx, s.pool, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return l
}

func TestMemoryIsALedger(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(*testing.T) ledger.Ledger { return ledger.NewMemory("library", nil) })
}

func TestPostgresIsALedger(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t *testing.T) ledger.Ledger { return setup(t).open(t) })
}

func rows(t testing.TB, l ledger.Ledger) []ledger.Event {
	t.Helper()
	all, err := l.Read(ctx, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func must(t testing.TB, l ledger.Ledger, appends ...ledger.Append) []ledger.Appended {
	t.Helper()
	done, err := l.Append(ctx, appends...)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// together starts all at once and waits for all.
func together(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}
