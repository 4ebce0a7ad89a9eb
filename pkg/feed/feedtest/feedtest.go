// Package feedtest puts events straight into a stream, as a mirror would, and damages it on demand.
package feedtest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/testkit"
)

// Teller is a service that tells facts.
type Teller struct {
	feed.Source

	t      testing.TB
	mu     sync.Mutex
	stream jetstream.Stream
	told   []ledger.Event
	away   bool
}

// New makes a stream of its own for a service.
func New(t testing.TB, service string) *Teller {
	t.Helper()
	return With(t, testkit.Prefix(t), service)
}

// With makes the stream of a service under a prefix that it shares with others.
func With(t testing.TB, prefix, service string) *Teller {
	t.Helper()
	conn, js := testkit.NATS(t)
	w := &Teller{Source: feed.Source{Conn: conn, JS: js, Prefix: prefix, Service: service}, t: t}
	w.create()
	return w
}

// Context ends with the test, at the latest after a minute.
func Context(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func (w *Teller) create() {
	w.t.Helper()
	config := stream.Config(w.Prefix, w.Service, "ledger", 1)
	config.DenyDelete, config.DenyPurge = false, false // so that a test can damage it
	var err error
	if w.stream, err = w.JS.CreateStream(context.Background(), config); err != nil {
		w.t.Fatal(err)
	}
}

// Tell appends facts as one append and gives the position of the last. While the stream is away they are
// kept for the refill.
func (w *Teller) Tell(facts ...events.Fact) int64 { return w.TellUnder("", facts...) }

// TellUnder is Tell with a correlation identifier.
func (w *Teller) TellUnder(correlation string, facts ...events.Fact) int64 {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, fact := range facts {
		meta, err := json.Marshal(ledger.Meta{Part: i + 1, Of: len(facts), Correlation: correlation})
		if err != nil {
			w.t.Fatal(err)
		}
		data, err := events.Encode(fact, func(events.Details) error { return nil })
		if err != nil {
			w.t.Fatal(err)
		}
		w.add(ledger.Event{Stream: fact.Stream(), Name: events.Name(fact), Data: data, Meta: meta})
	}
	return int64(len(w.told))
}

// Put appends an event as it is; position, identifier, time and an absent Meta are filled in.
func (w *Teller) Put(e ledger.Event) int64 {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(e)
	return int64(len(w.told))
}

func (w *Teller) add(e ledger.Event) {
	w.t.Helper()
	e.Position, e.ID, e.Version = int64(len(w.told))+1, rand.Text(), len(w.told)+1
	e.Recorded, e.Link = time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(e.Position)*time.Second), []byte{1}
	if e.Meta == nil {
		e.Meta = []byte(`{"part":1,"of":1}`)
	}
	w.told = append(w.told, e)
	if !w.away {
		w.publish(e)
	}
}

func (w *Teller) publish(e ledger.Event) {
	w.t.Helper()
	ack, err := w.JS.PublishMsg(context.Background(), stream.Message(w.Prefix, e))
	if err != nil || int64(ack.Sequence) != e.Position { // small
		w.t.Fatal(fmt.Errorf("publish %d: %+v %w", e.Position, ack, err))
	}
}

// Told is every event so far.
func (w *Teller) Told() []ledger.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told[:len(w.told):len(w.told)]
}

// Delete deletes the stream.
func (w *Teller) Delete() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.away = true
	if err := w.JS.DeleteStream(context.Background(), stream.Name(w.Prefix, w.Service)); err != nil {
		w.t.Fatal(err)
	}
}

// Refill makes the deleted stream again and fills it from 1.
func (w *Teller) Refill() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.create()
	for _, e := range w.told {
		w.publish(e)
	}
	w.away = false
}

// Fork forgets what was told after a position; Refill then tells the rest of a history that goes on otherwise.
func (w *Teller) Fork(after int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = w.told[:after:after]
}

// Lose makes a hole in the stream.
func (w *Teller) Lose(position int64) {
	w.t.Helper()
	if err := w.stream.SecureDeleteMsg(context.Background(), uint64(position)); err != nil { // positive
		w.t.Fatal(err)
	}
}

// Tablet is a fact of the equipment service, by number.
func Tablet(n int) events.ItemRegistered {
	return events.ItemRegistered{Pool: fmt.Sprintf("pool-%d", n%7), ItemID: fmt.Sprintf("item-%d", n), Kind: "tablet", AssetTag: fmt.Sprintf("TAG-%d", n)}
}
