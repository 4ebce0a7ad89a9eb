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

// race lets the contestants take turns and gives the medians of the rounds. An extra round, not counted, goes first.
func race(ctx context.Context, writers, rounds int, length time.Duration, contestants ...contestant) ([]figures, error) {
	all := make([][]figures, len(contestants))
	for round := range rounds + 1 {
		for i := range contestants {
			i = (i + round) % len(contestants) // nobody is always first
			f, err := measure(ctx, writers, length, contestants[i])
			if err != nil {
				return nil, err
			}
			if round > 0 {
				all[i] = append(all[i], f)
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

func measure(ctx context.Context, writers int, length time.Duration, c contestant) (figures, error) {
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
	took := time.Since(begin)
	every := slices.Concat(times...)
	slices.Sort(every)
	return figures{
		rate: float64(len(every)) / took.Seconds(),
		p50:  every[len(every)/2],
		p99:  every[len(every)*99/100],
	}, errors.Join(failures...)
}
