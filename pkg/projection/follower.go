package projection

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
)

// follower reads one service for one generation.
type follower struct {
	*Projector

	g       *generation
	service string

	mu     sync.Mutex
	at     feed.Checkpoint
	stored feed.Checkpoint // in the table: at, or before it, and then nothing in between has changed anything
}

// follow reads a service until ctx ends or somebody else has moved the checkpoint.
func (p *Projector) follow(ctx context.Context, g *generation, s feed.Source, at feed.Checkpoint) error {
	f := &follower{Projector: p, g: g, service: s.Service, at: at, stored: at}
	read := func(ctx context.Context) error {
		return feed.Read(ctx, s, at, liveBatch, feed.Whole(func(batch []ledger.Event) error { return f.take(ctx, batch) }))
	}
	if !p.Lazy {
		return read(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		cancel(f.keep(ctx))
	}()
	err := read(ctx)
	cancel(err)
	<-kept
	return context.Cause(ctx)
}

// take applies a batch and does not give up: when it fails its appends are applied one by one, so that
// only the guilty one stops the service, and is tried again and again.
func (f *follower) take(ctx context.Context, batch []ledger.Event) error {
	pause, single := firstPause, false
	for len(batch) > 0 {
		part := batch
		if single {
			part = firstAppend(batch)
		}
		heard, err := f.put(ctx, part)
		switch {
		case err == nil:
			f.done(part, heard)
			batch, pause = batch[len(part):], firstPause
			if err := f.breathe(ctx); err != nil {
				return err
			}
		case ctx.Err() != nil, errors.Is(err, errMoved):
			return err
		case !single && !feed.Away(err) && len(part) > 1:
			single = true
		default:
			f.note(f.service, blame(f.service, part, err))
			if err := pauseFor(ctx, pause); err != nil {
				return err
			}
			pause = min(2*pause, lastPause)
		}
	}
	return nil
}

// put applies events, or passes them by in memory when they change nothing.
func (f *follower) put(ctx context.Context, part []ledger.Event) ([]Heard, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, heard, err := f.prepare(ctx, f.g, f.service, f.at, f.stored, part)
	if err != nil {
		return nil, err
	}
	to := checkpointAt(part[len(part)-1])
	if f.Lazy && b.idle() {
		f.at = to
		return heard, nil
	}
	if err := f.commit(ctx, f.g, f.service, f.stored, b); err != nil {
		return nil, err
	}
	f.at, f.stored = to, to
	return heard, nil
}

const storeEvery = 250 * time.Millisecond

// keep stores from time to time how far was heard, and at the end. A crash may lose the last of it: hearing again what
// changes nothing is harmless.
func (f *follower) keep(ctx context.Context) error {
	for pauseFor(ctx, storeEvery) == nil {
		if err := f.store(ctx); errors.Is(err, errMoved) {
			return err
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = f.store(last)
	return ctx.Err()
}

func (f *follower) store(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.at == f.stored {
		return nil
	}
	if err := f.commit(ctx, f.g, f.service, f.stored, f.moving(f.g, f.service, f.stored, f.at)); err != nil {
		return err
	}
	f.stored = f.at
	return nil
}

func blame(service string, part []ledger.Event, err error) error {
	var p *poison
	if feed.Away(err) || errors.As(err, &p) {
		return err
	}
	return &poison{fmt.Sprintf("%s:%d", service, part[0].Position), part[0].Name, err}
}

func firstAppend(batch []ledger.Event) []ledger.Event {
	for i, e := range batch {
		if meta, err := e.ReadMeta(); err == nil && meta.Part == meta.Of {
			return batch[:i+1]
		}
	}
	return batch
}

func (f *follower) done(part []ledger.Event, heard []Heard) {
	last := part[len(part)-1]
	f.note(f.service, nil)
	f.advance(f.g, f.service, last.Position)
	if f.Applied != nil && len(heard) > 0 {
		f.Applied(heard)
	}
	feed.Tell(f.Sources[0].Conn, f.subject, feed.Progress{Service: f.service, Position: last.Position, Generation: f.g.number})
}
