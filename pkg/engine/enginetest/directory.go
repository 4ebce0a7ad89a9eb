package enginetest

import (
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/web"
)

// layDirectory tells the directory of the demonstration in the ledger of the service that looks after it.
func (w *World) layDirectory() {
	w.t.Helper()
	for _, f := range sample.Facts(Noon) {
		w.append(w.Engine.Ledger, f)
	}
}

// followDirectory lets that service, and what is asked of it, follow the directory as it tells it; any other has the
// one of the demonstration.
func (w *World) followDirectory(e *engine.Engine) func(*web.Heard) *web.Heard {
	if w.service != live.Service {
		return func(heard *web.Heard) *web.Heard { return heard }
	}
	followed := live.New(feed.Source{Conn: e.Conn, JS: e.JS, Prefix: e.Prefix, Service: live.Service}, e.Log)
	e.Directory = followed.Now
	e.Go("directory", followed.Run)
	head, err := e.Ledger.Head(w.ctx())
	w.must(err)
	w.must(followed.Wait(w.ctx(), live.Service, head.Position))
	return func(heard *web.Heard) *web.Heard {
		return engine.Together(heard, &web.Heard{Services: []string{live.Service}, Waiter: followed})
	}
}
