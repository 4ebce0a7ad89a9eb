package listen

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
)

// session is the life of the active instance while it holds the lease.
type session struct {
	*Listener

	ctx    context.Context
	end    context.CancelCauseFunc
	tracks map[string]*track
	out    map[string]chan *message.Message
	slots  chan struct{} // reactions at once
	ahead  chan struct{}
	heard  chan struct{}

	mu      sync.Mutex
	lanes   map[string]*lane
	parked  map[string]bool // lanes with rows in the table
	closed  bool
	working sync.WaitGroup
}

// act runs the router over a fresh session until the lease is lost or a stream turns out to be forked.
func (l *Listener) act(ctx context.Context) error {
	s := &session{
		Listener: l, tracks: map[string]*track{}, out: map[string]chan *message.Message{}, slots: make(chan struct{}, l.InFlight),
		ahead: make(chan struct{}, ahead), heard: make(chan struct{}, 1), lanes: map[string]*lane{}, parked: map[string]bool{},
	}
	s.ctx, s.end = context.WithCancelCause(ctx)
	defer s.end(nil)
	if err := s.load(); err != nil {
		return err
	}
	router, err := s.router()
	if err != nil {
		return err
	}
	l.setSession(s)
	defer l.setSession(nil)
	var beside sync.WaitGroup
	for _, work := range []func(){s.tell, s.keep, s.retry} {
		beside.Go(work)
	}
	err = router.Run(s.ctx)
	s.end(err)
	beside.Wait()
	s.storeLast()
	return context.Cause(s.ctx)
}

func (s *session) load() error {
	at, err := s.checkpoints(s.ctx)
	if err != nil {
		return err
	}
	for _, source := range s.Sources {
		s.tracks[source.Service] = &track{heard: at[source.Service]}
		s.out[source.Service] = make(chan *message.Message)
		s.Hub.Advance(source.Service, at[source.Service].Sequence)
	}
	lanes, err := s.lanesWithParked(s.ctx)
	for _, lane := range lanes {
		s.parked[lane] = true
	}
	return err
}

// router is Watermill's, over our subscriber: correlation, poison to the table, a second in all, and tries.
func (s *session) router() (*message.Router, error) {
	logger := watermill.NewSlogLoggerWithLevelMapping(s.Log, quiet)
	r, err := message.NewRouter(message.RouterConfig{CloseTimeout: 5 * time.Second}, logger)
	if err != nil {
		return nil, err
	}
	poison, err := middleware.PoisonQueueWithFilter(parker{s}, "parked", func(error) bool { return s.ctx.Err() == nil })
	if err != nil {
		return nil, err
	}
	again := middleware.Retry{
		MaxRetries: 1000, InitialInterval: 10 * time.Millisecond, Multiplier: 2, MaxInterval: 250 * time.Millisecond, MaxElapsedTime: s.Try,
	}
	r.AddMiddleware(middleware.CorrelationID, poison, s.plain, s.within, again.Middleware, recovered)
	for service := range s.out {
		r.AddConsumerHandler(s.Listener.Listener+" hears "+service, service, subscriber{s}, s.react)
	}
	return r, nil
}

// subscriber is Watermill's view of a feed: each message is given when those before it in its lane are done.
type subscriber struct{ *session }

// Subscribe gives the messages of a service. One subscription for each is what a session has.
func (s subscriber) Subscribe(ctx context.Context, service string) (<-chan *message.Message, error) {
	i := slices.IndexFunc(s.Sources, func(one feed.Source) bool { return one.Service == service })
	go func() {
		s.read(ctx, s.Sources[i])
		<-ctx.Done()
		s.close()
		close(s.out[service])
	}()
	return s.out[service], nil
}

// Close has nothing to do: a subscription ends with its context.
func (subscriber) Close() error { return nil }

func (s *session) read(ctx context.Context, source feed.Source) {
	t := s.tracks[source.Service]
	err := feed.Read(ctx, source, t.checkpoint(), readBatch, func(batch []ledger.Event) error {
		for _, e := range batch {
			t.read(e)
			if err := s.take(source.Service, e); err != nil {
				return err
			}
		}
		return nil
	})
	s.end(err)
}

// take puts an event into its lane; what nobody reacts to never enters Watermill.
func (s *session) take(service string, e ledger.Event) error {
	reaction, ok := s.reactions[e.Name]
	if !ok {
		s.finish(service, e.Position)
		return nil
	}
	select {
	case s.ahead <- struct{}{}:
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
	it := newItem(reaction, service, e)
	s.enqueue(it.lane, it)
	return nil
}

func (s *session) finish(service string, sequence int64) {
	t := s.tracks[service]
	if !t.finish(sequence) {
		return
	}
	s.Hub.Advance(service, t.checkpoint().Sequence)
	select {
	case s.heard <- struct{}{}:
	default:
	}
}

func (s *session) positions() map[string]feed.Checkpoint {
	at := map[string]feed.Checkpoint{}
	for service, t := range s.tracks {
		at[service] = t.checkpoint()
	}
	return at
}

// tell tells other processes how far was heard.
func (s *session) tell() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.heard:
		}
		for service, c := range s.positions() {
			feed.Tell(s.Sources[0].Conn, s.subject, feed.Progress{Service: service, Position: c.Sequence})
		}
	}
}

// keep stores the checkpoints every 100 ms, if they moved.
func (s *session) keep() {
	tick := time.NewTicker(storeEvery)
	defer tick.Stop()
	stored := s.positions()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		}
		at := s.positions()
		if maps.Equal(at, stored) {
			continue
		}
		if err := s.store(s.ctx, at); err == nil {
			stored = at
		} else if s.ctx.Err() == nil {
			s.Log.Warn("checkpoint is not stored", "listener", s.Listener.Listener, "reason", feed.Reason(err))
		}
	}
}

func (s *session) storeLast() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = s.store(ctx, s.positions())
}
