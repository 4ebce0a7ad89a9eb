package projection

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/lease"
)

const (
	liveBatch  = 500
	firstPause = 100 * time.Millisecond
	lastPause  = 10 * time.Second
	lookEvery  = time.Second
)

// Run follows the streams while this instance is the active one, and follows the active one otherwise.
// It returns nil when ctx ends, and feed.ErrForked when a stream tells another history than was heard.
func (p *Projector) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		told := func(progress feed.Progress) { p.told(ctx, progress) }
		if err := feed.Follow(ctx, p.Sources[0].Conn, p.subject, p.Hub, told, p.look); ctx.Err() == nil {
			p.Log.Error("progress of others is not heard", "projection", p.Name, "reason", feed.Reason(err))
		}
	}()
	err := p.lead(ctx)
	cancel()
	<-followed
	return err
}

func (p *Projector) lead(ctx context.Context) error {
	name := fmt.Sprintf("%s@%s.%d", p.Name, p.tables, p.Version)
	l := lease.New(lease.Config{Pool: p.Pool, Schema: p.Control, Name: name, Owner: p.Owner, Long: p.Lease})
	for {
		held, release, err := l.Hold(ctx)
		if err != nil {
			return nil // ctx has ended
		}
		err = p.act(held)
		release()
		if errors.Is(err, feed.ErrForked) {
			return fmt.Errorf("projection %s: %w", p.Name, err)
		}
	}
}

// act is the active instance's life, until the lease is lost.
func (p *Projector) act(ctx context.Context) error {
	p.setActive(true)
	defer p.setActive(false)
	ctx, cancel := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer cancel()
	beside.Go(func() { p.sweep(ctx) })
	if p.Beside != nil {
		beside.Go(func() { p.Beside(ctx) })
	}
	var building bool
	for ctx.Err() == nil {
		g, err := p.target(ctx)
		if err == nil && !building && (g == nil || g.version < p.Version) {
			building = true // once: a running process that is replaced by another version does not answer with a build
			beside.Go(func() { p.build(ctx) })
		}
		if err == nil && g != nil {
			err = p.followAll(ctx, g)
		}
		if errors.Is(err, feed.ErrForked) {
			return err
		}
		if feed.Away(err) && ctx.Err() == nil {
			p.noteAll(err)
		}
		if g == nil {
			_ = pauseFor(ctx, 4*firstPause)
		}
		_ = pauseFor(ctx, firstPause/2)
	}
	return ctx.Err()
}

// followAll follows each service on its own until one of them stops.
func (p *Projector) followAll(ctx context.Context, g *generation) error {
	if err := p.begin(ctx, g); err != nil {
		return err
	}
	at, _, err := p.checkpoints(ctx, p.Pool, g, false)
	if err != nil {
		return err
	}
	if _, err := p.refresh(ctx); err != nil {
		return err
	}
	p.noteAll(nil)
	for service, c := range at {
		p.advance(g, service, c.Sequence)
	}
	return each(ctx, p.Sources, func(ctx context.Context, s feed.Source) error {
		err := p.follow(ctx, g, s, at[s.Service])
		if ctx.Err() == nil && !errors.Is(err, errMoved) {
			p.note(s.Service, err)
		}
		return err
	})
}

// each does the same for all sources at once; the first that fails ends the others, and its error is the answer.
func each(ctx context.Context, sources []feed.Source, do func(context.Context, feed.Source) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for _, s := range sources {
		all.Go(func() {
			if err := do(ctx, s); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// Rest makes the active instance wait so long after each batch, until it is told 0: the next batches are larger and cost
// less. It is for whoever plays facts that nobody reads yet.
func (p *Projector) Rest(d time.Duration) { p.rest.Store(int64(d)) }

func (p *Projector) breathe(ctx context.Context) error {
	if d := time.Duration(p.rest.Load()); d > 0 {
		return pauseFor(ctx, d)
	}
	return nil
}

// advance wakes waiters, if it is the generation they will read from.
func (p *Projector) advance(g *generation, service string, position int64) {
	if s := p.serving.Load(); s != nil && s.number == g.number {
		p.Hub.Advance(service, position)
	}
}

// told hears of progress elsewhere. Which generation is served is learnt before its progress counts.
func (p *Projector) told(ctx context.Context, progress feed.Progress) {
	g := p.serving.Load()
	if g == nil || g.number < progress.Generation {
		p.lookAgain(ctx, 50*time.Millisecond)
		g = p.serving.Load()
	}
	if g != nil && g.number == progress.Generation {
		p.Hub.Advance(progress.Service, progress.Position)
	}
}

// look reads the checkpoint of the generation that is served. The active instance knows it already.
func (p *Projector) look(ctx context.Context) {
	p.mu.Lock()
	active := p.active
	p.mu.Unlock()
	if active {
		p.lookAgain(ctx, lookEvery)
	} else {
		p.lookAgain(ctx, 0)
	}
}

func (p *Projector) lookAgain(ctx context.Context, notBefore time.Duration) {
	p.mu.Lock()
	early := time.Since(p.looked) < notBefore
	if !early {
		p.looked = time.Now()
	}
	p.mu.Unlock()
	if early {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	g, err := p.refresh(ctx)
	if err != nil {
		return
	}
	at, _, err := p.checkpoints(ctx, p.Pool, g, false)
	if err != nil {
		return
	}
	for service, c := range at {
		p.advance(g, service, c.Sequence)
	}
}
