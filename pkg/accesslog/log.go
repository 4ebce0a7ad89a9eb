package accesslog

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Log writes for one service. Any number of processes may have one; each has one writer.
type Log struct {
	writer writer

	mu      sync.Mutex
	waiting []*call
	closed  bool

	ring    chan struct{} // somebody waits
	stop    chan struct{} // give up
	stopped chan struct{} // the goroutine has ended
	giveUp  sync.Once
}

// call is one Write on its way.
type call struct {
	ctx     context.Context
	entries []Entry
	done    chan error // takes one answer
}

const (
	patience  = 2 * time.Second // of a Write whose context has more
	groupRows = 1000
)

// Open begins to write for a service; the schema was provisioned. It connects when something is written first.
func Open(pool *pgxpool.Pool, c Config, service string) *Log {
	l := &Log{
		writer: writer{pool: pool.Config(), config: c, service: service, chains: newChains(c.Key)},
		ring:   make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go l.run()
	return l
}

// Write returns when the entries are durable, all of them, next to each other; or with ErrAway when Postgres did not
// take them in time: then they may be there nevertheless, whole. Time and service are given by the log.
func (l *Log) Write(ctx context.Context, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	for i := range entries {
		if err := entries[i].check(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := &call{ctx: ctx, entries: entries, done: make(chan error, 1)}
	if err := l.enqueue(c); err != nil {
		return err
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrAway, context.Cause(ctx))
	}
}

var errClosed = fmt.Errorf("%w: it is closed", ErrAway)

func (l *Log) enqueue(c *call) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	l.waiting = append(l.waiting, c)
	l.call()
	return nil
}

// call wakes the writer.
func (l *Log) call() {
	select {
	case l.ring <- struct{}{}:
	default:
	}
}

func (l *Log) run() {
	defer close(l.stopped)
	defer l.writer.disconnect()
	for range l.ring {
		for group := l.take(); len(group) > 0; group = l.take() {
			l.settle(group)
		}
		l.mu.Lock()
		ended := l.closed && len(l.waiting) == 0
		l.mu.Unlock()
		if ended {
			return
		}
	}
}

// take is all that wait, up to a bound.
func (l *Log) take() []*call {
	l.mu.Lock()
	defer l.mu.Unlock()
	rows, n := 0, 0
	for n < len(l.waiting) && (n == 0 || rows+len(l.waiting[n].entries) <= groupRows) {
		rows += len(l.waiting[n].entries)
		n++
	}
	group := l.waiting[:n:n]
	l.waiting = l.waiting[n:]
	return group
}

// settle goes on until the group is written or nobody waits for it any more.
func (l *Log) settle(group []*call) {
	for pause := time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		if group = stillWaiting(group); len(group) == 0 {
			return
		}
		err := l.writer.write(group)
		if err != nil && passing(err) && l.rest(pause) {
			continue
		}
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrAway, err)
		}
		for _, c := range group {
			c.done <- err
		}
		return
	}
}

func stillWaiting(group []*call) (left []*call) {
	for _, c := range group {
		if c.ctx.Err() == nil {
			left = append(left, c)
		}
	}
	return left
}

// rest pauses, and tells whether to go on.
func (l *Log) rest(pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-l.stop:
		return false
	case <-timer.C:
		return true
	}
}

// Close writes what is pending and ends the writer; a Write that comes later is answered ErrAway, and one that is not
// done when ctx ends too. The pool stays open.
func (l *Log) Close(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.call()
	select {
	case <-l.stopped:
		return nil
	case <-ctx.Done():
	}
	l.giveUp.Do(func() { close(l.stop) })
	return fmt.Errorf("%w: %w", ErrAway, context.Cause(ctx))
}
