// Package listen lets a service react to what others tell: every event in order, side by side in lanes,
// and what cannot be done is parked.
package listen

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Heard is an event as a listener sees it; details stay sealed.
type Heard = feed.Heard

// Reaction is what a listener does when it hears an event of one name.
type Reaction struct {
	Event string // name on the wire
	// Lane names the aggregate that will be commanded: what is in one lane is done strictly in order.
	Lane func(events.Fact) string
	// React is called at least once, and again until it returns nil: with the key the command it sends is
	// done once. Any error is a failure, to be tried again and then parked. A rule's refusal is an answer
	// and no failure: where it is expected, React tells what follows from it, or nothing, and returns nil.
	// ctx ends a second after the first try began, or when the listener stops.
	React func(ctx context.Context, h Heard, key ledger.Key) error
}

// Config is what a listener needs.
type Config struct {
	Listener  string
	Sources   []feed.Source
	Reactions []Reaction // one for a name
	Pool      *pgxpool.Pool
	Schema    string // of checkpoint, lease and parked, see Provision
	Owner     string // of the lease, see lease.Config
	Log       *slog.Logger
	Hub       *feed.Hub     // is advanced as far as was heard; parked counts as heard
	Lease     time.Duration // 0: 6 s
	Try       time.Duration // how long a message is tried in its lane before it is parked; 0: 1 s
	Again     time.Duration // pause before a parked message is tried again, doubled each time up to five minutes; 0: 1 s
	InFlight  int           // reactions at once; 0: 256
}

// Listener hears several services. Any number of instances may run; one is active. Two that are active for
// a moment do no harm.
type Listener struct {
	Config
	reactions map[string]Reaction
	subject   string
	kick      chan struct{}

	mu      sync.Mutex
	current *session
}

// Status is how a listener does, as its process knows.
type Status struct {
	Active    bool
	Positions map[string]int64
	Parked    int // lanes that wait for a parked message, known to the active instance
}

const (
	ahead      = 4096 // events that were read and are not finished
	readBatch  = 500
	storeEvery = 100 * time.Millisecond
	lookEvery  = time.Second
	slowest    = 5 * time.Minute
)

// Key makes the command of a reaction happen once: SHA-256 over "<listener>:<service>:<position>:<event>".
// The event's identifier is in it because a position is told again, with another event, when a person gave
// up the end of a ledger: a reaction to the one must not pass for a reaction to the other.
func Key(listener string, h Heard) (k ledger.Key) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s:%s:%d:%s", listener, h.Service, h.Position, h.ID))
	copy(k[:], sum[:])
	return k
}

// Provision makes the tables of the listeners of a service. A second call changes nothing.
func Provision(ctx context.Context, db lease.Execer, schema string) error {
	if err := lease.Provision(ctx, db, schema); err != nil {
		return err
	}
	s := pgx.Identifier{schema}.Sanitize()
	_, err := db.Exec(ctx, `
select pg_advisory_xact_lock(hashtextextended('passerelle provision', 0));
create table if not exists `+s+`.checkpoint (
  listener text not null,
  service  text not null,
  sequence bigint not null,
  event_id text not null,
  primary key (listener, service)
) with (fillfactor = 50);
create table if not exists `+s+`.parked (
  id        bigint generated always as identity primary key,
  listener  text not null,
  service   text not null,
  sequence  bigint not null,
  event_id  text not null,
  event     text not null,
  lane      text not null,
  reason    text not null, -- codes and names of types only
  tries     int not null,
  next_at   timestamptz not null,
  parked_at timestamptz not null default now(),
  unique (listener, service, sequence)
);
create index if not exists parked_lane on `+s+`.parked (listener, lane, id);`)
	if err != nil {
		return fmt.Errorf("provision listeners in %s: %w", schema, err)
	}
	return nil
}

