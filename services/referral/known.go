package referral

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/referral/domain"
)

// flag is the flag as far as heard, or ErrNoFlag.
func (s *Service) flag(ctx context.Context, id string) (domain.Flag, error) {
	return one[domain.Flag](ctx, s, domain.ErrNoFlag, `select *, array(select session_id from knows.referral where flag_id = f.id and open order by id) as open
from knows.flag f where id = $1`, id)
}

// session is the session as far as heard, or ErrNoSession.
func (s *Service) session(ctx context.Context, id string) (domain.Session, error) {
	return one[domain.Session](ctx, s, domain.ErrNoSession, `select * from knows.session where id = $1`, id)
}

const longestWait = time.Second

var errSilent = errors.New("the session has not said anything")

// seat waits until the session has said something to a referral.
func (s *Service) seat(ctx context.Context, referral string) (seat, error) {
	wait, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	for {
		next := s.knows.Hub.Position("workshop") + 1
		said, err := one[seat](ctx, s, errSilent, `select status, seat, held_until, would_be_rank, rank from knows.seat where referral_id = $1`, referral)
		if !errors.Is(err, errSilent) {
			return said, err
		}
		if s.knows.Hub.Wait(wait, "workshop", next) != nil {
			return seat{Status: domain.Requested, Seat: "pending"}, nil
		}
	}
}

// one reads a row of the generation that is served now, or answers missing.
func one[T any](ctx context.Context, s *Service, missing error, sql string, args ...any) (row T, err error) {
	schema, err := s.knows.Serving(ctx)
	if err != nil {
		return row, away(err)
	}
	rows, err := s.Pool.Query(ctx, on(schema, sql), args...)
	if err != nil {
		return row, away(err)
	}
	row, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	if errors.Is(err, pgx.ErrNoRows) {
		return row, missing
	}
	return row, away(err)
}

// on is a statement on the tables of a generation: it is written with "knows." before the name of each.
func on(schema, sql string) string {
	return strings.ReplaceAll(sql, "knows.", pgx.Identifier{schema}.Sanitize()+".")
}

func away(err error) error {
	if errors.Is(err, projection.ErrBuilding) || err != nil && feed.Away(err) {
		return fmt.Errorf("%w: %w", ledger.ErrUnavailable, err)
	}
	return err
}
