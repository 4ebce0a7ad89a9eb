package accesslog

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Report is what a whole log holds.
type Report struct {
	Heads []Head // by service, then month
	Rows  int64  // that were read and fit
}

// Verify follows every chain of the log from its first row to its head, as it stands now, while others go on
// writing. It answers *Broken for the first row, or month, that is not as it was written. What nobody can see from
// the log alone is that its very newest rows were taken away together with the head of before: compare heads that were noted elsewhere.
func (a *Archive) Verify(ctx context.Context) (report Report, err error) {
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err = pgx.BeginTxFunc(ctx, a.pool, snapshot, func(tx pgx.Tx) error {
		report, err = a.verify(ctx, tx, "")
		return err
	})
	var broken *Broken
	if err != nil && !errors.As(err, &broken) {
		err = fmt.Errorf("verify access log: %w", err)
	}
	return report, err
}

// verify looks at all months, or at the rows of one only.
func (a *Archive) verify(ctx context.Context, tx pgx.Tx, month string) (report Report, err error) {
	if report.Heads, err = a.heads(ctx, tx); err != nil {
		return report, err
	}
	if err := a.strays(ctx, tx); err != nil {
		return report, err
	}
	c := newChains(a.config.Key)
	for i := range report.Heads {
		h := &report.Heads[i]
		if err := c.fits(report.Heads, i); err != nil {
			return report, err
		}
		if month != "" && h.Month != month {
			continue
		}
		if err := a.followRows(ctx, tx, c, h); err != nil {
			return report, err
		}
		if h.Purged == nil {
			report.Rows += h.Position
		}
	}
	return report, nil
}

func (a *Archive) heads(ctx context.Context, tx pgx.Tx) ([]Head, error) {
	rows, err := tx.Query(ctx, inSchema(a.config.Schema, `select `+columnsOfHead+` from {schema}.chain order by service, month`))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanHead)
}

// strays looks for rows that no chain knows.
func (a *Archive) strays(ctx context.Context, tx pgx.Tx) error {
	var b Broken
	err := tx.QueryRow(ctx, inSchema(a.config.Schema, `select service, month from (select distinct service, month from {schema}.entry) e
		where not exists (select from {schema}.chain c where c.service = e.service and c.month = e.month and c.purged is null)
		order by 1, 2 limit 1`)).Scan(&b.Service, &b.Month)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	b.Why = "there are rows that no chain knows"
	return &b
}

// fits checks what a chain says of itself against its seal and its neighbours.
func (c *chains) fits(all []Head, i int) error {
	h := all[i]
	b := &Broken{Service: h.Service, Month: h.Month}
	first := i == 0 || all[i-1].Service != h.Service
	last := i == len(all)-1 || all[i+1].Service != h.Service
	switch {
	case !hmac.Equal(c.seal(&h), h.Seal):
		b.Why = "its head is not what was written"
	case first && len(h.Before) > 0:
		b.Why = "the months before it are gone"
	case !first && !bytes.Equal(h.Before, all[i-1].Link):
		b.Why = "it does not begin where the month before ended"
	case !last && h.Closed == nil:
		b.Why = "a later month is there, and it is not closed"
	case last && h.Closed != nil && !h.ByHand:
		b.Why = "the month that closed it is gone"
	default:
		return nil
	}
	return b
}

// followRows goes from the beginning of a month to its head.
func (a *Archive) followRows(ctx context.Context, tx pgx.Tx, c *chains, h *Head) error {
	if h.Purged != nil {
		return nil // strays has looked
	}
	at := Head{Service: h.Service, Month: h.Month, Link: h.Before}
	for {
		rows, err := a.rowsAfter(ctx, tx, at)
		if err != nil {
			return err
		}
		for i := range rows {
			if rows[i].Position > h.Position {
				return &Broken{h.Service, h.Month, rows[i].Position, "the month ends before it"}
			}
			if at, err = c.follow(at, &rows[i]); err != nil {
				return err
			}
		}
		if len(rows) > 0 {
			continue
		}
		if at.Position != h.Position || !bytes.Equal(at.Link, h.Link) {
			return &Broken{h.Service, h.Month, at.Position + 1, fmt.Sprintf("it is gone; the month has %d rows", h.Position)}
		}
		return nil
	}
}

func (a *Archive) rowsAfter(ctx context.Context, tx pgx.Tx, at Head) ([]Row, error) {
	rows, err := tx.Query(ctx, inSchema(a.config.Schema, `select `+columnsOfRow+` from {schema}.entry
		where month = $1 and service = $2 and position > $3 order by position limit 2000`), at.Month, at.Service, at.Position)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRow)
}
