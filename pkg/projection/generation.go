package projection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/lease"
)

// target is the generation to follow: our tables, at most our version, nothing closed. nil if there is
// none. The very first generation is made here and served while it fills.
func (p *Projector) target(ctx context.Context) (*generation, error) {
	var served int
	err := p.Pool.QueryRow(ctx, `select generation from `+p.control("projection")+` where name = $1`, p.Name).Scan(&served)
	if errors.Is(err, pgx.ErrNoRows) {
		return p.first(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("projection %s: %w", p.Name, err)
	}
	var g generation
	err = p.Pool.QueryRow(ctx, `
select g.generation, g.version from `+p.control("generation")+` g
where g.projection = $1 and g.tables = $2 and g.state = 'whole' and g.version between 0 and $3
  and not exists (select from `+p.control("checkpoint")+` c where c.projection = g.projection and c.generation = g.generation and c.closed)
order by g.version desc, g.generation = $4 desc, g.generation desc limit 1`, p.Name, p.tables, p.Version, served).Scan(&g.number, &g.version)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil //nolint:nilnil // documented
	}
	g.schema, g.served = p.schema(g.number), g.number == served
	return &g, err
}

func (p *Projector) first(ctx context.Context) (*generation, error) {
	g, err := p.create(ctx, "whole")
	if err != nil {
		return nil, err
	}
	tag, err := p.Pool.Exec(ctx, `insert into `+p.control("projection")+` values ($1, $2) on conflict do nothing`, p.Name, g.number)
	if err == nil && tag.RowsAffected() == 0 {
		err = errors.Join(errMoved, p.drop(ctx, g.number))
	}
	return g, err
}

// create makes a generation with empty tables and checkpoints at the beginning. Numbers never come back.
func (p *Projector) create(ctx context.Context, state string) (*generation, error) {
	g := &generation{version: p.Version}
	err := pgx.BeginFunc(ctx, p.Pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1, 1))`, p.Control+"."+p.Name); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `
insert into `+p.control("generation")+` (projection, generation, tables, version, state)
select $1::text, coalesce(max(generation), 0) + 1, $2, $3, $4 from `+p.control("generation")+` where projection = $1::text
returning generation`, p.Name, p.tables, p.Version, state).Scan(&g.number)
		if err != nil {
			return err
		}
		g.schema = p.schema(g.number)
		s := pgx.Identifier{g.schema}.Sanitize()
		if _, err := tx.Exec(ctx, `create schema `+s+`; set local search_path = `+s+`, public`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, p.Tables); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, p.checkpointRows(), p.Name, g.number, p.Services)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("projection %s: make a generation: %w", p.Name, err)
	}
	return g, nil
}

// begin makes the checkpoints of services that are heard since this version only.
func (p *Projector) begin(ctx context.Context, g *generation) error {
	_, err := p.Pool.Exec(ctx, p.checkpointRows(), p.Name, g.number, p.Services)
	return err
}

func (p *Projector) checkpointRows() string {
	return `insert into ` + p.control("checkpoint") + ` (projection, generation, service, sequence, event_id)
select $1, $2, unnest($3::text[]), 0, '' on conflict do nothing`
}

var errServed = errors.New("it is served, and stays")

// drop removes a generation, never the one that is served. Who still reads from it is waited for, for two seconds.
func (p *Projector) drop(ctx context.Context, number int) error {
	err := pgx.BeginFunc(ctx, p.Pool, func(tx pgx.Tx) error {
		var served bool
		err := tx.QueryRow(ctx, `select generation = $2 from `+p.control("projection")+` where name = $1 for share`, p.Name, number).Scan(&served)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if served {
			return errServed
		}
		if _, err := tx.Exec(ctx, `set local lock_timeout = '2s'; drop schema if exists `+pgx.Identifier{p.schema(number)}.Sanitize()+` cascade`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from `+p.control("checkpoint")+` where projection = $1 and generation = $2`, p.Name, number); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update `+p.control("generation")+` set state = 'dropped' where projection = $1 and generation = $2`, p.Name, number)
		return err
	})
	if err != nil {
		return fmt.Errorf("projection %s: drop generation %d: %w", p.Name, number, err)
	}
	return nil
}

// sweep drops what nobody reads any more: generations retired longer than the grace time, and those that
// a rebuild left half filled.
func (p *Projector) sweep(ctx context.Context) {
	for {
		if err := p.sweepOnce(ctx); err != nil && ctx.Err() == nil {
			p.Log.Warn("old generations stay", "projection", p.Name, "error", err)
		}
		if pauseFor(ctx, max(p.Grace/4, 100*time.Millisecond)) != nil {
			return
		}
	}
}

func (p *Projector) sweepOnce(ctx context.Context) error {
	old, err := p.numbers(ctx, `state = 'whole' and retired < now() - $2 * interval '1 microsecond'
and generation <> (select generation from `+p.control("projection")+` where name = $1)`, p.Grace.Microseconds())
	if err != nil {
		return err
	}
	half, err := p.halfFilled(ctx)
	if err != nil {
		return err
	}
	if len(half) > 0 {
		_, release, ok, err := p.filling().Try(ctx)
		if err != nil || !ok {
			return err
		}
		defer release()
		if half, err = p.halfFilled(ctx); err != nil { // again: one of them may have been finished meanwhile
			return err
		}
	}
	for _, number := range append(old, half...) {
		if err := p.drop(ctx, number); err != nil {
			return err
		}
	}
	return nil
}

// halfFilled are the generations that somebody fills, or began to fill and never will end.
func (p *Projector) halfFilled(ctx context.Context) ([]int, error) {
	return p.numbers(ctx, `state in ('filling', 'scratch')`)
}

func (p *Projector) numbers(ctx context.Context, where string, args ...any) ([]int, error) {
	rows, err := p.Pool.Query(ctx, `select generation from `+p.control("generation")+` where projection = $1 and `+where, append([]any{p.Name}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// filling is the lease of whoever fills a generation: one at a time per projection. Each has an owner of
// its own, so two in one process exclude each other too.
func (p *Projector) filling() *lease.Lease {
	return lease.New(lease.Config{Pool: p.Pool, Schema: p.Control, Name: p.Name + "!fill", Owner: p.Owner + "/" + unique(), Long: p.Lease})
}
