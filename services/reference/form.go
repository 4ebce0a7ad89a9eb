package reference

// Field is a member of the sheet by which somebody is flagged, as it is asked.
type Field struct {
	Name     string // path in the sheet
	Label    string
	Kind     string // text, long_text, day, partial_date, yes_no, choice, choices, number, phone, email, commune, words
	Required bool   // wherever it is asked
	List     string // of its codes
	OnlyIf   Condition
	Choices  []Code
}

// Condition: a field is asked only where another one is answered so. The empty one always holds.
type Condition struct{ Field, Is string }

// Form is the sheet in the order in which it is asked, with the codes of each field.
func Form() []Field {
	lists := map[string][]Code{}
	for _, list := range append(codes(), formCodes()...) {
		lists[list.Name] = list.Codes
	}
	fields := form()
	for i, f := range fields {
		fields[i].Choices = lists[f.List]
	}
	return fields
}

func form() []Field {
	equipped, difficult := Condition{"answers.equipment", "true"}, Condition{"answers.difficulty", "true"}
	return []Field{
		{Name: "finding_date", Label: "Date du constat", Kind: "day", Required: true},
		{Name: "channel", Label: "Canal", Kind: "choice", List: "channel"},
		{Name: "first_contact", Label: "Premier contact", Kind: "choice", Required: true, List: "first_contact", OnlyIf: Condition{"channel", "social_service"}},

		{Name: "person.family_name", Label: "Nom", Kind: "text", Required: true},
		{Name: "person.given_name", Label: "Prénom", Kind: "text", Required: true},
		{Name: "person.birth_name", Label: "Nom de naissance", Kind: "text"},
		{Name: "person.birth_date", Label: "Date de naissance", Kind: "partial_date"},
		{Name: "person.sex", Label: "Sexe", Kind: "choice", List: "sex"},
		{Name: "person.nir", Label: "Numéro de sécurité sociale (vérifié, jamais gardé)", Kind: "text"},
		{Name: "person.phone", Label: "Téléphone", Kind: "phone"},
		{Name: "person.email", Label: "Courriel", Kind: "email"},
		{Name: "person.language", Label: "Langue parlée", Kind: "text"},
		{Name: "person.address.street", Label: "Numéro et rue", Kind: "text"},
		{Name: "person.address.postcode", Label: "Code postal", Kind: "text"},
		{Name: "person.address.insee", Label: "Commune", Kind: "commune"},
		{Name: "helper.name", Label: "Nom de l’aidant", Kind: "text"},
		{Name: "helper.relation", Label: "Lien avec la personne", Kind: "choice", List: "relation"},
		{Name: "helper.phone", Label: "Téléphone de l’aidant", Kind: "phone"},
		{Name: "helper.may_be_told", Label: "Peut-on lui parler de l’atelier ?", Kind: "yes_no"},
		{Name: "helper.calls_first", Label: "Faut-il l’appeler en premier ?", Kind: "yes_no"},

		{Name: "consents.referral", Label: "D’accord pour être orientée vers un atelier ?", Kind: "yes_no"},
		{Name: "consents.study", Label: "D’accord pour que ses réponses servent à l’étude, sans son nom ?", Kind: "yes_no"},
		{Name: "consents.given", Label: "Accord donné", Kind: "choice", List: "consent_given"},
		{Name: "consents.by", Label: "Accord donné par", Kind: "choice", List: "consent_by"},

		{Name: "answers.institution", Label: "Institution concernée", Kind: "choice", List: "institution"},
		{Name: "answers.network_coverage", Label: "Couverture réseau", Kind: "yes_no"},
		{Name: "answers.equipment", Label: "Possession d’un équipement", Kind: "yes_no"},
		{Name: "answers.equipment_kinds", Label: "Si oui, lequel ?", Kind: "choices", List: "equipment_kinds", OnlyIf: equipped},
		{Name: "answers.financial_problem", Label: "Si non, problème financier ?", Kind: "yes_no", OnlyIf: Condition{"answers.equipment", "false"}},
		{Name: "answers.difficulty", Label: "Difficultés à utiliser le numérique", Kind: "yes_no"},
		{Name: "answers.difficulty_reason", Label: "Si oui, motif principal", Kind: "choice", List: "difficulty_reason", OnlyIf: difficult},
		{Name: "answers.help_place", Label: "Connaissance d’un lieu d’aide", Kind: "choices", List: "help_place"},
		{Name: "answers.training_need", Label: "Besoin de formation", Kind: "yes_no"},
		{Name: "answers.description", Label: "Description de la problématique", Kind: "long_text"},

		{Name: "profile.sex", Label: "Sexe, sans la personne", Kind: "choice", List: "sex"},
		{Name: "profile.age", Label: "Âge, sans la personne", Kind: "number"},
		{Name: "profile.department", Label: "Département, sans la personne", Kind: "text"},
		{Name: "profile.family_situation", Label: "Situation familiale", Kind: "choice", List: "family_situation"},
		{Name: "profile.occupation", Label: "Activité", Kind: "choice", List: "occupation"},
		{Name: "profile.sick_leave", Label: "En arrêt maladie ?", Kind: "yes_no"},

		{Name: "needs.deadline", Label: "Aide nécessaire avant le", Kind: "day"},
		{Name: "needs.rights_at_risk", Label: "Un droit risque-t-il d’être perdu ?", Kind: "yes_no"},
		{Name: "needs.skills", Label: "Ce qu’elle veut apprendre", Kind: "choices", List: "skills"},
		{Name: "needs.access", Label: "Besoins d’accessibilité", Kind: "choices", List: "access"},
		{Name: "needs.travel", Label: "Déplacements", Kind: "choice", List: "travel"},
		{Name: "needs.availability", Label: "Disponibilités", Kind: "choices", List: "half_day"},
		{Name: "needs.modes", Label: "Forme de l’atelier", Kind: "choices", List: "session_mode"},
		{Name: "needs.loan_wanted", Label: "Souhaite le prêt d’une tablette ?", Kind: "yes_no"},
		{Name: "needs.isolated", Label: "Personne isolée ?", Kind: "yes_no"},
		{Name: "needs.precarious", Label: "Situation précaire ?", Kind: "yes_no"},
		{Name: "needs.gir", Label: "GIR", Kind: "choice", List: "gir"},
		{Name: "context", Label: "Contexte", Kind: "words"},
	}
}

