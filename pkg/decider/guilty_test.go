package decider_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
)

// slow lets the first append wait until it is let go, so that commands gather behind it.
type slow struct {
	ledger.Ledger
	first sync.Once
	begun chan struct{}
	goOn  chan struct{}
}

func slowly(l ledger.Ledger) *slow {
	return &slow{Ledger: l, begun: make(chan struct{}), goOn: make(chan struct{})}
}

func (s *slow) Append(ctx context.Context, a ...ledger.Append) ([]ledger.Appended, error) {
	s.first.Do(func() { close(s.begun); <-s.goOn })
	return s.Ledger.Append(ctx, a...)
}

// behindOne sends all the commands behind one that is under way, in their order.
func behindOne(t *testing.T, s *slow, d *sessions, commands []decider.Command[session, events.Workshop]) ([]decider.Done[session], []error) {
	t.Helper()
	patient, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	first := make(chan struct{})
	go func() {
		defer close(first)
		_, _ = d.Handle(patient, "s1", accept{"s1", "first", ""}, decider.Call[session]{})
	}()
	<-s.begun
	done, failed := make([]decider.Done[session], len(commands)), make([]error, len(commands))
	var all sync.WaitGroup
	for i, c := range commands {
		all.Go(func() { done[i], failed[i] = d.Handle(patient, "s1", c, decider.Call[session]{}) })
		for d.Waiting("s1") != i+1 { // no signal tells of it
			if patient.Err() != nil {
				t.Fatal("they never gathered")
			}
			runtime.Gosched()
		}
	}
	close(s.goOn)
	all.Wait()
	<-first
	return done, failed
}

func TestOnlyTheGuiltyCommandOfABatchFails(t *testing.T) {
	t.Parallel()
	for name, guilty := range map[string]struct {
		command decider.Command[session, events.Workshop]
		want    func(error) bool
	}{
		"a claim held elsewhere": {accept{"s1", "guilty", "person-1"}, func(err error) bool {
			var claimed *ledger.Claimed
			return errors.As(err, &claimed) && claimed.Holder == "session:s2"
		}},
		"too large": {rule(func(session) ([]events.Workshop, error) {
			return []events.Workshop{events.SessionPlanned{SessionID: "s1", Title: strings.Repeat("x", ledger.MaxBytes)}}, nil
		}), func(err error) bool { return errors.Is(err, ledger.ErrTooLarge) }},
		"too many": {rule(func(session) ([]events.Workshop, error) {
			return make101(), nil
		}), func(err error) bool { return errors.Is(err, ledger.ErrTooLarge) }},
		"no fact of its own": {rule(func(session) ([]events.Workshop, error) {
			return []events.Workshop{events.SeatTaken{SessionID: "s9"}}, nil
		}), func(err error) bool { return err != nil && strings.Contains(err.Error(), "its own aggregate") }},
		"a refusal": {rule(func(session) ([]events.Workshop, error) { return nil, errNotPlanned }),
			func(err error) bool { return errors.Is(err, errNotPlanned) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := memory()
			before := on(m)
			handle(t, before, "s2", plan{"s2", 8}, decider.Call[session]{})
			handle(t, before, "s2", accept{"s2", "r0", "person-1"}, decider.Call[session]{})
			handle(t, before, "s1", plan{"s1", 1000}, decider.Call[session]{})
			l := slowly(m)
			var commands []decider.Command[session, events.Workshop]
			for i := range 30 {
				commands = append(commands, accept{"s1", fmt.Sprintf("r%d", i), ""})
			}
			commands[17] = guilty.command
			_, failed := behindOne(t, l, on(l), commands)
			for i, err := range failed {
				if i == 17 && !guilty.want(err) || i != 17 && err != nil {
					t.Errorf("command %d: %v", i, err)
				}
			}
			if _, version, err := on(m).Get(ctx, "s1"); version != 1+1+29 || err != nil {
				t.Errorf("version %d, %v", version, err)
			}
		})
	}
}

