package listen

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
)

// item is one event on its way through a lane. Without a reaction it is the wish to try the parked ones again.
type item struct {
	heard    Heard
	reaction Reaction
	lane     string
	broken   error // it cannot be read
	row      int64 // in the table, 0: never parked
	failed   bool  // it was parked, or parked again, on this way
}

func newItem(r Reaction, service string, e ledger.Event) *item {
	it := &item{reaction: r, lane: e.Stream}
	if it.heard, it.broken = feed.Hear(service, e); it.broken == nil {
		it.lane, it.broken = laneOf(r, it.heard, e.Stream)
	}
	return it
}

func laneOf(r Reaction, h Heard, otherwise string) (lane string, err error) {
	defer func() {
		if p := recover(); p != nil {
			lane, err = otherwise, panicked{fmt.Sprintf("%T", p)}
		}
	}()
	return r.Lane(h.Fact), nil
}

// lane is what waits to be done one after the other. It has a worker while it has a queue.
type lane struct {
	queue    []*item
	retrying bool
}

func (s *session) enqueue(name string, it *item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	l := s.lanes[name]
	if l == nil {
		l = &lane{}
		s.lanes[name] = l
		s.working.Go(func() { s.work(name, l) })
	}
	if again := it.reaction.React == nil; again {
		if l.retrying {
			return
		}
		l.retrying = true
	}
	l.queue = append(l.queue, it)
}

func (s *session) next(name string, l *lane) []*item {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := l.queue
	l.queue, l.retrying = nil, false
	if len(queue) == 0 || s.closed {
		delete(s.lanes, name)
		return nil
	}
	return queue
}

func (s *session) work(name string, l *lane) {
	for queue := s.next(name, l); len(queue) > 0; queue = s.next(name, l) {
		for len(queue) > 0 && s.ctx.Err() == nil {
			switch {
			case queue[0].reaction.React == nil:
				s.retryLane(name)
				queue = queue[1:]
			case s.isParked(name):
				queue = s.parkBehind(name, queue)
			default:
				if s.deliver(queue[0]) {
					s.done(name, queue[0])
				}
				queue = queue[1:]
			}
		}
	}
}

// done counts an item as heard; when it was parked the lane waits from now on.
func (s *session) done(name string, it *item) {
	if it.failed {
		s.setParked(name, true)
	}
	s.finish(it.heard.Service, it.heard.Position)
	<-s.ahead
}

// deliver gives an item to Watermill until it is done or parked. It answers false when the session ends first.
func (s *session) deliver(it *item) bool {
	for {
		select {
		case s.slots <- struct{}{}:
		case <-s.ctx.Done():
			return false
		}
		done := s.once(it)
		<-s.slots
		if done {
			return true
		}
		select { // it could not even be parked
		case <-s.ctx.Done():
			return false
		case <-time.After(s.Try / 4):
		}
	}
}

func (s *session) once(it *item) bool {
	it.failed = false
	ctx, cancel := context.WithCancel(context.WithValue(s.ctx, itemKey{}, it))
	defer cancel()
	m := message.NewMessageWithContext(ctx, it.heard.ID, it.heard.Data)
	middleware.SetCorrelationID(it.heard.Correlation(), m)
	select {
	case s.out[it.heard.Service] <- m:
	case <-s.ctx.Done():
		return false
	}
	select {
	case <-m.Acked():
		return true
	case <-m.Nacked():
		return false
	case <-s.ctx.Done():
	}
	select { // the reaction knows that it has to end
	case <-m.Acked():
		return true
	case <-m.Nacked():
	case <-time.After(s.Try):
	}
	return false
}

// close lets the lanes end; nothing is given to Watermill after it.
func (s *session) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.working.Wait()
}

type itemKey struct{}

func itemOf(m *message.Message) *item {
	it, _ := m.Context().Value(itemKey{}).(*item)
	return it
}

func (s *session) react(m *message.Message) error {
	it := itemOf(m)
	if it.broken != nil {
		return it.broken
	}
	return it.reaction.React(m.Context(), it.heard, Key(s.Listener.Listener, it.heard))
}

// within bounds all the tries of a message together.
func (s *session) within(h message.HandlerFunc) message.HandlerFunc {
	return func(m *message.Message) ([]*message.Message, error) {
		whole := m.Context()
		ctx, cancel := context.WithTimeout(whole, s.Try)
		defer cancel()
		defer m.SetContext(whole)
		m.SetContext(ctx)
		return h(m)
	}
}

// plain keeps the texts of errors, which may hold anything, out of the table and the log.
func (s *session) plain(h message.HandlerFunc) message.HandlerFunc {
	return func(m *message.Message) ([]*message.Message, error) {
		out, err := h(m)
		if err == nil {
			return out, nil
		}
		if s.ctx.Err() != nil {
			return nil, context.Canceled
		}
		return nil, errors.New(feed.Reason(err))
	}
}

// panicked is a reaction that broke: tried again and parked like one that fails.
type panicked struct{ kind string }

func (p panicked) Error() string { return "panic" }
func (p panicked) Code() string  { return "panic: " + p.kind }

func recovered(h message.HandlerFunc) message.HandlerFunc {
	return func(m *message.Message) (out []*message.Message, err error) {
		defer func() {
			if p := recover(); p != nil {
				out, err = nil, panicked{fmt.Sprintf("%T", p)}
			}
		}()
		return h(m)
	}
}

// quiet: the router's own chatter is for debugging.
var quiet = map[slog.Level]slog.Level{slog.LevelInfo: slog.LevelDebug}
