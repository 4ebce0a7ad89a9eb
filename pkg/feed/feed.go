// Package feed reads the stream of a service in order and without a gap, and lets others wait until a
// position has been heard.
package feed

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Checkpoint is the last event that was heard. The zero Checkpoint is the beginning. An empty EventID is
// not compared.
type Checkpoint struct {
	Sequence int64
	EventID  string
}

// Source is the stream of one service.
type Source struct {
	Conn    *nats.Conn
	JS      jetstream.JetStream
	Prefix  string
	Service string
}

// ErrForked says that the stream has another event at the checkpoint than the one that was heard there.
// Reading on would mix two histories: a person has to decide.
var ErrForked = errors.New("stream tells another history than the one that was heard")

const (
	heartbeat = 500 * time.Millisecond
	expiry    = 5 * time.Second
	pull      = 1000
	request   = time.Second
	pause     = 100 * time.Millisecond
	complain  = 10 * time.Second // between two reports of the same damage
)

// Read hands on the events after a checkpoint, in order, sequence by sequence: what is there now, at most
// max at a time, at least one. It waits for a stream that is not there, is shorter than the checkpoint or
// is damaged (which it reports), and goes on at exactly its next sequence when the stream is back.
// It returns when ctx ends, when handle answers an error, and with ErrForked.
func Read(ctx context.Context, s Source, from Checkpoint, max int, handle func([]ledger.Event) error) error {
	r := reader{Source: s, at: from, max: max, handle: handle}
	for {
		err := r.session(ctx)
		var (
			end    *end
			jumped *jump
		)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &end):
			return end.error
		case errors.As(err, &jumped):
			r.report(jumped)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

type reader struct {
	Source
	at       Checkpoint
	max      int
	handle   func([]ledger.Event) error
	reported struct {
		at   int64
		when time.Time
	}
}

// end ends Read with the error inside.
type end struct{ error }

// session reads with one consumer until something is wrong with it.
//
// It is what the client calls an ordered consumer, by hand: that one does not see a jump, asks with a
// timeout of ten seconds, and pauses longer and longer while the stream is away.
func (r *reader) session(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	consumer, err := r.consumer(ctx)
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullHeartbeat(heartbeat), jetstream.PullExpiry(expiry),
		jetstream.PullMaxMessages(pull), jetstream.WithMessagesErrOnMissingHeartbeat(true))
	if err != nil {
		return err
	}
	defer r.remove(consumer)
	defer messages.Stop()
	p := pump{prefix: r.Prefix, from: r.at, next: max(r.at.Sequence, 1), events: make(chan ledger.Event, pull)}
	go p.run(ctx, messages)
	for first := range p.events {
		batch := r.fill(first, p.events)
		if err := r.handle(batch); err != nil {
			return &end{err}
		}
		last := batch[len(batch)-1]
		r.at = Checkpoint{last.Position, last.ID}
	}
	return p.err
}

// consumer starts at the checkpoint itself, so that its event is compared before anything after it is read.
func (r *reader) consumer(ctx context.Context) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, request)
	defer cancel()
	return r.JS.CreateConsumer(ctx, stream.Name(r.Prefix, r.Service), jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: uint64(max(r.at.Sequence, 1)), // not negative
		AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, Replicas: 1, InactiveThreshold: 30 * time.Second,
	})
}

func (r *reader) remove(consumer jetstream.Consumer) {
	name := consumer.CachedInfo().Name
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), request)
		defer cancel()
		_ = r.JS.DeleteConsumer(ctx, stream.Name(r.Prefix, r.Service), name)
	}()
}

func (r *reader) fill(first ledger.Event, more <-chan ledger.Event) []ledger.Event {
	batch := append(make([]ledger.Event, 0, min(r.max, 1+len(more))), first)
	for len(batch) < r.max {
		select {
		case e, open := <-more:
			if !open {
				return batch
			}
			batch = append(batch, e)
		default:
			return batch
		}
	}
	return batch
}

// report tells the mirrors of the damage, once, and again only while it stays.
func (r *reader) report(j *jump) {
	if r.reported.at == j.want && time.Since(r.reported.when) < complain {
		return
	}
	r.reported.at, r.reported.when = j.want, time.Now()
	_ = r.Conn.Publish(stream.Damaged(r.Prefix, r.Service), []byte(strconv.FormatInt(j.want, 10)))
}

// jump says that a sequence is missing or cannot be read.
type jump struct {
	want   int64
	reason string
}

func (j *jump) Error() string { return fmt.Sprintf("sequence %d: %s", j.want, j.reason) }

// pump turns messages into events and stops at the first that is not the next.
type pump struct {
	prefix    string
	from      Checkpoint
	next      int64
	delivered uint64
	events    chan ledger.Event
	err       error // read after events is closed
}

func (p *pump) run(ctx context.Context, messages jetstream.MessagesContext) {
	defer close(p.events)
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			p.err = err
			return
		}
		e, err := p.event(m)
		if err != nil {
			p.err = err
			return
		}
		p.next++
		if e.Position == p.from.Sequence {
			continue
		}
		select {
		case p.events <- e:
		case <-ctx.Done():
			p.err = ctx.Err()
			return
		}
	}
}

var errLost = errors.New("a message was lost on the way")

func (p *pump) event(m jetstream.Msg) (ledger.Event, error) {
	about, err := m.Metadata()
	if err != nil {
		return ledger.Event{}, err
	}
	p.delivered++
	if about.Sequence.Consumer != p.delivered {
		return ledger.Event{}, errLost // by the client, not by the stream: a new consumer has it
	}
	if at := int64(about.Sequence.Stream); at != p.next { // far below 1<<63
		return ledger.Event{}, &jump{p.next, fmt.Sprintf("stream jumps to %d", at)}
	}
	e, err := stream.Event(p.prefix, p.next, m.Subject(), m.Headers(), m.Data())
	if p.next == p.from.Sequence && p.from.EventID != "" && err == nil && e.ID != p.from.EventID {
		return e, &end{fmt.Errorf("%w: sequence %d is event %s, heard was %s", ErrForked, p.next, e.ID, p.from.EventID)}
	}
	if err != nil {
		return e, &jump{p.next, err.Error()}
	}
	return e, nil
}
