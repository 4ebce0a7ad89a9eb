package projection

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

const (
	fillBatch = 2000
	nearly    = 2000             // events that may still be missing when the served generation is held still
	hold      = 10 * time.Second // how long it is held still at most
)

// Progress is called while a generation is filled, one service at a time.
type Progress func(service string, position, of int64)

func unique() string { return rand.Text() }

// Rebuild fills the next generation from the beginning while the served one goes on, and switches when it
// has heard as much. The old one may be read for the grace time. A second Rebuild waits for the first.
func (p *Projector) Rebuild(ctx context.Context, progress Progress) error {
	ctx, release, err := p.filling().Hold(ctx)
	if err != nil {
		return err
	}
	defer release()
	g, err := p.create(ctx, "filling")
	if err != nil {
		return err
	}
	if err := p.fillAndHold(ctx, g, progress, func(tx pgx.Tx, served int) error { return p.change(ctx, tx, served, g) }); err != nil {
		return errors.Join(err, p.cleanUp(g))
	}
	if _, err := p.refresh(ctx); err != nil {
		return err
	}
	for _, s := range p.Sources { // position 0 wakes nobody; it makes every process look which generation is served
		feed.Tell(s.Conn, p.subject, feed.Progress{Service: s.Service, Generation: g.number})
	}
	return nil
}

// build is Rebuild at the start of a changed version, tried until it is done.
func (p *Projector) build(ctx context.Context) {
	pause := firstPause
	for {
		err := p.Rebuild(ctx, nil)
		p.mu.Lock()
		p.building = err
		p.mu.Unlock()
		if err == nil || ctx.Err() != nil {
			return
		}
		p.Log.Error("new generation is not built", "projection", p.Name, "reason", reasonIn(err))
		if pauseFor(ctx, pause) != nil {
			return
		}
		pause = min(2*pause, lastPause)
	}
}

// Scratch fills a generation that is not switched to. drop removes it.
func (p *Projector) Scratch(ctx context.Context) (schema string, drop func() error, err error) {
	ctx, release, err := p.filling().Hold(ctx)
	if err != nil {
		return "", nil, err
	}
	g, err := p.create(ctx, "scratch")
	if err != nil {
		release()
		return "", nil, err
	}
	drop = func() error {
		defer release()
		return p.cleanUp(g)
	}
	if err := p.fillAndHold(ctx, g, nil, func(pgx.Tx, int) error { return nil }); err != nil {
		return "", nil, errors.Join(err, drop())
	}
	return g.schema, drop, nil
}

// Verify compares the served generation with one filled from the beginning, while others go on working:
// the served one stands still for the last events and the comparison. nil: every row is equal.
func (p *Projector) Verify(ctx context.Context) (different *Difference, err error) {
	ctx, release, err := p.filling().Hold(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	g, err := p.create(ctx, "scratch")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.cleanUp(g)) }()
	err = p.fillAndHold(ctx, g, nil, func(_ pgx.Tx, served int) error {
		var err error
		different, err = Compare(ctx, p.Pool, p.schema(served), g.schema)
		return err
	})
	return different, err
}

func (p *Projector) cleanUp(g *generation) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return p.drop(ctx, g.number)
}

// fillAndHold fills g until it has heard exactly what the served generation has heard, which stands still
// meanwhile and until then has ended.
func (p *Projector) fillAndHold(ctx context.Context, g *generation, progress Progress, then func(tx pgx.Tx, served int) error) error {
	if err := p.fill(ctx, g, p.ends(ctx), progress); err != nil {
		return err
	}
	for range 20 {
		if far, err := p.behind(ctx, g); err != nil || far == nil {
			if err != nil {
				return err
			}
			break
		} else if err := p.fill(ctx, g, far, progress); err != nil {
			return err
		}
	}
	return pgx.BeginFunc(ctx, p.Pool, func(tx pgx.Tx) error {
		served, bounds, err := p.standStill(ctx, tx)
		if err != nil {
			return err
		}
		short, cancel := context.WithTimeout(ctx, hold)
		defer cancel()
		if err := p.fill(short, g, bounds, progress); err != nil {
			return err
		}
		return then(tx, served)
	})
}

// standStill locks the served generation's checkpoints and gives them. What was closed is no measure.
func (p *Projector) standStill(ctx context.Context, tx pgx.Tx) (served int, bounds map[string]int64, err error) {
	err = tx.QueryRow(ctx, `select generation from `+p.control("projection")+` where name = $1 for update`, p.Name).Scan(&served)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil, nil
	}
	if err != nil {
		return 0, nil, err
	}
	bounds, err = p.bounds(ctx, tx, served, true)
	return served, bounds, err
}

