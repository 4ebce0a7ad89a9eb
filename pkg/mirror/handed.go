package mirror

import (
	"sync"

	"example.org/passerelle/pkg/ledger"
)

// Bounds of what is kept between a commit and its publication; beyond them the ledger is read instead.
const (
	handedEvents = 8192
	handedBytes  = 32 << 20
)

// handed holds events that were committed in this process. They follow each other without a gap.
type handed struct {
	mu     sync.Mutex
	events []ledger.Event
	bytes  int
	top    int64         // the last position that was ever added
	more   chan struct{} // has room for one signal
}

func (h *handed) add(events []ledger.Event) {
	h.mu.Lock()
	if len(h.events) > 0 && len(events) > 0 && h.events[len(h.events)-1].Position+1 != events[0].Position {
		h.clear()
	}
	for _, e := range events {
		h.bytes += size(e)
		h.top = max(h.top, e.Position)
	}
	if h.events = append(h.events, events...); len(h.events) > handedEvents || h.bytes > handedBytes {
		h.clear()
	}
	h.mu.Unlock()
	signal(h.more)
}

// take gives at most limit events from a position on; none if it does not hold that position.
func (h *handed) take(from int64, limit int) []ledger.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	passed := 0
	for passed < len(h.events) && h.events[passed].Position < from {
		passed++
	}
	h.drop(passed)
	if len(h.events) == 0 || h.events[0].Position > from {
		return nil
	}
	n := min(limit, len(h.events))
	events := h.events[:n:n]
	h.drop(n)
	return events
}

// lacks tells whether a position was committed here but is not held: the ledger has it.
func (h *handed) lacks(position int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.top >= position && (len(h.events) == 0 || h.events[0].Position > position)
}

func (h *handed) drop(n int) {
	for _, e := range h.events[:n] {
		h.bytes -= size(e)
	}
	if h.events = h.events[n:]; len(h.events) == 0 {
		h.events = nil
	}
}

func (h *handed) clear() { h.events, h.bytes = nil, 0 }

func (h *handed) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clear()
}

func size(e ledger.Event) int { return len(e.Data) + len(e.Meta) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
