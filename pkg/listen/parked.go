package listen

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/ThreeDotsLabs/watermill/message/router/middleware"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// parker puts what Watermill calls poison into the table.
type parker struct{ *session }

// Publish parks a message that failed, or sets the next try of one that failed again.
func (p parker) Publish(_ string, messages ...*message.Message) error {
	for _, m := range messages {
		it, reason := itemOf(m), m.Metadata.Get(middleware.ReasonForPoisonedKey)
		if err := p.park(it, reason); err != nil {
			return err
		}
		it.failed = true
		p.Log.Warn("message is parked", "listener", p.Listener.Listener, "cause", it.heard.Cause(), "event", it.heard.Name, "lane", it.lane, "reason", reason)
	}
	return nil
}

// Close has nothing to do.
func (parker) Close() error { return nil }

const columns = ` (listener, service, sequence, event_id, event, lane, reason, tries, next_at) `

func (s *session) park(it *item, reason string) error {
	ctx, cancel := context.WithTimeout(s.ctx, time.Second)
	defer cancel()
	_, err := s.Pool.Exec(ctx, `insert into `+s.table("parked")+` as p`+columns+`
values ($1, $2, $3, $4, $5, $6, $7, 1, now() + $8 * interval '1 microsecond')
on conflict (listener, service, sequence) do update set reason = excluded.reason, tries = p.tries + 1,
  next_at = now() + least($8 * power(2, least(p.tries, 30)), $9) * interval '1 microsecond'`,
		s.Listener.Listener, it.heard.Service, it.heard.Position, it.heard.ID, it.heard.Name, it.lane, reason,
		float64(s.Again.Microseconds()), float64(slowest.Microseconds()))
	return err
}

// parkBehind parks what comes behind a parked message of its lane, in one go, up to a wish to retry.
// It gives what is left of the queue: all of it when the table could not be reached.
func (s *session) parkBehind(name string, queue []*item) []*item {
	var b pgx.Batch
	n := 0
	for ; n < len(queue) && queue[n].reaction.React != nil; n++ {
		it := queue[n]
		b.Queue(`insert into `+s.table("parked")+columns+`values ($1, $2, $3, $4, $5, $6, 'behind', 0, now())
on conflict (listener, service, sequence) do nothing`,
			s.Listener.Listener, it.heard.Service, it.heard.Position, it.heard.ID, it.heard.Name, it.lane)
	}
	if err := s.Pool.SendBatch(s.ctx, &b).Close(); err != nil {
		select {
		case <-s.ctx.Done():
		case <-time.After(s.Try / 4):
		}
		return queue
	}
	for _, it := range queue[:n] {
		s.done(name, it)
	}
	return queue[n:]
}

func (s *session) isParked(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.parked[name]
}

func (s *session) setParked(name string, parked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if parked {
		s.parked[name] = true
	} else {
		delete(s.parked, name)
	}
}

func (s *session) parkedLanes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.parked)
}

func (s *session) parkedNames() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, 0, len(s.parked))
	for name := range s.parked {
		names = append(names, name)
	}
	return names
}

func (l *Listener) lanesWithParked(ctx context.Context) ([]string, error) {
	rows, err := l.Pool.Query(ctx, `select distinct lane from `+l.table("parked")+` where listener = $1`, l.Listener)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// retry lets lanes try their parked messages again when the first of them is due.
func (s *session) retry() {
	tick := time.NewTicker(min(lookEvery, s.Again))
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
		case <-s.kick:
		}
		names := s.parkedNames()
		if len(names) == 0 {
			continue
		}
		waiting, err := s.notDue()
		if err != nil {
			continue
		}
		for _, name := range names {
			if !waiting[name] {
				s.enqueue(name, &item{lane: name})
			}
		}
	}
}

// notDue are the lanes whose first parked message has to wait.
func (s *session) notDue() (map[string]bool, error) {
	rows, err := s.Pool.Query(s.ctx, `
select lane from (select distinct on (lane) lane, next_at from `+s.table("parked")+` where listener = $1 order by lane, id) first
where next_at > now()`, s.Listener.Listener)
	if err != nil {
		return nil, err
	}
	lanes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	waiting := map[string]bool{}
	for _, lane := range lanes {
		waiting[lane] = true
	}
	return waiting, err
}

// retryLane does the parked messages of a lane in order, until one fails again or none is left.
func (s *session) retryLane(name string) {
	for s.ctx.Err() == nil {
		it, err := s.first(name)
		if errors.Is(err, pgx.ErrNoRows) {
			s.setParked(name, false)
			return
		}
		if err != nil || it == nil {
			return
		}
		if it.reaction.React != nil && (!s.deliver(it) || it.failed) {
			return
		}
		if _, err := s.Pool.Exec(s.ctx, `delete from `+s.table("parked")+` where id = $1`, it.row); err != nil {
			return
		}
	}
}

