package portal

import "example.org/passerelle/api/client"

// since is what was wished, done and told of the person since the flag.
func (w words) since(f client.Flag) (parts []sheetPart) {
	if f.Outcome != nil {
		parts = append(parts, sheetPart{"Clôture", present([]fact{{"Ce qu’il en est", choiceLabel(outcomes, *f.Outcome)}, {"Note", the(f.ClosingNote)}})})
	}
	if f.Wish != nil {
		parts = append(parts, sheetPart{"Souhait", w.wishFactsOf(*f.Wish)})
	}
	if len(f.Contacts) > 0 {
		parts = append(parts, w.contactsPart(f.Contacts))
	}
	if len(f.HelpActs) > 0 {
		part := sheetPart{Title: "Aide sur place"}
		for _, a := range f.HelpActs {
			part.Facts = append(part.Facts, fact{dayOf(a.At), joined(choiceLabel(helpKinds, a.Kind), lower(choiceLabel(helpModes, a.Mode)), the(a.Topic), minutesText(a.Minutes))})
		}
		parts = append(parts, part)
	}
	if len(f.Signals) > 0 {
		part := sheetPart{Title: "Alertes"}
		for _, s := range f.Signals {
			text := w.of("desk", s.Desk) + "\u00a0: " + joined(choiceLabel(signalTopics, the(s.Topic)), lower(choiceLabel(signalStates, s.Status)), the(s.Answer))
			part.Facts = append(part.Facts, fact{dayOf(s.SentAt), text})
		}
		parts = append(parts, part)
	}
	return parts
}

func (w words) wishFactsOf(wish client.Wish) []fact {
	distance := ""
	if wish.WithinKm != nil {
		distance = "À moins de " + number(*wish.WithinKm) + "\u00a0km à vol d’oiseau"
	}
	return present([]fact{
		{"Veut apprendre", listed(w.all("skills", wish.Skills))}, {"Forme de l’atelier", listed(w.all("session_mode", wish.Modes))}, {"Distance", distance},
		{"Disponibilités", allLabels(halfDays, wish.Availability)}, {"Noté", dayOf(wish.At)}})
}

func minutesText(n *int) string {
	if n == nil {
		return ""
	}
	return count(*n, "minute", "minutes")
}
