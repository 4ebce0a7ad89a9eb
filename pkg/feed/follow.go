package feed

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
)

// Progress is what the active reader tells the other processes: how far it has heard a service, and, for
// a projection, in which generation.
type Progress struct {
	Service    string
	Position   int64
	Generation int
}

// Tell publishes progress. It may get lost: who needs it looks besides.
func Tell(conn *nats.Conn, subject string, p Progress) {
	_ = conn.Publish(subject, fmt.Appendf(nil, "%s %d %d", p.Service, p.Position, p.Generation))
}

const (
	lookWaited = 50 * time.Millisecond
	lookAlways = time.Second
)

// Follow lets a process learn of a reader's progress wherever the reader is active: told is called with
// what it tells; look is called at once, every second, and every 50 ms while someone waits at the hub.
// It returns when ctx ends.
func Follow(ctx context.Context, conn *nats.Conn, subject string, hub *Hub, told func(Progress), look func(context.Context)) error {
	sub, err := conn.Subscribe(subject, func(m *nats.Msg) {
		var p Progress
		if _, err := fmt.Sscan(string(m.Data), &p.Service, &p.Position, &p.Generation); err == nil {
			told(p)
		}
	})
	if err != nil {
		return fmt.Errorf("follow %s: %w", subject, err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	for {
		look(ctx)
		if err := hub.restUntilLook(ctx); err != nil {
			return err
		}
	}
}

// restUntilLook takes a second, or 50 ms as soon as someone waits.
func (h *Hub) restUntilLook(ctx context.Context) error {
	long := time.NewTimer(lookAlways)
	defer long.Stop()
	for h.Waiting() == 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-long.C:
			return nil
		case <-h.asked:
		}
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(lookWaited):
		return nil
	}
}
