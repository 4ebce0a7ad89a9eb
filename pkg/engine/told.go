package engine

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Told reads what a service told at a position, from its stream.
func (e *Engine) Told(ctx context.Context, service string, position int64) (ledger.Event, error) {
	s, err := e.JS.Stream(ctx, stream.Name(e.Prefix, service))
	if err != nil {
		return ledger.Event{}, fmt.Errorf("stream of %s: %w", service, err)
	}
	m, err := s.GetMsg(ctx, uint64(position)) // positions begin at 1
	if err != nil {
		return ledger.Event{}, fmt.Errorf("%s at %d: %w", service, position, err)
	}
	for _, of := range addedByTheServer {
		m.Header.Del(of)
	}
	return stream.Event(e.Prefix, position, m.Subject, m.Header, m.Data)
}

// addedByTheServer are headers of an answer, not of the message.
var addedByTheServer = []string{jetstream.StreamHeader, jetstream.SequenceHeader, jetstream.TimeStampHeaer, jetstream.SubjectHeader}