// first is the first parked message of a lane, nil if it is not due.
func (s *session) first(name string) (*item, error) {
	var (
		it  item
		due bool
	)
	h := &it.heard
	err := s.Pool.QueryRow(s.ctx, `select id, service, sequence, event_id, event, next_at <= now() from `+s.table("parked")+`
where listener = $1 and lane = $2 order by id limit 1`, s.Listener.Listener, name).Scan(&it.row, &h.Service, &h.Position, &h.ID, &h.Name, &due)
	if err != nil || !due {
		return nil, err
	}
	reaction, ok := s.reactions[h.Name]
	if _, hears := s.tracks[h.Service]; !ok || !hears {
		return &it, nil // nobody reacts any more
	}
	e, err := s.again(h.Event, h.Service)
	if err != nil {
		it.lane = name
		return nil, errors.Join(err, s.park(&it, feed.Reason(err)))
	}
	again := newItem(reaction, h.Service, e)
	again.row, again.lane = it.row, name
	return again, nil
}

// changed says that the stream has another event where the parked one was.
type changed struct{}

func (changed) Error() string { return "another event is at its place" }
func (changed) Code() string  { return "another event is at its place" }

// again reads a parked event from its stream.
func (s *session) again(parked ledger.Event, service string) (ledger.Event, error) {
	ctx, cancel := context.WithTimeout(s.ctx, time.Second)
	defer cancel()
	for _, source := range s.Sources {
		if source.Service != service {
			continue
		}
		one, err := source.JS.Stream(ctx, stream.Name(source.Prefix, service))
		if err != nil {
			return parked, err
		}
		m, err := one.GetMsg(ctx, uint64(parked.Position)) // positive
		if err != nil {
			return parked, err
		}
		for _, added := range []string{"Nats-Stream", "Nats-Subject", "Nats-Sequence", "Nats-Time-Stamp", "Nats-Num-Pending", "Nats-Last-Sequence"} {
			delete(m.Header, added) // by a direct read
		}
		e, err := stream.Event(source.Prefix, parked.Position, m.Subject, m.Header, m.Data)
		if err == nil && e.ID != parked.ID {
			return parked, changed{}
		}
		return e, err
	}
	return parked, jetstream.ErrStreamNotFound
}

// Parked is a message that could not be done, or is behind one in its lane.
type Parked struct {
	ID       int64
	Listener string
	Service  string
	Sequence int64
	EventID  string
	Event    string // name on the wire
	Lane     string
	Reason   string // "behind", or why it failed last, without personal data
	Tries    int
	NextAt   time.Time
	ParkedAt time.Time
}

// ErrNotParked: there is no such row, or it was done meanwhile.
var ErrNotParked = errors.New("no such parked message")

// List gives what is parked in a schema, in the order in which it will be tried.
func List(ctx context.Context, db querier, schema string) ([]Parked, error) {
	rows, err := db.Query(ctx, `select id, listener, service, sequence, event_id, event, lane, reason, tries, next_at, parked_at
from `+pgx.Identifier{schema, "parked"}.Sanitize()+` order by listener, id`)
	if err != nil {
		return nil, fmt.Errorf("list what is parked: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Parked])
}

// Retry makes the lane of a parked message due now, for id 0 every lane. The active instance notices within a second.
func Retry(ctx context.Context, db querier, schema string, id int64) error {
	table := pgx.Identifier{schema, "parked"}.Sanitize()
	return affected(ctx, db, id == 0, `update `+table+` p set next_at = now() from `+table+` wish
where ($1 = 0 or wish.id = $1) and p.listener = wish.listener and p.lane = wish.lane returning p.id`, id)
}

// Drop forgets a parked message for good; those behind it go on.
func Drop(ctx context.Context, db querier, schema string, id int64) error {
	return affected(ctx, db, false, `delete from `+pgx.Identifier{schema, "parked"}.Sanitize()+` where id = $1 returning id`, id)
}

// Outdate says that what was heard of a service after a position is no longer true: its ledger or its
// stream was recovered. All listeners of the schema hear it again. Call it while none of them runs.
func Outdate(ctx context.Context, db querier, schema, service string, after int64) error {
	return affected(ctx, db, true, `with parked as (delete from `+pgx.Identifier{schema, "parked"}.Sanitize()+` where service = $1 and sequence > $2)
update `+pgx.Identifier{schema, "checkpoint"}.Sanitize()+` set sequence = $2, event_id = '' where service = $1 and sequence > $2 returning sequence`, service, after)
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func affected(ctx context.Context, db querier, noneIsFine bool, sql string, args ...any) error {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err == nil && len(found) == 0 && !noneIsFine {
		return ErrNotParked
	}
	return err
}

// Parked gives what this listener has parked.
func (l *Listener) Parked(ctx context.Context) ([]Parked, error) {
	all, err := List(ctx, l.Pool, l.Schema)
	own := all[:0]
	for _, p := range all {
		if p.Listener == l.Listener {
			own = append(own, p)
		}
	}
	return own, err
}

// Retry is the function of that name, without the wait.
func (l *Listener) Retry(ctx context.Context, id int64) error {
	err := Retry(ctx, l.Pool, l.Schema, id)
	l.wake()
	return err
}

// Drop is the function of that name, without the wait.
func (l *Listener) Drop(ctx context.Context, id int64) error {
	err := Drop(ctx, l.Pool, l.Schema, id)
	l.wake()
	return err
}

func (l *Listener) wake() {
	select {
	case l.kick <- struct{}{}:
	default:
	}
}
