package accesslog

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrTooYoung: the month holds rows that are not old enough.
var ErrTooYoung = fmt.Errorf("rows are kept for %d months", Kept)

// Due are the months that are old enough to be purged and still have rows.
func (a *Archive) Due(ctx context.Context) ([]string, error) {
	rows, err := a.pool.Query(ctx, inSchema(a.config.Schema, `select distinct month from {schema}.chain
		where purged is null and month < $1 order by month`), firstKept(a.config.now()))
	if err != nil {
		return nil, fmt.Errorf("access log: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Purge drops the rows of a month that is more than Kept months old. Its chains stay, with the links they end with, so
// that the log still verifies. A month that does not verify is not purged: *Broken. A second call changes nothing.
func (a *Archive) Purge(ctx context.Context, month string) error {
	if err := checkMonth(month); err != nil {
		return err
	}
	if month >= firstKept(a.config.now()) {
		return fmt.Errorf("%s: %w", month, ErrTooYoung)
	}
	if err := pgx.BeginFunc(ctx, a.pool, func(tx pgx.Tx) error { return a.purge(ctx, tx, month) }); err != nil {
		return fmt.Errorf("purge %s: %w", month, err)
	}
	return nil
}

func (a *Archive) purge(ctx context.Context, tx pgx.Tx, month string) error {
	heads, err := a.lockMonth(ctx, tx, month)
	if err != nil {
		return err
	}
	if _, err := a.verify(ctx, tx, month); err != nil {
		return err
	}
	c, now := newChains(a.config.Key), a.config.now()
	for _, h := range heads {
		if h.Purged != nil {
			continue
		}
		if err := a.markPurged(ctx, tx, c, h, now); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, inSchema(a.config.Schema, `drop table if exists {schema}.`+tableOf(month)))
	return err
}

// lockMonth keeps writers of the month out: one whose service was silent since could still add to it.
func (a *Archive) lockMonth(ctx context.Context, tx pgx.Tx, month string) ([]Head, error) {
	rows, err := tx.Query(ctx, inSchema(a.config.Schema, `select `+columnsOfHead+` from {schema}.chain where month = $1 order by service for update`), month)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanHead)
}

// markPurged closes the chain first where nothing came after it.
func (a *Archive) markPurged(ctx context.Context, tx pgx.Tx, c *chains, h Head, now time.Time) error {
	if h.Closed == nil {
		if err := closeChain(ctx, tx, a.config.Schema, c, h, now, true); err != nil {
			return err
		}
		h.Closed, h.ByHand = &now, true
	}
	h.Purged = &now
	_, err := tx.Exec(ctx, inSchema(a.config.Schema, `update {schema}.chain set purged = $3, seal = $4 where service = $1 and month = $2`),
		h.Service, h.Month, now, c.seal(&h))
	return err
}

// Close ends the chains of a month that is over, which else the first row of a later month does.
func (a *Archive) Close(ctx context.Context, month string) error {
	if err := checkMonth(month); err != nil {
		return err
	}
	now := a.config.now()
	if month >= MonthOf(now) {
		return fmt.Errorf("%s is not over", month)
	}
	c := newChains(a.config.Key)
	err := pgx.BeginFunc(ctx, a.pool, func(tx pgx.Tx) error {
		heads, err := a.lockMonth(ctx, tx, month)
		for i := 0; err == nil && i < len(heads); i++ {
			if heads[i].Closed == nil {
				err = closeChain(ctx, tx, a.config.Schema, c, heads[i], now, true)
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("close %s: %w", month, err)
	}
	return nil
}
