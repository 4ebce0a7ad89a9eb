package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/web"
)

// Rows reads rows of the generation of a read model that is served now. The statement is written as for In;
// the fields of T are named like the columns. A read model that is out of reach is a problem with 503.
func Rows[T any](ctx context.Context, pool *pgxpool.Pool, p *projection.Projector, sql string, args ...any) ([]T, error) {
	schema, err := p.Serving(ctx)
	if err != nil {
		return nil, Away(err)
	}
	rows, err := pool.Query(ctx, In(schema, sql), args...)
	if err != nil {
		return nil, Away(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	return list, Away(err)
}

// Row reads a row, or answers missing.
func Row[T any](ctx context.Context, pool *pgxpool.Pool, p *projection.Projector, missing error, sql string, args ...any) (T, error) {
	list, err := Rows[T](ctx, pool, p, sql, args...)
	return first(list, err, missing)
}

// In puts a statement on the tables of a generation: it is written with "model." before the name of each.
func In(schema, sql string) string {
	return strings.ReplaceAll(sql, "model.", pgx.Identifier{schema}.Sanitize()+".")
}

// OutOfReach tells whether a read model cannot be read now, where nothing is wrong with what was asked.
func OutOfReach(err error) bool {
	return errors.Is(err, projection.ErrBuilding) || !errors.Is(err, context.DeadlineExceeded) && feed.Away(err)
}

// Away says that a read model is out of reach where nothing is wrong with what was asked.
func Away(err error) error {
	switch {
	case err == nil:
		return nil
	case OutOfReach(err):
		return &web.Problem{
			Type: "urn:passerelle:problem:read_model_away", Title: "Not now", Status: http.StatusServiceUnavailable,
			Detail: "The read models are out of reach. Please try again.", Code: "read_model_away", RetryAfter: 1,
		}
	}
	return fmt.Errorf("read a read model: %w", err)
}
