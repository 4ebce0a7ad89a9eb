package matching

import (
	"cmp"
	"math"
	"slices"
)

// The order of what suits, by what matters; each line decides only where all above are equal:
//
//  1. what is certain before what has to be asked first, or has only a waiting list;
//  2. the kind that the answers ask for: a workshop for who wants to learn, a place for a procedure and for who is too young for
//     most workshops;
//  3. for who has difficulties to get there: who comes to them;
//  4. within 10 km, within 30 km, farther; at a distance last, unless that is what the person asked for;
//  5. fewer wishes that are not met;
//  6. the week in which it begins, a place being there now;
//  7. the distance, to 100 m; then the hour at which it begins; then the identifier.
func (a *asked) key(c *candidate, j *judged) uint64 {
	var k uint64
	push := func(value, width int) {
		k = k<<width | uint64(min(max(value, 0), 1<<width-1)) //nolint:gosec // bounded
	}
	push(one(j.uncertain()), 1)
	push(one(a.otherKind(c)), 1)
	push(one(a.hardToReach && !j.kept.has(itinerant) && !j.kept.has(pickedUp)), 1)
	push(a.band(c, j.apart), 2)
	push(j.missing, 4)
	push(c.hoursFrom(a.now)/(7*24), 6)
	push(int(math.Round(min(j.apart.km, 6000)*10)), 16)
	push(c.hoursFrom(a.now), 16)
	return k
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (a *asked) otherKind(c *candidate) bool {
	switch {
	case a.younger, a.institution:
		return c.session != nil
	case a.training:
		return c.place != nil
	}
	return false
}

func (a *asked) band(c *candidate, d apart) int {
	switch {
	case c.remote && !c.present && (a.modes.has(distance) || a.Needs.Travel == "home_only"):
		return 0
	case c.remote && !c.present:
		return 3
	case d.km <= 10:
		return 0
	case d.km <= 30:
		return 1
	}
	return 2
}

// hoursFrom is how long it takes until it begins; a place is there.
func (c *candidate) hoursFrom(now int64) int {
	if c.session == nil {
		return 0
	}
	return int((c.starts - now) / 3600)
}

// choice is a candidate on its way into a list. It is small, for thousands are: what the rules said of the few that stay is
// worked out again.
type choice struct {
	key       uint64
	candidate *candidate
}

func (c choice) compare(o choice) int {
	if c.key != o.key {
		return cmp.Compare(c.key, o.key)
	}
	return cmp.Compare(c.candidate.id(), o.candidate.id())
}

// first keeps the first of many, and counts all.
type first struct {
	most, seen int
	list       []choice
	bound      uint64 // whoever has more is not among them
}

func firstOf(most int) *first {
	return &first{most: most, bound: math.MaxUint64, list: make([]choice, 0, 4*most)}
}

// add tells whether the bound is another since.
func (f *first) add(key uint64, c *candidate) bool {
	f.seen++
	if key > f.bound {
		return false
	}
	f.list = append(f.list, choice{key, c})
	if len(f.list) < cap(f.list) {
		return false
	}
	f.cut()
	return true
}

func (f *first) cut() {
	slices.SortFunc(f.list, choice.compare)
	if len(f.list) > f.most {
		f.list = f.list[:f.most]
		f.bound = f.list[f.most-1].key
	}
}

// sorted are the first in order, and how many others there are.
func (f *first) sorted() (list []choice, others int) {
	f.cut()
	return f.list, f.seen - len(f.list)
}
