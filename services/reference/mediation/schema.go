// Package mediation reads and writes places as the schema "lieux de médiation numérique" 1.0.2 of La MedNum has them. It is
// pure: whoever has a file gives it line by line. docs/places.md says the same in words.
package mediation

import (
	"slices"

	"example.org/passerelle/api/events"
)

// Place is a line of a file.
type Place struct {
	ID    string // of the line, within its source
	Sheet events.PlaceSheet
	Words events.PlaceWords
}

// What stands for nothing in the files.
const (
	NoPivot = "00000000000000"
	NoDay   = "1970-01-01"
	NoText  = "Non renseignée"
)

// field is a column: how it is read into a place, and what is written of one.
type field struct {
	name  string
	most  int                           // characters
	read  func(*reading, string) string // gives the code of a fault
	write func(*Place) string
}

// Columns of the schema, in order.
func Columns() []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}

// Write gives the values of a place in the order of Columns. What the schema demands and nobody knows is what stands for nothing.
func Write(p Place) []string {
	values := make([]string, len(fields))
	for i, f := range fields {
		values[i] = f.write(&p)
	}
	return values
}

var fields = slices.Concat(addressFields, aboutFields, helpFields)

var addressFields = []field{
	{"id", 200, (*reading).id, func(p *Place) string { return p.ID }},
	{"pivot", 20, (*reading).pivot, func(p *Place) string { return orElse(p.Sheet.Pivot, NoPivot) }},
	text("nom", 200, true, func(p *Place) *string { return &p.Sheet.Name }),
	{"commune", 200, (*reading).town, func(p *Place) string { return townOf(p.Sheet) }},
	{"code_postal", 20, (*reading).postcode, func(p *Place) string { return postcodeOf(p.Sheet) }},
	{"code_insee", 20, (*reading).insee, func(p *Place) string { return p.Sheet.Insee }},
	{"adresse", 200, (*reading).street, func(p *Place) string { return orElse(p.Sheet.Street, NoText) }},
	text("complement_adresse", 200, false, func(p *Place) *string { return &p.Sheet.Complement }),
	{"latitude", 30, (*reading).lat, func(p *Place) string { return degrees(p.Sheet, p.Sheet.Lat) }},
	{"longitude", 30, (*reading).lon, func(p *Place) string { return degrees(p.Sheet, p.Sheet.Lon) }},
}

var aboutFields = []field{
	free("typologie", func(p *Place) *[]string { return &p.Sheet.Types }),
	{"telephone", 40, (*reading).phone, func(p *Place) string { return p.Words.Phone }},
	{"courriels", 1000, (*reading).emails, func(p *Place) string { return joined(p.Words.Emails) }},
	free("site_web", func(p *Place) *[]string { return &p.Sheet.Websites }),
	text("horaires", 500, false, func(p *Place) *string { return &p.Sheet.Hours }),
	text("presentation_resume", 280, false, func(p *Place) *string { return &p.Words.Summary }),
	text("presentation_detail", 4000, false, func(p *Place) *string { return &p.Words.Text }),
	text("source", 200, false, func(p *Place) *string { return &p.Sheet.Collector }),
	words("itinerance", Roaming, func(p *Place) *[]string { return &p.Sheet.Roaming }),
	text("structure_parente", 200, false, func(p *Place) *string { return &p.Sheet.Parent }),
	{"date_maj", 30, (*reading).day, func(p *Place) string { return orElse(p.Sheet.UpdatedOn, NoDay) }},
}

var helpFields = []field{
	words("services", Services, func(p *Place) *[]string { return &p.Sheet.Services }),
	words("publics_specifiquement_adresses", Publics, func(p *Place) *[]string { return &p.Sheet.Publics }),
	words("prise_en_charge_specifique", Care, func(p *Place) *[]string { return &p.Sheet.Care }),
	words("frais_a_charge", Costs, func(p *Place) *[]string { return &p.Sheet.Costs }),
	words("dispositif_programmes_nationaux", Schemes, func(p *Place) *[]string { return &p.Sheet.Schemes }),
	words("formations_labels", Labels, func(p *Place) *[]string { return &p.Sheet.Labels }),
	text("autres_formations_labels", 1000, false, func(p *Place) *string { return &p.Sheet.OtherLabels }),
	words("modalites_acces", Access, func(p *Place) *[]string { return &p.Sheet.Access }),
	words("modalites_accompagnement", Support, func(p *Place) *[]string { return &p.Sheet.Support }),
	text("fiche_acces_libre", 500, false, func(p *Place) *string { return &p.Sheet.AccessSheet }),
	text("prise_rdv", 500, false, func(p *Place) *string { return &p.Sheet.Booking }),
}
