package accesslog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/postgres"
)

// writer has the connection; it is for one goroutine.
type writer struct {
	pool    *pgxpool.Config
	config  Config
	service string
	chains  *chains
	conn    *pgx.Conn // nil: not connected
	head    *Head     // as far as this process knows; nil: it has to look
	rivals  int       // groups to come that look first, since another process writes too
	tried   *attempt  // nil: what became of every group is known
}

// attempt is a group whose answer was lost: it may be there.
type attempt struct {
	calls []*call
	last  Row
}

const (
	inTime = 2 * time.Second // for one exchange with the server
	wary   = 8               // groups that look first after a rival was seen
)

// settings of the connection: what the writer relies on, whatever the database's defaults are.
var settings = map[string]string{
	"default_transaction_isolation":       "read committed",
	"default_transaction_read_only":       "off",
	"lock_timeout":                        "1s",
	"idle_in_transaction_session_timeout": "1s",
	"statement_timeout":                   "0",
	"plan_cache_mode":                     "force_generic_plan",
	"jit":                                 "off",
}

// sqlAppend stores nothing when the chain ends elsewhere or is closed.
const sqlAppend = `
with head as (
	update {schema}.chain set position = $4, recorded = $5, link = $6, seal = $7
	where service = $1 and month = $2 and link = $3 and closed is null
	returning 1
)
insert into {schema}.entry (month, service, position, recorded, actor, role, fund, purpose, action, what, resource, subjects, fields, request, link)
select $2, $1, r.position, $5, r.actor, r.role, r.fund, r.purpose, r.action, r.what, r.resource,
	string_to_array(r.subjects, ','), string_to_array(r.fields, ','), r.request, r.link
from head, unnest($8::bigint[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::bytea[])
	r (position, actor, role, fund, purpose, action, what, resource, subjects, fields, request, link)`

const columnsOfHead = `service, month, before, position, recorded, link, closed, by_hand, purged, seal`

func (w *writer) write(group []*call) error {
	ctx, cancel := context.WithTimeout(context.Background(), inTime)
	defer cancel()
	err := w.writeIn(ctx, group)
	if err != nil {
		w.head = nil
		if w.conn != nil && (w.conn.IsClosed() || ctx.Err() != nil) {
			w.disconnect()
		}
	}
	return err
}

func (w *writer) writeIn(ctx context.Context, group []*call) error {
	if err := w.connect(ctx); err != nil {
		return err
	}
	if w.tried == nil && w.rivals == 0 && w.head != nil && MonthOf(w.config.now()) <= w.head.Month {
		if done, err := w.tryAtOnce(ctx, group); done || err != nil {
			return err
		}
		w.rivals = wary
	}
	w.rivals = max(0, w.rivals-1)
	return w.lookThenWrite(ctx, group)
}

// tryAtOnce writes after the head this process knows, in one round trip.
func (w *writer) tryAtOnce(ctx context.Context, group []*call) (bool, error) {
	rows, head := w.chains.stamp(*w.head, w.config.now(), entriesOf(group))
	w.tried = &attempt{group, rows[len(rows)-1]}
	n, err := w.append(ctx, w.conn, *w.head, head, rows)
	if err != nil {
		return false, err
	}
	w.tried = nil
	if n != len(rows) {
		return false, nil
	}
	w.head = &head
	return true, nil
}

func entriesOf(group []*call) (entries []Entry) {
	for _, c := range group {
		entries = append(entries, c.entries...)
	}
	return entries
}

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func (w *writer) append(ctx context.Context, db execer, from, to Head, rows []Row) (int, error) {
	n := len(rows)
	positions, links := make([]int64, n), make([][]byte, n)
	texts := make([][]string, 10)
	for i := range rows {
		r := &rows[i]
		positions[i], links[i] = r.Position, r.Link
		for c, text := range []string{
			r.Actor, r.Role, r.Fund, r.Purpose, r.Action, r.What, r.Resource,
			strings.Join(r.Subjects, separator), strings.Join(r.Fields, separator), r.RequestID,
		} {
			texts[c] = append(texts[c], text)
		}
	}
	args := []any{w.service, to.Month, from.Link, to.Position, to.Recorded, to.Link, to.Seal, positions}
	for _, column := range texts {
		args = append(args, column)
	}
	tag, err := db.Exec(ctx, inSchema(w.config.Schema, sqlAppend), append(args, links)...)
	return int(tag.RowsAffected()), err
}

