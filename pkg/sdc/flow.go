package sdc

import "math"

// room is how far a hidden number may lie below and above what it is, given all that is shown; neither is counted further
// than most. That is the attacker's interval, exactly: the equations are those of a flow, so what can be moved out of an
// arc and around it through other hidden arcs is a maximal flow.
func (n *network) room(of, most int) (down, up int) {
	a := n.arcs[of]
	return n.moved(of, a.from, a.to).send(min(most, a.value), n.free), n.moved(of, a.to, a.from).send(most, n.free)
}

// hideAround gives an exposed number room: along the cheapest ways around it, all is hidden.
func (n *network) hideAround(open, threshold int) bool {
	down, _ := n.room(open, threshold)
	m := n.moved(open, n.arcs[open].to, n.arcs[open].from)
	m.hide = true
	return m.send(threshold-down, n.price) >= threshold-down
}

// moving is a flow from one node to another beside an arc. Along an arc there is no limit, against it there is what flows
// there.
type moving struct {
	*network
	without, from, to int
	shift             []int
	hide              bool // what is on the way
}

func (n *network) moved(without, from, to int) *moving {
	return &moving{network: n, without: without, from: from, to: to, shift: make([]int, len(n.arcs))}
}

// free opens the hidden arcs only, and price all of them: the smallest cells are the cheapest, totals the dearest.
func (n *network) free(a arc) float64 {
	if a.hidden {
		return 0
	}
	return math.Inf(1)
}

func (n *network) price(a arc) float64 {
	if a.hidden {
		return 0
	}
	return float64(a.value+1) + map[kind]float64{cell: 0, margin: 1e6, total: 1e9}[a.kind]
}

// send is how much can be sent; never more than most.
func (m *moving) send(most int, price func(arc) float64) (sent int) {
	for sent < most {
		way, much := m.way(most-sent, price)
		if way == nil {
			break
		}
		for _, step := range way {
			m.shift[step.arc] += step.by * much
			m.arcs[step.arc].hidden = m.arcs[step.arc].hidden || m.hide
		}
		sent += much
	}
	return sent
}

// step goes along an arc, 1, or against it, -1.
type step struct{ arc, by int }

// way is the cheapest way that has room, and how much.
func (m *moving) way(most int, price func(arc) float64) ([]step, int) {
	cost, came, done := make([]float64, len(m.at)), make([]step, len(m.at)), make([]bool, len(m.at))
	for node := range cost {
		cost[node] = math.Inf(1)
	}
	cost[m.from] = 0
	for {
		here := nearest(cost, done)
		if here < 0 {
			return nil, 0
		}
		if done[here] = true; here == m.to {
			return m.back(came, m.from, m.to, m.shift, most)
		}
		for _, i := range m.at[here] {
			a := m.arcs[i]
			there, by := a.to, 1
			if a.to == here {
				there, by = a.from, -1
			}
			if i == m.without || by == -1 && a.value+m.shift[i] <= 0 {
				continue
			}
			if c := cost[here] + price(a); c < cost[there] {
				cost[there], came[there] = c, step{i, by}
			}
		}
	}
}

// nearest is the next node to look at; -1: no other can be reached.
func nearest(cost []float64, done []bool) int {
	best := -1
	for node := range cost {
		if !done[node] && !math.IsInf(cost[node], 1) && (best < 0 || cost[node] < cost[best]) {
			best = node
		}
	}
	return best
}

func (n *network) back(came []step, from, to int, shift []int, most int) (way []step, much int) {
	much = most
	for here := to; here != from; {
		s := came[here]
		way = append(way, s)
		a := n.arcs[s.arc]
		if here = a.from; s.by == -1 {
			here, much = a.to, min(much, a.value+shift[s.arc])
		}
	}
	return way, much
}
