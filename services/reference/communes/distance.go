package communes

import "math"

const earthKm = 6371.0088 // mean radius

// Distance is the great circle between two communes in kilometres, as well as their places are known; false when one is nowhere.
func Distance(a, b Commune) (km float64, known bool) {
	if a.Precision == Nowhere || b.Precision == Nowhere {
		return 0, false
	}
	return arc(a, b), true
}

// arc is the haversine, which is exact for near places too.
func arc(a, b Commune) float64 {
	const radian = math.Pi / 180
	north, east := math.Sin((b.Lat-a.Lat)*radian/2), math.Sin((b.Lon-a.Lon)*radian/2)
	h := north*north + math.Cos(a.Lat*radian)*math.Cos(b.Lat*radian)*east*east
	return 2 * earthKm * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Near is a code around a commune, present or former.
type Near struct {
	Insee string
	Km    float64
	Known bool // false: both are known by the same mean only, and Km is its usual error
}

// Around gives the codes within a distance of a commune, its own among them with 0 km. Two communes that are
// known by the same mean are always near, and nobody knows how near.
func Around(center Commune, km float64) (list []Near) {
	f := france()
	for i, c := range f.communes {
		if !mayBeWithin(center, c, km) {
			continue
		}
		near, ok := between(center, c)
		if !ok || near.Known && near.Km > km {
			continue
		}
		list = append(list, near)
		for _, code := range f.formerCodes(i) {
			list = append(list, Near{code, near.Km, near.Known})
		}
	}
	return list
}

// mayBeWithin spares the exact calculation for what is too far north or south.
func mayBeWithin(a, b Commune, km float64) bool {
	return a.Insee == b.Insee || math.Abs(a.Lat-b.Lat)*earthKm*math.Pi/180 <= km+1e-6
}

func between(a, b Commune) (Near, bool) {
	km, known := Distance(a, b)
	switch {
	case a.Insee == b.Insee:
		return Near{b.Insee, 0, true}, true
	case !known:
		return Near{}, false
	case a.Precision == b.Precision && a.Lat == b.Lat && a.Lon == b.Lon:
		return Near{b.Insee, usualError(a.Precision), false}, true
	}
	return Near{b.Insee, km, true}, true
}

// usualError is how far from its place a commune is, half of the time.
func usualError(precision string) float64 {
	switch precision {
	case OfDepartment:
		return 22
	case OfEPCI:
		return 10
	}
	return 1
}
