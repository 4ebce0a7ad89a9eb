package sdc

// Alike are columns that hold the same situations in all pairs, a list for each pair: units that lie in one department, and
// that department. The tables do not say so; an attacker may know it.
type Alike [][]int

// ProtectAlike is Protect against somebody who knows of columns that are alike as well. That is no flow any more, so what can
// be worked out of a hidden number is the least and the most of a linear program.
func ProtectAlike(threshold int, alike []Alike, pairs ...Pair) ([]Masked, bool) {
	n := networkOf(pairs)
	if !n.protect(threshold) {
		return nil, false
	}
	equal := n.equal(alike)
	for n.hides(equal) {
		open, down, ok := n.exposedTo(equal, threshold)
		if !ok {
			break
		}
		if open < 0 || !n.hideWith(equal, open, float64(threshold)-down) {
			return nil, false
		}
	}
	if !n.shows() {
		return nil, false
	}
	return n.masked(pairs), true
}

// equal gives for each arc what it adds to each equation: totals of the columns of the first pair and of each other.
func (n *network) equal(alike []Alike) (list []map[int]float64) {
	for _, columns := range alike {
		for other := 1; other < len(columns); other++ {
			signs := map[int]float64{}
			for _, c := range columns[0] {
				signs[n.places[0].columns[c]] = 1
			}
			for _, c := range columns[other] {
				signs[n.places[other].columns[c]] = -1
			}
			list = append(list, signs)
		}
	}
	return list
}

// hides tells whether an equation has a hidden number: else it says nothing new.
func (n *network) hides(equal []map[int]float64) bool {
	for _, signs := range equal {
		for a := range signs {
			if n.arcs[a].hidden {
				return true
			}
		}
	}
	return false
}

// sums are all equations: of each node, and those that are known besides.
func (n *network) sums(equal []map[int]float64) []map[int]float64 {
	list := make([]map[int]float64, len(n.at))
	for node := range list {
		list[node] = map[int]float64{}
	}
	for i, a := range n.arcs {
		list[a.from][i], list[a.to][i] = 1, -1
	}
	return append(list, equal...)
}

// exposedTo is a small number that can be narrowed too much, and how far it may lie below what it is; -1: that cannot be said.
func (n *network) exposedTo(equal []map[int]float64, threshold int) (open int, down float64, ok bool) {
	number, hidden := map[int]int{}, 0
	for i, a := range n.arcs {
		if a.hidden {
			number[i] = hidden
			hidden++
		}
	}
	var equations [][]float64
	for _, signs := range n.sums(equal) {
		row := make([]float64, hidden+1)
		for a, sign := range signs {
			if at, ok := number[a]; ok {
				row[at] = sign
			} else {
				row[hidden] -= sign * float64(n.arcs[a].value)
			}
		}
		equations = append(equations, row)
	}
	p, ok := newProgram(equations, hidden)
	if !ok {
		return -1, 0, true // the truth fulfils them, so this is a mistake of the arithmetic
	}
	for i, a := range n.arcs {
		if !a.small {
			continue
		}
		low, high := p.ends(number[i], hidden)
		if high-low < float64(threshold)-nearly {
			return i, float64(a.value) - low, true
		}
	}
	return 0, 0, false
}

// ends are the least and the most that a number may be.
func (p *program) ends(of, numbers int) (low, high float64) {
	costs := make([]float64, numbers)
	costs[of] = 1
	low, _ = p.least(costs)
	costs[of] = -1
	high, _ = p.least(costs)
	return low, -high
}

// hideWith gives a number room above: of all ways to move the numbers so that it grows by as much, the cheapest, and what it
// moves is hidden. A number may grow, shrink, and where it is not much larger than what is moved, not below nothing.
func (n *network) hideWith(equal []map[int]float64, open int, by float64) bool {
	arcs := len(n.arcs)
	var bounded []int
	for i, a := range n.arcs {
		if float64(a.value) < 4*by {
			bounded = append(bounded, i)
		}
	}
	numbers := 2*arcs + len(bounded) // grows, shrinks, and what is left of it
	var equations [][]float64
	add := func(end float64) []float64 {
		row := make([]float64, numbers+1)
		row[numbers] = end
		equations = append(equations, row)
		return row
	}
	for _, signs := range append(n.sums(equal), map[int]float64{open: 1}) {
		row := add(0)
		for a, sign := range signs {
			row[a], row[arcs+a] = sign, -sign
		}
	}
	equations[len(equations)-1][numbers] = by
	for left, i := range bounded {
		row := add(float64(n.arcs[i].value))
		row[arcs+i], row[2*arcs+left] = 1, 1
	}
	p, ok := newProgram(equations, numbers)
	if !ok {
		return false
	}
	costs := make([]float64, numbers)
	for i, a := range n.arcs {
		price := n.price(a)
		costs[i], costs[arcs+i] = price, price
	}
	p.least(costs)
	return n.hideMoved(p.numbers(numbers))
}

// hideMoved answers false where nothing new is hidden.
func (n *network) hideMoved(moved []float64) (more bool) {
	for i := range n.arcs {
		if a := &n.arcs[i]; !a.hidden && moved[i]+moved[len(n.arcs)+i] > nearly {
			a.hidden, more = true, true
		}
	}
	return more
}
