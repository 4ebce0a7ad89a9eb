package projections

import (
	"maps"
	"slices"
)

// series are lines by key. A series by month has a line for each month of its period.
type series[T any] map[string]*T

func newSeries[T any](by *string, p period) series[T] {
	s := series[T]{}
	if the(by) == "month" {
		for _, month := range p.months() {
			s.line(month)
		}
	}
	return s
}

func (s series[T]) line(key string) *T {
	if s[key] == nil {
		s[key] = new(T)
	}
	return s[key]
}

// sorted gives the lines by their key, which name writes into them.
func (s series[T]) sorted(name func(*T, string)) []T {
	list := []T{}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		name(s[key], key)
		list = append(list, *s[key])
	}
	return list
}