func make101() []events.Workshop {
	facts := make([]events.Workshop, ledger.MaxFacts+1)
	for i := range facts {
		facts[i] = events.SeatTaken{SessionID: "s1", ReferralID: fmt.Sprint("many", i)}
	}
	return facts
}

func TestCommandsAreDecidedInTheOrderTheyCame(t *testing.T) {
	t.Parallel()
	m := memory()
	handle(t, on(m), "s1", plan{"s1", 1000}, decider.Call[session]{})
	l := slowly(m)
	var commands []decider.Command[session, events.Workshop]
	for i := range 250 {
		commands = append(commands, accept{"s1", fmt.Sprintf("r%d", i%125), ""}) // the second half says nothing new
	}
	done, failed := behindOne(t, l, on(l), commands)
	for i, d := range done {
		want, position := i+3, int64(i+3)
		if i >= 125 {
			want, position = 127, 127
		}
		if failed[i] != nil || d.Version != want || d.Position != position {
			t.Fatalf("command %d: version %d, position %d, %v", i, d.Version, d.Position, failed[i])
		}
	}
}

func TestAPanicOfARuleMeetsItsOwnCaller(t *testing.T) {
	t.Parallel()
	d := on(memory())
	handle(t, d, "s1", plan{"s1", 8}, decider.Call[session]{})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic came back")
			}
		}()
		_, _ = d.Handle(ctx, "s1", rule(func(session) ([]events.Workshop, error) { panic("a broken rule") }), decider.Call[session]{})
	}()
	handle(t, d, "s1", accept{"s1", "r1", ""}, decider.Call[session]{})
}

// losing loses every race.
type losing struct{ ledger.Ledger }

func (losing) Append(context.Context, ...ledger.Append) ([]ledger.Appended, error) {
	return nil, ledger.ErrConflict
}

func TestARaceLostUntilTheDeadlineIsNoRefusal(t *testing.T) {
	t.Parallel()
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	_, err := on(losing{memory()}).Handle(short, "s1", plan{"s1", 8}, decider.Call[session]{})
	if !errors.Is(err, ledger.ErrUnavailable) || errors.Is(err, ledger.ErrConflict) {
		t.Errorf("answered %v", err)
	}
}

func TestALedgerThatHangsIsUnavailable(t *testing.T) {
	t.Parallel()
	l := slowly(memory())
	defer close(l.goOn)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if _, err := on(l).Handle(short, "s1", plan{"s1", 8}, decider.Call[session]{}); !errors.Is(err, ledger.ErrUnavailable) {
		t.Errorf("answered %v", err)
	}
}

func TestAFactOfAnotherStreamBeginsItInTheSameAppend(t *testing.T) {
	t.Parallel()
	m := ledger.NewMemory("detection", nil)
	d := decider.New(m, plainly{}, decider.Aggregate[int, events.Detection]{
		Kind: "flag", Evolve: func(n int, _ events.Detection) int { return n + 1 },
		Claims: func(_ int, e events.Detection) (take, release []string) {
			if _, ok := e.(events.SeniorFlagged); ok {
				return []string{"open-flag"}, nil
			}
			return nil, nil
		},
	})
	done, err := d.Handle(ctx, "f1", flagged{}, decider.Call[int]{})
	if err != nil || done.State != 1 || done.Version != 1 || done.Position != 2 {
		t.Fatalf("answered %+v, %v", done, err)
	}
	if version, err := m.Version(ctx, "person:p1"); version != 1 || err != nil {
		t.Errorf("the person's stream has version %d, %v", version, err)
	}
	if holder, _, err := m.Holder(ctx, "open-flag"); holder != "flag:f1" || err != nil {
		t.Errorf("the claim is held by %s, %v", holder, err)
	}
}

type flagged struct{}

func (flagged) Decide(int) ([]events.Detection, error) {
	return []events.Detection{events.PersonRegistered{PersonID: "p1"}, events.SeniorFlagged{FlagID: "f1", PersonID: "p1"}}, nil
}
