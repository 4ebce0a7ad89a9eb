package decider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
)

// round decides jobs in turn on the evolving state of an aggregate and appends what they told at once.
type round[S any, E events.Fact] struct {
	*Decider[S, E]
	ctx     context.Context
	id      string
	now     known[S]
	base    int64 // position of the stream's last event before the round
	decided []decision[S, E]
	appends []ledger.Append
	facts   int
	begun   map[string]bool // other streams told of in this round
}

// decision is what one job came to.
type decision[S any, E events.Fact] struct {
	job   *job[S, E]
	done  Done[S]
	err   error
	tells bool // its append is the next one
}

// run answers jobs and gives those that are left for another round. With an error nobody was answered.
func (r *round[S, E]) run(jobs []*job[S, E], lost bool) (left []*job[S, E], err error) {
	cached := false
	if lost {
		r.states.Remove(r.id)
	} else {
		r.now, cached = r.states.Get(r.id)
	}
	if !cached {
		if r.now, err = r.load(r.ctx, r.id, r.now); err != nil {
			return nil, err
		}
	}
	before := r.now
	r.base = before.position
	left = r.decideAll(jobs)
	if len(r.appends) > 0 {
		return r.append(left)
	}
	// Nothing else would notice that these answers come from an old state.
	if cached {
		present, err := r.present(r.ctx, r.id, before)
		if err != nil {
			return nil, err
		}
		if present.version != before.version {
			return jobs, nil
		}
	}
	r.answerAll(nil)
	return left, nil
}

// decideAll decides as many jobs as fit into one call of the ledger.
func (r *round[S, E]) decideAll(jobs []*job[S, E]) (left []*job[S, E]) {
	r.begun = map[string]bool{}
	for i, j := range jobs {
		d, fits := r.decide(j)
		if !fits {
			return jobs[i:]
		}
		r.decided = append(r.decided, d)
	}
	return nil
}

func (r *round[S, E]) decide(j *job[S, E]) (d decision[S, E], fits bool) {
	d = decision[S, E]{job: j}
	defer func() {
		if d.job.panicked = recover(); d.job.panicked != nil {
			d.err, d.tells, fits = errors.New("the rule panicked"), false, true
		}
	}()
	if j.call.IfMatch != 0 && j.call.IfMatch != r.now.version {
		d.err = ErrStale
		return d, true
	}
	beside, err := look(r.ctx, j.command)
	if err != nil {
		d.err = err
		return d, true
	}
	facts, err := j.command.Decide(r.now.state)
	if err == nil && j.try {
		err = ErrTried
	}
	if err != nil {
		d.err = err
		return d, true
	}
	told, after, err := r.tell(facts, beside)
	if err != nil {
		d.err = err
		return d, true
	}
	if c, ok := j.command.(Claimant); ok && len(facts) > 0 {
		told.Take = append(told.Take, c.Take()...)
	}
	if len(r.appends) > 0 && (r.facts+len(facts) > ledger.MaxFacts || r.beginsTwice(told)) {
		return d, false
	}
	d.done = Done[S]{State: after.state, Stream: r.stream(r.id), Version: after.version}
	if j.call.Answer != nil {
		if d.done.Answer, d.err = json.Marshal(j.call.Answer(after.state, after.version)); d.err != nil {
			return d, true
		}
	}
	if d.tells = len(facts) > 0; d.tells {
		r.take(told, j.call, d.done.Answer)
		r.now = after
	}
	return d, true
}

// look gives the versions of the streams beside the aggregate's own, as the command has seen them.
func look(ctx context.Context, command any) (map[string]int, error) {
	versions := map[string]int{}
	b, ok := command.(Beside)
	if !ok {
		return versions, nil
	}
	seen, err := b.Look(ctx)
	maps.Copy(versions, seen)
	return versions, err
}

// tell encodes facts: those of the aggregate go on in its stream, those of another stream after its version in beside.
func (r *round[S, E]) tell(facts []E, beside map[string]int) (told ledger.Append, after known[S], err error) {
	after, own := r.now, r.stream(r.id)
	for _, f := range facts {
		data, err := r.codec.Encode(r.ctx, f)
		if err != nil {
			return told, after, fmt.Errorf("encode %s: %w", events.Name(f), err)
		}
		if r.aggregate.Claims != nil {
			take, release := r.aggregate.Claims(after.state, f)
			told.Take, told.Release = append(told.Take, take...), append(told.Release, release...)
		}
		if f.Stream() == own {
			after.state, after.version = r.aggregate.Evolve(after.state, f), after.version+1
			beside[own] = after.version
		} else {
			beside[f.Stream()]++
		}
		told.Facts = append(told.Facts, ledger.Fact{Stream: f.Stream(), Version: beside[f.Stream()], Name: events.Name(f), Data: data})
	}
	if len(facts) > 0 && after.version == r.now.version {
		return told, after, errOwnFact
	}
	told.Holder, told.Seen = own, r.seen(told, beside)
	return told, after, nil
}

