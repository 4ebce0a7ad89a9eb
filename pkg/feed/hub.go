package feed

import (
	"container/heap"
	"context"
	"sync"
)

// Hub knows how far a reader has heard each service and wakes those who wait for a position. Waiting
// takes no connection and asks nothing.
type Hub struct {
	mu      sync.Mutex
	lines   map[string]*line
	waiting int
	asked   chan struct{}
}

type line struct {
	position int64
	waiters  waiters
}

// NewHub makes a hub that has heard nothing.
func NewHub() *Hub { return &Hub{lines: map[string]*line{}, asked: make(chan struct{}, 1)} }

// Advance says that everything up to a position was heard. A lower position than before changes nothing.
func (h *Hub) Advance(service string, position int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.line(service)
	l.position = max(l.position, position)
	for len(l.waiters) > 0 && l.waiters[0].position <= l.position {
		close(heap.Pop(&l.waiters).(*waiter).heard) // the heap holds nothing else
		h.waiting--
	}
}

// Position is how far the service was heard.
func (h *Hub) Position(service string) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.line(service).position
}

// Wait returns nil when the position was heard, and ctx's error when that did not happen in time.
func (h *Hub) Wait(ctx context.Context, service string, position int64) error {
	w := h.enter(service, position)
	if w == nil {
		return nil
	}
	select {
	case <-w.heard:
		return nil
	case <-ctx.Done():
		h.leave(service, w)
		return ctx.Err()
	}
}

func (h *Hub) enter(service string, position int64) *waiter {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.line(service)
	if l.position >= position {
		return nil
	}
	w := &waiter{position: position, heard: make(chan struct{})}
	heap.Push(&l.waiters, w)
	h.waiting++
	select {
	case h.asked <- struct{}{}:
	default:
	}
	return w
}

func (h *Hub) leave(service string, w *waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if w.index >= 0 {
		heap.Remove(&h.line(service).waiters, w.index)
		h.waiting--
	}
}

// Waiting is how many wait now.
func (h *Hub) Waiting() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.waiting
}

func (h *Hub) line(service string) *line {
	l := h.lines[service]
	if l == nil {
		l = &line{}
		h.lines[service] = l
	}
	return l
}

type waiter struct {
	position int64
	index    int // in the heap, -1 outside
	heard    chan struct{}
}

type waiters []*waiter

func (w waiters) Len() int           { return len(w) }
func (w waiters) Less(i, j int) bool { return w[i].position < w[j].position }
func (w waiters) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].index, w[j].index = i, j
}

func (w *waiters) Push(x any) {
	one := x.(*waiter) // the heap holds nothing else
	one.index = len(*w)
	*w = append(*w, one)
}

func (w *waiters) Pop() any {
	last := len(*w) - 1
	one := (*w)[last]
	(*w)[last] = nil
	*w = (*w)[:last]
	one.index = -1
	return one
}
