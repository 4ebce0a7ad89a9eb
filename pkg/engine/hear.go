package engine

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/listen"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/stream"
	"example.org/passerelle/pkg/web"
)

// Heard is the schema of what a service's listener keeps.
func (e *Engine) Heard() string { return e.Prefix + e.Service + "_heard" }

// Reaction is what a service does when it hears a fact; see On.
type Reaction struct {
	service string
	listen.Reaction
}

// On reacts to the facts of one type. lane names the aggregate that will be commanded.
func On[F events.Fact](lane func(F) string, react func(context.Context, F, feed.Heard, ledger.Key) error) Reaction {
	var fact F
	name := events.Name(fact)
	return Reaction{events.Service(name), listen.Reaction{
		Event: name,
		Lane:  func(f events.Fact) string { return lane(f.(F)) },                                                       // the name says the type
		React: func(ctx context.Context, h feed.Heard, key ledger.Key) error { return react(ctx, h.Fact.(F), h, key) }, // the name says the type
	}}
}

// Listen reacts to what other services tell, from now on. It reads each of their streams whole, and gives
// what requests may wait for.
func (e *Engine) Listen(reactions ...Reaction) (*web.Heard, error) {
	var services []string
	list := make([]listen.Reaction, len(reactions))
	for i, r := range reactions {
		list[i] = r.Reaction
		if !slices.Contains(services, r.service) {
			services = append(services, r.service)
		}
	}
	listener, err := listen.New(listen.Config{
		Listener: e.Prefix + e.Service, Sources: e.Sources(services...), Reactions: list, Pool: e.Pool, Schema: e.Heard(),
		Owner: e.Owner, Log: e.Log, Hub: feed.NewHub(),
	})
	if err != nil {
		return nil, err
	}
	e.readers = append(e.readers, Reader{Name: "listener " + e.Service, Services: services, Hub: listener.Hub, State: func() (string, string) {
		if parked := listener.Status().Parked; parked > 0 {
			return "behind", "messages are parked: passerelle parked list"
		}
		return "ok", ""
	}})
	e.Go("listener", listener.Run)
	return &web.Heard{Services: services, Waiter: waiter{listener.Hub, e}}, nil
}

// Waiter lets requests wait until a read model has heard the positions they bring.
func (e *Engine) Waiter(p *projection.Projector) *web.Heard {
	return &web.Heard{Services: p.Services, Waiter: waiter{p.Hub, e}}
}

type waiter struct {
	*feed.Hub
	engine *Engine
}

// End asks the ledger about our own facts, which may not be in the stream yet, and the stream about those of others;
// when it cannot be asked, what was heard is all that is known.
func (w waiter) End(service string) int64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if service == w.engine.Service && w.engine.Ledger != nil {
		if head, err := w.engine.Ledger.Head(ctx); err == nil {
			return max(w.Position(service), head.Position)
		}
	}
	s, err := w.engine.JS.Stream(ctx, stream.Name(w.engine.Prefix, service))
	if err != nil {
		return w.Position(service)
	}
	return max(w.Position(service), int64(s.CachedInfo().State.LastSeq)) // far below 1<<63
}
