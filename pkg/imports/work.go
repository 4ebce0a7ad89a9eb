package imports

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"example.org/passerelle/pkg/refusal"
)

// Work does what a line asks for, or in a dry run only looks whether it could. It answers whether all of it was there
// before; refusal.Faults, whose fields are columns, or a *refusal.Refusal reject the line. Any other error ends the run.
// Several lines are worked at once, so two with one key may meet.
type Work func(ctx context.Context, l Line) (already bool, err error)

// Result is how far a run is. Rejections are the first of them, by line; More says how many others were counted only.
type Result struct {
	ID         string      `json:"id"`
	State      string      `json:"state"`
	DryRun     bool        `json:"dry_run"`
	Line       int         `json:"line"` // the last that was read
	Accepted   int         `json:"accepted"`
	Already    int         `json:"already"` // were there before, and were left as they are
	Rejected   int         `json:"rejected"`
	Rejections []Rejection `json:"rejections"`
	More       int         `json:"more"`
	Detail     string      `json:"detail"` // in plain words, where it did not come to its end
}

// The states of a run.
const (
	Running = "running"
	Ended   = "done"
	CutOff  = "cut_off"
)

// Bounds of a run.
const (
	lanes          = 16   // lines worked at once
	MostRejections = 1000 // that are kept of one run
)

// tally counts while lines are worked.
type tally struct {
	mu sync.Mutex
	Result
}

// run works every line of a table.
func (c *tally) run(ctx context.Context, t *Table, work Work) error {
	group, worked := errgroup.WithContext(ctx)
	group.SetLimit(lanes)
	for worked.Err() == nil {
		line, wrong, err := t.Next()
		c.read(line.Number)
		if len(wrong) > 0 {
			c.reject(wrong)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		if len(wrong) == 0 {
			group.Go(func() error { return c.work(worked, line, work) })
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

func (c *tally) work(ctx context.Context, l Line, work Work) error {
	already, err := work(ctx, l)
	var (
		faults  refusal.Faults
		refused *refusal.Refusal
		wrong   []Rejection
	)
	switch {
	case errors.As(err, &faults):
		for _, f := range faults {
			wrong = append(wrong, Rejection{l.Number, f.Field, f.Code, f.Detail})
		}
		c.reject(wrong)
	case errors.As(err, &refused):
		c.reject([]Rejection{{l.Number, "", refused.Code, refused.Text}})
	case err != nil:
		return err
	default:
		c.accept(already)
	}
	return nil
}

func (c *tally) read(line int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Line = max(c.Line, line)
}

func (c *tally) accept(already bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if already {
		c.Already++
	} else {
		c.Accepted++
	}
}

// reject counts a line once, however many reasons there are.
func (c *tally) reject(wrong []Rejection) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Rejected++
	c.Line = max(c.Line, wrong[0].Line)
	keep := min(len(wrong), MostRejections-len(c.Rejections))
	c.Rejections = append(c.Rejections, wrong[:keep]...)
	c.More += len(wrong) - keep
}

// now is a copy of how far it is.
func (c *tally) now() Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.Result
	r.Rejections = append([]Rejection{}, c.Rejections...)
	slices.SortStableFunc(r.Rejections, func(a, b Rejection) int { return cmp.Compare(a.Line, b.Line) })
	return r
}
