package mirror

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// States of a mirror.
const (
	OK     = "ok"
	Behind = "behind" // the stream lacks something for longer than a second
	Away   = "away"   // JetStream does not answer
	Forked = "forked" // a person has to decide
)

// Status is how far the copy is.
type Status struct {
	Position int64 // the last one in the stream
	Head     int64 // the last one in the ledger, as far as known here
	State    string
	Active   bool
	Repairs  int    // times the stream was made again by this mirror
	Repaired string // why, the last time
	Err      error  // nil while State is OK
}

// patientFor is how long a stream may lack something and still be called up to date.
const patientFor = time.Second

type status struct {
	mu     sync.Mutex
	now    Status
	equal  time.Time // when position and head were last the same
	moved  chan struct{}
	broken error // the last failure, until something is reached again
}

// Status is the present state. It asks nobody.
func (m *Mirror) Status() Status {
	s := &m.status
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now
	switch {
	case now.State == Forked:
	case s.broken != nil:
		now.State, now.Err = Away, s.broken
		if errors.As(s.broken, new(*unread)) {
			now.State = Behind
		}
	case now.Position < now.Head && time.Since(s.equal) > patientFor:
		now.State = Behind
	default:
		now.State = OK
	}
	return now
}

func (s *status) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.now.Position
	if s.now.Position >= s.now.Head {
		s.equal = time.Now()
	}
	f()
	if s.now.Position != before && s.moved != nil {
		close(s.moved)
		s.moved = nil
	}
}

func (s *status) committed(head int64) { s.change(func() { s.now.Head = max(s.now.Head, head) }) }
func (s *status) reached(position int64) {
	s.change(func() { s.now.Position, s.broken = position, nil })
}
func (s *status) failed(err error)      { s.change(func() { s.broken = err }) }
func (s *status) forked(f *Fork)        { s.change(func() { s.now.State, s.now.Err = Forked, f }) }
func (s *status) setActive(active bool) { s.change(func() { s.now.Active = active }) }
func (s *status) repaired(because string) {
	s.change(func() {
		s.now.Repairs++
		s.now.Repaired = because
	})
}

func (s *status) isActive() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now.Active
}

// wait tells whether a position is reached, and, if not, what is closed when there is progress.
func (s *status) wait(position int64) (bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now.Position >= position {
		return true, nil
	}
	if s.moved == nil {
		s.moved = make(chan struct{})
	}
	return false, s.moved
}

// subscribe hears of commits elsewhere and of damage.
func (m *Mirror) subscribe(ctx context.Context) error {
	conn := m.JS.Conn()
	wake, err := conn.Subscribe(m.wakeSubject(), func(*nats.Msg) { signal(m.woken) })
	if err != nil {
		return err
	}
	damaged, err := conn.Subscribe(m.damagedSubject(), func(msg *nats.Msg) {
		sequence, _ := strconv.ParseInt(string(msg.Data), 10, 64)
		select {
		case m.reports <- sequence:
		default:
		}
	})
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() {
		_ = wake.Unsubscribe()
		_ = damaged.Unsubscribe()
	})
	return nil
}

// stand is what a mirror does beside being active: it wakes the active one elsewhere after a commit here,
// and knows how far that one is.
func (m *Mirror) stand(ctx context.Context) {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.tell:
			_ = m.JS.Conn().Publish(m.wakeSubject(), nil)
		case <-look.C:
			m.observe(ctx)
		}
	}
}

func (m *Mirror) observe(ctx context.Context) {
	if m.status.isActive() {
		return
	}
	info, err := m.info(ctx)
	if err != nil {
		m.status.failed(err)
		return
	}
	head, err := m.Ledger.Head(ctx)
	if err != nil {
		m.status.failed(&unread{err})
		return
	}
	m.status.committed(head.Position)
	if info != nil {
		m.status.reached(int64(info.State.LastSeq)) //nolint:gosec // far below 1<<63
	}
}
