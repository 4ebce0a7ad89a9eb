package projections

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/testkit"
)

// order says whose fact is heard next.
type order []string

// inTurn hears one service wholly after the other.
func (w *world) inTurn(services ...string) (o order) {
	for _, s := range services {
		for range w.told[s] {
			o = append(o, s)
		}
	}
	return o
}

func (w *world) shuffled(swap func(n int, swap func(i, j int))) order {
	o := w.inTurn(services...)
	swap(len(o), func(i, j int) { o[i], o[j] = o[j], o[i] })
	return o
}

// boards makes two sets of tables.
func boards(t testing.TB, pool *pgxpool.Pool) (schemas [2]string) {
	t.Helper()
	control := testkit.Schema(t)
	if err := errors.Join(projection.Provision(context.Background(), pool, control), engine.ProvisionReader(context.Background(), pool, control)); err != nil {
		t.Fatal(err)
	}
	for i := range schemas {
		schemas[i] = testkit.Schema(t)
		quoted := pgx.Identifier{schemas[i]}.Sanitize()
		if _, err := pool.Exec(context.Background(), "create schema "+quoted+"; set search_path = "+quoted+"; "+tables+"; reset search_path"); err != nil {
			t.Fatal(err)
		}
	}
	return schemas
}

// fill applies a world in some order to empty tables.
func fill(t rapid.TB, pool *pgxpool.Pool, schema string, w *world, o order, apply func(entry) error) {
	t.Helper()
	var batch projection.Batch
	for _, table := range []string{"person", "consent", "link", "flag", "referral", "session", "item", "loan", "history", "provider", "contact", "call", "help_act"} {
		batch.Queue(engine.In(schema, "delete from model."+table))
	}
	heard := map[string]int{}
	for _, service := range o {
		f := w.told[service][heard[service]]
		heard[service]++
		h := projection.Heard{Service: service, Fact: f, Event: ledger.Event{
			Position: int64(heard[service]), Version: heard[service], Stream: f.Stream(), Name: events.Name(f),
		}}
		if err := apply(entry{&batch, schema, h}); err != nil {
			t.Fatal(err)
		}
	}
	batch.Flush()
	if err := pool.SendBatch(context.Background(), &batch.Batch).Close(); err != nil {
		t.Fatal(err)
	}
}

// differ fills two boards and gives the first row in which they differ.
func differ(t rapid.TB, pool *pgxpool.Pool, schemas [2]string, w *world, one, other order, apply func(entry) error) *projection.Difference {
	t.Helper()
	fill(t, pool, schemas[0], w, one, apply)
	fill(t, pool, schemas[1], w, other, apply)
	d, err := projection.Compare(context.Background(), pool, schemas[0], schemas[1])
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhoIsHeardFirstChangesNothing(t *testing.T) {
	t.Parallel()
	pool := testkit.Pool(t)
	schemas := boards(t, pool)
	rapid.Check(t, func(t *rapid.T) {
		w := aHistory(t)
		seed := rapid.Uint64().Draw(t, "order")
		other := w.shuffled(rand.New(rand.NewPCG(seed, 0)).Shuffle) // not a secret
		if d := differ(t, pool, schemas, w, w.inTurn(services...), other, entry.apply); d != nil {
			t.Fatalf("%s\nheard in the order %v", d, other)
		}
	})
}

func TestAServiceThatIsHeardLastChangesNothing(t *testing.T) {
	t.Parallel()
	pool := testkit.Pool(t)
	schemas := boards(t, pool)
	rapid.Check(t, func(t *rapid.T) {
		w := aHistory(t)
		late := rapid.SampledFrom(services).Draw(t, "late")
		rest := slices.DeleteFunc(Services(), func(s string) bool { return s == late })
		if d := differ(t, pool, schemas, w, w.inTurn(services...), w.inTurn(append(rest, late)...), entry.apply); d != nil {
			t.Fatalf("%s while %s is late", d, late)
		}
	})
}

// Each planted fault is a way of writing that works while services are heard in their usual order.
func TestPlantedFaultsOfOrderAreFound(t *testing.T) {
	t.Parallel()
	for name, planted := range map[string]func(entry) error{
		"a session that expects the referral's row": func(e entry) error {
			if f, ok := e.Fact.(events.SeatRequested); ok {
				e.write(`update model.referral set seat = 'asked', seat_session = $2, answer_by = $3 where id = $1`, f.ReferralID, f.SessionID, f.AnswerBy)
				return nil
			}
			return e.apply()
		},
		"a column that two services write": func(e entry) error {
			if f, ok := e.Fact.(events.SeatTaken); ok {
				e.write(`update model.flag set help = 'seated' where id = $1`, f.FlagID)
			}
			return e.apply()
		},
		"a row that reads another service's row": func(e entry) error {
			if f, ok := e.Fact.(events.TabletKept); ok {
				e.write(`insert into model.history (service, position, at, what, about) select 'late', $1, $2, 'x', r.desk from model.referral r where r.id = $3`,
					e.Position, f.At, f.ReferralID)
			}
			return e.apply()
		},
		"a number that counts who comes": func(e entry) error {
			if _, ok := e.Fact.(events.PersonRegistered); ok {
				e.write(`insert into model.history (service, position, at, what) select 'late', $1, '2021-11-15', count(*)::text from model.referral`, e.Position)
			}
			return e.apply()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := testkit.Pool(t)
			schemas := boards(t, pool)
			history := rapid.Custom(aHistory)
			for seed := range 40 {
				w := history.Example(seed)
				other := w.shuffled(rand.New(rand.NewPCG(uint64(seed), 0)).Shuffle) // not a secret
				if differ(t, pool, schemas, w, w.inTurn(services...), other, planted) != nil {
					return
				}
			}
			t.Fatal("not found")
		})
	}
}

// ofNobody are the facts that name neither a person nor a flag: the board has nothing to show of them.
var ofNobody = []string{
	"detection.campaign-opened.v1", "detection.observation-told.v1", "detection.observation-corrected.v1", "detection.observations-published.v1",
	"detection.campaign-ended.v1", "detection.campaign-closed.v1", "detection.refusal-counted.v1", "detection.enquiry-counted.v1",
	"detection.validation-begun.v1", "detection.flags-validated.v1",
}

// TestEveryFactIsWritten: a fact that is in the catalogue and heard here is not passed over.
func TestEveryFactIsWritten(t *testing.T) {
	t.Parallel()
	for _, name := range events.Names() {
		if !slices.Contains(services, events.Service(name)) || slices.Contains(ofNobody, name) {
			continue
		}
		fact, err := events.Decode(name, []byte("{}"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if rows, ok := fact.(events.ObservationsPublished); ok {
			rows.Rows = make([]events.Observation, 1)
			fact = rows
		}
		var batch projection.Batch
		err = entry{&batch, "b", projection.Heard{Fact: fact}}.apply()
		batch.Flush()
		if other := (projection.Batch{}); observe(&other, projection.Heard{Fact: fact}) == nil && other.Len() > 0 {
			continue // it is for the observatory
		}
		if err != nil || batch.Len() == 0 {
			t.Errorf("%s writes nothing: %v", name, err)
		}
		for _, q := range batch.QueuedQueries {
			if strings.Contains(q.SQL, "model.") {
				t.Errorf("%s writes outside its generation: %s", name, q.SQL)
			}
		}
	}
}
