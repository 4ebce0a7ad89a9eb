package mirror

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Config says what is mirrored.
type Config struct {
	Copies
	// Lease waits until this mirror is the active one; held ends when it no longer is. nil: always active.
	// Several active ones do no harm, they only send more than is needed.
	Lease func(ctx context.Context) (held context.Context, release func(), err error)
	Check time.Duration // how often the copies are compared anyway; 0: every minute
	Log   *slog.Logger  // nil: none
}

// Mirror copies one ledger into its stream.
type Mirror struct {
	Config
	publish jetstream.JetStream
	handed  handed
	tell    chan struct{} // a commit that mirrors elsewhere should hear of
	woken   chan struct{}
	reports chan int64 // damaged sequence, 0: somewhere
	status  status
}

const (
	lookEvery  = 250 * time.Millisecond // at the ledger, without a wake-up
	pause      = 100 * time.Millisecond
	ledgerTime = 5 * time.Second // for one read of the ledger
)

// New makes a mirror; Run starts it.
func New(c Config) (*Mirror, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Check == 0 {
		c.Check = time.Minute
	}
	// Its own window: six mirrors on one connection must not wait for each other.
	js, err := jetstream.New(c.JS.Conn(), jetstream.WithPublishAsyncTimeout(requestTimeout), jetstream.WithPublishAsyncMaxPending(8*windowEvents))
	if err != nil {
		return nil, fmt.Errorf("mirror of %s: %w", c.Service, err)
	}
	return &Mirror{
		Config: c, publish: js, handed: handed{more: make(chan struct{}, 1)},
		tell: make(chan struct{}, 1), woken: make(chan struct{}, 1), reports: make(chan int64, 1),
	}, nil
}

// Committed takes the events of a commit, in order. It never blocks. It is the ledger's OnCommit.
func (m *Mirror) Committed(events []ledger.Event) {
	if len(events) == 0 {
		return
	}
	m.status.committed(events[len(events)-1].Position)
	if m.status.isActive() {
		m.handed.add(events)
		return
	}
	signal(m.tell)
}

// Run mirrors until ctx ends, whatever happens to JetStream meanwhile, or until it finds two histories:
// then it answers *Fork and has sent nothing.
func (m *Mirror) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := m.subscribe(ctx); err != nil {
		return err
	}
	var beside sync.WaitGroup
	beside.Go(func() { m.stand(ctx) })
	defer beside.Wait()
	defer cancel()
	for {
		err := m.turn(ctx)
		var fork *Fork
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &fork):
			m.status.forked(fork)
			m.Log.Error("mirror stops", "service", m.Service, "position", fork.Position, "error", fork)
			return fork
		}
		rest(ctx, pause)
	}
}

// turn is one time of being the active mirror.
func (m *Mirror) turn(ctx context.Context) error {
	if m.Lease != nil {
		held, release, err := m.Lease(ctx)
		if err != nil {
			return err
		}
		defer release()
		ctx = held
	}
	m.status.setActive(true)
	defer m.handed.reset()
	defer m.status.setActive(false)
	return m.active(ctx)
}

// active checks, sends until something calls for another check, and so on.
func (m *Mirror) active(ctx context.Context) error {
	var doubt doubt
	for {
		last, err := m.check(ctx, &doubt)
		if err == nil {
			m.status.reached(last)
			err = m.send(ctx, last)
		}
		var fork *Fork
		if ctx.Err() != nil || errors.As(err, &fork) {
			return err
		}
		if doubt.note(err) {
			continue
		}
		m.status.failed(err)
		rest(ctx, pause)
	}
}

// send publishes everything after a position as it is committed. It returns when the copies have to be
// compared again.
func (m *Mirror) send(ctx context.Context, last int64) error {
	out := outbox{js: m.publish, prefix: m.Prefix, stream: m.name(), next: last + 1}
	poll, check := time.NewTicker(lookEvery), time.NewTimer(m.Check)
	defer poll.Stop()
	defer check.Stop()
	from := source{look: true}
	var stop error
	for {
		if stop == nil {
			if err := m.load(ctx, &out, &from); err != nil {
				return err
			}
		} else if len(out.window) == 0 {
			return stop
		}
		taken, refused := out.oldest()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case ack := <-taken:
			if err := out.taken(ack); err != nil {
				return err
			}
			m.status.reached(int64(ack.Sequence)) //nolint:gosec // far below 1<<63
		case err := <-refused:
			return out.refused(err)
		case <-m.handed.more:
			from.look = from.look || m.handed.lacks(out.next)
		case <-m.woken:
			from.look = true
		case <-poll.C:
			from.look = true
		case <-check.C:
			stop = errCheck
		case sequence := <-m.reports:
			stop = &report{sequence}
		}
	}
}

// source is where the events to send come from: a page of the ledger, else what was handed over, else, if
// told to look, the next page.
type source struct {
	page []ledger.Event
	look bool
}

// load sends what there is, as far as there is room.
func (m *Mirror) load(ctx context.Context, out *outbox, from *source) error {
	for room := out.room(); room > 0; room = out.room() {
		events, err := m.take(ctx, out.next, room, from)
		if err != nil || len(events) == 0 {
			return err
		}
		m.status.committed(events[len(events)-1].Position)
		if err := out.send(events); err != nil {
			return err
		}
	}
	return nil
}

func (m *Mirror) take(ctx context.Context, next int64, room int, from *source) ([]ledger.Event, error) {
	if len(from.page) == 0 {
		events := m.handed.take(next, room)
		if len(events) > 0 || !from.look {
			return events, nil
		}
		page, err := m.read(ctx, next-1, pageSize)
		if err != nil {
			return nil, err
		}
		from.page, from.look = page, len(page) == pageSize
	}
	n := min(room, len(from.page))
	events := from.page[:n]
	from.page = from.page[n:]
	return events, nil
}

func (m *Mirror) read(ctx context.Context, after int64, limit int) ([]ledger.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, ledgerTime)
	defer cancel()
	events, err := m.Ledger.Read(ctx, after, limit)
	if err != nil {
		return nil, &unread{err}
	}
	return events, nil
}

// Flush waits until a position is in the stream, by this mirror's hand or another's.
func (m *Mirror) Flush(ctx context.Context, position int64) error {
	for {
		reached, moved := m.status.wait(position)
		if reached {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s is mirrored up to %d of %d: %w", m.Service, m.Status().Position, position, ctx.Err())
		case <-moved:
		}
	}
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (m *Mirror) wakeSubject() string    { return stream.Wake(m.Prefix, m.Service) }
func (m *Mirror) damagedSubject() string { return stream.Damaged(m.Prefix, m.Service) }
