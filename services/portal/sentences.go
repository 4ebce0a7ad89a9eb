package portal

import "example.org/passerelle/api/client"

// What happens next, by code: what is to be done, how its day is said, and who is named beside it.
var nextSteps = map[string]struct{ do, by, owner string }{
	"review": {"valider le signalement", "avant le ", "référent, "},
	"amend":  {"répondre au référent", "avant le ", ""},
	"refer":  {"orienter la personne", "avant le ", ""},
	"offer":  {"chercher ce que la personne souhaite", "avant le ", ""},
	"close":  {"clore le signalement", "avant le ", ""},
	"answer": {"répondre à la demande", "au plus tard le ", ""},
	"wait":   {"attendre qu’une place se libère", "jusqu’au ", ""},
	"attend": {"aller à l’atelier", "le ", "la personne, chez "},
	"ask":    {"demander ce que l’adresse a donné", "avant le ", ""},
	"none":   {"aucune", "", ""},
}

// next is the next step in one sentence: what, by when, who. Orienter la personne avant le mardi 7 décembre 2026 – Agence de Montpellier.
func (w words) next(s client.NextStep) string {
	step, ok := nextSteps[s.What]
	if !ok {
		return s.What
	}
	text := step.do
	switch {
	case s.By != nil:
		text += " " + step.by + weekday(*s.By)
	case s.What == "review", s.What == "refer":
		text += " dès que possible"
	}
	if s.Who != "" {
		text += " – " + step.owner + w.owner(s.Who)
	}
	return text
}

// nextSentence stands alone.
func (w words) nextSentence(s client.NextStep) string {
	return "Prochaine étape\u00a0: " + w.next(s) + "."
}

// owner is a team, a provider or a colleague by name.
func (w words) owner(id string) string {
	for _, list := range []string{"desk", "provider", "account"} {
		if name := w.of(list, id); name != id {
			return name
		}
	}
	return id
}

// flagHistory says what happened to a flag.
var flagHistory = map[string]string{
	"flagged":   "Signalement enregistré",
	"validated": "Signalement validé",

	"returned":        "Renvoyé à l’auteur avec une question",
	"amended":         "Fiche modifiée, de nouveau à valider",
	"reclassified":    "Reclassé dans une autre institution",
	"dismissed":       "Écarté de l’observation",
	"withdrawn":       "Retiré par son auteur",
	"review_reminded": "Rappel\u00a0: la validation ou la réponse est attendue",

	"referred":       "Personne orientée vers un atelier",
	"referral_ended": "Une orientation s’est terminée sans place",
	"help_ended":     "Fin de l’aide",
	"help_resumed":   "Accord donné, aide reprise",
	"handed_over":    "Confié à une autre structure",

	"closed":          "Signalement clos",
	"reopened":        "Signalement rouvert",
	"wished":          "Rien ne convient\u00a0: souhait noté",
	"helped":          "Aide sur place",
	"signal_sent":     "Alerte envoyée à une autre équipe",
	"signal_answered": "Réponse de l’autre équipe à l’alerte",
	"transferred":     "Confié à une autre équipe",
	"taken_up":        "Pris en charge",
	"given_back":      "Rendu à l’équipe",
}

// flagEvents are the history of a flag, oldest first.
func (w words) flagEvents(lines []client.HistoryLine) []told {
	list := make([]told, len(lines))
	for i, l := range lines {
		list[i] = told{When: moment(l.At), What: sentence(flagHistory, l.What), By: w.account(the(l.By))}
	}
	return list
}

func sentence(known map[string]string, code string) string {
	if text, ok := known[code]; ok {
		return text
	}
	return code
}
