package projection

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ReadUpTo is how far the generation that is served has read a service.
type ReadUpTo struct {
	Projection string
	Generation int
	Service    string
	Position   int64
	Closed     bool // nothing more is to be heard in this generation
}

// Reading tells it from the control tables, whichever process does the reading.
func Reading(ctx context.Context, pool *pgxpool.Pool, control string) ([]ReadUpTo, error) {
	s := pgx.Identifier{control}.Sanitize()
	rows, err := pool.Query(ctx, `select c.projection, c.generation, c.service, c.sequence, c.closed
from `+s+`.projection p join `+s+`.checkpoint c on c.projection = p.name and c.generation = p.generation order by 1, 3`)
	if err != nil {
		return nil, fmt.Errorf("progress of read models: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[ReadUpTo])
}
