package reference

import "slices"

// SkillItem is one thing that is learnt, within a family of skills.
type SkillItem struct{ Code, Family, Label string }

// SkillItems are the twenty items of the six families.
func SkillItems() []SkillItem { return slices.Clone(skillItems) }

// FamilyOf is the family of an item, empty for none.
func FamilyOf(item string) string {
	for _, i := range skillItems {
		if i.Code == item {
			return i.Family
		}
	}
	return ""
}

var skillItems = []SkillItem{
	{"internet_connect", "internet", "Se connecter"}, {"internet_browse", "internet", "Naviguer"},
	{"internet_search", "internet", "Rechercher"}, {"internet_forms", "internet", "Remplir un formulaire"},
	{"email_create", "email", "Créer une adresse"}, {"email_read_send", "email", "Envoyer et consulter"},
	{"email_documents", "email", "Envoyer et recevoir des documents"},
	{"equipment_keyboard", "equipment", "Clavier"}, {"equipment_mouse", "equipment", "Souris"}, {"equipment_usb", "equipment", "Clé USB"},
	{"office_orient", "office", "Se repérer"}, {"office_documents", "office", "Gérer ses documents"}, {"office_text", "office", "Traitement de texte"},
	{"procedures_retirement", "procedures", "Compte de l'Assurance retraite"}, {"procedures_health", "procedures", "Compte Ameli"},
	{"procedures_telemedicine", "procedures", "Rendez-vous de télémédecine"}, {"procedures_prevention", "procedures", "Inscription à la prévention à distance"},
	{"security_connection", "security", "Connexion sans risque"}, {"security_data", "security", "Données personnelles"},
	{"security_fraud", "security", "Sites et messages frauduleux"},
}

// PresentedServices are those that animators present in a session.
func PresentedServices() []string {
	return []string{"retirement_fund", "health_insurance", "ageing_well_portal", "prevention_quiz"}
}
