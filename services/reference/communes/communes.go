// Package communes is what every service knows of the communes of France in 2026: names, postcodes, population and
// about where they are. It is pure; tools/communes makes its file.
package communes

import "slices"

// Attribution is to be printed where people see names or distances.
const Attribution = "Découpage administratif : INSEE, La Poste, DGCL via Etalab (Licence Ouverte). Coordonnées : GeoNames (CC BY 4.0)."

// How the place of a commune is known.
const (
	Exact        = "geonames"    // its town hall or centre, about 1 km
	OfEPCI       = "epci"        // the mean of its EPCI, about 10 km
	OfDepartment = "departement" // the mean of its department, about 22 km
	Nowhere      = ""            // six far islands without inhabitants
)

// Commune of today. Its slices are shared: leave them as they are.
type Commune struct {
	Insee, Name string
	Department  string // code: 34, 2A, 974
	Postcodes   []string
	Population  int
	Lat, Lon    float64 // degrees
	Precision   string  // of the place
	EPCI        string  // SIREN; a few islands are in none
}

// Find gives a commune by its INSEE code. The code of a commune that became part of another one, or of an
// arrondissement of Paris, Lyon or Marseille, gives the present one.
func Find(insee string) (Commune, bool) {
	i, ok := france().find(insee)
	if !ok {
		return Commune{}, false
	}
	return france().communes[i], true
}

// Codes are all INSEE codes of the commune that one stands for, the present one first. An unknown code stands for itself.
func Codes(insee string) []string {
	f := france()
	i, ok := f.find(insee)
	if !ok {
		return []string{insee}
	}
	return append([]string{f.communes[i].Insee}, f.formerCodes(i)...)
}

// In gives the communes of a department, in the order of their codes.
func In(department string) []Commune {
	f := france()
	from, to := f.department(department)
	return slices.Clone(f.communes[from:to])
}

// CodesIn are all INSEE codes of a department, present and former.
func CodesIn(department string) (codes []string) {
	f := france()
	for i, to := f.department(department); i < to; i++ {
		codes = append(append(codes, f.communes[i].Insee), f.formerCodes(i)...)
	}
	return codes
}

// ByPostcode gives the communes that a postcode serves, the largest first. A CEDEX code serves organisations and gives none.
func ByPostcode(postcode string) (list []Commune) {
	if len(postcode) != 5 {
		return nil
	}
	f := france()
	for _, p := range withPostcode(postcode) {
		list = append(list, f.communes[p.commune])
	}
	slices.SortStableFunc(list, func(a, b Commune) int { return b.Population - a.Population })
	return list
}
