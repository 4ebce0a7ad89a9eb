package ledger

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// appender is the one goroutine of this process that writes to the ledger: it commits all that wait as one
// group, in one round trip.
type appender struct {
	config Config
	pool   *pgxpool.Config
	lock   int64 // number of the ledger's lock
	chain  *chain
	link   *link // nil: not connected
	head   Head  // as far as this process knows
	rivals int   // groups to come that look before they write, since another process writes too
	last   int   // entries of the group before

	mu      sync.Mutex
	waiting []*entry
	closed  bool

	ring    chan struct{} // somebody waits
	stop    chan struct{} // give up
	stopped chan struct{} // the goroutine has ended
	giveUp  sync.Once
}

const (
	gather     = 200 * time.Microsecond
	groupFacts = 1024
	groupBytes = 4 << 20
	wary       = 8 // groups that look first after a rival was seen
)

var errClosed = fmt.Errorf("%w: it is closed", ErrUnavailable)

func newAppender(pool *pgxpool.Config, c Config, lock int64) *appender {
	return &appender{
		config: c, pool: pool, lock: lock, chain: newChain(c.ChainKey),
		ring: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
}

func (a *appender) start(ctx context.Context) (err error) {
	if a.config.Idle {
		go a.run()
		return nil
	}
	if a.link, err = connect(ctx, a.pool, a.config.Schema, a.lock); err != nil {
		return err
	}
	if a.head, err = a.link.readHead(); err != nil {
		a.link.close()
		return err
	}
	go a.run()
	return nil
}

func (a *appender) enqueue(e *entry) error {
	if err := e.ctx.Err(); err != nil {
		return fmt.Errorf("append: %w: %w", ErrUnavailable, err)
	}
	a.mu.Lock()
	if a.closed {
		a.mu.Unlock()
		return errClosed
	}
	a.waiting = append(a.waiting, e)
	first := len(a.waiting) == 1
	a.mu.Unlock()
	if first {
		select {
		case a.ring <- struct{}{}:
		default:
		}
	}
	return nil
}

func (a *appender) run() {
	defer close(a.stopped)
	for group := a.next(); group != nil; group = a.next() {
		a.last = len(group)
		a.commit(group)
	}
	a.disconnect()
}

// next waits for a group; nil when the appender is closed and nothing waits.
func (a *appender) next() []*entry {
	for {
		a.gather()
		a.mu.Lock()
		group, ended := a.take(), a.closed && len(a.waiting) == 0
		a.mu.Unlock()
		if len(group) > 0 {
			return group
		}
		if ended {
			return nil
		}
		<-a.ring
	}
}

// gather gives the callers of the group before a moment to come back, so that groups do not fall apart. It
// steps aside instead of sleeping: a timer of 200 µs may take a millisecond.
func (a *appender) gather() {
	if a.last < 2 {
		return
	}
	for begin := time.Now(); ; runtime.Gosched() {
		a.mu.Lock()
		waiting := len(a.waiting)
		a.mu.Unlock()
		if waiting == 0 || waiting >= a.last || time.Since(begin) > gather {
			return
		}
	}
}

// take picks the next group: a stream, a key and a claim at most once, each in the order it came. Who is
// passed over keeps later ones of the same stream, key or claim waiting too.
func (a *appender) take() []*entry {
	if len(a.waiting) == 1 {
		group := a.waiting
		a.waiting = nil
		return group
	}
	used := touched{make(map[Key]struct{}, len(a.waiting)), make(map[string]struct{}, len(a.waiting)), map[string]struct{}{}}
	var group, left []*entry
	facts, size := 0, 0
	for i, e := range a.waiting {
		if len(group) > 0 && (facts+len(e.drafts) > groupFacts || size+e.size > groupBytes) {
			left = append(left, a.waiting[i:]...)
			break
		}
		if e.overlaps(used) {
			left = append(left, e)
			continue
		}
		group, facts, size = append(group, e), facts+len(e.drafts), size+e.size
	}
	a.waiting = left
	return group
}

// touched is what a group holds already.
type touched struct {
	keys  map[Key]struct{}
	names map[string]struct{} // streams, and claims behind a NUL, which no stream has
	seen  map[string]struct{} // streams that are only looked at: by as many as like
}

// overlaps marks what an entry touches and tells whether some of it was marked before.
func (e *entry) overlaps(used touched) bool {
	before, moved := len(used.keys)+len(used.names), e.moves(used)
	touches := len(e.parts) + len(e.claims)
	for _, p := range e.parts {
		used.keys[p.key] = struct{}{}
	}
	e.firsts(func(stream string, _ int) {
		used.names[stream] = struct{}{}
		touches++
	})
	for _, c := range e.claims {
		used.names["\x00"+c.value] = struct{}{}
	}
	for _, s := range e.seen {
		used.seen[s.Stream] = struct{}{}
	}
	return moved || len(used.keys)+len(used.names) < before+touches
}

// moves tells whether an entry goes on in a stream that was looked at, or looked at one that goes on.
func (e *entry) moves(used touched) (moved bool) {
	for _, s := range e.seen {
		_, told := used.names[s.Stream]
		moved = moved || told
	}
	if len(used.seen) > 0 {
		e.firsts(func(stream string, _ int) {
			_, seen := used.seen[stream]
			moved = moved || seen
		})
	}
	return moved
}

// commit answers every entry of the group.
func (a *appender) commit(group []*entry) {
	if a.link == nil || a.rivals > 0 || !a.tryAtOnce(group) {
		a.settle(group)
	}
}

// settle goes on until every entry has its answer or its caller has given up.
func (a *appender) settle(group []*entry) {
	for pause := time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		group = slices.DeleteFunc(group, (*entry).over)
		if len(group) == 0 {
			return
		}
		err := a.lookThenWrite(group)
		switch {
		case err == nil:
			return
		case passing(err):
			if !a.rest(pause) {
				for _, e := range group {
					e.answer(nil, fmt.Errorf("append: %w: %w", errClosed, err))
				}
				return
			}
		case len(group) == 1:
			group[0].answer(nil, fmt.Errorf("append: %w", err))
			return
		default: // only the guilty one fails
			for _, e := range group {
				a.settle([]*entry{e})
			}
			return
		}
	}
}

