package vault

import (
	"context"
	"fmt"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
)

// Codec turns facts into what is stored, and back. It implements the decider's Codec.
type Codec struct {
	vault   *Vault
	mayOpen func(name string) bool
}

// Codec seals all details, and opens those of the events that this service may read.
func (v *Vault) Codec(mayOpen func(eventName string) bool) *Codec { return &Codec{v, mayOpen} }

// Encode gives the stored form with the details sealed. events.ErrErased when their key was destroyed.
func (c *Codec) Encode(ctx context.Context, f events.Fact) ([]byte, error) {
	name := events.Name(f)
	data, err := events.Encode(f, func(d events.Details) error { return c.vault.seal(ctx, f.Stream(), name, d) })
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", name, err)
	}
	return data, nil
}

// Decode reads a stored event. Details that may not be opened stay sealed, those of a destroyed key are erased.
func (c *Codec) Decode(ctx context.Context, e ledger.Event) (events.Fact, error) {
	if c.mayOpen == nil || !c.mayOpen(e.Name) {
		return events.Decode(e.Name, e.Data, nil)
	}
	return events.Decode(e.Name, e.Data, func(d events.Details) error { return c.vault.Unseal(ctx, e.Stream, e.Name, d) })
}
