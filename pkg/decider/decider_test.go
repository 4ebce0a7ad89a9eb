package decider_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var ctx = context.Background()

// session is a small aggregate: seats, and who waits for one.
type session struct {
	capacity, taken, waiting int
	ranks                    map[string]int // 0: seated
}

func evolve(s session, e events.Workshop) session {
	s.ranks = maps.Clone(s.ranks)
	if s.ranks == nil {
		s.ranks = map[string]int{}
	}
	switch e := e.(type) {
	case events.SessionPlanned:
		s.capacity = e.Capacity
	case events.SeatTaken:
		s.taken++
		s.ranks[e.ReferralID] = 0
	case events.WaitingListJoined:
		s.waiting++
		s.ranks[e.ReferralID] = e.Rank
	case events.RequestWithdrawn:
		s.taken--
		delete(s.ranks, e.ReferralID)
	default: // nothing follows from it here
	}
	return s
}

var errNotPlanned = errors.New("no such session")

type plan struct {
	id       string
	capacity int
}

func (p plan) Decide(session) ([]events.Workshop, error) {
	return []events.Workshop{events.SessionPlanned{SessionID: p.id, Capacity: p.capacity}}, nil
}

type accept struct{ id, referral, person string }

func (a accept) Decide(s session) ([]events.Workshop, error) {
	if s.capacity == 0 {
		return nil, errNotPlanned
	}
	if _, asked := s.ranks[a.referral]; asked {
		return nil, nil
	}
	if s.taken == s.capacity {
		return []events.Workshop{events.WaitingListJoined{SessionID: a.id, ReferralID: a.referral, Rank: s.waiting + 1}}, nil
	}
	return []events.Workshop{events.SeatTaken{SessionID: a.id, ReferralID: a.referral, PersonID: a.person}}, nil
}

type withdraw struct{ id, referral string }

func (w withdraw) Decide(session) ([]events.Workshop, error) {
	return []events.Workshop{events.RequestWithdrawn{SessionID: w.id, ReferralID: w.referral}}, nil
}

// rule is a command made of a function.
type rule func(session) ([]events.Workshop, error)

func (r rule) Decide(s session) ([]events.Workshop, error) { return r(s) }

// plainly stores facts as they are.
type plainly struct{}

func (plainly) Encode(_ context.Context, f events.Fact) ([]byte, error) {
	return events.Encode(f, func(events.Details) error { return nil })
}

func (plainly) Decode(_ context.Context, e ledger.Event) (events.Fact, error) {
	return events.Decode(e.Name, e.Data, nil)
}

type sessions = decider.Decider[session, events.Workshop]

func on(l ledger.Ledger) *sessions {
	return decider.New(l, plainly{}, decider.Aggregate[session, events.Workshop]{
		Kind: "session", Evolve: evolve,
		Claims: func(_ session, e events.Workshop) (take, release []string) {
			if e, ok := e.(events.SeatTaken); ok && e.PersonID != "" {
				return []string{"seated:" + e.PersonID}, nil
			}
			return nil, nil
		},
	})
}

// postgres opens one ledger as several processes would.
func postgres(t *testing.T, processes int) []ledger.Ledger {
	t.Helper()
	pool, schema := testkit.Pool(t), testkit.Schema(t)
	if err := ledger.Provision(ctx, pool, schema, "workshop"); err != nil {
		t.Fatal(err)
	}
	open := make([]ledger.Ledger, processes)
	for i := range open {
		l, err := ledger.Open(ctx, pool, ledger.Config{Schema: schema, Service: "workshop", ChainKey: []byte("an invented key")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close(ctx) })
		open[i] = l
	}
	return open
}

func memory() ledger.Ledger { return ledger.NewMemory("workshop", nil) }

type seat struct {
	Referral string `json:"referral"`
	Rank     int    `json:"rank"`
	Version  int    `json:"version"`
}

// asking is the call of a provider's yes.
func asking(referral string) decider.Call[session] {
	return decider.Call[session]{Answer: func(after session, version int) any {
		return seat{referral, after.ranks[referral], version}
	}}
}

func keyed(c decider.Call[session], key string) decider.Call[session] {
	c.Key, c.Request = decider.KeyOf("caller", "POST /accepts", key), []byte("hash of "+key)
	return c
}

