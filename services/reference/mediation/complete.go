package mediation

import "example.org/passerelle/api/events"

// What an advisor needs to know of a place before somebody is sent there, and how much each is worth, of 100.
var wanted = []struct {
	Name  string
	worth int
	there func(Place) bool
}{
	{"services", 20, func(p Place) bool { return len(p.Sheet.Services) > 0 }},
	{"horaires", 15, func(p Place) bool { return p.Sheet.Hours != "" }},
	{"telephone", 15, func(p Place) bool { return p.Words.Phone != "" }},
	{"adresse", 10, func(p Place) bool { return p.Sheet.Street != "" }},
	{"modalites_accompagnement", 10, func(p Place) bool { return len(p.Sheet.Support) > 0 }},
	{"modalites_acces", 10, func(p Place) bool { return len(p.Sheet.Access) > 0 }},
	{"position", 5, func(p Place) bool { return p.Sheet.Precision == Own }},
	{"prise_en_charge_specifique", 5, func(p Place) bool { return len(p.Sheet.Care) > 0 || p.Sheet.AccessSheet != "" }},
	{"frais_a_charge", 5, func(p Place) bool { return len(p.Sheet.Costs) > 0 }},
	{"date_maj", 5, func(p Place) bool { return p.Sheet.UpdatedOn != "" }},
}

// Completeness is how much of what matters is known of a place, of 100, and what is missing.
func Completeness(sheet events.PlaceSheet, words events.PlaceWords) (score int, missing []string) {
	p := Place{Sheet: sheet, Words: words}
	for _, w := range wanted {
		if w.there(p) {
			score += w.worth
		} else {
			missing = append(missing, w.Name)
		}
	}
	return score, missing
}
