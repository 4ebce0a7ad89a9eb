package demo

import (
	"math/rand/v2"
	"time"

	"example.org/passerelle/services/reference"
)

// calendar is the working days of the year before a day, in Paris.
type calendar struct {
	today time.Time // midnight
	days  []time.Time
}

func yearBefore(today time.Time) calendar {
	y, m, d := today.In(reference.Paris).Date()
	c := calendar{today: time.Date(y, m, d, 0, 0, 0, 0, reference.Paris)}
	for day := c.today.AddDate(-1, 0, 0); day.Before(c.today); day = day.AddDate(0, 0, 1) {
		if reference.WorkingDay(day) {
			c.days = append(c.days, day)
		}
	}
	return c
}

// from is the number of the first working day that is not before a moment; len(days) when the year ends before.
func (c calendar) from(at time.Time) int {
	n := 0
	for n < len(c.days) && c.days[n].Before(at) {
		n++
	}
	return n
}

// after is the day in n days, or before it.
func after(at time.Time, n int) time.Time { return at.AddDate(0, 0, n) }

// dice fall the same every time.
type dice struct{ *rand.Rand }

func newDice() dice { return dice{rand.New(rand.NewPCG(34, 58))} } //nolint:gosec // the same every time is the point

func (d dice) of(percent int) bool { return d.IntN(100) < percent }

// between includes both ends.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// weighted picks an index, each as often as its weight says.
func (d dice) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := d.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}
