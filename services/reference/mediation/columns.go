package mediation

import (
	"slices"
	"strings"
)

// Header is what the first line of a file says: where each column of the schema stands.
type Header struct {
	at   map[string]int
	made map[string]func(func(string) string) string // of a file with columns of its own
}

// HeaderOf reads a first line: that of the schema, or of a file whose columns are known here.
func HeaderOf(names []string) (Header, []Fault) {
	h := Header{at: map[string]int{}}
	for i, name := range names {
		h.at[strings.ToLower(clean(name))] = i
	}
	if _, ok := h.at["bfc_id"]; ok {
		h.made = regional
		return h, nil
	}
	var faults []Fault
	for _, needed := range []string{"id", "nom"} {
		if _, ok := h.at[needed]; !ok {
			faults = append(faults, Fault{needed, "missing_column"})
		}
	}
	_, town := h.at["commune"]
	if _, code := h.at["code_insee"]; !town && !code {
		faults = append(faults, Fault{"commune", "missing_column"})
	}
	return h, faults
}

// Line reads a line under the header.
func (h Header) Line(values []string) (Place, []Fault) {
	raw := func(name string) string {
		if i, ok := h.at[name]; ok && i < len(values) {
			return values[i]
		}
		return ""
	}
	if h.made == nil {
		return Read(raw)
	}
	return Read(func(column string) string {
		if make, ok := h.made[column]; ok {
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
