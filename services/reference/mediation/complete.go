package mediation

import "example.org/passerelle/api/events"

// What an advisor needs to know of a place before somebody is sent there, and how much each is worth, of 100.
var wanted = []struct {
	Name  string
	worth int
	there func(events.PlaceSheet) bool
}{
	{"services", 20, func(s events.PlaceSheet) bool { return len(s.Services) > 0 }},
	{"horaires", 15, func(s events.PlaceSheet) bool { return s.Hours != "" }},
	{"telephone", 15, func(s events.PlaceSheet) bool { return s.HasPhone }},
	{"adresse", 10, func(s events.PlaceSheet) bool { return s.Street != "" }},
	{"modalites_accompagnement", 10, func(s events.PlaceSheet) bool { return len(s.Support) > 0 }},
	{"modalites_acces", 10, func(s events.PlaceSheet) bool { return len(s.Access) > 0 }},
	{"position", 5, func(s events.PlaceSheet) bool { return s.Precision == Own }},
	{"prise_en_charge_specifique", 5, func(s events.PlaceSheet) bool { return len(s.Care) > 0 || s.AccessSheet != "" }},
	{"frais_a_charge", 5, func(s events.PlaceSheet) bool { return len(s.Costs) > 0 }},
	{"date_maj", 5, func(s events.PlaceSheet) bool { return s.UpdatedOn != "" }},
}

// Completeness is how much of what matters is known of a place, of 100, and what is missing.
func Completeness(sheet events.PlaceSheet) (score int, missing []string) {
	for _, w := range wanted {
		if w.there(sheet) {
			score += w.worth
		} else {
			missing = append(missing, w.Name)
		}
	}
	return score, missing
}