func handle(t testing.TB, d *sessions, id string, c decider.Command[session, events.Workshop], call decider.Call[session]) decider.Done[session] {
	t.Helper()
	done, err := d.Handle(ctx, id, c, call)
	if err != nil {
		t.Error(err)
	}
	return done
}

func refused(t testing.TB, d *sessions, want error, id string, c decider.Command[session, events.Workshop], call decider.Call[session]) {
	t.Helper()
	if _, err := d.Handle(ctx, id, c, call); !errors.Is(err, want) {
		t.Errorf("answered %v, not %v", err, want)
	}
}

func together(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// counting counts the calls of Append.
type counting struct {
	ledger.Ledger
	appends atomic.Int64
}

func (c *counting) Append(ctx context.Context, a ...ledger.Append) ([]ledger.Appended, error) {
	c.appends.Add(1)
	return c.Ledger.Append(ctx, a...)
}

// rightly checks a session of which everybody wanted a seat, by the order in which it happened.
func rightly(l ledger.Ledger, id string, capacity, wanted int) error {
	told, err := l.Load(ctx, "session:"+id, 1)
	if err != nil || len(told) != wanted {
		return fmt.Errorf("%d facts for %d who asked (%w)", len(told), wanted, err)
	}
	for i, e := range told {
		fact, err := events.Decode(e.Name, e.Data, nil)
		if err != nil {
			return err
		}
		joined, waits := fact.(events.WaitingListJoined)
		if waits != (i >= capacity) || waits && joined.Rank != i-capacity+1 {
			return fmt.Errorf("number %d was told %+v", i+1, fact)
		}
	}
	return nil
}

func TestEverybodyAtOnceIsAnsweredInFewAppends(t *testing.T) {
	t.Parallel()
	for _, many := range []int{50, 1000} {
		t.Run(fmt.Sprint(many), func(t *testing.T) {
			t.Parallel()
			l := &counting{Ledger: postgres(t, 1)[0]}
			d := on(l)
			handle(t, d, "s1", plan{"s1", 8}, decider.Call[session]{})
			patient, cancel := context.WithTimeout(ctx, 30*time.Second)
			defer cancel()
			begin := time.Now()
			ranks := make([]atomic.Int64, many)
			together(many, func(i int) {
				referral := fmt.Sprintf("r%d", i)
				done, err := d.Handle(patient, "s1", accept{"s1", referral, ""}, asking(referral))
				if err != nil {
					t.Error(err)
					return
				}
				rank := done.State.ranks[referral]
				if want := fmt.Sprintf(`{"referral":"%s","rank":%d,"version":%d}`, referral, rank, done.Version); string(done.Answer) != want {
					t.Errorf("answered %s, not %s", done.Answer, want)
				}
				if done.Position != int64(done.Version) || rank > 0 && rank != done.Version-9 {
					t.Errorf("rank %d at version %d, position %d", rank, done.Version, done.Position)
				}
				ranks[rank].Add(1)
			})
			t.Logf("%d at once: %d appends, %s", many, l.appends.Load(), time.Since(begin))
			if err := rightly(l, "s1", 8, many); err != nil {
				t.Error(err)
			}
			for rank := range many - 8 + 1 {
				if want := int64(1); rank > 0 && ranks[rank].Load() != want || rank == 0 && ranks[0].Load() != 8 {
					t.Errorf("rank %d was given %d times", rank, ranks[rank].Load())
				}
			}
			if most := int64(many/10 + 10); l.appends.Load() > most {
				t.Errorf("%d appends for %d commands", l.appends.Load(), many)
			}
		})
	}
}

func TestTwoProcessesOnTheLastSeatsGiveEachOnce(t *testing.T) {
	t.Parallel()
	ledgers := postgres(t, 2)
	sides := []*sessions{on(ledgers[0]), on(ledgers[1])}
	handle(t, sides[0], "s1", plan{"s1", 8}, decider.Call[session]{})
	patient, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	together(200, func(i int) {
		referral := fmt.Sprintf("r%d", i)
		if _, err := sides[i%2].Handle(patient, "s1", accept{"s1", referral, ""}, asking(referral)); err != nil {
			t.Error(err)
		}
	})
	if err := rightly(ledgers[0], "s1", 8, 200); err != nil {
		t.Error(err)
	}
}

func TestTheCheckOfTheSeatsFindsAQueueJumper(t *testing.T) {
	t.Parallel()
	l := memory()
	d := on(l)
	handle(t, d, "s1", plan{"s1", 1}, decider.Call[session]{})
	blind := rule(func(session) ([]events.Workshop, error) { // decides on the empty state, as a race would
		return []events.Workshop{events.SeatTaken{SessionID: "s1", ReferralID: "jumper"}}, nil
	})
	handle(t, d, "s1", accept{"s1", "r1", ""}, asking("r1"))
	handle(t, d, "s1", blind, decider.Call[session]{})
	if err := rightly(l, "s1", 1, 2); err == nil {
		t.Error("two on one seat passed")
	}
}

// whatAnotherProcessTold asks a decider that has cached the session, after another has changed it.
func whatAnotherProcessTold(here, there *sessions) error {
	give := func(d *sessions, c decider.Command[session, events.Workshop]) error {
		_, err := d.Handle(ctx, "s1", c, decider.Call[session]{})
		return err
	}
	refuseWhenTaken := rule(func(s session) ([]events.Workshop, error) {
		if s.taken > 0 {
			return nil, errors.New("taken")
		}
		return nil, nil
	})
	if err := errors.Join(give(here, plan{"s1", 1}), give(here, accept{"s1", "r1", ""}), give(there, withdraw{"s1", "r1"})); err != nil {
		return err
	}
	if err := give(here, refuseWhenTaken); err != nil {
		return fmt.Errorf("refused for a state of the past: %w", err)
	}
	if err := errors.Join(give(here, accept{"s1", "r2", ""}), give(there, withdraw{"s1", "r2"})); err != nil {
		return err
	}
	done, err := here.Handle(ctx, "s1", accept{"s1", "r2", ""}, asking("r2"))
	if err != nil || done.Version != 6 || done.State.taken != 1 {
		return fmt.Errorf("nothing new, said a state of the past: version %d, %w", done.Version, err)
	}
	return nil
}

func TestAnAnswerThatAppendsNothingIsNeverOfThePast(t *testing.T) {
	t.Parallel()
	ledgers := postgres(t, 2)
	if err := whatAnotherProcessTold(on(ledgers[0]), on(ledgers[1])); err != nil {
		t.Error(err)
	}
}

// deaf does not look again, as a decider without that rule would not.
type deaf struct {
	ledger.Ledger
	seen atomic.Int64
}

func (d *deaf) Append(ctx context.Context, a ...ledger.Append) ([]ledger.Appended, error) {
	done, err := d.Ledger.Append(ctx, a...)
	if err == nil {
		d.seen.Store(int64(done[0].Events[0].Version))
	}
	return done, err
}

func (d *deaf) Version(context.Context, string) (int, error) { return int(d.seen.Load()), nil }

func TestADeciderThatDoesNotLookAgainIsFoundOut(t *testing.T) {
	t.Parallel()
	l := memory()
	if err := whatAnotherProcessTold(on(&deaf{Ledger: l}), on(l)); err == nil {
		t.Error("an answer of the past passed")
	}
}

func TestACutLedgerIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	l := postgres(t, 1)[0].(*ledger.Postgres)
	d := on(l)
	handle(t, d, "s1", plan{"s1", 1}, decider.Call[session]{})
	handle(t, d, "s1", accept{"s1", "r1", ""}, decider.Call[session]{})
	if err := l.Truncate(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if s, version, err := d.Get(ctx, "s1"); err != nil || version != 1 || s.taken != 0 {
		t.Errorf("version %d, %d taken, %v", version, s.taken, err)
	}
	if done := handle(t, d, "s1", accept{"s1", "r1", ""}, decider.Call[session]{}); done.Version != 2 || done.State.taken != 1 {
		t.Errorf("answered %+v", done)
	}
	if err := l.Truncate(ctx, 0); err != nil {
		t.Fatal(err)
	}
	refused(t, d, errNotPlanned, "s1", accept{"s1", "r1", ""}, decider.Call[session]{})
}
