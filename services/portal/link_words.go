package portal

import (
	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// commonWords are those of the code lists, for a page without an account.
func commonWords() words {
	w := words{lists: map[string][]client.Code{}, known: map[string]map[string]string{}}
	for _, list := range reference.Codes() {
		codes := make([]client.Code, len(list.Codes))
		for i, c := range list.Codes {
			codes[i] = client.Code{Code: c.Code, Label: c.Label}
		}
		w.add(list.Name, codes)
	}
	return w
}

// viewOfLink says where a request and its link stand.
func viewOfLink(s client.LinkState, path string, f form) linkView {
	view := linkView{
		Path: path, Form: f, Details: linkDetails(s), Open: s.State == "open", Decided: s.State == "decided",
		Expired: (s.State == "expired" || s.State == "locked") && !s.Asked,
	}
	view.Title, view.Lead = linkSentences(s)
	return view
}

func linkSentences(s client.LinkState) (title string, lead []string) {
	call := "Une question\u00a0? Appelez l’équipe\u00a0: " + joined(s.DeskName, phoneText(the(s.DeskPhone))) + "."
	asked := "Un nouveau lien a été demandé. L’équipe l’envoie à l’adresse qu’elle connaît de votre structure\u00a0; il ne s’affiche jamais ici."
	switch s.State {
	case "open":
		lead = []string{s.DeskName + " vous demande une place dans votre atelier pour une personne retraitée."}
		if the(s.Answer) == "in_study" {
			lead = append(lead, "Vous avez demandé un délai. Votre réponse est attendue.")
		}
		return "Une demande attend votre réponse", lead
	case "decided":
		return "Cette demande a reçu une réponse", append([]string{decidedText(s)}, call)
	case "withdrawn":
		return "Cette demande a été retirée", []string{"Vous n’avez rien à faire. Si une place était gardée, elle est de nouveau libre.", call}
	case "cancelled":
		return "Cet atelier n’a pas lieu", []string{"Vous n’avez rien à faire\u00a0: l’équipe cherche un autre atelier à la personne.", call}
	case "lapsed":
		return "Le délai de réponse est passé", []string{"Cette demande est close\u00a0: l’équipe cherche un autre atelier à la personne.", call}
	case "closed":
		return "Votre structure n’accueille plus d’atelier ici", []string{"Ce lien ne sert plus.", call}
	case "replaced":
		return "Un lien plus récent existe", []string{"Utilisez le dernier lien que vous avez reçu.", call}
	case "locked":
		title, lead = "Ce lien est bloqué", []string{"Le code a été mal saisi cinq fois de suite."}
	default:
		title, lead = "Ce lien a expiré", []string{"Un lien est valable huit jours. Celui-ci l’était jusqu’au " + moment(s.Until) + "."}
	}
	if s.Asked {
		lead = append(lead, asked)
	}
	return title, append(lead, call)
}

// decidedText says what was decided, when, and by which way.
func decidedText(s client.LinkState) string {
	text := "Vous avez accepté cette demande"
	switch the(s.Answer) {
	case "enrolled", "in_progress":
		text += "\u00a0: une place est attribuée"
	case "waitlisted", "offered":
		text += "\u00a0: la personne est sur la liste d’attente"
	case "declined":
		text = "Vous avez refusé cette demande"
	}
	if s.AnsweredAt != nil {
		text += ", le " + moment(*s.AnsweredAt)
	}
	if the(s.Way) == "link" {
		return text + ", par ce lien."
	}
	return text + ", depuis un compte."
}

func linkDetails(s client.LinkState) []fact {
	list := []fact{{"Atelier", s.SessionTitle}}
	if len(s.Meetings) > 0 {
		list = append(list, fact{"Quand", when(s.Meetings)})
	}
	if s.Place != nil {
		list = append(list, fact{"Où", *s.Place})
	}
	list = append(list, fact{"Équipe", joined(s.DeskName, phoneText(the(s.DeskPhone)))})
	if s.State == "open" {
		list = append(list, fact{"Répondre avant", moment(s.AnswerBy)}, fact{"Lien valable jusqu’au", moment(s.Until)})
	}
	return list
}
