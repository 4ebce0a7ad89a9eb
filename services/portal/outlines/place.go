package outlines

// How degrees become units of the map: a fit, good to about a kilometre. The terms are 1, u, v, u², uv, v², u²v, v³
// with u = longitude - 2.5 and v = latitude - 46.5.
var (
	across = [8]float64{319.0152, 41.52328, -0.02433, 0.00029, 0.00088, 0.00293, 0.00098, 0.00092}
	down   = [8]float64{288.8785, -0.00708, -60.11763, -0.00166, -0.00223, -0.55593, 0.00022, -0.01018}
)

// At is where a place of metropolitan France stands on the map.
func At(lat, lon float64) (x, y float64) {
	u, v := lon-2.5, lat-46.5
	for i, term := range [8]float64{1, u, v, u * u, u * v, v * v, u * u * v, v * v * v} {
		x, y = x+across[i]*term, y+down[i]*term
	}
	return x, y
}

// Shown tells whether a place is on the map: the fit is of metropolitan France.
func Shown(lat, lon float64) bool { return lat > 41 && lat < 51.5 && lon > -5.5 && lon < 10 }