// over tells whether nobody waits for the entry any more.
func (e *entry) over() bool {
	if err := e.ctx.Err(); err != nil {
		e.answer(nil, fmt.Errorf("append: %w: %w", ErrUnavailable, err))
	}
	return e.answered
}

// rest pauses, and tells whether to go on.
func (a *appender) rest(pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-a.stop:
		return false
	case <-timer.C:
		return true
	}
}

// stored tells everybody that a group is durable.
func (a *appender) stored(group []*entry, events []Event, head Head) {
	a.head = head
	a.config.OnCommit(events)
	n := 0
	for _, e := range group {
		e.answer(events[n:n+len(e.drafts):n+len(e.drafts)], nil)
		n += len(e.drafts)
	}
}

// stamped copies the group's facts and gives them their places after head.
func (a *appender) stamped(head Head, group []*entry) ([]Event, Head) {
	n := 0
	for _, e := range group {
		n += len(e.drafts)
	}
	events := make([]Event, 0, n)
	for _, e := range group {
		events = append(events, e.drafts...)
	}
	return events, a.chain.stamp(head, a.config.Clock.Now(), events)
}

func (a *appender) disconnect() {
	if a.link != nil {
		a.link.close()
		a.link = nil
	}
}

func (a *appender) close(ctx context.Context) error {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	select {
	case a.ring <- struct{}{}:
	default:
	}
	select {
	case <-a.stopped:
		return nil
	case <-ctx.Done():
	}
	a.giveUp.Do(func() { close(a.stop) })
	return errors.Join(ErrUnavailable, context.Cause(ctx))
}
