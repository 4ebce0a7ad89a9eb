package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// contestant does one piece of work for a writer; n is different each time.
type contestant struct {
	name string
	do   func(ctx context.Context, writer, n int) error
}

// figures are what one contestant did in one round.
type figures struct {
	rate     float64 // a second
	p50, p99 time.Duration
}

// course is how a race is run.
type course struct {
	writers, rounds int
	length          time.Duration // of one contestant's turn in a round
	slices          int           // the turn comes in so many pieces, so that all meet the same disturbances
}

// race lets the contestants take turns and gives the medians of the rounds. An extra round, not counted, goes first.
func race(ctx context.Context, c course, contestants ...contestant) ([]figures, error) {
	all := make([][]figures, len(contestants))
	for round := range c.rounds + 1 {
		turns := make([]turn, len(contestants))
		for slice := range c.slices {
			for i := range contestants {
				i = (i + round + slice) % len(contestants) // nobody is always first
				if err := turns[i].goOn(ctx, c.writers, c.length/time.Duration(c.slices), contestants[i]); err != nil {
					return nil, err
				}
			}
		}
		for i := range turns {
			if round > 0 {
				all[i] = append(all[i], turns[i].figures())
			}
		}
	}
	medians := make([]figures, len(contestants))
	for i, rounds := range all {
		medians[i] = figures{
			rate: median(rounds, func(f figures) float64 { return f.rate }),
			p50:  time.Duration(median(rounds, func(f figures) float64 { return float64(f.p50) })),
			p99:  time.Duration(median(rounds, func(f figures) float64 { return float64(f.p99) })),
		}
	}
	return medians, nil
}

func median[T any](list []T, value func(T) float64) float64 {
	values := make([]float64, len(list))
	for i, v := range list {
		values[i] = value(v)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// turn is what a contestant did in a round.
type turn struct {
	times []time.Duration
	took  time.Duration
}

func (t *turn) goOn(ctx context.Context, writers int, length time.Duration, c contestant) error {
	times := make([][]time.Duration, writers)
	failures := make([]error, writers)
	begin := time.Now()
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := 0; time.Since(begin) < length && failures[w] == nil; n++ {
				start := time.Now()
				failures[w] = c.do(ctx, w, n)
				times[w] = append(times[w], time.Since(start))
			}
		})
	}
	all.Wait()
	t.took += time.Since(begin)
	t.times = append(t.times, slices.Concat(times...)...)
	return errors.Join(failures...)
}

func (t *turn) figures() figures {
	slices.Sort(t.times)
	return figures{
		rate: float64(len(t.times)) / t.took.Seconds(),
		p50:  t.times[len(t.times)/2],
		p99:  t.times[len(t.times)*99/100],
	}
}
