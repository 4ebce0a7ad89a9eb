// Package sdc hides small numbers in tables that are published. What an attacker can work out of what is left is not
// estimated: it is computed, for all tables that belong together.
package sdc

import "slices"

// Threshold is the smallest number that is shown.
const Threshold = 11

// Table is counts by two things, row by row.
type Table struct {
	Name      string
	RowName   string
	Rows      []string
	Columns   []string
	Cells     [][]int
	Sensitive bool // a column that lies in one row only would tell something of everybody in it
}

// Pair is two tables of the same situations with the same columns, of which only one may be there. What they have in
// common, the totals of the columns, is hidden in both or in none.
type Pair struct {
	ColumnName string
	First      Table
	Second     *Table
}

// Masked is a table as it may be published; nil is not shown.
type Masked struct {
	Name         string
	RowName      string
	ColumnName   string
	Rows         []string
	Columns      []string
	Cells        [][]*int
	RowTotals    []*int
	ColumnTotals []*int
	Total        *int
}

// Protect hides every number under the threshold, totals too, and then as many more as it takes: whoever has all that is
// shown, of all pairs, can narrow none of the small ones to fewer than threshold+1 values. All pairs count the same
// situations. Where hardly anything could be shown it answers false, and nothing is to be published. Equal tables give
// equal answers.
func Protect(threshold int, pairs ...Pair) ([]Masked, bool) {
	return ProtectAlike(threshold, nil, pairs...)
}

func (n *network) protect(threshold int) bool {
	n.hideSmall(threshold)
	for {
		open, ok := n.exposed(threshold)
		if !ok {
			return true
		}
		if !n.hideAround(open, threshold) {
			return false
		}
	}
}

// shows tells whether anything is left.
func (n *network) shows() bool {
	return slices.ContainsFunc(n.arcs, func(a arc) bool { return !a.hidden && a.kind == cell })
}

// kind is how dear it is to hide a number: the totals last.
type kind int

const (
	cell kind = iota
	margin
	total
)

// arc is a number of the tables: what flows from one node to the other.
type arc struct {
	from, to int
	value    int
	kind     kind
	small    bool // must not be found out
	all      bool // the only one in a column of a sensitive table
	hidden   bool
}

// network is all tables as one circulation: the situations flow from the rows of a first table through its columns to the
// rows of the second, and on to the next pair; the last arc leads back and is the total. A node passes on what it gets:
// that is every equation an attacker has.
type network struct {
	arcs   []arc
	at     [][]int // arcs of a node
	places []place
}

// place says which arcs are a pair's numbers.
type place struct {
	first, second table
	columns       []int
}

type table struct {
	cells [][]int
	rows  []int
}

func (n *network) node() int {
	n.at = append(n.at, nil)
	return len(n.at) - 1
}

func (n *network) nodes(many int) (list []int) {
	for range many {
		list = append(list, n.node())
	}
	return list
}

func (n *network) arc(a arc) int {
	n.arcs = append(n.arcs, a)
	i := len(n.arcs) - 1
	n.at[a.from], n.at[a.to] = append(n.at[a.from], i), append(n.at[a.to], i)
	return i
}

func networkOf(pairs []Pair) *network {
	n := &network{}
	hub := n.node()
	begin := hub
	for _, p := range pairs {
		hub = n.pair(hub, p)
	}
	n.arc(arc{from: hub, to: begin, value: sumOf(pairs[0].First.Cells), kind: total})
	return n
}

// pair adds two tables behind a node, and gives the node where they end.
func (n *network) pair(hub int, p Pair) int {
	in, end := n.nodes(len(p.First.Columns)), n.node()
	at := place{first: n.table(p.First, func(row, value int) int { return n.arc(arc{from: hub, to: row, value: value, kind: margin}) }, func(row, column int) arc { return arc{from: row, to: in[column]} })}
	out := in
	if p.Second != nil {
		out = n.nodes(len(p.First.Columns))
		at.second = n.table(*p.Second, func(row, value int) int { return n.arc(arc{from: row, to: end, value: value, kind: margin}) }, func(row, column int) arc { return arc{from: out[column], to: row} })
	}
	for c := range p.First.Columns {
		to := end
		if p.Second != nil {
			to = out[c]
		}
		sum := 0
		for _, row := range p.First.Cells {
			sum += row[c]
		}
		at.columns = append(at.columns, n.arc(arc{from: in[c], to: to, value: sum, kind: margin}))
	}
	n.places = append(n.places, at)
	return end
}

func (n *network) table(t Table, ofRow func(node, value int) int, ofCell func(node, column int) arc) (at table) {
	for r, row := range t.Cells {
		node, sum, cells := n.node(), 0, make([]int, len(row))
		for c, value := range row {
			a := ofCell(node, c)
			a.value, a.all = value, t.Sensitive && value > 0 && alone(t.Cells, r, c)
			cells[c] = n.arc(a)
			sum += value
		}
		at.cells, at.rows = append(at.cells, cells), append(at.rows, ofRow(node, sum))
	}
	return at
}

// alone tells whether a cell is all of its column.
func alone(cells [][]int, row, column int) bool {
	for r := range cells {
		if r != row && cells[r][column] > 0 {
			return false
		}
	}
	return true
}

func sumOf(cells [][]int) (sum int) {
	for _, row := range cells {
		for _, value := range row {
			sum += value
		}
	}
	return sum
}

func (n *network) hideSmall(threshold int) {
	for i := range n.arcs {
		a := &n.arcs[i]
		a.small = a.value < threshold || a.all
		a.hidden = a.small
	}
}

// exposed is a small number that can be narrowed too much.
func (n *network) exposed(threshold int) (int, bool) {
	for i, a := range n.arcs {
		if !a.small {
			continue
		}
		if down, up := n.room(i, threshold); down+up < threshold {
			return i, true
		}
	}
	return 0, false
}

func (n *network) masked(pairs []Pair) (list []Masked) {
	for i, p := range pairs {
		at := n.places[i]
		list = append(list, n.show(p.First, p.ColumnName, at.first, at.columns))
		if p.Second != nil {
			list = append(list, n.show(*p.Second, p.ColumnName, at.second, at.columns))
		}
	}
	return list
}

func (n *network) show(t Table, columnName string, at table, columns []int) Masked {
	m := Masked{
		Name: t.Name, RowName: t.RowName, ColumnName: columnName, Rows: t.Rows, Columns: t.Columns,
		RowTotals: n.values(at.rows), ColumnTotals: n.values(columns), Total: n.values([]int{len(n.arcs) - 1})[0],
	}
	for _, row := range at.cells {
		m.Cells = append(m.Cells, n.values(row))
	}
	return m
}

func (n *network) values(arcs []int) []*int {
	list := make([]*int, len(arcs))
	for i, a := range arcs {
		if !n.arcs[a].hidden {
			value := n.arcs[a].value
			list[i] = &value
		}
	}
	return list
}
