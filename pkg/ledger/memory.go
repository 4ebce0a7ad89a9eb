package ledger

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"example.org/passerelle/pkg/clock"
)

// Memory is a ledger that forgets: for the tests of rules only. It answers as Postgres does.
type Memory struct {
	service string
	clock   clock.Clock
	chain   *chain

	mu       sync.Mutex
	events   []Event
	keys     map[Key]int // index of the first event
	versions map[string]int
	holders  map[string]string
}

// NewMemory makes an empty ledger; a nil clock is the machine's.
func NewMemory(service string, c clock.Clock) *Memory {
	if c == nil {
		c = clock.System{}
	}
	return &Memory{
		service: service, clock: c, chain: newChain(nil),
		keys: map[Key]int{}, versions: map[string]int{}, holders: map[string]string{},
	}
}

// Service is whose ledger it is.
func (m *Memory) Service() string { return m.service }

// Append is described at Ledger.
func (m *Memory) Append(ctx context.Context, appends ...Append) ([]Appended, error) {
	if len(appends) == 0 {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("append: %w: %w", ErrUnavailable, err)
	}
	e, err := newEntry(ctx, m.service, appends)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	found, err := m.sights(e).verdict(e)
	switch {
	case err != nil:
		return nil, err
	case found:
		out := make([]Appended, len(e.parts))
		for i, p := range e.parts {
			out[i], _ = m.find(p.key)
		}
		return out, nil
	}
	m.store(e)
	return e.appended(), nil
}

func (m *Memory) sights(e *entry) *sights {
	s := &sights{keys: map[Key]string{}, versions: m.versions, holders: m.holders}
	for _, p := range e.parts {
		if i, ok := m.keys[p.key]; ok {
			s.keys[p.key] = m.events[i].ID
		}
	}
	return s
}

func (m *Memory) store(e *entry) {
	e.stored = slices.Clone(e.drafts)
	for i := range e.stored {
		e.stored[i].Data = bytes.Clone(e.stored[i].Data)
	}
	m.chain.stamp(m.head(), m.clock.Now(), e.stored)
	for _, p := range e.parts {
		m.keys[p.key] = len(m.events) + p.from
	}
	m.events = append(m.events, e.stored...)
	for _, d := range e.drafts {
		m.versions[d.Stream] = d.Version
	}
	for _, c := range e.claims {
		if c.holds {
			m.holders[c.value] = c.stream
		} else if m.holders[c.value] == c.stream {
			delete(m.holders, c.value)
		}
	}
}

func (m *Memory) head() Head {
	if len(m.events) == 0 {
		return Head{}
	}
	return headOf(&m.events[len(m.events)-1])
}

func (m *Memory) find(key Key) (Appended, bool) {
	first, ok := m.keys[key]
	if !ok {
		return Appended{}, false
	}
	meta, _ := m.events[first].ReadMeta()
	return replayed(slices.Clone(m.events[first:first+meta.Of]), meta), true
}

// Load is described at Ledger.
func (m *Memory) Load(_ context.Context, stream string, after int) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Event
	for _, e := range m.events {
		if e.Stream == stream && e.Version > after {
			found = append(found, e)
		}
	}
	return found, nil
}

// Version is described at Ledger.
func (m *Memory) Version(_ context.Context, stream string) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.versions[stream], nil
}

// Find is described at Ledger.
func (m *Memory) Find(_ context.Context, key Key) (Appended, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, found := m.find(key)
	return a, found, nil
}

// Holder is described at Ledger.
func (m *Memory) Holder(_ context.Context, claim string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	stream, held := m.holders[claim]
	return stream, held, nil
}

// Read is described at Ledger.
func (m *Memory) Read(_ context.Context, after int64, limit int) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	from := min(max(after, 0), int64(len(m.events)))
	return slices.Clone(m.events[from:min(from+int64(limit), int64(len(m.events)))]), nil
}

// EventAt gives the event at a position, and false when there is none.
func (m *Memory) EventAt(_ context.Context, position int64) (Event, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if position < 1 || position > int64(len(m.events)) {
		return Event{}, false, nil
	}
	return m.events[position-1], true, nil
}

// Head is described at Ledger.
func (m *Memory) Head(context.Context) (Head, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.head(), nil
}
