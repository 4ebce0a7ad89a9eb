package feed_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"example.org/passerelle/pkg/feed"
)

func TestAWaiterWakesWhenItsPositionIsHeardAndNotBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := feed.NewHub()
		var wakes sync.WaitGroup
		early := make(chan int64, 100)
		for _, position := range rapid.SliceOfN(rapid.Int64Range(0, 20), 1, 30).Draw(t, "waiters") {
			wakes.Go(func() {
				if err := h.Wait(context.Background(), "workshop", position); err != nil || h.Position("workshop") < position {
					early <- position
				}
			})
		}
		for _, position := range rapid.SliceOfN(rapid.Int64Range(0, 19), 0, 10).Draw(t, "advances") {
			h.Advance("workshop", position)
		}
		h.Advance("equipment", 100)
		h.Advance("workshop", 20)
		wakes.Wait()
		if len(early) > 0 || h.Waiting() != 0 {
			t.Fatal(len(early), h.Waiting())
		}
	})
}

func TestAPositionNeverGoesBack(t *testing.T) {
	t.Parallel()
	h := feed.NewHub()
	h.Advance("workshop", 5)
	h.Advance("workshop", 3)
	if h.Position("workshop") != 5 {
		t.Fatal(h.Position("workshop"))
	}
}

func TestWhoGivesUpWaitingLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	h := feed.NewHub()
	ctx, cancel := context.WithCancel(context.Background())
	var gone sync.WaitGroup
	for i := range 1000 {
		gone.Go(func() {
			if err := h.Wait(ctx, "workshop", int64(i+1)); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	cancel()
	gone.Wait()
	if h.Waiting() != 0 {
		t.Fatal(h.Waiting())
	}
}
