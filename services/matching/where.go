package matching

import "math"

const earthKm = 6371.0088 // mean radius

// vector is a place on the unit sphere: how far two of them are apart costs three products.
type vector [3]float64

func vectorOf(w Where) vector {
	const radian = math.Pi / 180
	lat, lon := w.Lat*radian, w.Lon*radian
	return vector{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
}

// km is the great circle, from the chord: exact for near places too.
func (v vector) km(o vector) float64 {
	return 2 * earthKm * arcsine(v.square(o))
}

// square of half the chord. It grows with the distance, and is enough to compare one with another.
func (v vector) square(o vector) float64 {
	x, y, z := v[0]-o[0], v[1]-o[1], v[2]-o[2]
	return (x*x + y*y + z*z) / 4
}

// squareOf a distance in km, and a hair more: what is that near is measured.
func squareOf(km float64) float64 {
	half := math.Sin(min(km/(2*earthKm), math.Pi/2))
	return half * half * (1 + 1e-9)
}

// arcsine of the root of a square. For all that is looked at, some hundred kilometres, its series is as exact as math.Asin, and
// takes a tenth of the time.
func arcsine(square float64) float64 {
	root := math.Sqrt(square)
	if square > nearSquare {
		return math.Asin(min(1, root))
	}
	return root * (1 + square*(1./6+square*(3./40+square*(15./336+square*105./3456))))
}

const nearSquare = 0.02 * 0.02 // 255 km

// apart is how far two places are from each other. Not known, it is the usual error of what they are known by.
type apart struct {
	km        float64
	known     bool
	precision string
}

// nowhere is a distance of which nothing can be said.
var nowhere = apart{km: math.Inf(1)}

// between two places: 0 within a commune that is known no better, unknown for two that are known by the same mean.
func between(a, b *Where, va, vb vector, same bool) apart {
	worse := worse(a.Precision, b.Precision)
	switch {
	case a.Precision == Nowhere || b.Precision == Nowhere:
		if a.Department != "" && a.Department == b.Department {
			return apart{km: usualError(Department)}
		}
		return nowhere
	case same && (worse != Precise || va == vb):
		return apart{0, true, Precise}
	case va == vb && worse != Precise:
		return apart{usualError(worse), false, worse}
	}
	return apart{va.km(vb), true, worse}
}

func worse(a, b string) string {
	for _, p := range []string{Nowhere, Department, EPCI} {
		if a == p || b == p {
			return p
		}
	}
	return Precise
}

// usualError is how far from its place something is, half of the time.
func usualError(precision string) float64 {
	switch precision {
	case Department:
		return 22
	case EPCI:
		return 10
	}
	return 1
}

// precise is how well a distance is known, of one that is.
func (a apart) precise() string {
	if !a.known {
		return ""
	}
	return a.precision
}

// shown is the distance as people read it, to 100 m.
func (a apart) shown() *float64 {
	if !a.known {
		return nil
	}
	km := math.Round(a.km*10) / 10
	return &km
}
