package mediation

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/fold"
	"example.org/passerelle/services/reference/communes"
)

// Own says that a place is known by itself, not by its commune.
const Own = "place"

// tooFar from its commune, coordinates are somebody's mistake.
const tooFar = 60.0 // km

func foldedText(text string) string { return fold.Text(text) }

var cedex = regexp.MustCompile(`(?i)\s+cedex(\s+\d+)?\s*$`)

func (r *reading) town(given string) string {
	r.townName = cedex.ReplaceAllString(given, "")
	return ""
}

func (r *reading) postcode(given string) string {
	if len(given) == 4 { // a table has taken its zero away
		given = "0" + given
	}
	if given != "" && (len(given) != 5 || strings.Trim(given, "0123456789") != "") {
		return "bad_format"
	}
	r.Sheet.Postcode = given
	return ""
}

func (r *reading) insee(given string) string {
	if len(given) == 4 {
		given = "0" + given
	}
	r.code = strings.ToUpper(given)
	return ""
}

// locate finds the commune, as it is today, and where the place is.
func (r *reading) locate() Fault {
	c, fault := r.commune()
	if fault != (Fault{}) {
		return fault
	}
	s := &r.Sheet
	s.Insee, s.Department = c.Insee, c.Department
	own := communes.Commune{Lat: s.Lat, Lon: s.Lon, Precision: Own}
	km, known := communes.Distance(own, c)
	if r.latGiven && r.lonGiven && (!known || km <= tooFar) {
		s.Lat, s.Lon, s.Precision = rounded(s.Lat), rounded(s.Lon), Own
	} else {
		s.Lat, s.Lon, s.Precision = c.Lat, c.Lon, c.Precision
	}
	return Fault{}
}

// rounded to about ten centimetres.
func rounded(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }

// commune by its code, else by name and postcode, else by a name that only one commune of the department has or had.
func (r *reading) commune() (communes.Commune, Fault) {
	if c, ok := communes.Find(r.code); ok && r.code != "" {
		return c, Fault{}
	}
	if r.townName == "" {
		return communes.Commune{}, Fault{"commune", "required"}
	}
	name := communes.Folded(r.townName)
	served := communes.ByPostcode(r.Sheet.Postcode)
	for _, c := range served {
		if communes.Folded(c.Name) == name || district(name, communes.Folded(c.Name)) {
			return c, Fault{}
		}
	}
	found := communes.Named(r.townName, departmentOf(r.Sheet.Postcode))
	if both := slices.DeleteFunc(slices.Clone(found), func(c communes.Commune) bool { return !slices.Contains(c.Postcodes, r.Sheet.Postcode) }); len(both) > 0 {
		found = both
	}
	switch len(found) {
	case 0:
		return communes.Commune{}, Fault{"commune", "unknown_commune"}
	case 1:
		return found[0], Fault{}
	}
	return communes.Commune{}, Fault{"commune", "ambiguous_commune"}
}

var numbered = regexp.MustCompile(`^ \d+(er?|eme)?( arrondissement)?$`)

// district: Paris 15e Arrondissement.
func district(name, town string) bool {
	rest, ok := strings.CutPrefix(name, town)
	return ok && numbered.MatchString(rest)
}

// departmentOf a postcode. Corsica's have no letter, and overseas there are three digits.
func departmentOf(postcode string) string {
	switch {
	case len(postcode) != 5:
		return ""
	case postcode[:2] == "20" && postcode < "20200":
		return "2A"
	case postcode[:2] == "20":
		return "2B"
	case postcode[:2] == "97" || postcode[:2] == "98":
		return postcode[:3]
	}
	return postcode[:2]
}

func townOf(s events.PlaceSheet) string {
	c, _ := communes.Find(s.Insee)
	return c.Name
}

func postcodeOf(s events.PlaceSheet) string {
	if c, ok := communes.Find(s.Insee); ok && s.Postcode == "" && len(c.Postcodes) > 0 {
		return c.Postcodes[0]
	}
	return orElse(s.Postcode, "00000")
}

// degrees are written only where they are the place's own.
func degrees(s events.PlaceSheet, value float64) string {
	if s.Precision != Own {
		return ""
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
