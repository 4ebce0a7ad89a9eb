package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const sqlEvent = `select position, id, stream, version, name, data, meta, recorded, link from {schema}.event `

func (l *Postgres) events(ctx context.Context, where string, args ...any) (events []Event, err error) {
	err = persist(ctx, func() error {
		rows, err := l.pool.Query(ctx, l.sql(sqlEvent+where), args...)
		if err != nil {
			return err
		}
		events, err = pgx.CollectRows(rows, scanEvent)
		return err
	})
	return events, err
}

func scanEvent(row pgx.CollectableRow) (Event, error) {
	var e Event
	var id [16]byte
	err := row.Scan(&e.Position, &id, &e.Stream, &e.Version, &e.Name, &e.Data, &e.Meta, &e.Recorded, &e.Link)
	e.ID, e.Recorded = uuid.UUID(id).String(), e.Recorded.UTC()
	return e, err
}

// Load is described at Ledger.
func (l *Postgres) Load(ctx context.Context, stream string, after int) ([]Event, error) {
	return l.events(ctx, `where stream = $1 and version > $2 order by version`, stream, after)
}

// Read is described at Ledger.
func (l *Postgres) Read(ctx context.Context, after int64, limit int) ([]Event, error) {
	return l.events(ctx, `where position > $1 order by position limit $2`, after, limit)
}

// EventAt gives the event at a position, and false when there is none.
func (l *Postgres) EventAt(ctx context.Context, position int64) (Event, bool, error) {
	events, err := l.events(ctx, `where position = $1`, position)
	if err != nil || len(events) == 0 {
		return Event{}, false, err
	}
	return events[0], true, nil
}

// Find is described at Ledger.
func (l *Postgres) Find(ctx context.Context, key Key) (Appended, bool, error) {
	events, err := l.events(ctx, `where key = $1`, key[:])
	if err != nil || len(events) == 0 {
		return Appended{}, false, err
	}
	meta, err := events[0].ReadMeta()
	if err != nil {
		return Appended{}, false, err
	}
	if meta.Of > 1 {
		more, err := l.Read(ctx, events[0].Position, meta.Of-1)
		if err != nil {
			return Appended{}, false, err
		}
		events = append(events, more...)
	}
	return replayed(events, meta), true, nil
}

// replayed is the answer made from what is stored.
func replayed(events []Event, first Meta) Appended {
	return Appended{
		First: events[0].Position, Last: events[len(events)-1].Position, Recorded: events[0].Recorded,
		Events: events, Replayed: true, Request: first.Request, Answer: first.Answer,
	}
}

// Version is described at Ledger.
func (l *Postgres) Version(ctx context.Context, stream string) (version int, err error) {
	err = persist(ctx, func() error {
		return l.pool.QueryRow(ctx, l.sql(`select coalesce(max(version), 0) from {schema}.event where stream = $1`), stream).Scan(&version)
	})
	return version, err
}

// Holder is described at Ledger.
func (l *Postgres) Holder(ctx context.Context, claim string) (stream string, held bool, err error) {
	err = persist(ctx, func() error {
		return l.pool.QueryRow(ctx, l.sql(`select stream from {schema}.claim where value = $1`), claim).Scan(&stream)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return stream, err == nil, err
}

// Head is described at Ledger.
func (l *Postgres) Head(ctx context.Context) (head Head, err error) {
	err = persist(ctx, func() error {
		head, err = scanHead(l.pool.QueryRow(ctx, l.sql(sqlHead)))
		return err
	})
	return head, err
}

func scanHead(row pgx.Row) (Head, error) {
	var h Head
	var id [16]byte
	err := row.Scan(&h.Position, &id, &h.Recorded, &h.Link)
	if errors.Is(err, pgx.ErrNoRows) {
		return Head{}, nil
	}
	h.ID, h.Recorded = uuid.UUID(id).String(), h.Recorded.UTC()
	return h, err
}

// State tells whether the ledger takes appends: "open" or "restored".
func (l *Postgres) State(ctx context.Context) (state string, err error) {
	err = persist(ctx, func() error { return l.pool.QueryRow(ctx, l.sql(sqlState)).Scan(&state) })
	return state, err
}

// patience is how long a read is tried again on a connection that died.
const patience = 2 * time.Second

// persist asks again when a connection died under the question; asking twice does no harm.
func persist(ctx context.Context, ask func() error) error {
	begin := time.Now()
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		err := ask()
		if err == nil || !passing(err) {
			return err
		}
		if ctx.Err() != nil || time.Since(begin) > patience {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// passing tells whether an error comes from the connection or the server's condition, and not from what was asked.
func passing(err error) bool {
	var told *pgconn.PgError
	if errors.As(err, &told) {
		switch told.Code[:2] {
		case "08", "40", "53", "57", "58": // connection, rollback, resources, operator, system
			return true
		}
		return told.Code == "55P03" || told.Code == "25006" || told.Code == "25P03" // lock, read-only, idle
	}
	var scan pgx.ScanArgError
	return !errors.Is(err, pgx.ErrNoRows) && !errors.As(err, &scan)
}
