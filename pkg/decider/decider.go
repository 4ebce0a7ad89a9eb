// Package decider takes commands to their aggregates: it loads a state, lets the command decide, and appends
// what was decided. All that wait for one aggregate are decided in turn and appended at once.
package decider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
)

// Command looks at a state and answers with facts or a refusal. No facts and no error: nothing new.
type Command[S any, E events.Fact] interface {
	Decide(state S) ([]E, error)
}

// Beside is a command that rests on streams beside its aggregate's own, or goes on in them. Look is asked right before
// each decision and gives the versions these streams have now, by name: when one of them moves on meanwhile, in this
// process or another, the command looks and decides again. A stream that is not named begins with the fact.
type Beside interface {
	Look(ctx context.Context) (versions map[string]int, err error)
}

// Claimant is a command that takes values beside those that its aggregate's facts take. They are never released.
type Claimant interface{ Take() []string }

// Aggregate says how facts make a state.
type Aggregate[S any, E events.Fact] struct {
	// Kind is the part of a stream's name before the colon.
	Kind string
	// Evolve gives the state after a fact. It leaves the state it was given as it was, maps and slices too:
	// that one may be cached, or on its way to a caller.
	Evolve func(S, E) S
	// Claims says which values a fact takes and releases; nil: none.
	Claims func(before S, e E) (take, release []string)
}

// Codec turns facts into what is stored, and back.
type Codec interface {
	Encode(ctx context.Context, f events.Fact) ([]byte, error)
	Decode(ctx context.Context, e ledger.Event) (events.Fact, error)
}

// Call is what comes with a command.
type Call[S any] struct {
	Key     ledger.Key // of the request; zero: the caller gave none
	Request []byte     // hash of the request's body
	// Answer is what the caller is told, as JSON: identifiers and codes only, since it is stored in clear. It
	// sees the state right after this very command. nil: no answer.
	Answer                    func(after S, version int) any
	IfMatch                   int // the version the caller has seen; 0: any
	Actor, Correlation, Cause string
}

// Done is what became of a command.
type Done[S any] struct {
	State    S
	Stream   string // of the aggregate; of a replayed command, of the one that was commanded then
	Version  int    // after this command
	Position int64  // of its last fact; of the stream's last event when it told nothing
	Answer   json.RawMessage
	Replayed bool // the key was used before: Answer is what was answered then, State is the present one
}

var (
	// ErrKeyReused: the key came with another request before.
	ErrKeyReused = refusal.New(refusal.Invalid, "key_reused", "This Idempotency-Key was used for another request. Use a new one.")
	// ErrStale: the aggregate is not at the version the caller has seen.
	ErrStale = refusal.New(refusal.Conflict, "stale", "This has changed meanwhile. Load it again.")
)

const (
	patience = 2 * time.Second // of a caller who named no deadline
	kept     = 4096            // states
)

// Decider handles the commands of one kind of aggregate.
type Decider[S any, E events.Fact] struct {
	ledger    ledger.Ledger
	codec     Codec
	aggregate Aggregate[S, E]
	states    *lru.Cache[string, known[S]]

	mu    sync.Mutex
	lanes map[string]*[]*job[S, E] // who waits for which aggregate; an entry means that somebody works on it
	keys  map[ledger.Key]chan struct{}
}

// known is a state as of a version.
type known[S any] struct {
	state    S
	version  int
	position int64 // of the event with that version
}

// New makes a decider on a ledger.
func New[S any, E events.Fact](l ledger.Ledger, c Codec, a Aggregate[S, E]) *Decider[S, E] {
	states, err := lru.New[string, known[S]](kept)
	if err != nil {
		panic(err) // kept is a positive constant
	}
	return &Decider[S, E]{
		ledger: l, codec: c, aggregate: a, states: states,
		lanes: map[string]*[]*job[S, E]{}, keys: map[ledger.Key]chan struct{}{},
	}
}

