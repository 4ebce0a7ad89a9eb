package projections

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/projection"
)

// kept keeps the copy of what was observed as new as its tables, so that nobody's question has to wait until all is opened.
type kept struct {
	*observed
	hub  *feed.Hub // of the tables
	log  *slog.Logger
	warm atomic.Bool // it was read, or cannot be
}

// How often the copy looks whether the tables have heard more, until it was read for the first time and
// afterwards. It asks the hub: that costs nothing.
const (
	lookCold = 20 * time.Millisecond
	lookWarm = time.Second
)

// Warm reads all that was observed into memory, as Run does before the process says that it is ready.
func (s *Service) Warm(ctx context.Context) error { return s.observed.read(ctx) }

// keepCopy begins to keep the copy; the process is not ready before it was read once.
func (s *Service) keepCopy(e *engine.Engine, tables *projection.Projector) {
	k := &kept{observed: s.observed, hub: tables.Hub, log: e.Log}
	e.Keep(engine.Reader{Name: tables.Name + " in memory", Projection: true, Services: tables.Services, Hub: tables.Hub, State: k.state}, k.follow)
}

func (k *kept) state() (state, reason string) {
	if k.warm.Load() {
		return "ok", ""
	}
	return "building", "what was observed is opened"
}

func (k *kept) follow(ctx context.Context) error {
	for ctx.Err() == nil {
		if !k.warm.Load() || k.behind() {
			k.look(ctx)
		}
		rest := lookWarm
		if !k.warm.Load() {
			rest = lookCold
		}
		select {
		case <-ctx.Done():
		case <-time.After(rest):
		}
	}
	return nil
}

func (k *kept) behind() bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.at < k.hub.Position("detection")
}

// look reads. What was observed may be out of reach for a moment; where it cannot be read at all there is nothing to wait
// for, and whoever asks is told.
func (k *kept) look(ctx context.Context) {
	err := k.read(ctx)
	switch {
	case err == nil:
		k.warm.Store(true)
	case ctx.Err() != nil, engine.OutOfReach(err):
	case k.warm.CompareAndSwap(false, true):
		k.log.Error("what was observed cannot be read", "reason", feed.Reason(err))
	}
}
