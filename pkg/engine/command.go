package engine

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// Command gives a caller's command to an aggregate: under the caller's key, against the version the caller
// has seen. answer is what is kept for a repetition: identifiers and codes only.
func Command[S any, E events.Fact](ctx context.Context, d *decider.Decider[S, E], kind, id string, c decider.Command[S, E], answer func(S, int) any) (decider.Done[S], error) {
	key, request := web.Idempotency(ctx)
	seen, err := web.IfMatch(ctx, kind)
	if err != nil {
		return decider.Done[S]{}, err
	}
	return d.Handle(ctx, id, c, decider.Call[S]{
		Key: key, Request: request, Answer: answer, IfMatch: seen, Actor: web.Account(ctx), Correlation: web.RequestID(ctx),
	})
}

// React gives a command to an aggregate because something was heard. A rule's refusal is an answer too: what
// was heard needs nothing more.
func React[S any, E events.Fact](ctx context.Context, d *decider.Decider[S, E], id string, c decider.Command[S, E], h feed.Heard, key ledger.Key) error {
	call := decider.Call[S]{Key: key}
	if h.ID != "" { // a deadline has no fact before it
		call.Correlation, call.Cause = h.Correlation(), h.Cause()
	}
	_, err := d.Handle(ctx, id, c, call)
	var refused *refusal.Refusal
	if errors.As(err, &refused) {
		return nil
	}
	return err
}

// NewID makes an identifier: UUIDv7 text.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