// seen are the streams that were looked at and go on without this decision: it stands only where they stand.
func (r *round[S, E]) seen(told ledger.Append, beside map[string]int) (list []ledger.Seen) {
	for _, f := range told.Facts {
		delete(beside, f.Stream)
	}
	for stream, version := range beside {
		list = append(list, ledger.Seen{Stream: stream, Version: version})
	}
	return list
}

func (r *round[S, E]) beginsTwice(told ledger.Append) bool {
	for _, f := range told.Facts {
		if r.begun[f.Stream] {
			return true
		}
	}
	for _, s := range told.Seen {
		if r.begun[s.Stream] {
			return true
		}
	}
	return false
}

func (r *round[S, E]) take(told ledger.Append, call Call[S], answer []byte) {
	told.Key, told.Request, told.Answer = call.Key, call.Request, answer
	told.Actor, told.Correlation, told.Cause = call.Actor, call.Correlation, call.Cause
	r.appends = append(r.appends, told)
	r.facts += len(told.Facts)
	for _, f := range told.Facts {
		if f.Stream != told.Holder {
			r.begun[f.Stream] = true
		}
	}
}

// append stores what was told. When one command's claim, key or size stands in the way of all, each is done
// alone, so that only the guilty one fails.
func (r *round[S, E]) append(left []*job[S, E]) ([]*job[S, E], error) {
	stored, err := r.ledger.Append(r.ctx, r.appends...)
	switch {
	case err == nil && stored[0].Replayed:
		return r.answerReplayed(stored, left), nil
	case err == nil:
		for _, a := range stored {
			r.now.position = lastOf(a.Events, r.stream(r.id), r.now.position)
		}
		r.keep(r.id, r.now)
		r.answerAll(stored)
		return left, nil
	}
	r.states.Remove(r.id)
	switch {
	case errors.Is(err, ledger.ErrConflict), errors.Is(err, ledger.ErrUnavailable), errors.Is(err, ledger.ErrRestored):
		return nil, err
	case len(r.appends) > 1:
		for _, d := range r.decided {
			r.settle(r.id, []*job[S, E]{d.job})
		}
		return left, nil
	}
	return r.answerGuilty(err, left), nil
}

// answerAll answers every decision; stored has the appends of those that tell.
func (r *round[S, E]) answerAll(stored []ledger.Appended) {
	last := r.base // position of the stream's last event, as the round goes on
	for _, d := range r.decided {
		d.done.Position = last
		if d.tells {
			d.done.Position = stored[0].Last
			last = lastOf(stored[0].Events, d.done.Stream, last)
			stored = stored[1:]
		}
		d.answer()
	}
}

func lastOf(told []ledger.Event, stream string, position int64) int64 {
	for _, e := range told {
		if e.Stream == stream {
			position = e.Position
		}
	}
	return position
}

func (d *decision[S, E]) answer() {
	if d.err != nil {
		d.job.answer(Done[S]{}, d.err)
		return
	}
	d.job.answer(d.done, nil)
}

// answerReplayed answers those whose keys another process used meanwhile; whoever else was decided has seen a
// state that never was.
func (r *round[S, E]) answerReplayed(stored []ledger.Appended, left []*job[S, E]) []*job[S, E] {
	r.states.Remove(r.id)
	var again []*job[S, E]
	for _, d := range r.decided {
		if !d.tells {
			again = append(again, d.job)
			continue
		}
		d.job.answer(r.replayed(r.ctx, stored[0], d.job.call))
		stored = stored[1:]
	}
	return append(again, left...)
}

// answerGuilty answers the only one that told something; the others are decided again.
func (r *round[S, E]) answerGuilty(err error, left []*job[S, E]) []*job[S, E] {
	var again []*job[S, E]
	for _, d := range r.decided {
		if d.tells {
			d.job.answer(Done[S]{}, err)
		} else {
			again = append(again, d.job)
		}
	}
	return append(again, left...)
}
