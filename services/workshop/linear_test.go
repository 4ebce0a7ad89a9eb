package workshop

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/workshop/domain"
)

const (
	histories = 200
	clients   = 5
	actsEach  = 5
)

// onPaper is the model as porcupine wants it.
var onPaper = porcupine.Model{
	Init: func() any { return model{capacity: 2} },
	Step: func(state, input, output any) (bool, any) {
		next, want := state.(model).do(input.(act))
		got := output.(said)
		if got.refused != "" || want.refused != "" {
			return got.refused == want.refused, next
		}
		return got == want, next
	},
	Equal: func(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) },
}

type deciders = []*decider.Decider[domain.Workshop, events.Workshop]

// processes are two services on one ledger.
func processes(t *testing.T) (list deciders) {
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
		list = append(list, decider.New(l, plainly{}, decider.Aggregate[domain.Workshop, events.Workshop]{Kind: "session", Evolve: domain.Evolve}))
	}
	return list
}

// plainly stores facts as they are: there are no details in these.
type plainly struct{}

func (plainly) Encode(_ context.Context, f events.Fact) ([]byte, error) {
	return events.Encode(f, func(events.Details) error { return nil })
}

func (plainly) Decode(_ context.Context, e ledger.Event) (events.Fact, error) {
	return events.Decode(e.Name, e.Data, nil)
}

// started plans the session of a history.
type started struct{ events.SessionPlanned }

func (s started) Decide(domain.Workshop) ([]events.Workshop, error) {
	return []events.Workshop{s.SessionPlanned}, nil
}

// planting changes what a rule tells.
type planting struct {
	domain.Decision

	plant func([]events.Workshop) []events.Workshop
}

func (p planting) Decide(w domain.Workshop) ([]events.Workshop, error) {
	facts, err := p.Decision.Decide(w)
	return p.plant(facts), err
}

// happen has several people do things at once, and writes down what each asked, was told, and when.
func happen(ctx context.Context, d deciders, n int, plant func([]events.Workshop) []events.Workshop) (history []porcupine.Operation, err error) {
	session := fmt.Sprintf("s%d", n)
	if _, err := d[0].Handle(ctx, session, started{plannedWith(session, 2)}, decider.Call[domain.Workshop]{}); err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var all errgroup.Group
	for client := range clients {
		random := rand.New(rand.NewPCG(uint64(n), uint64(client)))
		all.Go(func() error {
			for range actsEach {
				a := anyAct(random.IntN, 6)
				one := porcupine.Operation{ClientId: client, Input: a, Call: time.Now().UnixNano()}
				output, err := do(ctx, d[client%len(d)], session, a, plant)
				if err != nil {
					return err
				}
				one.Output, one.Return = output, time.Now().UnixNano()
				mu.Lock()
				history = append(history, one)
				mu.Unlock()
			}
			return nil
		})
	}
	return history, all.Wait()
}

func do(ctx context.Context, d *decider.Decider[domain.Workshop, events.Workshop], session string, a act, plant func([]events.Workshop) []events.Workshop) (said, error) {
	command := a.command(session)
	if plant != nil {
		command = planting{command, plant}
	}
	done, err := d.Handle(ctx, session, command, decider.Call[domain.Workshop]{Answer: func(w domain.Workshop, _ int) any {
		return kept(answerOf(w, a.who))
	}})
	if code := codeOf(err); code != "" {
		return said{refused: code}, nil
	}
	var answer answered
	if err == nil {
		err = json.Unmarshal(done.Answer, &answer)
	}
	return said{status: answer.Status, rank: answer.Rank, taken: answer.Taken, held: answer.Held, free: answer.Free, waiting: answer.Waiting}, err
}

// answered is what a session said, as it is kept.
type answered struct {
	Status                           string
	Rank, Taken, Held, Free, Waiting int
}

func kept(s said) answered {
	return answered{s.status, s.rank, s.taken, s.held, s.free, s.waiting}
}

// overlapping counts those that ran while another one did.
func overlapping(history []porcupine.Operation) (n int) {
	for i, a := range history {
		for j, b := range history {
			if i != j && a.Call < b.Return && b.Call < a.Return {
				n++
				break
			}
		}
	}
	return n
}

// TestConcurrentHistoriesAreLinearizable: through the real decider and ledger, in two processes at once, every answer is
// one that a list on paper would have given, in some order that respects who came before whom.
func TestConcurrentHistoriesAreLinearizable(t *testing.T) {
	t.Parallel()
	d := processes(t)
	all := make([][]porcupine.Operation, histories)
	var running errgroup.Group
	running.SetLimit(8)
	for n := range all {
		running.Go(func() (err error) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			all[n], err = happen(ctx, d, n, nil)
			return err
		})
	}
	if err := running.Wait(); err != nil {
		t.Fatal(err)
	}
	total, at := 0, 0
	for n, history := range all {
		total, at = total+len(history), at+overlapping(history)
		if got := porcupine.CheckOperationsTimeout(onPaper, history, time.Minute); got != porcupine.Ok {
			t.Errorf("history %d: %v\n%v", n, got, history)
		}
	}
	share := 100 * at / total
	t.Logf("%d histories of %d operations, %d %% of them while another one ran", len(all), total/len(all), share)
	if share < 30 {
		t.Errorf("only %d %% of the operations overlap: this proves little", share)
	}
}

func TestAPlantedOverbookingIsNotLinearizable(t *testing.T) {
	t.Parallel()
	d := processes(t)
	for n := range 50 {
		history, err := happen(t.Context(), d, n, overbook)
		if err != nil {
			t.Fatal(err)
		}
		if porcupine.CheckOperationsTimeout(onPaper, history, time.Minute) == porcupine.Illegal {
			return
		}
	}
	t.Fatal("nothing was found")
}
