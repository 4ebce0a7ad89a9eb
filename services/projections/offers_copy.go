package projections

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
	"example.org/passerelle/services/reference/communes"
)

// offered is what can be offered to somebody, in memory: the sessions to come with their free seats, as far as the board
// was read. Nobody's data is in it. Why in memory: docs/decisions/D15, for the same reason.
type offered struct {
	Config

	catching chan struct{} // one catches up, the others wait

	mu       sync.RWMutex // of all below
	schema   string
	at       offeredAt
	change   int64
	index    *matching.Index
	sessions map[string]sessionRow
	places   map[string]string // their addresses
	lendable map[string]int    // tablets, by pool
}

// offeredAt is how far the board had heard, and the day for which tablets were counted.
type offeredAt struct {
	workshop, equipment int64
	day                 string
}

func newOffered(c Config) *offered {
	o := &offered{Config: c, catching: make(chan struct{}, 1)}
	o.forget("")
	return o
}

// forget begins anew, with the tables of another generation.
func (o *offered) forget(schema string) {
	o.schema, o.at, o.change = schema, offeredAt{}, 0
	o.index, o.sessions, o.lendable = matching.NewIndex(), map[string]sessionRow{}, map[string]int{}
	o.places = map[string]string{}
}

// offeredRow is a session with what the board knows of its provider, if it was registered.
type offeredRow struct {
	sessionRow

	Change           int64
	RenewedAt        time.Time
	Fund, Department *string
}

const (
	changedSessions = `
select ` + sessionColumns + `, s.change, s.renewed_at, p.fund, p.department from model.session s left join model.provider p on p.id = s.provider_id` + seatCounts + `
where s.change > $1 and ($1 > 0 or s.first_at > $2) order by s.change`
	lendableTablets = `select i.pool, count(*)::int as n from model.item i where i.kind = 'tablet' and i.state in ('', 'to_reset') and not i.missing and ` + availableItem + ` group by i.pool`
	availableItem   = `not exists (select from model.loan l where l.item_id = i.id and l.returned_at is null and (l.lent_at is not null or l.to_day >= $1))`
)

// catchUp reads what has changed since the last time. After it the copy is as new as the board was when it was asked. What
// was begun to be read is read to its end, whoever goes away meanwhile: the first time it is all sessions and places.
func (o *offered) catchUp(ctx context.Context) error {
	select {
	case o.catching <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	done := make(chan error, 1)
	go func() {
		defer func() { <-o.catching }()
		reading, stop := context.WithTimeout(context.WithoutCancel(ctx), longestReading)
		defer stop()
		done <- o.follow(reading)
	}()
	select {
	case err := <-done:
		return engine.Away(err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

const longestReading = time.Minute

func (o *offered) follow(ctx context.Context) error {
	schema, err := o.Projector.Serving(ctx)
	if err != nil {
		return err
	}
	at, err := o.position(ctx, schema)
	if err != nil || o.schema == schema && at == o.at {
		return err
	}
	after := o.change
	if o.schema != schema {
		after = 0
	}
	return o.read(ctx, schema, at, after)
}

func (o *offered) position(ctx context.Context, schema string) (at offeredAt, err error) {
	here := o.Projector.At(schema)
	at.day = reference.Day(o.Clock.Now())
	err = o.Pool.QueryRow(ctx, `select coalesce((j->>'workshop')::bigint, 0), coalesce((j->>'equipment')::bigint, 0) from (select `+here+` as j) at`).Scan(&at.workshop, &at.equipment)
	return at, err
}

// read takes one snapshot. It may hold more than the position that was asked for before; what is heard in between is read again.
func (o *offered) read(ctx context.Context, schema string, at offeredAt, after int64) error {
	var rows []offeredRow
	var places []offeredPlaceRow
	var tablets []struct {
		Pool string
		N    int
	}
	err := pgx.BeginTxFunc(ctx, o.Pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(engine.In(schema, changedSessions), after, o.Clock.Now()).Query(collect(&rows))
		b.Queue(engine.In(schema, changedPlaces), after).Query(collect(&places))
		b.Queue(engine.In(schema, lendableTablets), at.day).Query(collect(&tablets))
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.schema != schema {
		o.forget(schema)
	}
	lendable := map[string]int{}
	for _, t := range tablets {
		lendable[t.Pool] = t.N
	}
	o.at, o.lendable = at, lendable
	for _, row := range rows {
		if err := o.take(row); err != nil {
			return err
		}
		o.change = max(o.change, row.Change)
	}
	for _, row := range places {
		if err := o.takePlace(row); err != nil {
			return err
		}
		o.change = max(o.change, row.Change)
	}
	return nil
}

// take keeps a session that is still to come, and lets go of any other.
func (o *offered) take(row offeredRow) error {
	open := row.Status == "open" || row.Status == "confirmed"
	if !open || !row.FirstAt.After(o.Clock.Now()) {
		o.index.Drop(row.ID)
		delete(o.sessions, row.ID)
		return nil
	}
	s, err := o.session(row)
	if err != nil {
		return err
	}
	o.index.PutSession(s)
	o.sessions[row.ID] = row.sessionRow
	return nil
}

func (o *offered) session(row offeredRow) (s matching.Session, err error) {
	if err := json.Unmarshal(row.Plan, &s.SessionPlanned); err != nil {
		return s, fmt.Errorf("plan of session %s: %w", row.ID, err)
	}
	department := the(row.Department)
	s.Fund, s.Status = the(row.Fund), row.Status
	if p, ok := o.Directory().Provider(row.ProviderID); ok {
		s.Fund, department = p.Fund, p.Department
	}
	s.Renewed = row.RenewedAt
	s.Free, s.Waiting, s.Where = row.free(s.SessionPlanned), row.Waiting, matching.WhereIs(the(row.Insee), department)
	return s, nil
}

var precisions = map[string]string{communes.Exact: matching.Precise, communes.OfEPCI: matching.EPCI, communes.OfDepartment: matching.Department}

// asked answers for a person, and gives what it names. While it answers nothing changes.
func (o *offered) asked(p matching.Person) (matching.Result, shownThere) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	p.Lendable = o.lendable
	r := matching.Match(o.index, p)
	n := shownThere{map[string]sessionRow{}, map[string]string{}}
	for _, one := range r.Offers {
		if one.Session != nil {
			n.sessions[one.ID()] = o.sessions[one.ID()]
		} else {
			n.addresses[one.ID()] = o.places[one.ID()]
		}
	}
	return r, n
}

// shownThere is what an answer shows of the sessions and places that it names.
type shownThere struct {
	sessions  map[string]sessionRow
	addresses map[string]string
}

// relayed are the sessions of an answer that are followed from relays.
func (n shownThere) relayed(items []rest.Offer) (list []*rest.Session) {
	for _, o := range items {
		if o.Session != nil {
			list = withRelays(o.Session, n.sessions[o.Session.ID], list)
		}
	}
	return list
}
