package portal

// Words of the sheet that no code list has.
var (
	sexes     = []choice{{Value: "F", Label: "Femme"}, {Value: "M", Label: "Homme"}, {Label: "Ne sait pas"}}
	relations = []choice{{Label: "Ne sait pas"}, {Value: "child", Label: "Son enfant"}, {Value: "spouse", Label: "Son conjoint ou sa conjointe"},
		{Value: "neighbour", Label: "Quelqu’un du voisinage"}, {Value: "professional", Label: "Un professionnel ou une professionnelle"},
		{Value: "guardian", Label: "Son tuteur ou sa tutrice"}, {Value: "other", Label: "Quelqu’un d’autre"}}
	consentForms = []choice{{Value: "oral", Label: "De vive voix"}, {Value: "signed", Label: "Par écrit, signé"}, {Label: "Ne sait pas"}}
	consentBy    = []choice{{Value: "person", Label: "La personne elle-même"}, {Value: "guardian", Label: "Son tuteur ou sa tutrice"},
		{Value: "helper", Label: "La personne qui l’aide"}, {Label: "Ne sait pas"}}
	consentKinds = []choice{{Value: "referral", Label: "Être orientée vers un atelier"}, {Value: "study", Label: "Réponses utilisées pour l’étude"},
		{Value: "phone", Label: "Être appelée"}, {Value: "sms", Label: "Recevoir des SMS"}, {Value: "email", Label: "Recevoir des courriels"}, {Value: "letter", Label: "Recevoir des courriers"}}
	consentChannels = []choice{{Value: "oral", Label: "De vive voix"}, {Value: "signed", Label: "Par écrit, signé"}, {Value: "phone", Label: "Au téléphone"},
		{Value: "letter", Label: "Par courrier"}, {Value: "email", Label: "Par courriel"}}
	spokenLanguages = []choice{{Label: "Ne sait pas"}, {Value: "fr", Label: "Français"}, {Value: "ar", Label: "Arabe"}, {Value: "ber", Label: "Berbère"},
		{Value: "en", Label: "Anglais"}, {Value: "es", Label: "Espagnol"}, {Value: "it", Label: "Italien"}, {Value: "nl", Label: "Néerlandais"},
		{Value: "de", Label: "Allemand"}, {Value: "pl", Label: "Polonais"}, {Value: "pt", Label: "Portugais"}, {Value: "ro", Label: "Roumain"},
		{Value: "ru", Label: "Russe"}, {Value: "tr", Label: "Turc"}, {Value: "uk", Label: "Ukrainien"}, {Value: "vi", Label: "Vietnamien"},
		{Value: "zh", Label: "Chinois"}}
	halfDays = []choice{
		{Value: "mon_am", Label: "Lundi matin"}, {Value: "mon_pm", Label: "Lundi après-midi"},
		{Value: "tue_am", Label: "Mardi matin"}, {Value: "tue_pm", Label: "Mardi après-midi"},
		{Value: "wed_am", Label: "Mercredi matin"}, {Value: "wed_pm", Label: "Mercredi après-midi"},
		{Value: "thu_am", Label: "Jeudi matin"}, {Value: "thu_pm", Label: "Jeudi après-midi"},
		{Value: "fri_am", Label: "Vendredi matin"}, {Value: "fri_pm", Label: "Vendredi après-midi"},
		{Value: "sat_am", Label: "Samedi matin"}, {Value: "sat_pm", Label: "Samedi après-midi"},
		{Value: "sun_am", Label: "Dimanche matin"}, {Value: "sun_pm", Label: "Dimanche après-midi"}}
	girs = []choice{{Label: "Ne sait pas"}, {Value: "1", Label: "1"}, {Value: "2", Label: "2"}, {Value: "3", Label: "3"},
		{Value: "4", Label: "4"}, {Value: "5", Label: "5"}, {Value: "6", Label: "6"}}
)

// reviewHints say what a referent should look at.
var reviewHints = map[string]string{
	"nir_mismatch":      "Le numéro de sécurité sociale ne correspondait pas au sexe ou à la date de naissance indiqués.",
	"help_place":        "La personne ne connaît pas de lieu d’aide, et pourtant des difficultés pour s’y rendre sont cochées.",
	"gir":               "La personne est plus dépendante que ce que prévoit le programme.",
	"difficulty_reason": "Une difficulté est indiquée, sans son motif.",
}

// choiceLabel is the word of one choice.
func choiceLabel(list []choice, value string) string {
	for _, c := range list {
		if c.Value == value {
			return unasked(c.Label)
		}
	}
	return value
}

func allLabels(list []choice, values []string) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = choiceLabel(list, v)
	}
	return listed(words)
}

// answer is a yes or no in words; empty when nothing was said.
func answer(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "Oui"
	}
	return "Non"
}
