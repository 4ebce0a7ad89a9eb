// Package clock gives the time of day: the machine's, or one that a test or the demo moves.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time, and when it jumped.
type Clock interface {
	Now() time.Time
	// Moved is closed when the clock is moved by hand; the machine's never is.
	Moved() <-chan struct{}
}

// System is the machine's clock, in UTC and microseconds: what Postgres keeps.
type System struct{}

// Now is the present.
func (System) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Moved never closes.
func (System) Moved() <-chan struct{} { return nil }

// Manual stands still until it is moved.
type Manual struct {
	mu    sync.Mutex
	now   time.Time
	moved chan struct{}
}

// At makes a clock that stands at now.
func At(now time.Time) *Manual {
	return &Manual{now: now.UTC().Truncate(time.Microsecond), moved: make(chan struct{})}
}

// Now is where the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Moved is closed at the next Set.
func (m *Manual) Moved() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.moved
}

// Set moves the clock.
func (m *Manual) Set(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = now.UTC().Truncate(time.Microsecond)
	close(m.moved)
	m.moved = make(chan struct{})
}
