package deadline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/projection"
)

// loop is the active instance's: it does what is due and rests until the next is, the clock was moved, or
// something new was heard.
func (d *Deadlines) loop(ctx context.Context) {
	for ctx.Err() == nil {
		moved := d.Clock.Moved() // before the time is read, so that no move is missed
		now := d.Clock.Now()
		if err := d.round(ctx, now); err != nil && ctx.Err() == nil && !errors.Is(err, projection.ErrBuilding) {
			d.Log.Warn("deadlines wait", "deadlines", d.Config.Name, "reason", feed.Reason(err))
		}
		rest := time.NewTimer(d.rest(ctx, now))
		select {
		case <-ctx.Done():
		case <-moved:
		case <-d.news:
		case <-rest.C:
		}
		rest.Stop()
	}
}

// round calls the handler for everything that is due and was not tried a moment ago.
func (d *Deadlines) round(ctx context.Context, now time.Time) error {
	seen := map[Due]bool{}
	var last Due
	for {
		list, err := d.after(ctx, last, now, page)
		if err != nil {
			return err
		}
		for _, due := range list {
			seen[due] = true
		}
		d.handleAll(ctx, d.ready(list))
		if len(list) < page {
			d.forget(seen)
			return nil
		}
		last = list[len(list)-1]
	}
}

// ready leaves out what waits for its next try, and groups the rest by aggregate, in order.
func (d *Deadlines) ready(list []Due) [][]Due {
	d.mu.Lock()
	defer d.mu.Unlock()
	var groups [][]Due
	place := map[string]int{}
	for _, due := range list {
		if a, ok := d.tried[due]; ok && time.Now().Before(a.next) {
			continue
		}
		i, ok := place[due.Aggregate]
		if !ok {
			i = len(groups)
			place[due.Aggregate] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], due)
	}
	return groups
}

func (d *Deadlines) handleAll(ctx context.Context, groups [][]Due) {
	var all sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, group := range groups {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			for _, due := range group {
				if ctx.Err() != nil {
					return
				}
				d.handle(ctx, due)
			}
		})
	}
	all.Wait()
}

func (d *Deadlines) handle(ctx context.Context, due Due) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	count := d.try(due)
	if err := d.safely(ctx, due); err != nil {
		d.Log.Warn("deadline is not met", "deadlines", d.Config.Name, "aggregate", due.Aggregate, "kind", due.Kind, "at", due.At, "tries", count, "reason", feed.Reason(err))
	}
}

type panicked struct{ kind string }

func (p panicked) Error() string { return "panic" }
func (p panicked) Code() string  { return "panic: " + p.kind }

func (d *Deadlines) safely(ctx context.Context, due Due) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked{fmt.Sprintf("%T", p)}
		}
	}()
	return d.Handle(ctx, due, due.Key())
}

// try notes a try and when the next may be, if no fact answers until then.
func (d *Deadlines) try(due Due) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.tried[due]
	a.next = time.Now().Add(min(d.Again<<min(a.count, 20), slowest))
	a.count++
	d.tried[due] = a
	return a.count
}

// forget drops what is not due any more: it was answered.
func (d *Deadlines) forget(seen map[Due]bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for due := range d.tried {
		if !seen[due] {
			delete(d.tried, due)
		}
	}
}

// rest is the time until something is to be done: the next deadline or the next try.
func (d *Deadlines) rest(ctx context.Context, now time.Time) time.Duration {
	rest := lookAll
	if next, err := d.next(ctx, now); err == nil {
		rest = min(rest, next.Sub(now))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.tried {
		rest = min(rest, time.Until(a.next))
	}
	return max(rest, time.Millisecond)
}

var errNothing = errors.New("nothing is due")

func (d *Deadlines) next(ctx context.Context, now time.Time) (at time.Time, err error) {
	schema, err := d.Serving(ctx)
	if err != nil {
		return at, err
	}
	err = d.Pool.QueryRow(ctx, `select at from `+pgx.Identifier{schema, "due"}.Sanitize()+` where at > $1 order by at limit 1`, now).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNothing
	}
	return at, err
}
