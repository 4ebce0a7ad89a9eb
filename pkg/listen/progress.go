package listen

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Progress is how far a listener has done with a service.
type Progress struct {
	Listener string
	Service  string
	Position int64
}

// Progresses reads it from a schema, whichever process listens.
func Progresses(ctx context.Context, db querier, schema string) ([]Progress, error) {
	rows, err := db.Query(ctx, `select listener, service, sequence from `+pgx.Identifier{schema, "checkpoint"}.Sanitize()+` order by 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("progress of listeners: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Progress])
}
