package mirror

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Bounds of what is sent and not yet acknowledged.
const (
	windowEvents = 512
	windowBytes  = 16 << 20
)

const (
	codeWrongLast         = 10071 // wrong last sequence, with the one the server has
	codeWrongLastInFlight = 10164 // the same, from a cluster that has not settled on it yet
)

// outbox publishes events one position after the other, many at a time. The server refuses every one that
// would not get its position as its sequence, so whatever fails leaves a clean beginning.
type outbox struct {
	js     jetstream.JetStream
	prefix string
	stream string
	next   int64
	window []sent // oldest first
	bytes  int
	proven bool // the stream took one
}

type sent struct {
	position int64
	bytes    int
	ack      jetstream.PubAckFuture
}

// refusal says that the stream does not take a position.
type refusal struct {
	position int64
	err      error
}

func (r *refusal) Error() string {
	return fmt.Sprintf("position %d was refused: %v", r.position, r.err)
}
func (r *refusal) Unwrap() error { return r.err }

// misplaced says that the stream took a position as another sequence.
type misplaced struct {
	position int64
	ack      *jetstream.PubAck
}

func (m *misplaced) Error() string {
	return fmt.Sprintf("position %d became message %d of %s", m.position, m.ack.Sequence, m.ack.Stream)
}

// room is how many may be sent now. The first goes alone: a broken store that refuses it might take a later
// one, and give it the first one's place.
func (o *outbox) room() int {
	switch {
	case o.bytes >= windowBytes:
		return 0
	case !o.proven:
		return max(0, 1-len(o.window))
	}
	return windowEvents - len(o.window)
}

func (o *outbox) send(events []ledger.Event) error {
	for _, e := range events {
		if e.Position != o.next {
			return fmt.Errorf("the ledger goes on with position %d where %d is next", e.Position, o.next)
		}
		ack, err := o.js.PublishMsgAsync(stream.Message(o.prefix, e))
		if err != nil {
			return fmt.Errorf("publish position %d: %w", e.Position, err)
		}
		o.window = append(o.window, sent{e.Position, size(e), ack})
		o.bytes += size(e)
		o.next++
	}
	return nil
}

// oldest is where the answer to the oldest event in flight arrives; nil if there is none.
func (o *outbox) oldest() (<-chan *jetstream.PubAck, <-chan error) {
	if len(o.window) == 0 {
		return nil, nil
	}
	return o.window[0].ack.Ok(), o.window[0].ack.Err()
}

// taken notes the acknowledgement of the oldest event.
func (o *outbox) taken(ack *jetstream.PubAck) error {
	first := o.window[0]
	if int64(ack.Sequence) != first.position || ack.Stream != o.stream || ack.Duplicate { //nolint:gosec // far below 1<<63
		return &misplaced{first.position, ack}
	}
	o.proven = true
	o.window[0] = sent{}
	o.window = o.window[1:]
	o.bytes -= first.bytes
	return nil
}

// refused tells a refusal of the stream from a server that does not answer.
func (o *outbox) refused(err error) error {
	var api *jetstream.APIError
	if errors.As(err, &api) && (api.ErrorCode == codeWrongLast || api.ErrorCode == codeWrongLastInFlight) {
		return &refusal{o.window[0].position, err}
	}
	return fmt.Errorf("publish position %d: %w", o.window[0].position, err)
}

// wait waits for the oldest answer.
func (o *outbox) wait(ctx context.Context) error {
	taken, refused := o.oldest()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case ack := <-taken:
		return o.taken(ack)
	case err := <-refused:
		return o.refused(err)
	}
}

// fill sends the ledger from the outbox's next position to its end and waits until all of it is there.
func (o *outbox) fill(ctx context.Context, l Ledger) error {
	for {
		events, err := l.Read(ctx, o.next-1, pageSize)
		if err != nil {
			return err
		}
		for _, e := range events {
			for o.room() == 0 {
				if err := o.wait(ctx); err != nil {
					return err
				}
			}
			if err := o.send([]ledger.Event{e}); err != nil {
				return err
			}
		}
		if len(events) > 0 {
			continue
		}
		for len(o.window) > 0 {
			if err := o.wait(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}
