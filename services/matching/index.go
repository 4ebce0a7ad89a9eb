package matching

import (
	"math"
	"slices"
)

// Index is what is offered, ready to be asked. It is not safe for use by several at once while it is written.
type Index struct {
	list  []candidate
	at    map[string]int32
	cells map[cell][]spot
	far   []int32           // what is nowhere, or needs no place
	funds map[string]uint16 // their numbers
}

// candidate is a session or a place with what judging it needs, all in one piece of memory: thousands are looked at for each
// question, and what lies elsewhere has to be fetched first.
type candidate struct {
	traits

	session *Session
	place   *Place
	where   Where
}

// traits is what the rules look at.
type traits struct {
	open       bool // takes people
	itinerant  bool
	fund       uint16 // its number in the index; 0: everybody's
	starts     int64  // 0: a place, which is there
	vector     vector
	commune    uint32 // number of its code
	tongues    tongues
	hours      hours
	renewed    int64
	closes     int64 // registration
	firstDay   date
	ageMinimum int16
	gir        int16

	skills, services, care, publics, support, costs bits
	days                                            bits // half-days of all its meetings
	mode                                            bits

	remote, present, receives             bool
	full, listClosed, assessment, limited bool
	accessible, lends, costly             bool
	advanced, forBeginners                bool
	picks                                 bool
	everybody, silent, careSilent         bool // a place that says nothing of publics, services, care
}

// spot is as much of a candidate as most questions need: it is too far, or not for now. Those of a cell lie side by side.
type spot struct {
	vector vector
	starts int64
	i      int32 // in the list
	fund   uint16
	open   bool
	comes  bool // to people, or is reached at a distance: how far it is does not decide
}

func (c *candidate) spot(i int32) spot {
	return spot{c.vector, c.starts, i, c.fund, c.open, c.itinerant || c.remote && !c.present}
}

// cell is a part of the map, half a degree on each side.
type cell [2]int16

const cellDegrees = 0.5

// NewIndex has nothing to offer yet.
func NewIndex() *Index {
	return &Index{at: map[string]int32{}, cells: map[cell][]spot{}, funds: map[string]uint16{"": 0}}
}

// Len says how many sessions and places there are.
func (x *Index) Len() int { return len(x.list) }

// PutSession adds a session, or puts it in place of what it was.
func (x *Index) PutSession(s Session) { x.put(sessionCandidate(s)) }

// PutPlace adds a place, or puts it in place of what it was.
func (x *Index) PutPlace(p Place) { x.put(placeCandidate(p)) }

// Drop takes something off; what is not there stays away.
func (x *Index) Drop(id string) {
	i, ok := x.at[id]
	if !ok {
		return
	}
	x.unfile(i)
	last := int32(len(x.list) - 1) //nolint:gosec // some ten thousand
	if i != last {
		x.unfile(last)
		x.list[i] = x.list[last]
		x.at[x.list[i].id()] = i
		x.file(i)
	}
	x.list = x.list[:last]
	delete(x.at, id)
}

func (x *Index) put(c candidate) {
	x.Drop(c.id())
	c.fund = x.fund(c.of())
	i := int32(len(x.list)) //nolint:gosec // some ten thousand
	x.list = append(x.list, c)
	x.at[c.id()] = i
	x.file(i)
}

// fund gives each fund a number.
func (x *Index) fund(name string) uint16 {
	if _, known := x.funds[name]; !known {
		x.funds[name] = uint16(len(x.funds)) //nolint:gosec // some twenty
	}
	return x.funds[name]
}

func (x *Index) file(i int32) {
	if c := &x.list[i]; c.everywhere() {
		x.far = append(x.far, i)
	} else {
		k := cellOf(c.where)
		x.cells[k] = append(x.cells[k], c.spot(i))
	}
}

func (x *Index) unfile(i int32) {
	if c := &x.list[i]; c.everywhere() {
		x.far = slices.DeleteFunc(x.far, func(one int32) bool { return one == i })
	} else {
		k := cellOf(c.where)
		x.cells[k] = slices.DeleteFunc(x.cells[k], func(s spot) bool { return s.i == i })
	}
}

func cellOf(w Where) cell {
	return cell{int16(math.Floor(w.Lat / cellDegrees)), int16(math.Floor(w.Lon / cellDegrees))}
}

// around visits what may be within some kilometres of a place and is not passed over, and what is everywhere. Who is nowhere
// may be near everything.
func (x *Index) around(w Where, km float64, pass func(*spot) bool, visit func(*candidate)) {
	if w.Precision == Nowhere {
		for i := range x.list {
			visit(&x.list[i])
		}
		return
	}
	north := km/(earthKm*math.Pi/180) + cellDegrees
	east := north / math.Max(0.2, math.Cos(w.Lat*math.Pi/180))
	from, to := cellOf(Where{Lat: w.Lat - north, Lon: w.Lon - east}), cellOf(Where{Lat: w.Lat + north, Lon: w.Lon + east})
	for lat := from[0]; lat <= to[0]; lat++ {
		for lon := from[1]; lon <= to[1]; lon++ {
			spots := x.cells[cell{lat, lon}]
			for n := range spots {
				if !pass(&spots[n]) {
					visit(&x.list[spots[n].i])
				}
			}
		}
	}
	for _, i := range x.far {
		visit(&x.list[i])
	}
}
