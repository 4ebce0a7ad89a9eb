package portal

import "strconv"

// Room on paper: a box for a date, a short answer, a whole line.
const (
	aLine  = 1
	lines4 = 4
)

// paper is the sheet in the order of the form, numbered so that it is typed as it was written.
func (p flagForm) paper() []paperPart {
	parts := []paperPart{
		{"Constat", p.paperFinding()}, {"Personne", p.paperPerson()}, {"Quelqu’un l’aide", paperHelper()}, {"Accord de la personne", paperConsents()},
		{"Difficultés avec le numérique", p.paperAnswers()}, {"Situation", p.paperProfile()}, {"Besoins", p.paperNeeds()},
	}
	n := 0
	for i := range parts {
		for j := range parts[i].Lines {
			n++
			parts[i].Lines[j].Number = strconv.Itoa(n)
		}
	}
	return parts
}

func written(label string) paperLine { return paperLine{Label: label, Room: aLine} }

func short(label string) paperLine { return paperLine{Label: label, Room: aLine, Short: true} }

func ticked(label string, choices []choice) paperLine {
	line := paperLine{Label: label}
	for _, c := range choices {
		line.Boxes = append(line.Boxes, c.Label)
	}
	return line
}

func askedYesNo(label string) paperLine { return ticked(label, yesNoUnknown()) }

func (p flagForm) paperFinding() []paperLine {
	list := []paperLine{short("Date du constat (jj/mm/aaaa)")}
	if p.social {
		list = append(list, ticked("Premier contact", p.words.choices("first_contact")))
	}
	return list
}

func (p flagForm) paperPerson() []paperLine {
	return []paperLine{
		ticked("La personne donne son nom", []choice{{Label: "Oui"}, {Label: "Non, sans nom"}}),
		written("Nom"), written("Prénom"), written("Nom de naissance"), short("Date de naissance, l’année suffit"), ticked("Sexe", sexes), short("Téléphone"),
		written("Courriel"), short("Langue parlée"), written("Numéro et rue"), written("Code postal et commune"), short("Sans nom\u00a0: âge, département"),
	}
}

func paperHelper() []paperLine {
	return []paperLine{written("Nom de l’aidant, lien"), short("Téléphone de l’aidant"), askedYesNo("Peut-on lui parler de l’atelier\u00a0?"), askedYesNo("Faut-il l’appeler en premier\u00a0?")}
}

func paperConsents() []paperLine {
	return []paperLine{
		ticked("D’accord pour être orientée vers un atelier\u00a0?", yesOrNo()), askedYesNo("D’accord pour l’étude, sans son nom\u00a0?"),
		ticked("Accord donné", consentForms), ticked("Accord donné par", consentBy),
	}
}

func (p flagForm) paperAnswers() []paperLine {
	return []paperLine{
		ticked("Institution concernée (une seule)", p.words.choices("institution")), askedYesNo("Couverture réseau suffisante\u00a0?"), askedYesNo("Possède un équipement\u00a0?"),
		ticked("Si oui, lequel", p.words.choices("equipment_kinds")), askedYesNo("Si non, problème financier\u00a0?"),
		askedYesNo("Difficultés à utiliser le numérique\u00a0?"), ticked("Si oui, motif principal (un seul)", p.words.choices("difficulty_reason")),
		ticked("Connaît un lieu d’aide\u00a0?", p.words.choices("help_place")), askedYesNo("Besoin d’une formation\u00a0?"),
		{Label: "Description, sans nom ni numéro de sécurité sociale", Room: lines4},
	}
}

func (p flagForm) paperProfile() []paperLine {
	return []paperLine{ticked("Situation familiale", p.words.choices("family_situation")), ticked("Activité", p.words.choices("occupation")), askedYesNo("En arrêt maladie\u00a0?")}
}

func (p flagForm) paperNeeds() []paperLine {
	return []paperLine{
		short("Aide nécessaire avant le"), askedYesNo("Un droit risque d’être perdu\u00a0?"), askedYesNo("Souhaite une tablette prêtée\u00a0?"),
		ticked("Veut apprendre", p.words.choices("skills")), ticked("Accessibilité", p.words.choices("access")), ticked("Déplacements", p.words.choices("travel")),
		ticked("Forme de l’atelier", p.words.choices("session_mode")), short("Disponibilités"), askedYesNo("Isolée\u00a0?"), askedYesNo("Situation précaire\u00a0?"), short("GIR"), short("Contexte"),
	}
}
