package decider

import (
	"context"
	"errors"
	"slices"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/ledger"
)

// job is one command on its way.
type job[S any, E events.Fact] struct {
	ctx     context.Context // has a deadline
	command Command[S, E]
	call    Call[S]
	try     bool // nothing is to be appended

	over     chan struct{} // closed when answered
	done     Done[S]
	err      error
	panicked any
}

func (j *job[S, E]) answer(done Done[S], err error) {
	j.done, j.err = done, err
	close(j.over)
}

// queue puts a job behind those that wait for the aggregate, and has somebody work on them.
func (d *Decider[S, E]) queue(id string, j *job[S, E]) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if waiting, busy := d.lanes[id]; busy {
		*waiting = append(*waiting, j)
		return
	}
	d.lanes[id] = &[]*job[S, E]{j}
	go d.work(id)
}

func (d *Decider[S, E]) work(id string) {
	for {
		d.mu.Lock()
		jobs := *d.lanes[id]
		if len(jobs) == 0 {
			delete(d.lanes, id)
			d.mu.Unlock()
			return
		}
		*d.lanes[id] = nil
		d.mu.Unlock()
		d.settle(id, jobs)
	}
}

// settle goes on until every job has its answer or its caller has given up.
func (d *Decider[S, E]) settle(id string, jobs []*job[S, E]) {
	lost := 0 // races in a row
	for {
		jobs = slices.DeleteFunc(jobs, func(j *job[S, E]) bool {
			ended := j.ctx.Err() != nil
			if ended {
				j.answer(Done[S]{}, gaveUp(j.ctx))
			}
			return ended
		})
		if lost > 0 {
			jobs = d.foundMeanwhile(jobs)
		}
		if len(jobs) == 0 {
			return
		}
		ctx, cancel := lastDeadline(jobs)
		if lost > 3 {
			pause(ctx, min(time.Duration(lost)*time.Millisecond, 20*time.Millisecond))
		}
		r := &round[S, E]{Decider: d, ctx: ctx, id: id}
		left, err := r.run(jobs, lost > 0)
		cancel()
		switch {
		case err == nil:
			jobs, lost = left, 0
		case errors.Is(err, ledger.ErrConflict):
			lost++
		default:
			for _, j := range jobs {
				j.answer(Done[S]{}, err)
			}
			return
		}
	}
}

// foundMeanwhile answers the jobs whose key was used by another process while they were decided here.
func (d *Decider[S, E]) foundMeanwhile(jobs []*job[S, E]) []*job[S, E] {
	return slices.DeleteFunc(jobs, func(j *job[S, E]) bool {
		if j.try || j.call.Key == (ledger.Key{}) {
			return false
		}
		done, found, err := d.replay(j.ctx, j.call)
		if found || err != nil {
			j.answer(done, err)
			return true
		}
		return false
	})
}

// lastDeadline is a context that ends when nobody waits any more.
func lastDeadline[S any, E events.Fact](jobs []*job[S, E]) (context.Context, context.CancelFunc) {
	var last time.Time
	for _, j := range jobs {
		if deadline, _ := j.ctx.Deadline(); deadline.After(last) {
			last = deadline
		}
	}
	return context.WithDeadline(context.WithoutCancel(jobs[0].ctx), last)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
