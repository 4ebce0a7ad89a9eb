package funding

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/funding/domain"
)

const (
	decisions = 100
	each      = 1_000_00
	room      = 40 * each
)

type (
	evolving = func(domain.Budget, events.Funding) domain.Budget
	deciders = []*decider.Decider[domain.Budget, events.Funding]
)

// processes are two services on one ledger.
func processes(t *testing.T, evolve evolving) (list deciders, book ledger.Ledger) {
	t.Helper()
	ctx, pool, schema := t.Context(), testkit.Pool(t), testkit.Schema(t)
	if err := ledger.Provision(ctx, pool, schema, Name); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		l, err := ledger.Open(ctx, pool, ledger.Config{Schema: schema, Service: Name, ChainKey: []byte("an invented key")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close(context.Background()) })
		list, book = append(list, decider.New(l, plainly{}, decider.Aggregate[domain.Budget, events.Funding]{Kind: "budget", Evolve: evolve})), l
	}
	return list, book
}

// plainly stores facts as they are: there are no details in these.
type plainly struct{}

func (plainly) Encode(_ context.Context, f events.Fact) ([]byte, error) {
	return events.Encode(f, func(events.Details) error { return nil })
}

func (plainly) Decode(_ context.Context, e ledger.Event) (events.Fact, error) {
	return events.Decode(e.Name, e.Data, nil)
}

// rush has a hundred decisions taken at once, in two processes, and gives how many were taken and what the ledger then
// has committed.
func rush(t *testing.T, evolve evolving) (taken, committed int) {
	t.Helper()
	d, book := processes(t, evolve)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	act := domain.Act{Fund: "carsat-lr", By: "funding-lr"}
	if _, err := d[0].Handle(ctx, act.Fund, domain.OpenEnvelope{Act: act, ID: "e", Source: "regional", From: "2021-01-01", AmountCents: room}, decider.Call[domain.Budget]{}); err != nil {
		t.Fatal(err)
	}
	var all errgroup.Group
	var yes atomic.Int64
	for n := range decisions {
		all.Go(func() error {
			_, err := d[n%2].Handle(ctx, act.Fund, domain.TakeDecision{
				Act: act, ID: fmt.Sprint("d", n), Date: "2021-05-06", TotalCents: each,
				Lines: []events.DecisionLine{{Label: "Exemple", AmountCents: each - 1, EnvelopeID: "e"}, {Label: "Exemple", AmountCents: 1, Source: "regional"}},
			}, decider.Call[domain.Budget]{})
			if err == nil {
				yes.Add(1)
			} else if errors.Is(err, domain.ErrExceeded) {
				err = nil
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	stored, err := book.Load(ctx, "budget:"+act.Fund, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range stored {
		fact, err := plainly{}.Decode(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		if told, ok := fact.(events.FundingDecided); ok {
			for _, line := range told.Lines {
				committed += line.AmountCents
			}
		}
	}
	return int(yes.Load()), committed
}

func TestAHundredDecisionsAtOnceNeverPassTheEnvelope(t *testing.T) {
	t.Parallel()
	if taken, committed := rush(t, domain.Evolve); taken != room/each || committed != room {
		t.Errorf("%d decisions, %d cents of %d", taken, committed, room)
	}
}

func TestABudgetThatForgetsADecisionIsFoundOut(t *testing.T) {
	t.Parallel()
	forgets := func(b domain.Budget, f events.Funding) domain.Budget {
		if d, ok := f.(events.FundingDecided); ok && d.DecisionID[len(d.DecisionID)-1] >= '6' {
			return b
		}
		return domain.Evolve(b, f)
	}
	if _, committed := rush(t, forgets); committed <= room {
		t.Errorf("%d cents of %d: the fault is not seen", committed, room)
	}
}
