// Package paperform is the paper form as a line of a table: which columns it has, how a line becomes the sheet that an
// advisor would send, and back. It checks nothing: what it cannot translate it leaves as it stands, for the rules to name.
package paperform

import (
	"slices"

	"example.org/passerelle/services/reference"
)

// kind is how the value of a column is written.
type kind int

const (
	text  kind = iota
	yesNo      // oui, non, or empty: not answered
	code       // one of a list, as code or in the form's words
	many       // several of a list, with | between
	number
	day // a day of the calendar, as in French too
)

// column is one of the table. Path leads to its place in the sheet, list names its words.
type column struct {
	name string
	kind kind
	path []string
	list string
	must bool // the header has to have it
}

func of(name string, k kind, must bool, list string, path ...string) column {
	return column{name, k, path, list, must}
}

// Key is the column with the number of the form: what makes an import happen once.
const Key = "cle"

// columns are in the order of the form.
var columns = []column{
	of(Key, text, true, ""),
	of("date_constat", day, true, "", "finding_date"),
	of("unite", text, false, "", "desk"),
	of("premier_contact", code, false, "first_contact", "first_contact"),
	of("nom", text, false, "", "person", "family_name"),
	of("prenom", text, false, "", "person", "given_name"),
	of("nom_naissance", text, false, "", "person", "birth_name"),
	of("date_naissance", day, false, "", "person", "birth_date"),
	of("sexe", code, true, "sex", "profile", "sex"),
	of("telephone", text, false, "", "person", "phone"),
	of("courriel", text, false, "", "person", "email"),
	of("langue", text, false, "", "person", "language"),
	of("rue", text, false, "", "person", "address", "street"),
	of("code_postal", text, false, "", "person", "address", "postcode"),
	of("insee", text, false, "", "person", "address", "insee"),
	of("nir", text, false, "", "person", "nir"),
	of("age", number, true, "", "profile", "age"),
	of("departement", text, false, "", "profile", "department"),
	of("aidant_nom", text, false, "", "helper", "name"),
	of("aidant_lien", code, false, "relation", "helper", "relation"),
	of("aidant_telephone", text, false, "", "helper", "phone"),
	of("aidant_informe", yesNo, false, "", "helper", "may_be_told"),
	of("aidant_appele_en_premier", yesNo, false, "", "helper", "calls_first"),
	of("accord_orientation", yesNo, false, "", "consents", "referral"),
	of("accord_etude", yesNo, false, "", "consents", "study"),
	of("accord_donne", code, false, "consent_given", "consents", "given"),
	of("accord_donne_par", code, false, "consent_by", "consents", "by"),
	of("accord_texte", text, false, "", "consents", "text_version"),
	of("institution", code, true, "institution", "answers", "institution"),
	of("couverture_reseau", yesNo, true, "", "answers", "network_coverage"),
	of("equipement", yesNo, true, "", "answers", "equipment"),
	of("types_equipement", many, true, "equipment_kinds", "answers", "equipment_kinds"),
	of("probleme_financier", yesNo, true, "", "answers", "financial_problem"),
	of("difficulte", yesNo, true, "", "answers", "difficulty"),
	of("motif_difficulte", code, true, "difficulty_reason", "answers", "difficulty_reason"),
	of("lieu_aide", many, true, "help_place", "answers", "help_place"),
	of("besoin_formation", yesNo, true, "", "answers", "training_need"),
	of("description", text, true, "", "answers", "description"),
	of("situation_familiale", code, true, "family_situation", "profile", "family_situation"),
	of("activite", code, true, "occupation", "profile", "occupation"),
	of("arret_maladie", yesNo, true, "", "profile", "sick_leave"),
	of("aide_avant_le", day, false, "", "needs", "deadline"),
	of("droit_en_danger", yesNo, false, "", "needs", "rights_at_risk"),
	of("pret_souhaite", yesNo, false, "", "needs", "loan_wanted"),
	of("apprendre", many, false, "skills", "needs", "skills"),
	of("accessibilite", many, false, "access", "needs", "access"),
	of("deplacements", code, false, "travel", "needs", "travel"),
	of("forme_atelier", many, false, "session_mode", "needs", "modes"),
	of("disponibilites", many, false, "half_day", "needs", "availability"),
	of("isolee", yesNo, false, "", "needs", "isolated"),
	of("precaire", yesNo, false, "", "needs", "precarious"),
	of("gir", number, false, "", "needs", "gir"),
	of("contexte", many, false, "", "context"),
}

// Names are the names of the columns in the form's order, and which of them a header must have.
func Names() (names []string, must []bool) {
	for _, c := range columns {
		names, must = append(names, c.name), append(must, c.must)
	}
	return names, must
}

// own are words of lists that are no code lists of the surface: first those of the printed form, then others that are read.
var own = map[string][]reference.Code{
	"sex":           {{Code: "F", Label: "Femme"}, {Code: "M", Label: "Homme"}},
	"consent_given": {{Code: "oral", Label: "De vive voix"}, {Code: "signed", Label: "Par écrit, signé"}, {Code: "oral", Label: "Oralement"}, {Code: "signed", Label: "Signé"}},
	"consent_by": {{Code: "person", Label: "La personne elle-même"}, {Code: "guardian", Label: "Son tuteur ou sa tutrice"}, {Code: "helper", Label: "La personne qui l’aide"},
		{Code: "person", Label: "La personne"}, {Code: "guardian", Label: "Représentant légal"}, {Code: "helper", Label: "Aidant"}},
	"relation": {{Code: "child", Label: "Son enfant"}, {Code: "spouse", Label: "Son conjoint ou sa conjointe"}, {Code: "neighbour", Label: "Quelqu’un du voisinage"},
		{Code: "professional", Label: "Un professionnel ou une professionnelle"}, {Code: "guardian", Label: "Son tuteur ou sa tutrice"}, {Code: "other", Label: "Quelqu’un d’autre"}},
	"half_day": halfDays(),
}

func halfDays() (list []reference.Code) {
	short := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	for i, name := range []string{"Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"} {
		list = append(list, reference.Code{Code: short[i] + "_am", Label: name + " matin"}, reference.Code{Code: short[i] + "_pm", Label: name + " après-midi"})
	}
	return list
}

var lists = byName()

func byName() map[string][]reference.Code {
	lists := map[string][]reference.Code{"": nil}
	for _, c := range columns {
		lists[c.list] = own[c.list]
	}
	for _, l := range reference.Codes() {
		if _, used := lists[l.Name]; used {
			lists[l.Name] = l.Codes
		}
	}
	return lists
}

// ColumnOf is where a fault of the sheet is shown: the column itself, the first below it, or the sheet's own word.
func ColumnOf(field string, anonymous bool) string {
	if (field == "profile.sex" || field == "person.sex") || field == "person" && anonymous {
		return "sexe"
	}
	for _, c := range columns {
		if path := dotted(c.path); path == field || len(field) > len(path) && path != "" && field[:len(path)] == path && slices.Contains([]byte(".["), field[len(path)]) {
			return c.name
		}
	}
	for _, c := range columns {
		if path := dotted(c.path); len(path) > len(field) && path[:len(field)] == field && path[len(field)] == '.' {
			return c.name
		}
	}
	return field
}