// Handle lets a command decide on the aggregate and appends its facts. It answers the rule's own refusal,
// *ledger.Claimed, ErrKeyReused, ErrStale, the ledger's refusals of what cannot be mirrored, and
// ledger.ErrUnavailable when ctx (2 s if it has no deadline) ends first: the command may still be carried out
// then. A lost race is never a refusal: the command decides again. A second call with the same key is Replayed.
func (d *Decider[S, E]) Handle(ctx context.Context, id string, c Command[S, E], call Call[S]) (Done[S], error) {
	if _, has := ctx.Deadline(); !has {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	try := tried(ctx)
	if call.Key != (ledger.Key{}) && !try {
		leave, err := d.enter(ctx, call.Key)
		if err != nil {
			return Done[S]{}, err
		}
		defer leave()
		if done, found, err := d.replay(ctx, call); found || err != nil {
			return done, err
		}
	}
	j := &job[S, E]{ctx: ctx, command: c, call: call, try: try, over: make(chan struct{})}
	d.queue(id, j)
	select {
	case <-j.over:
	case <-ctx.Done():
		return Done[S]{}, gaveUp(ctx)
	}
	if j.panicked != nil {
		panic(j.panicked) // in the goroutine whose rule it was
	}
	return j.done, j.err
}

func gaveUp(ctx context.Context) error {
	return fmt.Errorf("%w: %w", ledger.ErrUnavailable, context.Cause(ctx))
}

// Get gives the present state and its version, 0 if nothing was told.
func (d *Decider[S, E]) Get(ctx context.Context, id string) (S, int, error) {
	cached, _ := d.states.Get(id)
	now, err := d.present(ctx, id, cached)
	return now.state, now.version, err
}

// Forget drops the cached state of an aggregate: its details may have been erased.
func (d *Decider[S, E]) Forget(id string) { d.states.Remove(id) }

func (d *Decider[S, E]) stream(id string) string { return d.aggregate.Kind + ":" + id }

// present compares a cached state with the ledger, and reads what it lacks.
func (d *Decider[S, E]) present(ctx context.Context, id string, cached known[S]) (known[S], error) {
	version, err := d.ledger.Version(ctx, d.stream(id))
	switch {
	case err != nil:
		return cached, fmt.Errorf("version of %s: %w", d.stream(id), err)
	case version == cached.version:
		return cached, nil
	case version < cached.version: // the ledger was cut
		cached = known[S]{}
		d.states.Remove(id)
	}
	return d.load(ctx, id, cached)
}

// load reads what was told after a state, and keeps the newer one.
func (d *Decider[S, E]) load(ctx context.Context, id string, s known[S]) (known[S], error) {
	stored, err := d.ledger.Load(ctx, d.stream(id), s.version)
	if err != nil {
		return s, fmt.Errorf("load %s: %w", d.stream(id), err)
	}
	for _, e := range stored {
		fact, err := d.codec.Decode(ctx, e)
		if err != nil {
			return s, fmt.Errorf("load %s: %w", d.stream(id), err)
		}
		own, ok := fact.(E)
		if !ok {
			return s, fmt.Errorf("load %s: %T is no fact of it", d.stream(id), fact)
		}
		s = known[S]{d.aggregate.Evolve(s.state, own), e.Version, e.Position}
	}
	d.keep(id, s)
	return s, nil
}

// keep caches a state. Two may do so at once: an older state costs a look more, never a wrong answer.
func (d *Decider[S, E]) keep(id string, s known[S]) {
	if s.version > 0 {
		d.states.Add(id, s)
	}
}

type tryingKey struct{}

// Trying makes a context in which commands are only tried while only says so: they look and decide, and where they would
// tell something the answer is ErrTried. Nothing is appended, and no key is looked up.
func Trying(ctx context.Context, only func() bool) context.Context {
	return context.WithValue(ctx, tryingKey{}, only)
}

func tried(ctx context.Context) bool {
	only, ok := ctx.Value(tryingKey{}).(func() bool)
	return ok && only()
}

// ErrTried: the rules let the command pass. It was only tried.
var ErrTried = errors.New("the command was only tried")

var errOwnFact = errors.New("the command tells nothing of its own aggregate")
