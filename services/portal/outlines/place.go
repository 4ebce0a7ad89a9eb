package outlines

// Metropole is the sheet of all departments that are in no inset.
const Metropole = "metropole"

// How degrees become units of the map: a fit, good to about a kilometre. The terms are 1, u, v, u², uv, v², u²v, v³
// with u = longitude - 2.5 and v = latitude - 46.5.
var (
	across = [8]float64{319.0152, 41.52328, -0.02433, 0.00029, 0.00088, 0.00293, 0.00098, 0.00092}
	down   = [8]float64{288.8785, -0.00708, -60.11763, -0.00166, -0.00223, -0.55593, 0.00022, -0.01018}
)

// Inset is how degrees become units where an overseas department is drawn.
type Inset struct{ North, West, Left, Top, Across, Down float64 }

func (i Inset) at(lat, lon float64) (x, y float64) {
	return i.Left + (lon-i.West)*i.Across, i.Top + (i.North-lat)*i.Down
}

// At is where a place stands on the map. It means nothing for a place on no sheet.
func At(lat, lon float64) (x, y float64) {
	if d, ok := overseas(lat, lon); ok {
		return d.Inset.at(lat, lon)
	}
	u, v := lon-2.5, lat-46.5
	for i, term := range [8]float64{1, u, v, u * u, u * v, v * v, u * u * v, v * v * v} {
		x, y = x+across[i]*term, y+down[i]*term
	}
	return x, y
}

// Sheet is the part of the map where a place stands: Metropole, the code of an overseas department, or nothing.
func Sheet(lat, lon float64) string {
	if d, ok := overseas(lat, lon); ok {
		return d.Code
	}
	if lat > 41 && lat < 51.5 && lon > -5.5 && lon < 10 { // where the fit is good
		return Metropole
	}
	return ""
}

// overseas finds the inset of a place; its shore is known to some hundred metres, so a little around it belongs to it.
func overseas(lat, lon float64) (Department, bool) {
	const around = 2
	for _, d := range All() {
		if d.Inset == nil {
			continue
		}
		if x, y := d.Inset.at(lat, lon); x > d.Box[0]-around && x < d.Box[2]+around && y > d.Box[1]-around && y < d.Box[3]+around {
			return d, true
		}
	}
	return Department{}, false
}