func (p *Projector) bounds(ctx context.Context, db querier, served int, lock bool) (map[string]int64, error) {
	at, closed, err := p.checkpoints(ctx, db, &generation{number: served}, lock)
	if err != nil {
		return nil, err
	}
	bounds := map[string]int64{}
	for service, c := range at {
		if !closed[service] {
			bounds[service] = c.Sequence
		}
	}
	return bounds, nil
}

// behind gives how far the served generation has heard, if g is not near it yet.
func (p *Projector) behind(ctx context.Context, g *generation) (map[string]int64, error) {
	var served int
	err := p.Pool.QueryRow(ctx, `select generation from `+p.control("projection")+` where name = $1`, p.Name).Scan(&served)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	bounds, err := p.bounds(ctx, p.Pool, served, false)
	if err != nil {
		return nil, err
	}
	at, _, err := p.checkpoints(ctx, p.Pool, g, false)
	for service, bound := range bounds {
		if bound > at[service].Sequence+nearly {
			return bounds, err
		}
	}
	return nil, err
}

// ends is the last sequence of each stream now; a stream that cannot be asked counts as empty, since what
// the served generation has heard is waited for besides.
func (p *Projector) ends(ctx context.Context) map[string]int64 {
	ends := map[string]int64{}
	for _, s := range p.Sources {
		asked, cancel := context.WithTimeout(ctx, time.Second)
		if one, err := s.JS.Stream(asked, stream.Name(s.Prefix, s.Service)); err == nil {
			ends[s.Service] = int64(one.CachedInfo().State.LastSeq) // far below 1<<63
		} else if !errors.Is(err, jetstream.ErrStreamNotFound) {
			p.Log.Warn("end of a stream is not known", "projection", p.Name, "service", s.Service, "error", err)
		}
		cancel()
	}
	return ends
}

var errFilled = errors.New("filled")

// fill hears every service up to a bound, at least; a bound that is the end of an append is met exactly.
func (p *Projector) fill(ctx context.Context, g *generation, bounds map[string]int64, progress Progress) error {
	at, _, err := p.checkpoints(ctx, p.Pool, g, false)
	if err != nil {
		return err
	}
	return each(ctx, p.Sources, func(ctx context.Context, s feed.Source) error {
		from, bound := at[s.Service], bounds[s.Service]
		if from.Sequence >= bound {
			return nil
		}
		err := feed.Read(ctx, s, from, fillBatch, feed.Whole(func(batch []ledger.Event) error {
			if over := batch[len(batch)-1].Position - bound; over > 0 && exact(batch, over) {
				batch = batch[:int64(len(batch))-over]
			}
			if _, err := p.apply(ctx, g, s.Service, from, batch); err != nil {
				return err
			}
			last := batch[len(batch)-1]
			from = feed.Checkpoint{Sequence: last.Position, EventID: last.ID}
			if progress != nil {
				progress(s.Service, last.Position, bound)
			}
			if last.Position >= bound {
				return errFilled
			}
			return nil
		}))
		if errors.Is(err, errFilled) {
			return nil
		}
		return fmt.Errorf("fill %s with %s: %w", g.schema, s.Service, err)
	})
}

// exact tells whether an append ends so many events before the end of the batch.
func exact(batch []ledger.Event, over int64) bool {
	meta, err := batch[int64(len(batch))-1-over].ReadMeta()
	return err == nil && meta.Part == meta.Of
}

// change makes g the served generation. A generation of the same tables is closed by it: its followers
// go on with g, and nobody is told of progress that the new one has not made.
func (p *Projector) change(ctx context.Context, tx pgx.Tx, served int, g *generation) error {
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`insert into ` + p.control("projection") + ` values ($1, $2) on conflict (name) do update set generation = excluded.generation`, []any{p.Name, g.number}},
		{`update ` + p.control("generation") + ` set state = 'whole' where projection = $1 and generation = $2`, []any{p.Name, g.number}},
		{`update ` + p.control("generation") + ` set retired = now() where projection = $1 and generation <> $2 and state = 'whole' and retired is null`, []any{p.Name, g.number}},
		{`update ` + p.control("checkpoint") + ` c set closed = true from ` + p.control("generation") + ` g
where c.projection = $1 and c.generation = $2 and g.projection = $1 and g.generation = $2 and g.tables = $3`, []any{p.Name, served, p.tables}},
	} {
		if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("projection %s: switch: %w", p.Name, err)
		}
	}
	return nil
}
