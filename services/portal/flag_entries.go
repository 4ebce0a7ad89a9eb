package portal

// flagEntries tie the members of a flag to the inputs of the page, in the order of the page.
var flagEntries = []entry{
	{"programme", "programme", "Programme", map[string]string{"unknown_programme": "Programme\u00a0: choisissez un programme de votre caisse qui prend des signalements"}},
	{"desk", "equipe", "Équipe", map[string]string{
		"desk_required":  "Équipe\u00a0: choisissez celle qui suivra la personne",
		"desk_not_yours": "Équipe\u00a0: ce n’est pas une des vôtres"}},
	{"finding_date", "constat", "Date du constat", map[string]string{
		"not_a_day":          "Date du constat\u00a0: indiquez une date qui existe",
		"in_future":          "Date du constat\u00a0: cette date est dans le futur",
		"outside_campaign":   "Date du constat\u00a0: elle est en dehors de la campagne de ce programme",
		"territory_not_open": "Date du constat\u00a0: le programme n’était pas encore ouvert ce jour-là là où vit la personne"}},
	{"first_contact", "premier_contact", "Premier contact", nil},
	{"person_id", "connue", "La personne", map[string]string{
		"unknown_person":      "Cette personne n’est plus connue sous cet identifiant. Cherchez-la de nouveau",
		"person_or_person_id": "Choisissez\u00a0: une personne connue, ou une nouvelle",
		"person_not_needed":   above["person_not_needed"],
		"not_your_territory":  "Cette personne vit en dehors de votre territoire"}},
	{"force_reason", "motif_autre", "Pourquoi c’est quelqu’un d’autre", nil},
	{"force", "motif_autre", "Pourquoi c’est quelqu’un d’autre", nil},
	{"", "nommee", "La personne", nil},
	{"person.family_name", "nom", "Nom", nil},
	{"person.given_name", "prenom", "Prénom", nil},
	{"person.birth_name", "nom_naissance", "Nom de naissance", nil},
	{"person.birth_date", "naissance", "Date de naissance", bornWords},
	{"person.sex", "sexe", "Sexe", nil},
	{"person.phone", "telephone", "Téléphone", map[string]string{"bad_format": "Téléphone\u00a0: écrivez-le en chiffres, par exemple 04 65 71 00 00"}},
	{"person.email", "courriel", "Courriel", map[string]string{"bad_format": "Courriel\u00a0: écrivez-le comme nom@exemple.fr"}},
	{"person.nir", "nir", "Numéro de sécurité sociale", map[string]string{
		"nir_format":      "Numéro de sécurité sociale\u00a0: 13 chiffres et la clé, ou laissez vide",
		"nir_key":         "Numéro de sécurité sociale\u00a0: la clé ne correspond pas. Relisez-le, ou laissez vide",
		"nir_key_missing": "Numéro de sécurité sociale\u00a0: ajoutez la clé, les deux derniers chiffres",
		"nir_provisional": "Numéro de sécurité sociale\u00a0: c’est un numéro provisoire. Laissez vide"}},
	{"person.language", "langue", "Langue", nil},
	{"person.address.street", "rue", "Numéro et rue", nil},
	{"person.address", "commune", "Commune", placeWords},
	{"person", "telephone", "La personne", map[string]string{
		"person_not_needed":   above["person_not_needed"],
		"person_or_person_id": "Choisissez\u00a0: une personne connue, ou une nouvelle",
		"no_way_to_reach":     above["no_way_to_reach"]}},
	{"profile.sex", "sexe_anonyme", "Sexe", nil},
	{"profile.age", "age", "Âge", bornWords},
	{"profile.department", "departement", "Département", placeWords},
	{"helper.name", "aidant_nom", "Nom de l’aidant", nil},
	{"helper.relation", "aidant_lien", "Lien avec la personne", nil},
	{"helper.phone", "aidant_telephone", "Téléphone de l’aidant", map[string]string{"bad_format": "Téléphone de l’aidant\u00a0: écrivez-le en chiffres, par exemple 04 65 71 00 00"}},
	{"helper", "aidant_informe", "Aidant", nil},
	{"consents.study", "etude", "Étude", nil},
	{"consents.given", "accord_forme", "Accord donné", nil},
	{"consents.by", "accord_par", "Accord donné par", nil},
	{"consents", "orientation", "Accord", map[string]string{
		"nothing_agreed": "La personne n’est d’accord pour rien\u00a0: rien ne doit être enregistré. Quittez cette page sans l’envoyer"}},
	{"answers.institution", "institution", "Institution", map[string]string{
		"only_by_reclassification": "Institution\u00a0: choisissez-en une seule. Le référent pourra dire plus tard qu’il y en a plusieurs"}},
	{"answers.network_coverage", "reseau", "Couverture réseau", nil},
	{"answers.equipment_kinds", "materiel", "Équipement", map[string]string{"needs_equipment": "Équipement\u00a0: ne cochez un appareil que si la personne en a un"}},
	{"answers.financial_problem", "financier", "Problème financier", map[string]string{"needs_no_equipment": "Problème financier\u00a0: à demander seulement sans équipement"}},
	{"answers.equipment", "equipement", "Équipement", nil},
	{"answers.difficulty_reason", "motif", "Motif", map[string]string{"needs_difficulty": "Motif\u00a0: à indiquer seulement en cas de difficulté"}},
	{"answers.difficulty", "difficulte", "Difficultés", nil},
	{"answers.help_place", "lieu_aide", "Lieu d’aide", map[string]string{"yes_and_no": "Lieu d’aide\u00a0: la personne en connaît un, ou non. Pas les deux"}},
	{"answers.training_need", "formation", "Besoin de formation", nil},
	{"answers.description", "description", "Description", map[string]string{"description_required": "Description\u00a0: dites de quelle institution il s’agit"}},
	{"profile.family_situation", "situation", "Situation familiale", nil},
	{"profile.occupation", "activite", "Activité", nil},
	{"profile.sick_leave", "arret", "Arrêt maladie", nil},
	{"needs.deadline", "echeance", "Aide nécessaire avant le", map[string]string{"not_a_day": "Aide nécessaire avant le\u00a0: indiquez une date qui existe"}},
	{"needs.rights_at_risk", "droits", "Droits en danger", nil},
	{"needs.skills", "competences", "Compétences", nil},
	{"needs.access", "acces", "Accessibilité", nil},
	{"needs.travel", "deplacement", "Déplacements", nil},
	{"needs.availability", "disponibilites", "Disponibilités", nil},
	{"needs.modes", "modes", "Forme de l’atelier", nil},
	{"needs.loan_wanted", "pret", "Prêt d’une tablette", nil},
	{"needs.isolated", "isolee", "Isolement", nil},
	{"needs.precarious", "precaire", "Précarité", nil},
	{"needs.gir", "gir", "GIR", nil},
	{"context", "contexte", "Contexte", nil},
}

var bornWords = map[string]string{
	"not_a_date":   "Date de naissance\u00a0: indiquez une date qui existe, ou l’année seule",
	"not_possible": "Âge\u00a0: personne n’a cet âge. Vérifiez la date de naissance",
	"too_young":    "Âge\u00a0: la personne est trop jeune pour ce programme",
}

var placeWords = map[string]string{
	"no_desk":            "Commune\u00a0: aucune agence de votre caisse ne s’en occupe. Vérifiez où vit la personne",
	"not_your_territory": "Commune\u00a0: elle est en dehors de votre territoire. Vérifiez où vit la personne",
	"bad_format":         "Commune\u00a0: indiquez son nom ou son code postal",
	"required":           "Commune\u00a0: à renseigner",
}
