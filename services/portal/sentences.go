package portal

import "example.org/passerelle/api/client"

// What happens next, by code: what is to be done, who is named beside it, and how the day is said.
var nextSteps = map[string]struct{ do, owner, by string }{
	"review": {"valider le signalement", "référent, ", ""},
	"refer":  {"orienter la personne vers un atelier", "", "avant le "},
	"answer": {"répondre à la demande", "", "au plus tard le "},
	"attend": {"aller à l’atelier", "la personne, chez ", "le "},
	"wait":   {"attendre qu’une place se libère", "", "avant le "},
	"amend":  {"compléter le signalement renvoyé", "", "avant le "},
	"offer":  {"chercher ce que la personne souhaite", "", "avant le "},
	"close":  {"clore le signalement", "", "avant le "},
	"none":   {"aucune", "", ""},
}

// next is the next step in one sentence, with its owner and its day.
func (w words) next(s client.NextStep) string {
	step, ok := nextSteps[s.What]
	if !ok {
		return s.What
	}
	if s.Who == "" {
		return step.do
	}
	text := step.do + " (" + step.owner + w.owner(s.Who) + ")"
	switch {
	case s.By != nil:
		return text + ", " + step.by + dayText(*s.By)
	case s.What == "review", s.What == "refer":
		return text + ", dès que possible"
	}
	return text
}

// nextSentence stands alone.
func (w words) nextSentence(s client.NextStep) string {
	return "Prochaine étape\u00a0: " + w.next(s) + "."
}

// owner is a team or a provider by name.
func (w words) owner(id string) string {
	if name := w.of("desk", id); name != id {
		return name
	}
	return w.of("provider", id)
}

// flagHistory says what happened to a flag.
var flagHistory = map[string]string{
	"flagged":        "Signalement enregistré",
	"validated":      "Signalement validé",
	"referred":       "Personne orientée vers un atelier",
	"referral_ended": "Une orientation s’est terminée sans place",
	"help_ended":     "Fin de l’aide",
	"help_resumed":   "Accord donné, aide reprise",
	"handed_over":    "Confié à une autre structure",

	"closed":          "Signalement clos",
	"reopened":        "Signalement rouvert",
	"wished":          "Rien ne convient pour l’instant, souhait noté",
	"helped":          "Aide apportée sur le moment",
	"signal_sent":     "Signal envoyé à une autre structure",
	"signal_answered": "Réponse de l’autre structure au signal",
	"transferred":     "Transféré à une autre structure",
	"taken_up":        "Pris en charge par un membre de la structure",
	"given_back":      "Rendu à la structure",
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
