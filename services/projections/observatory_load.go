package projections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/vault"
)

// changes are the rows of the tables that were touched after some position, and how far the tables have heard.
type changes struct {
	at           int64
	campaigns    []campaignRow
	observations []observationRow
	refusals     []refusalRow
}

type campaignRow struct {
	ID, Fund, Programme string
	Closed              *string
	Change              int64
}

type observationRow struct {
	ID         string
	Told       int64
	CampaignID string
	Fund       string
	KnownFrom  string
	KnownTo    *string
	Subject    *string
	Fact       *string
	Box        []byte
	Published  []byte
	Change     int64
	opened     *events.Observed // nil: its key is lost, or
	erased     bool             // destroyed
}

type refusalRow struct {
	Fund, Programme, Desk, FindingDate, KnownFrom string
	Change                                        int64
}

const (
	changedCampaigns    = `select id, fund, programme, closed, change from model.campaign where change > $1 order by change, id`
	changedObservations = `
select id, told, campaign_id, fund, known_from, known_to, subject, fact, box, published, change from model.observation where change > $1 order by change, id`
	changedRefusals = `select fund, programme, desk, finding_date, known_from, change from model.refusal where change > $1 order by change, id`
)

// position is how far the tables have heard, and one statement: it is asked for before each answer.
func (o *observed) position(ctx context.Context, schema string) (at int64, err error) {
	err = o.pool.QueryRow(ctx, `select coalesce((`+o.served.At(schema)+`->>'detection')::bigint, 0)`).Scan(&at)
	return at, err
}

// changes reads one snapshot.
func (o *observed) changes(ctx context.Context, schema string, after int64) (c changes, err error) {
	err = pgx.BeginTxFunc(ctx, o.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(`select coalesce((` + o.served.At(schema) + `->>'detection')::bigint, 0)`).QueryRow(func(row pgx.Row) error { return row.Scan(&c.at) })
		b.Queue(engine.In(schema, changedCampaigns), after).Query(collect(&c.campaigns))
		b.Queue(engine.In(schema, changedObservations), after).Query(collect(&c.observations))
		b.Queue(engine.In(schema, changedRefusals), after).Query(collect(&c.refusals))
		return tx.SendBatch(ctx, &b).Close()
	})
	if err == nil {
		err = o.unseal(ctx, c.observations)
	}
	return c, err
}

func collect[T any](into *[]T) func(pgx.Rows) error {
	return func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
		return err
	}
}

// unseal opens what is pseudonymous, for as long as the copy keeps it in memory.
func (o *observed) unseal(ctx context.Context, rows []observationRow) error {
	subjects := map[string]bool{}
	for _, row := range rows {
		if row.Box != nil {
			subjects[*row.Subject] = true
		}
	}
	if err := o.vault.Prefetch(ctx, keys(subjects)); err != nil {
		return err
	}
	var all errgroup.Group
	for part := range slices.Chunk(rows, len(rows)/runtime.GOMAXPROCS(0)+1) {
		all.Go(func() error {
			for i := range part {
				if err := o.openRow(ctx, &part[i]); err != nil {
					return fmt.Errorf("observation told at %d: %w", part[i].Told, err)
				}
			}
			return nil
		})
	}
	return all.Wait()
}

func (o *observed) openRow(ctx context.Context, row *observationRow) error {
	if row.Box == nil {
		row.opened = &events.Observed{}
		return json.Unmarshal(row.Published, &row.opened.Observation)
	}
	details := events.Shut[events.Observed](*row.Subject, row.Box)
	err := o.vault.Unseal(ctx, "observation:"+row.ID, *row.Fact, &details)
	if errors.Is(err, vault.ErrMissing) { // the vault has raised the alarm
		return nil
	}
	if err != nil {
		return err
	}
	value, ok := details.Value()
	if row.erased = !ok; ok { // else the closing is about to be heard
		row.opened = &value
	}
	return nil
}

func keys(set map[string]bool) (list []string) {
	for key := range set {
		list = append(list, key)
	}
	return list
}
