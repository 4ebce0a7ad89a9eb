package detection

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/rest"
)

func TestWhatFailedIsNotDecidedAgainUnderItsKey(t *testing.T) {
	t.Parallel()
	w := setup(t)
	good, returned := observation(w, "Une"), observation(w, "Deux")
	act(w, "referent-58", returned, "return", `{"reason": "?"}`)
	ask := func(key string, ids ...string) enginetest.Answer {
		return w.Ask("referent-58", "POST", flags+"/validate", theFlags(ids...), "Idempotency-Key", key)
	}
	first := ask("k1", returned, good)
	if done := enginetest.Read[rest.ManyValidated](w, first, 200); len(done.Validated) != 1 || len(done.Failed) != 1 {
		t.Fatalf("%+v", done)
	}
	act(w, "advisor-58", returned, "amend", `{"answers": {"institution": "cpam"}}`) // it could be validated now
	told := len(w.Told(Name))
	again := func(when string) {
		t.Helper()
		if a := ask("k1", returned, good); a.Status != 200 || a.Body != first.Body || len(w.Told(Name)) != told {
			t.Errorf("%s: %d %s, %d facts more", when, a.Status, a.Body, len(w.Told(Name))-told)
		}
	}
	again("at once")
	w.HearAgain()
	again("after another start")
	if done := enginetest.Read[rest.ManyValidated](w, ask("k2", returned), 200); len(done.Validated) != 1 {
		t.Errorf("another key decides anew: %+v", done)
	}
}

func TestAKeyStandsForItsOwnFlags(t *testing.T) {
	t.Parallel()
	w := setup(t)
	good := observation(w, "Une")
	nothing := w.Ask("referent-58", "POST", flags+"/validate", theFlags("no-such"), "Idempotency-Key", "k1") // no flag takes the key
	enginetest.Read[rest.ManyValidated](w, nothing, 200)
	w.Refused(w.Ask("referent-58", "POST", flags+"/validate", theFlags(good), "Idempotency-Key", "k1"), 422, "key_reused")
	if told := enginetest.Facts[events.FlagValidated](w); len(told) != 0 {
		t.Error(told)
	}
	answers := make([]string, 4)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = w.Ask("referent-58", "POST", flags+"/validate", theFlags(good, "no-such"), "Idempotency-Key", "k2").Body
		})
	}
	all.Wait()
	if slices.Sort(answers); len(slices.Compact(answers)) != 1 {
		t.Error(answers)
	}
	if told := enginetest.Facts[events.FlagsValidated](w); len(told) != 2 || told[1].Validated != 1 || told[1].Failed != 1 {
		t.Errorf("%+v", told)
	}
}

// TestWhoWasNotAnsweredAsksAgain: the process ends before the answer is kept. The key stays with its flags, and the same
// request goes on.
func TestWhoWasNotAnsweredAsksAgain(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	w := start(t, func(e *engine.Engine) (http.Handler, *web.Heard, error) {
		e.Ledger = breaking{e.Ledger, &away}
		return Run(e)
	})
	good, other := observation(w, "Une"), observation(w, "Deux")
	ask := func(ids ...string) enginetest.Answer {
		return w.Ask("referent-58", "POST", flags+"/validate", theFlags(ids...), "Idempotency-Key", "k1")
	}
	away.Store(true)
	w.Refused(ask(good, "no-such"), 503, "ledger_away")
	away.Store(false)
	w.Refused(ask(other), 422, "key_reused")
	if done := enginetest.Read[rest.ManyValidated](w, ask(good, "no-such"), 200); len(done.Validated) != 1 || done.Validated[0].ID != good || len(done.Failed) != 1 {
		t.Errorf("%+v", done)
	}
	if told := enginetest.Facts[events.FlagValidated](w); len(told) != 1 {
		t.Error(told)
	}
}

// breaking is a ledger that keeps no answer to several validations while it is away.
type breaking struct {
	ledger.Ledger
	away *atomic.Bool
}

func (b breaking) Append(ctx context.Context, a ...ledger.Append) ([]ledger.Appended, error) {
	if b.away.Load() && a[0].Facts[0].Name == events.Name(events.FlagsValidated{}) {
		return nil, ledger.ErrUnavailable
	}
	return b.Ledger.Append(ctx, a...)
}

func theFlags(ids ...string) string { return `{"ids": ` + theIDs(ids) + `}` }

func theIDs(ids []string) string {
	text, _ := json.Marshal(ids) // plain text always has a JSON
	return string(text)
}
