package detection

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/detection/rest"
)

// held is the ledger of a process that is overtaken: its first append of a fact waits until it is let go.
type held struct {
	ledger.Ledger
	fact        string
	forgetful   bool // takes no key
	once        sync.Once
	there, free chan struct{}
}

func (l *held) Append(ctx context.Context, appends ...ledger.Append) ([]ledger.Appended, error) {
	for i := range appends {
		if l.forgetful {
			appends[i].Key = ledger.Key{}
		}
		if slices.ContainsFunc(appends[i].Facts, func(f ledger.Fact) bool { return f.Name == l.fact }) {
			l.once.Do(func() {
				close(l.there)
				<-l.free
			})
		}
	}
	return l.Ledger.Append(ctx, appends...)
}

func (l *held) Find(ctx context.Context, key ledger.Key) (ledger.Appended, bool, error) {
	if l.forgetful {
		return ledger.Appended{}, false, nil
	}
	return l.Ledger.Find(ctx, key)
}

// bothAtOnce asks two processes the same under one key. The second one stands before an append while the first answers.
func bothAtOnce(t *testing.T, fact string, forgetful bool) (w *enginetest.World, first, second enginetest.Answer) {
	t.Helper()
	l := &held{fact: fact, forgetful: forgetful, there: make(chan struct{}), free: make(chan struct{})}
	w = start(t, twoProcesses(t, func(own ledger.Ledger) ledger.Ledger {
		l.Ledger = own
		return l
	}))
	ids := []string{observation(w, "Une"), "no-such", observation(w, "Deux")}
	ask := func(at string) enginetest.Answer {
		return w.Ask("referent-58", "POST", flags+"/validate", theFlags(ids...), "Idempotency-Key", "k1", process, at)
	}
	var other sync.WaitGroup
	other.Go(func() { second = ask("2") })
	<-l.there
	first = ask("1")
	close(l.free)
	other.Wait()
	return w, first, second
}

// steps are what a process tells when it validates several flags.
var steps = []events.Fact{events.ValidationBegun{}, events.FlagValidated{}, events.FlagsValidated{}}

func TestTwoProcessesValidateUnderOneKeyOnce(t *testing.T) {
	t.Parallel()
	for _, step := range steps {
		t.Run(events.Name(step), func(t *testing.T) {
			t.Parallel()
			if err := onlyOnce(bothAtOnce(t, events.Name(step), false)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAProcessWithoutTheKeyIsFound(t *testing.T) {
	t.Parallel()
	if err := onlyOnce(bothAtOnce(t, events.Name(events.FlagsValidated{}), true)); err == nil {
		t.Error("a process that takes no key was not noticed")
	}
}

// onlyOnce: both were told the same, and it was told once.
func onlyOnce(w *enginetest.World, first, second enginetest.Answer) error {
	done := enginetest.Read[rest.ManyValidated](w, first, 200)
	if len(done.Validated) != 2 || len(done.Failed) != 1 || first.Body != second.Body {
		return fmt.Errorf("%s\n%d %s", first.Body, second.Status, second.Body)
	}
	validated, ended := enginetest.Facts[events.FlagValidated](w), enginetest.Facts[events.FlagsValidated](w)
	if len(validated) != 2 || len(ended) != 1 || ended[0].Validated != 2 || ended[0].Failed != 1 {
		return fmt.Errorf("%+v\n%+v", validated, ended)
	}
	return nil
}