// New makes a listener; nothing happens before Run.
func New(c Config) (*Listener, error) {
	if len(c.Sources) == 0 {
		return nil, fmt.Errorf("listener %s hears nobody", c.Listener)
	}
	if c.Try == 0 {
		c.Try = time.Second
	}
	if c.Again == 0 {
		c.Again = time.Second
	}
	if c.InFlight == 0 {
		c.InFlight = 256
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Hub == nil {
		c.Hub = feed.NewHub()
	}
	l := &Listener{
		Config: c, reactions: map[string]Reaction{}, subject: stream.Heard(c.Sources[0].Prefix, c.Listener), kick: make(chan struct{}, 1),
	}
	for _, r := range c.Reactions {
		if _, twice := l.reactions[r.Event]; twice || r.Lane == nil || r.React == nil {
			return nil, fmt.Errorf("listener %s: %s has no lane, no reaction or two", c.Listener, r.Event)
		}
		l.reactions[r.Event] = r
	}
	return l, nil
}

// Run listens while this instance is the active one, and follows the active one otherwise. It returns nil
// when ctx ends, and feed.ErrForked when a stream tells another history than was heard.
func (l *Listener) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		if err := feed.Follow(ctx, l.Sources[0].Conn, l.subject, l.Hub, l.told, l.look); ctx.Err() == nil {
			l.Log.Error("progress of others is not heard", "listener", l.Listener, "reason", feed.Reason(err))
		}
	}()
	err := l.lead(ctx)
	cancel()
	<-followed
	return err
}

func (l *Listener) lead(ctx context.Context) error {
	one := lease.New(lease.Config{Pool: l.Pool, Schema: l.Schema, Name: l.Listener, Owner: l.Owner, Long: l.Lease})
	for {
		held, release, err := one.Hold(ctx)
		if err != nil {
			return nil // ctx has ended
		}
		err = l.act(held)
		release()
		if errors.Is(err, feed.ErrForked) {
			return fmt.Errorf("listener %s: %w", l.Listener, err)
		}
		if ctx.Err() == nil {
			l.Log.Error("listener begins again", "listener", l.Listener, "reason", feed.Reason(err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery / 2):
		}
	}
}

// Status tells how the listener does. It asks nobody.
func (l *Listener) Status() Status {
	s := Status{Positions: map[string]int64{}}
	for _, source := range l.Sources {
		s.Positions[source.Service] = l.Hub.Position(source.Service)
	}
	if now := l.session(); now != nil {
		s.Active, s.Parked = true, now.parkedLanes()
	}
	return s
}

func (l *Listener) session() *session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current
}

func (l *Listener) setSession(s *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.current = s
}

func (l *Listener) told(p feed.Progress) { l.Hub.Advance(p.Service, p.Position) }

// look reads what the active instance has stored; the active one knows better.
func (l *Listener) look(ctx context.Context) {
	if l.session() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	at, err := l.checkpoints(ctx)
	if err != nil {
		return
	}
	for service, c := range at {
		l.Hub.Advance(service, c.Sequence)
	}
}

func (l *Listener) table(name string) string { return pgx.Identifier{l.Schema, name}.Sanitize() }

func (l *Listener) checkpoints(ctx context.Context) (map[string]feed.Checkpoint, error) {
	rows, err := l.Pool.Query(ctx, `select service, sequence, event_id from `+l.table("checkpoint")+` where listener = $1`, l.Listener)
	if err != nil {
		return nil, err
	}
	at := map[string]feed.Checkpoint{}
	var (
		service string
		c       feed.Checkpoint
	)
	_, err = pgx.ForEachRow(rows, []any{&service, &c.Sequence, &c.EventID}, func() error {
		at[service] = c
		return nil
	})
	return at, err
}

// store keeps checkpoints, only forward. A crash may lose the last of them: hearing again is harmless.
func (l *Listener) store(ctx context.Context, at map[string]feed.Checkpoint) error {
	var b pgx.Batch
	b.Queue(`select set_config('synchronous_commit', 'off', true)`)
	for service, c := range at {
		b.Queue(`insert into `+l.table("checkpoint")+` as c values ($1, $2, $3, $4)
on conflict (listener, service) do update set sequence = excluded.sequence, event_id = excluded.event_id where c.sequence < excluded.sequence`,
			l.Listener, service, c.Sequence, c.EventID)
	}
	return l.Pool.SendBatch(ctx, &b).Close()
}
