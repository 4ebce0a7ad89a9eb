package detection

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/lease"
)

// Execer is a connection, a transaction or a pool.
type Execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

const purgeAgain = 10 * time.Minute

// throwDraftsAway looks for drafts whose time is over. One process does.
func (s *Service) throwDraftsAway(ctx context.Context) error {
	own := lease.New(lease.Config{Pool: s.Pool, Schema: s.Heard(), Name: "drafts", Owner: s.Owner})
	for ctx.Err() == nil {
		held, release, err := own.Hold(ctx)
		if err != nil {
			continue
		}
		s.purgeOften(held)
		release()
	}
	return nil
}

func (s *Service) purgeOften(ctx context.Context) {
	for ctx.Err() == nil {
		moved := s.Clock.Moved() // before the time is read
		if err := s.purgeDrafts(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("drafts were not thrown away", "reason", feed.Reason(err))
		}
		select {
		case <-ctx.Done():
		case <-moved:
		case <-time.After(purgeAgain):
		}
	}
}

type expired struct{ Account, ID string }

// purgeDrafts destroys the keys of those whose time is over, then takes the rows away.
func (s *Service) purgeDrafts(ctx context.Context) error {
	rows, err := s.Pool.Query(ctx, engine.In(DraftSchema(s.Prefix), `select account, id from model.draft where expires_at <= $1`), s.Clock.Now())
	if err != nil {
		return err
	}
	over, err := pgx.CollectRows(rows, pgx.RowToStructByName[expired])
	for _, one := range over {
		if err == nil {
			err = drafts{s.Engine, one.Account}.remove(ctx, one.ID)
		}
	}
	return err
}
