package projections

import (
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/reference"
)

// scripts are what an advisor reads on the phone, by kind of line, or by kind and why. {qui}, {atelier}, {quand} and {limite}
// stand for what belongs to the person.
var scripts = map[string]string{
	"seat_offer": "Bonjour {qui}. Une place s’est libérée pour {atelier}, le {quand}. Elle est gardée pour vous jusqu’au {limite}. La prenez-vous ?",
	"call_back":  "Bonjour {qui}. Nous avions convenu de vous rappeler. Est-ce un bon moment ?",
	"reminder":   "Bonjour {qui}. Je vous rappelle {atelier}, le {quand}. Serez-vous là ? Savez-vous comment y aller ?",
	"follow_up address": "Bonjour {qui}. Nous vous avions donné une adresse pour vous aider avec le numérique. Y êtes-vous allé ? " +
		"Avez-vous trouvé l’aide qu’il vous fallait ?",
	"follow_up three_months": "Bonjour {qui}. Il y a trois mois, vous avez suivi {atelier}. Vous servez-vous encore de ce que vous avez appris ? " +
		"Le faites-vous sans aide ? Avez-vous de nouveau besoin d’aide ?",
	"session_moved":         "Bonjour {qui}. La date ou le lieu de {atelier} a changé : c’est maintenant le {quand}. Cela vous convient-il toujours ?",
	"session_cancelled":     "Bonjour {qui}. Je suis désolé, {atelier} n’aura pas lieu. Nous pouvons vous proposer autre chose : en parlons-nous maintenant ?",
	"letter_to_print seat":  "Imprimez et envoyez la lettre : elle dit où et quand a lieu {atelier}.",
	"letter_to_print moved": "Imprimez et envoyez la nouvelle lettre : {atelier} a changé de date ou de lieu.",
	"letter_to_print":       "Personne n’a été joint à trois moments différents : imprimez et envoyez la lettre.",
	"no_news":               "Pas de nouvelles depuis la lettre : décidez s’il faut clore l’aide ou essayer encore.",
	"loan_late":             "Bonjour {qui}. La tablette qui vous a été prêtée devait revenir le {limite}. Quand pouvez-vous la rapporter ?",
}

// scriptOf is what is said to somebody on this line.
func scriptOf(r callRow, p events.Person) string {
	text, ok := scripts[r.Kind+" "+r.Why]
	if !ok {
		text = scripts[r.Kind]
	}
	session := "votre atelier"
	if r.SessionTitle != nil {
		session = "l’atelier « " + *r.SessionTitle + " »"
	}
	when := ""
	if r.FirstAt != nil {
		when = momentInFrench(*r.FirstAt)
	}
	who := strings.TrimSpace(p.GivenName + " " + p.FamilyName)
	text = strings.NewReplacer("{qui}", who, "{atelier}", session, "{quand}", when, "{limite}", dayInFrench(r.Until)).Replace(text)
	return strings.ReplaceAll(text, "Bonjour .", "Bonjour.")
}

var (
	weekdays = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	months   = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

func dayInFrench(at time.Time) string {
	at = at.In(reference.Paris)
	return weekdays[at.Weekday()] + at.Format(" 2 ") + months[at.Month()-1]
}

func momentInFrench(at time.Time) string {
	return dayInFrench(at) + at.In(reference.Paris).Format(" à 15 h 04")
}