// lookThenWrite cannot lose a race: under the lock it looks where the chain ends, begins the month if that is due,
// and writes.
func (w *writer) lookThenWrite(ctx context.Context, group []*call) error {
	var head Head
	before := w.head
	var missing []*call
	err := pgx.BeginFunc(ctx, w.conn, func(tx pgx.Tx) error {
		newest, err := w.look(ctx, tx)
		if err != nil {
			return err
		}
		if before != nil && newest != nil && bytes.Equal(before.Link, newest.Link) {
			w.rivals = 0
		}
		if missing, err = w.missing(ctx, tx, group); err != nil {
			return err
		}
		if head, err = w.current(ctx, tx, newest); err != nil || len(missing) == 0 {
			return err
		}
		rows, next := w.chains.stamp(head, w.config.now(), entriesOf(missing))
		w.tried = &attempt{missing, rows[len(rows)-1]}
		n, err := w.append(ctx, tx, head, next, rows)
		if err == nil && n != len(rows) {
			err = fmt.Errorf("%d of %d rows stored", n, len(rows))
		}
		head = next
		return err
	})
	if err != nil {
		return err
	}
	w.head, w.tried = &head, nil
	return nil
}

// missing is what of a group was not stored by an attempt whose answer was lost.
func (w *writer) missing(ctx context.Context, tx pgx.Tx, group []*call) ([]*call, error) {
	if w.tried == nil {
		return group, nil
	}
	last := w.tried.last
	var link []byte
	err := tx.QueryRow(ctx, inSchema(w.config.Schema, `select link from {schema}.entry where month = $1 and service = $2 and position = $3`),
		last.Month, w.service, last.Position).Scan(&link)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !bytes.Equal(link, last.Link) {
		return group, nil
	}
	if err != nil {
		return nil, err
	}
	stored := map[*call]bool{}
	for _, c := range w.tried.calls {
		stored[c] = true
	}
	var left []*call
	for _, c := range group {
		if !stored[c] {
			left = append(left, c)
		}
	}
	return left, nil
}

// look takes the service's lock and reads its newest chain, nil if it has none. Who writes at once has that row until
// its group is committed.
func (w *writer) look(ctx context.Context, tx pgx.Tx) (*Head, error) {
	if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", number("chain", w.config.Schema, w.service)); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, inSchema(w.config.Schema, `select `+columnsOfHead+` from {schema}.chain
		where service = $1 order by month desc limit 1 for update`), w.service)
	if err != nil {
		return nil, err
	}
	head, err := pgx.CollectExactlyOneRow(rows, scanHead)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return &head, err
}

// current is the chain of the present month. The first of a later month closes the one before.
func (w *writer) current(ctx context.Context, tx pgx.Tx, newest *Head) (Head, error) {
	now := w.config.now()
	head := Head{Service: w.service, Month: MonthOf(now), Before: []byte{}, Link: []byte{}, Recorded: time.Unix(0, 0).UTC()}
	switch {
	case newest == nil:
	case newest.Closed == nil && head.Month <= newest.Month:
		return *newest, nil
	default:
		if newest.Closed == nil {
			if err := closeChain(ctx, tx, w.config.Schema, w.chains, *newest, now, false); err != nil {
				return head, err
			}
		}
		head.Month = max(head.Month, nextMonth(newest.Month))
		head.Before, head.Link, head.Recorded = newest.Link, newest.Link, newest.Recorded
	}
	if err := makeMonth(ctx, tx, w.config.Schema, head.Month); err != nil {
		return head, err
	}
	head.Seal = w.chains.seal(&head)
	_, err := tx.Exec(ctx, inSchema(w.config.Schema, `insert into {schema}.chain (service, month, before, position, recorded, link, seal)
		values ($1, $2, $3, 0, $4, $5, $6)`), head.Service, head.Month, head.Before, head.Recorded, head.Link, head.Seal)
	return head, err
}

// closeChain notes that nothing is added any more.
func closeChain(ctx context.Context, tx pgx.Tx, schema string, c *chains, h Head, now time.Time, byHand bool) error {
	h.Closed, h.ByHand = &now, byHand
	_, err := tx.Exec(ctx, inSchema(schema, `update {schema}.chain set closed = $3, by_hand = $4, seal = $5 where service = $1 and month = $2`),
		h.Service, h.Month, now, byHand, c.seal(&h))
	return err
}

func scanHead(row pgx.CollectableRow) (h Head, err error) {
	err = row.Scan(&h.Service, &h.Month, &h.Before, &h.Position, &h.Recorded, &h.Link, &h.Closed, &h.ByHand, &h.Purged, &h.Seal)
	return h, err
}

func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil && !w.conn.IsClosed() {
		return nil
	}
	config := w.pool.ConnConfig.Copy()
	for name, value := range settings {
		config.RuntimeParams[name] = value
	}
	config.RuntimeParams["application_name"] = "passerelle access log " + w.service
	if w.pool.BeforeConnect != nil {
		if err := w.pool.BeforeConnect(ctx, config); err != nil {
			return err
		}
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	if err := postgres.CheckDurable(ctx, conn); err != nil {
		_ = conn.Close(ctx)
		return err
	}
	w.conn, w.head = conn, nil
	return nil
}

func (w *writer) disconnect() {
	if w.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = w.conn.Close(ctx)
	w.conn, w.head = nil, nil
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
	return true // the connection
}
