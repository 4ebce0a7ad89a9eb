package projections

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/projections/rest"
)

// kept begins to keep the copy of a service, as Run does, and waits until the process would be ready.
func (w *inquiry) kept() *Service {
	w.t.Helper()
	s := New(w.config())
	e := &engine.Engine{Service: Name, Log: slog.New(slog.DiscardHandler)}
	ctx, end := context.WithCancel(w.ctx)
	group := &errgroup.Group{}
	e.Attach(ctx, group)
	s.keepCopy(e, w.observatory)
	w.t.Cleanup(func() { end(); w.must(group.Wait()) })
	w.until("ready", func() bool { state, _ := e.Readers()[0].State(); return state == "ok" })
	return s
}

func (s *Service) situationsInMemory() int {
	s.observed.mu.RLock()
	defer s.observed.mu.RUnlock()
	return len(s.observed.rows)
}

func TestWhatWasObservedIsInMemoryBeforeAnybodyAsks(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tellsTheStudy()
	s := w.kept()
	if n := s.situationsInMemory(); n != 354 {
		t.Fatalf("ready with %d situations", n)
	}
	w.tells(w.observes("late", on("2020-03-04"), situation(func(*events.Observation) {})))
	w.until("kept", func() bool { return s.situationsInMemory() == 355 })
}

// TestADestroyedKeyKeepsNobodyWaiting: after a closing of which the tables have not heard yet the rest is ready, and who asks is
// told to come again rather than a figure without these.
func TestADestroyedKeyKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	all := w.tellsTheStudy()
	w.must(w.vault.Destroy(w.ctx, w.key))
	w.kept()
	w.mount(w.config())
	if answer := w.get("analyst-bfc", "/observatory", nil); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("half of the situations: %d", answer.StatusCode)
	}
	w.tells(w.closing(on("2020-05-29"), all)...)
	if got := see[rest.Observatory](w.house, "analyst-bfc", "/observatory"); got.Situations != 354 || got.State != "anonymous" {
		t.Errorf("%d situations, %s", got.Situations, got.State)
	}
}