// formCodes are the lists that only the sheet has.
func formCodes() []List {
	return []List{
		{"sex", []Code{{"F", "Femme"}, {"M", "Homme"}}},
		{"relation", []Code{{"child", "Son enfant"}, {"spouse", "Son conjoint ou sa conjointe"}, {"neighbour", "Quelqu’un du voisinage"},
			{"professional", "Un professionnel ou une professionnelle"}, {"guardian", "Son tuteur ou sa tutrice"}, {"other", "Quelqu’un d’autre"}}},
		{"consent_given", []Code{{"oral", "De vive voix"}, {"signed", "Par écrit, signé"}}},
		{"consent_by", []Code{{"person", "La personne elle-même"}, {"guardian", "Son tuteur ou sa tutrice"}, {"helper", "La personne qui l’aide"}}},
		{"half_day", []Code{{"mon_am", "Lundi matin"}, {"mon_pm", "Lundi après-midi"}, {"tue_am", "Mardi matin"}, {"tue_pm", "Mardi après-midi"},
			{"wed_am", "Mercredi matin"}, {"wed_pm", "Mercredi après-midi"}, {"thu_am", "Jeudi matin"}, {"thu_pm", "Jeudi après-midi"},
			{"fri_am", "Vendredi matin"}, {"fri_pm", "Vendredi après-midi"}, {"sat_am", "Samedi matin"}, {"sat_pm", "Samedi après-midi"},
			{"sun_am", "Dimanche matin"}, {"sun_pm", "Dimanche après-midi"}}},
		{"gir", []Code{{"1", "1"}, {"2", "2"}, {"3", "3"}, {"4", "4"}, {"5", "5"}, {"6", "6"}}},
	}
}
