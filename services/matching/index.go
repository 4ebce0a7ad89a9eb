package matching

import "math"

// Index is what is offered, ready to be asked. It is not safe for use by several at once while it is written.
type Index struct {
	at    map[string]stand
	cells map[cell]*shelf
	far   *shelf            // what is nowhere, or needs no place
	funds map[string]uint16 // their numbers
}

// shelf is what stands in one cell. Those of a cell lie side by side in memory: thousands are looked at for each question, and
// what lies elsewhere has to be fetched first.
type shelf struct {
	spots []spot
	list  []candidate // in the same order
}

// stand is where something is.
type stand struct {
	*shelf
	i int
}

// candidate is a session or a place with what judging it needs.
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

// spot is as much of a candidate as most questions need: it is too far, or not for now.
type spot struct {
	vector vector
	starts int64
	fund   uint16
	open   bool
	comes  bool // to people, or is reached at a distance: how far it is does not decide
}

func (c *candidate) spot() spot {
	return spot{c.vector, c.starts, c.fund, c.open, c.itinerant || c.remote && !c.present}
}

// cell is a part of the map, half a degree on each side.
type cell [2]int16

const cellDegrees = 0.5

// NewIndex has nothing to offer yet.
func NewIndex() *Index {
	return &Index{at: map[string]stand{}, cells: map[cell]*shelf{}, far: &shelf{}, funds: map[string]uint16{"": 0}}
}

// Len says how many sessions and places there are.
func (x *Index) Len() int { return len(x.at) }

// PutSession adds a session, or puts it in place of what it was.
func (x *Index) PutSession(s Session) { x.put(sessionCandidate(s)) }

// PutPlace adds a place, or puts it in place of what it was.
func (x *Index) PutPlace(p Place) { x.put(placeCandidate(p)) }

// Drop takes something off; what is not there stays away. The last of its shelf takes its stand.
func (x *Index) Drop(id string) {
	s, ok := x.at[id]
	if !ok {
		return
	}
	last := len(s.list) - 1
	s.list[s.i], s.spots[s.i] = s.list[last], s.spots[last]
	x.at[s.list[s.i].id()] = s
	s.list[last] = candidate{}
	s.list, s.spots = s.list[:last], s.spots[:last]
	delete(x.at, id)
}

func (x *Index) put(c candidate) {
	x.Drop(c.id())
	c.fund = x.fund(c.of())
	s := x.shelf(&c)
	x.at[c.id()] = stand{s, len(s.list)}
	s.list, s.spots = append(s.list, c), append(s.spots, c.spot())
}

func (x *Index) shelf(c *candidate) *shelf {
	if c.everywhere() {
		return x.far
	}
	k := cellOf(c.where)
	if x.cells[k] == nil {
		x.cells[k] = &shelf{}
	}
	return x.cells[k]
}

// fund gives each fund a number.
func (x *Index) fund(name string) uint16 {
	if _, known := x.funds[name]; !known {
		x.funds[name] = uint16(len(x.funds)) //nolint:gosec // some twenty
	}
	return x.funds[name]
}

func cellOf(w Where) cell {
	return cell{int16(math.Floor(w.Lat / cellDegrees)), int16(math.Floor(w.Lon / cellDegrees))}
}

// around visits what may be within some kilometres of a place and is not passed over, first what is near, and what is
// everywhere. Who is nowhere may be near everything.
func (x *Index) around(w Where, km float64, pass func(*spot) bool, visit func(*candidate)) {
	x.far.each(func(*spot) bool { return false }, visit)
	if w.Precision == Nowhere {
		for _, s := range x.cells {
			s.each(func(*spot) bool { return false }, visit)
		}
		return
	}
	north := km/(earthKm*math.Pi/180) + cellDegrees
	east := north / math.Max(0.2, math.Cos(w.Lat*math.Pi/180))
	home := x.cells[cellOf(w)]
	home.each(pass, visit)
	from, to := cellOf(Where{Lat: w.Lat - north, Lon: w.Lon - east}), cellOf(Where{Lat: w.Lat + north, Lon: w.Lon + east})
	for lat := from[0]; lat <= to[0]; lat++ {
		for lon := from[1]; lon <= to[1]; lon++ {
			if s := x.cells[cell{lat, lon}]; s != home {
				s.each(pass, visit)
			}
		}
	}
}

func (s *shelf) each(pass func(*spot) bool, visit func(*candidate)) {
	if s == nil {
		return
	}
	for i := range s.spots {
		if !pass(&s.spots[i]) {
			visit(&s.list[i])
		}
	}
}
