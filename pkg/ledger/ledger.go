// Package ledger keeps the facts of one service in Postgres: the truth, with positions that have no gaps
// and follow the order of commits. Memory is the same for the tests of rules.
package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Bounds of one append; beyond them the append is refused with ErrTooLarge, since what cannot be mirrored
// cannot be appended.
const (
	MaxFacts = 100
	MaxBytes = 512 << 10 // of one fact as mirrored: data, metadata and headers
)

// Fact is one thing to append. Version is its place in its stream, from 1; nobody else may have taken it.
type Fact struct {
	Stream  string // "<kind>:<id>"
	Version int
	Name    string // on the wire: "workshop.seat-taken.v1"
	Data    []byte
}

// Append is one decision: all of its facts are stored, next to each other, or none.
type Append struct {
	Facts       []Fact
	Key         Key    // of the request; zero: one is minted
	Request     []byte // hash of the request's body, nil if it has none
	Answer      []byte // JSON: what the caller was told, identifiers and codes only
	Take        []string
	Release     []string
	Holder      string // stream that takes and releases; empty: the first fact's
	Seen        []Seen // other streams the decision rests on; ErrConflict when one of them has moved
	Actor       string // account of the caller, never a name
	Correlation string // identifier of the request that began it all
	Cause       string // "<service>:<position>" of the fact this reacts to
}

// Seen is a stream, and the version at which it stood when somebody decided; 0: nothing was told in it. It is
// compared with what stands in the ledger before the call, whatever the call itself tells.
type Seen struct {
	Stream  string
	Version int
}

// Key makes an append happen once: 16 bytes of SHA-256 over caller, route and the caller's own key.
type Key [16]byte

// Event is a fact as stored, and, byte for byte, as told.
type Event struct {
	Position int64
	ID       string // UUIDv7
	Stream   string
	Version  int
	Name     string
	Data     []byte
	Meta     []byte // JSON of Meta
	Recorded time.Time
	Link     []byte // keyed hash of this event and of the link before: the chain
}

// Meta is what an append writes beside its facts. Everything is in the event rows, so that key and claim
// indexes can be made again from either copy.
type Meta struct {
	Part        int    `json:"part"` // from 1
	Of          int    `json:"of"`   // how many facts the append has
	Actor       string `json:"actor,omitempty"`
	Correlation string `json:"correlation,omitempty"`
	Cause       string `json:"cause,omitempty"`

	// Only on the first fact of an append.
	Key     []byte          `json:"key,omitempty"`
	Request []byte          `json:"request,omitempty"`
	Answer  json.RawMessage `json:"answer,omitempty"`
	Take    []string        `json:"take,omitempty"`
	Release []string        `json:"release,omitempty"`
	Holder  string          `json:"holder,omitempty"` // of the claims, where it is not this fact's stream
}

// ReadMeta reads an event's metadata.
func (e Event) ReadMeta() (Meta, error) {
	var m Meta
	if err := json.Unmarshal(e.Meta, &m); err != nil {
		return m, fmt.Errorf("metadata of %s: %w", e.ID, err)
	}
	return m, nil
}

// Appended is what became of an Append.
type Appended struct {
	First, Last int64 // positions
	Recorded    time.Time
	Events      []Event
	Replayed    bool   // the key was there already; nothing was appended
	Request     []byte // of the stored append, when replayed
	Answer      []byte
}

// Head is the end of a ledger. The zero Head is an empty ledger.
type Head struct {
	Position int64
	ID       string
	Recorded time.Time
	Link     []byte
}

// Ledger is the truth of one service.
type Ledger interface {
	// Append stores all the appends, in order and next to each other, or none. It returns when they are
	// durable. When their keys are all there already it answers each as Replayed. It answers ErrConflict when
	// a version is taken or not yet reached, when a Seen stream has moved, or when only some of the keys are there; *Claimed when a claim is
	// held; ErrTooLarge, ErrNotText and ErrMalformed for what cannot be mirrored; ErrRestored; and
	// ErrUnavailable when Postgres did not answer before ctx ended: what was asked may still be stored, whole
	// and under its key. The slices handed in belong to the ledger from then on.
	Append(ctx context.Context, appends ...Append) ([]Appended, error)
	// Load gives the events of a stream after a version, in order.
	Load(ctx context.Context, stream string, after int) ([]Event, error)
	// Version is the last version of a stream, 0 if there is none.
	Version(ctx context.Context, stream string) (int, error)
	// Find gives what was appended under a key.
	Find(ctx context.Context, key Key) (Appended, bool, error)
	// Holder gives the stream that holds a claim.
	Holder(ctx context.Context, claim string) (stream string, held bool, err error)
	// Read gives at most limit events after a position, in order.
	Read(ctx context.Context, after int64, limit int) ([]Event, error)
	// Head is the last event's place.
	Head(ctx context.Context) (Head, error)
}

var (
	// ErrConflict: another process told something on the stream meanwhile. Load again and decide again.
	ErrConflict = errors.New("stream has moved on")
	// ErrTooLarge: more than MaxFacts facts, or one of more than MaxBytes.
	ErrTooLarge = errors.New("append is too large to be mirrored")
	// ErrNotText: data or metadata is not UTF-8, or holds a NUL, as a byte or as JSON's \u0000.
	ErrNotText = errors.New("append is not text")
	// ErrMalformed: no fact, no stream, a name that is no subject, versions of a stream that do not follow
	// each other, a key twice, or a claim touched by two streams of one call.
	ErrMalformed = errors.New("append is malformed")
	// ErrUnavailable: Postgres is out of reach or too slow; nothing is known to be stored.
	ErrUnavailable = errors.New("ledger is out of reach")
	// ErrRestored: the ledger came from a backup and was not compared with its stream yet.
	ErrRestored = errors.New("ledger was restored and not yet compared with its stream")
)

// Claimed says that another stream holds a claim.
type Claimed struct {
	Claim  string
	Holder string // stream
}

func (c *Claimed) Error() string { return fmt.Sprintf("claim is held by %s", c.Holder) }
