package listen

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ReadUpTo is how far a listener has done with a service.
type ReadUpTo struct {
	Listener string
	Service  string
	Position int64
}

// Reading tells it from a schema, whichever process listens.
func Reading(ctx context.Context, db querier, schema string) ([]ReadUpTo, error) {
	rows, err := db.Query(ctx, `select listener, service, sequence from `+pgx.Identifier{schema, "checkpoint"}.Sanitize()+` order by 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("progress of listeners: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[ReadUpTo])
}
