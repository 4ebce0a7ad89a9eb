package projection

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
)

// checkpoints are how far a generation has heard each service.
func (p *Projector) checkpoints(ctx context.Context, db querier, g *generation, lock bool) (map[string]feed.Checkpoint, map[string]bool, error) {
	sql := `select service, sequence, event_id, closed from ` + p.control("checkpoint") + ` where projection = $1 and generation = $2`
	if lock {
		sql += ` order by service for update`
	}
	rows, err := db.Query(ctx, sql, p.Name, g.number)
	if err != nil {
		return nil, nil, err
	}
	at, closed := map[string]feed.Checkpoint{}, map[string]bool{}
	var (
		service string
		one     feed.Checkpoint
		shut    bool
	)
	_, err = pgx.ForEachRow(rows, []any{&service, &one.Sequence, &one.EventID, &shut}, func() error {
		at[service], closed[service] = one, shut
		return nil
	})
	return at, closed, err
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// apply puts events that follow a checkpoint into a generation: one round trip and, since nothing is
// synchronised before its end, one transaction. It answers errMoved when the checkpoint is not there any more.
func (p *Projector) apply(ctx context.Context, g *generation, service string, from feed.Checkpoint, batch []ledger.Event) ([]Heard, error) {
	b, heard, err := p.prepare(ctx, g, service, from, from, batch)
	if err != nil {
		return nil, err
	}
	return heard, p.commit(ctx, g, service, from, b)
}

// prepare queues what events change, and that the checkpoint moves behind them from where the table has it.
func (p *Projector) prepare(ctx context.Context, g *generation, service string, from, stored feed.Checkpoint, batch []ledger.Event) (*Batch, []Heard, error) {
	last := batch[len(batch)-1]
	if batch[0].Position != from.Sequence+1 || last.Position != from.Sequence+int64(len(batch)) {
		return nil, nil, fmt.Errorf("projection %s: %s goes on at %d after %d", p.Name, service, batch[0].Position, from.Sequence)
	}
	b := p.moving(g, service, stored, checkpointAt(last))
	heard, err := p.queue(ctx, b, service, batch)
	return b, heard, err
}

// moving is a batch that moves the checkpoint, and nothing else yet.
func (p *Projector) moving(g *generation, service string, from, to feed.Checkpoint) *Batch {
	b := &Batch{schema: g.schema}
	b.Queue(`select set_config('synchronous_commit', 'off', true)`)
	b.Queue(p.move(), p.Name, g.number, service, from.Sequence, to.Sequence, to.EventID)
	b.bare = b.Len()
	return b
}

func (p *Projector) commit(ctx context.Context, g *generation, service string, from feed.Checkpoint, b *Batch) error {
	g.writing.Lock()
	defer g.writing.Unlock()
	if err := p.Pool.SendBatch(ctx, &b.Batch).Close(); err != nil {
		return p.explain(ctx, g, service, from, err)
	}
	return nil
}

func checkpointAt(e ledger.Event) feed.Checkpoint {
	return feed.Checkpoint{Sequence: e.Position, EventID: e.ID}
}

// move sets the checkpoint forward, first of all, so that a second instance waits behind the first and
// then finds that nothing is left to do. Where it is not as expected the division ends the transaction.
func (p *Projector) move() string {
	return `with moved as (
  update ` + p.control("checkpoint") + ` set sequence = $5::bigint, event_id = $6
  where projection = $1 and generation = $2 and service = $3 and sequence = $4 and sequence < $5::bigint and not closed returning 1)
select 1 / count(*) from moved`
}

func (p *Projector) queue(ctx context.Context, b *Batch, service string, batch []ledger.Event) ([]Heard, error) {
	heard, err := p.hear(service, batch)
	if err == nil && p.Ahead != nil {
		err = p.Ahead(ctx, heard)
	}
	if err != nil {
		return nil, err
	}
	for _, h := range heard {
		if err := p.Apply(b, h); err != nil {
			return nil, &poison{h.Cause(), h.Name, err}
		}
	}
	b.Flush()
	return heard, nil
}

func (p *Projector) hear(service string, batch []ledger.Event) ([]Heard, error) {
	heard := make([]Heard, 0, len(batch))
	for _, e := range batch {
		h, err := feed.Hear(service, e)
		if errors.Is(err, events.ErrUnknownName) {
			p.skip(e.Name)
			continue
		}
		if err != nil {
			return nil, &poison{h.Cause(), e.Name, err}
		}
		heard = append(heard, h)
	}
	return heard, nil
}

// skip passes a fact of a later version by: whoever knows it raises Version and so hears it from the beginning.
func (p *Projector) skip(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.unknown[name] {
		p.unknown[name] = true
		p.Log.Warn("unknown event is skipped", "projection", p.Name, "event", name)
	}
}

// explain tells a checkpoint that has moved from statements that fail.
func (p *Projector) explain(ctx context.Context, g *generation, service string, from feed.Checkpoint, failed error) error {
	var answer *pgconn.PgError
	if !errors.As(failed, &answer) || answer.Code != "22012" {
		return failed
	}
	at, closed, err := p.checkpoints(ctx, p.Pool, g, false)
	if err != nil {
		return err
	}
	if now, ok := at[service]; !ok || closed[service] || now.Sequence != from.Sequence {
		return errMoved
	}
	return failed
}
