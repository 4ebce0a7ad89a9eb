package ledger

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// States of a ledger.
const (
	StateOpen     = "open"
	StateRestored = "restored" // from a backup, and not yet compared with the stream: takes no append
)

// SetState opens the ledger or marks it as restored. No append of any process commits after it was marked.
func (l *Postgres) SetState(ctx context.Context, state string) error {
	return l.locked(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, l.sql("update {schema}.info set state = $1"), state)
		return err
	})
}

// Import stores events exactly as they are given, right after the head, and makes their keys and claims again
// from their metadata. It answers *Broken, and stores nothing, when they do not continue the chain. A restored
// ledger takes them too.
func (l *Postgres) Import(ctx context.Context, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	err := l.locked(ctx, func(tx pgx.Tx) error {
		head, err := scanHead(tx.QueryRow(ctx, l.sql(sqlHead)))
		if err != nil {
			return err
		}
		c := newChain(l.config.ChainKey)
		for i := range events {
			if head, err = c.follow(head, &events[i]); err != nil {
				return err
			}
		}
		if err := l.copyEvents(ctx, tx, events); err != nil {
			return err
		}
		return l.indexClaims(ctx, tx, events)
	})
	if err != nil {
		return fmt.Errorf("import %d events from position %d: %w", len(events), events[0].Position, err)
	}
	return nil
}

func (l *Postgres) copyEvents(ctx context.Context, tx pgx.Tx, events []Event) error {
	columns := []string{"position", "recorded", "id", "stream", "version", "name", "data", "meta", "key", "link"}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{l.config.Schema, "event"}, columns, pgx.CopyFromSlice(len(events), func(i int) ([]any, error) {
		e := events[i]
		meta, err := e.ReadMeta()
		if err != nil {
			return nil, err
		}
		id, err := uuid.Parse(e.ID)
		if err != nil {
			return nil, err
		}
		return []any{e.Position, e.Recorded, [16]byte(id), e.Stream, int32(e.Version), e.Name, notNil(e.Data), e.Meta, meta.Key, e.Link}, nil
	}))
	return err
}

// indexClaims repeats what the events say about claims, in their order.
func (l *Postgres) indexClaims(ctx context.Context, tx pgx.Tx, events []Event) error {
	var batch pgx.Batch
	for _, e := range events {
		meta, err := e.ReadMeta()
		if err != nil {
			return err
		}
		holder := e.Stream
		if meta.Holder != "" {
			holder = meta.Holder
		}
		for _, value := range meta.Take {
			batch.Queue(l.sql(`insert into {schema}.claim (value, stream, position) values ($1, $2, $3) on conflict (value) do nothing`), value, holder, e.Position)
		}
		for _, value := range meta.Release {
			batch.Queue(l.sql(`delete from {schema}.claim where value = $1 and stream = $2`), value, holder)
		}
	}
	if batch.Len() == 0 {
		return nil
	}
	return tx.SendBatch(ctx, &batch).Close()
}

// Truncate removes every event after a position and makes the claims again from what is left. It is for a
// person who decided to keep the stream.
func (l *Postgres) Truncate(ctx context.Context, after int64) error {
	err := l.locked(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, l.sql("delete from {schema}.event where position > $1"), after); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, l.sql("delete from {schema}.claim")); err != nil {
			return err
		}
		for from := int64(0); ; {
			rows, err := tx.Query(ctx, l.sql(sqlEvent+`where position > $1
				and (position('"take"'::bytea in meta) > 0 or position('"release"'::bytea in meta) > 0) order by position limit 1000`), from)
			if err != nil {
				return err
			}
			events, err := pgx.CollectRows(rows, scanEvent)
			if err != nil || len(events) == 0 {
				return err
			}
			if err := l.indexClaims(ctx, tx, events); err != nil {
				return err
			}
			from = events[len(events)-1].Position
		}
	})
	if err != nil {
		return fmt.Errorf("truncate after position %d: %w", after, err)
	}
	return nil
}

// locked runs f in a transaction that holds the ledger's lock.
func (l *Postgres) locked(ctx context.Context, f func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, l.pool, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sqlLock, l.lock); err != nil {
			return err
		}
		return f(tx)
	})
}
