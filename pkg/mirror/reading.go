package mirror

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// errEnough ends a reading early.
var errEnough = errors.New("enough was read")

// quiet is how long a consumer may say nothing before the stream is asked whether there is more.
const quiet = 2 * time.Second

// readStream hands on the messages from a sequence on, in order, as a reader gets them, until there are no
// more. It does not ask how many there should be. Jumps are for handle to notice.
func (c Copies) readStream(ctx context.Context, from int64, handle func(message) error) error {
	for {
		read, err := c.consume(ctx, from, handle)
		if err != nil {
			return err
		}
		from = max(from, read+1)
		m, there, err := c.next(ctx, from)
		if err != nil || !there {
			return err
		}
		if read > 0 {
			continue
		}
		// The consumer is silent about a message that is there.
		if err := handle(m); err != nil {
			return err
		}
		from = m.sequence + 1
	}
}

// consume reads until the consumer has nothing more to give, or lost something on the way; it answers the
// last sequence, 0 for none. It is not the client's ordered consumer, which waits without end for a
// stream that went away.
func (c Copies) consume(ctx context.Context, from int64, handle func(message) error) (int64, error) {
	consumer, err := c.consumer(ctx, from)
	if err != nil {
		return 0, err
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(500), jetstream.PullHeartbeat(500*time.Millisecond), jetstream.PullExpiry(5*time.Second))
	if err != nil {
		return 0, fmt.Errorf("read the stream of %s: %w", c.Service, err)
	}
	defer c.remove(consumer)
	defer messages.Stop()
	last := int64(0)
	for delivered := uint64(1); ; delivered++ {
		got, err := nextWithin(ctx, quiet, messages)
		if (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, jetstream.ErrNoHeartbeat)) && ctx.Err() == nil {
			return last, nil // a busy server; one that went away is met when it is asked again
		}
		if err != nil {
			return last, fmt.Errorf("read the stream of %s: %w", c.Service, err)
		}
		about, err := got.Metadata()
		if err != nil || about.Sequence.Consumer != delivered {
			return last, err
		}
		last = int64(about.Sequence.Stream) //nolint:gosec // far below 1<<63
		if err := handle(message{last, got.Subject(), got.Headers(), got.Data()}); err != nil || about.NumPending == 0 {
			return last, err
		}
	}
}

func (c Copies) consumer(ctx context.Context, from int64) (jetstream.Consumer, error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	consumer, err := c.JS.CreateConsumer(ctx, c.name(), jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: uint64(from), //nolint:gosec // at least 1
		AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, Replicas: 1, InactiveThreshold: 30 * time.Second,
	})
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, errEnough
	}
	if err != nil {
		return nil, fmt.Errorf("read the stream of %s: %w", c.Service, err)
	}
	return consumer, nil
}

func (c Copies) remove(consumer jetstream.Consumer) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	_ = c.JS.DeleteConsumer(ctx, c.name(), consumer.CachedInfo().Name)
}

func nextWithin(ctx context.Context, d time.Duration, messages jetstream.MessagesContext) (jetstream.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return messages.Next(jetstream.NextContext(ctx))
}
