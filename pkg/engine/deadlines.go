package engine

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
)

// deadlines is raised when a service sets others for facts that were told before.
const deadlines = 1

// Deadlines sends commands when something is due, from now on: of says what a fact of this service adds and
// what it settles.
func (e *Engine) Deadlines(of func(events.Fact) (add, done []deadline.Due), handle func(context.Context, deadline.Due, ledger.Key) error) error {
	name := e.Prefix + e.Service + "_due"
	due, err := deadline.New(deadline.Config{
		Name: name, Source: e.Sources(e.Service)[0], Pool: e.Pool, Control: e.Prefix + Control, Owner: e.Owner, Clock: e.Clock,
		Log: e.Log, Hub: feed.NewHub(), Version: deadlines, Map: of, Handle: handle,
	})
	if err != nil {
		return err
	}
	e.keep(due.Projector)
	e.deadlines = append(e.deadlines, due)
	e.Go("deadlines", due.Run)
	return nil
}

// Quiet waits until nothing is due in this service: for who moves the clock by hand.
func (e *Engine) Quiet(ctx context.Context) error {
	for _, due := range e.deadlines {
		if err := due.Quiet(ctx); err != nil {
			return err
		}
	}
	return nil
}
