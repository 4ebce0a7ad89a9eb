package decider

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"example.org/passerelle/pkg/ledger"
)

// KeyOf is the key of a request: two callers, or two routes, never see each other's.
func KeyOf(caller, route, key string) ledger.Key { return keyOf("request", caller, route, key) }

func keyOf(parts ...string) (k ledger.Key) {
	var text []byte
	for _, part := range parts {
		text = append(binary.AppendUvarint(text, uint64(len(part))), part...)
	}
	sum := sha256.Sum256(text)
	copy(k[:], sum[:])
	return k
}

// enter waits until no other request with the key is under way in this process: the second one shall find
// what the first appended.
func (d *Decider[S, E]) enter(ctx context.Context, key ledger.Key) (leave func(), err error) {
	for {
		d.mu.Lock()
		busy, taken := d.keys[key]
		if !taken {
			mine := make(chan struct{})
			d.keys[key] = mine
			d.mu.Unlock()
			return func() {
				d.mu.Lock()
				delete(d.keys, key)
				d.mu.Unlock()
				close(mine)
			}, nil
		}
		d.mu.Unlock()
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, gaveUp(ctx)
		}
	}
}

// replay answers a call whose key was used before.
func (d *Decider[S, E]) replay(ctx context.Context, call Call[S]) (Done[S], bool, error) {
	stored, found, err := d.ledger.Find(ctx, call.Key)
	if err != nil || !found {
		return Done[S]{}, false, err
	}
	done, err := d.replayed(ctx, stored, call)
	return done, true, err
}

func (d *Decider[S, E]) replayed(ctx context.Context, stored ledger.Appended, call Call[S]) (Done[S], error) {
	if !bytes.Equal(stored.Request, call.Request) {
		return Done[S]{}, ErrKeyReused
	}
	done := Done[S]{Position: stored.Last, Answer: stored.Answer, Replayed: true}
	for _, e := range stored.Events {
		if strings.HasPrefix(e.Stream, d.aggregate.Kind+":") {
			done.Stream, done.Version = e.Stream, e.Version
		}
	}
	if done.Stream == "" {
		return done, nil
	}
	var err error
	done.State, _, err = d.Get(ctx, strings.TrimPrefix(done.Stream, d.aggregate.Kind+":"))
	return done, err
}
