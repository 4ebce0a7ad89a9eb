// Package live keeps a directory as the access service tells it: one in each process, in memory. There are few
// facts of that kind, so a process reads them all when it starts.
package live

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/stream"
)

// Service tells the directory.
const Service = "access"

// Directory is the directory now. Make it with New and run it; until it has caught up once it is empty.
type Directory struct {
	source feed.Source
	hub    *feed.Hub
	log    *slog.Logger
	now    atomic.Pointer[directory.Directory]
}

// New makes a follower of the stream of the access service.
func New(source feed.Source, log *slog.Logger) *Directory {
	d := &Directory{source: source, hub: feed.NewHub(), log: log}
	d.now.Store(&directory.Directory{})
	return d
}

// Now is the directory as far as it was heard. It is never nil.
func (d *Directory) Now() *directory.Directory { return d.now.Load() }

// Hub says how far the access service was heard.
func (d *Directory) Hub() *feed.Hub { return d.hub }

const most = 10_000 // facts at a time

// Run hears until ctx ends. A fact of a later version is left out: what it says is for later versions.
func (d *Directory) Run(ctx context.Context) error {
	var b directory.Builder
	return feed.Read(ctx, d.source, feed.Checkpoint{}, most, feed.Whole(func(batch []ledger.Event) error {
		for _, e := range batch {
			h, err := feed.Hear(Service, e)
			if errors.Is(err, events.ErrUnknownName) {
				d.log.Warn("the directory tells something that this version does not know", "event", e.Name)
				continue
			}
			if err != nil {
				return err
			}
			b.Apply(h.Fact)
		}
		d.now.Store(b.Build())
		d.hub.Advance(Service, batch[len(batch)-1].Position)
		return nil
	}))
}

// Wait returns when a position of the access service was heard, and ctx's error when that did not happen in time.
func (d *Directory) Wait(ctx context.Context, service string, position int64) error {
	return d.hub.Wait(ctx, service, position)
}

// End is the last position of the access service that is known: as far as the stream says, else as far as was heard.
func (d *Directory) End(service string) int64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	heard := d.hub.Position(service)
	s, err := d.source.JS.Stream(ctx, stream.Name(d.source.Prefix, service))
	if err != nil {
		return heard
	}
	return max(heard, int64(s.CachedInfo().State.LastSeq)) // far below 1<<63
}
