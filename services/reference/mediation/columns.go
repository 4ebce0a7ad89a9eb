package mediation

import (
	"slices"
	"strings"
)

// Known are all columns that a file may have: those of the schema, and those of a list that has columns of its own.
func Known() []string {
	list := append(Columns(), "bfc_id", "mise_a_jour", "lon", "lat", "ville", "departement", "nom_structure", "url_lieu", "code_typo", "code_label", "code_accomp")
	for _, day := range week {
		list = append(list, day.french+" matin", day.french+" après-midi")
	}
	return list
}

// Line reads a line by its columns: those of the schema, or of the list.
func Line(values map[string]string) (Place, []Fault) {
	raw := func(name string) string { return values[name] }
	if _, ok := values["bfc_id"]; !ok {
		return Read(raw)
	}
	return Read(func(column string) string {
		if make, ok := regional[column]; ok {
			return make(raw)
		}
		return ""
	})
}

type made = func(func(string) string) string

// regional is how the list of Bourgogne-Franche-Comté of 2020 to 2023 becomes columns of the schema. Its codes of kinds and
// of ways to help are not explained anywhere and are left out; those of labels that are names are kept.
var regional = map[string]made{
	"id": of("bfc_id"), "nom": of("nom_structure"), "adresse": of("adresse"), "code_postal": of("code_postal"), "commune": of("ville"),
	"latitude": of("lat"), "longitude": of("lon"), "site_web": of("url_lieu"), "date_maj": of("mise_a_jour"),
	"horaires": weekOf, "typologie": coded("|", map[string]string{"MSAP": "MSAP"}),
	"dispositif_programmes_nationaux": coded("|", map[string]string{"MFS": "France Services"}),
	"autres_formations_labels":        coded(", ", map[string]string{"APTIC": "APTIC", "NMM": "NMM", "RIN": "RIN"}),
}

func of(column string) made { return func(raw func(string) string) string { return raw(column) } }

// coded takes those codes of the labels that it knows.
func coded(separator string, known map[string]string) made {
	return func(raw func(string) string) string {
		var list []string
		for _, code := range strings.Split(raw("code_label"), "-") {
			if word, ok := known[strings.ToUpper(strings.TrimSpace(code))]; ok && !slices.Contains(list, word) {
				list = append(list, word)
			}
		}
		return strings.Join(list, separator)
	}
}
