package portal

import (
	"strings"
	"time"

	"example.org/passerelle/api/client"
)

// What is said of referrals, seats and sessions. Each code of the REST surface has its words here or in the
// code lists; a test walks them.

// seatAnswer is where a request stands, in one sentence that can be said to the person.
func (w words) seatAnswer(r client.Referral, starts *time.Time, now time.Time) string {
	provider := w.provider(r.ProviderID)
	switch r.Status {
	case "requested", "in_study":
		return w.waitingAnswer(r, provider, now)
	case "waitlisted":
		return waitlisted(r.Rank)
	case "enrolled":
		return enrolled(starts)
	case "declined":
		return provider + " ne peut pas vous accueillir dans cet atelier\u00a0: " + w.declineReason(the(r.Reason)) + "."
	case "expired":
		return provider + " n’a pas répondu à temps. Cette demande est close."
	case "withdrawn":
		return "Cette demande a été retirée\u00a0: " + w.withdrawReason(the(r.Reason)) + "."
	}
	return statusSentences[r.Status]
}

// statusSentences are those that need nothing but the status.
var statusSentences = map[string]string{
	"offered":     "Une place s’est libérée et vous est proposée.",
	"unserved":    "Aucune place ne s’est libérée avant le début de l’atelier.",
	"in_progress": "L’atelier a commencé et vous y participez.",
	"completed":   "Vous avez suivi l’atelier jusqu’au bout.",
	"dropped":     "Vous avez quitté l’atelier avant la fin.",
	"no_show":     "Votre absence à l’atelier a été notée.",
	"cancelled":   "Cet atelier n’aura pas lieu.",
	"advised":     "Un lieu où trouver de l’aide vous a été indiqué.",
	"followed_up": "Nous avons pris de vos nouvelles.",
	"unreachable": "Nous n’avons pas réussi à vous joindre.",
}

// referralStatus is the word for a state, as labels and lists have it.
func (w words) referralStatus(code string) string {
	if text, ok := rareStatuses[code]; ok {
		return text
	}
	return w.of("referral_status", code)
}

// rareStatuses are those of people who were sent to a place without sessions.
var rareStatuses = map[string]string{"advised": "Conseillée", "followed_up": "Suivie", "unreachable": "Injoignable"}

// waitingAnswer is what a request without an answer may count on. Only a held seat may be promised.
func (w words) waitingAnswer(r client.Referral, provider string, now time.Time) string {
	if r.AnswerBy != nil && !now.Before(*r.AnswerBy) {
		return provider + " n’a pas répondu à temps. Cette demande va être close."
	}
	switch r.Seat {
	case "held":
		return "Une place est gardée pour vous" + until(r.HeldUntil) + ", le temps que " + provider + " réponde."
	case "none":
		return "Il n’y a plus de place libre\u00a0: si " + provider + " accepte la demande" + before(r.AnswerBy) + ", vous serez " + placeOnList(r.WouldBeRank) + "."
	}
	return "La demande est partie. La réponse de l’atelier arrive dans un instant."
}

func enrolled(starts *time.Time) string {
	if starts == nil {
		return "Votre inscription est confirmée."
	}
	return "Votre inscription est confirmée\u00a0: l’atelier commence le " + moment(*starts) + "."
}

func until(at *time.Time) string {
	if at == nil {
		return ""
	}
	return " jusqu’au " + moment(*at)
}

func before(at *time.Time) string {
	if at == nil {
		return ""
	}
	return " avant le " + moment(*at)
}

func waitlisted(at *int) string {
	return "La demande est acceptée, mais l’atelier est complet\u00a0: vous êtes " + placeOnList(at) + "."
}

// placeOnList is a rank with what it is on.
func placeOnList(at *int) string {
	if at == nil {
		return "sur la liste d’attente"
	}
	return "au " + rank(*at) + " de la liste d’attente"
}

// whatNext says who does what after this.
func (w words) whatNext(r client.Referral) string {
	switch r.Status {
	case "requested", "in_study":
		return w.provider(r.ProviderID) + " répond" + before(r.AnswerBy) + "\u00a0; sans réponse, l’équipe qui suit la personne lui cherche un autre atelier."
	case "waitlisted":
		return "La première place qui se libère est proposée à la personne qui attend depuis le plus longtemps."
	case "enrolled", "in_progress":
		return "La personne vient à l’atelier."
	case "offered":
		return "La personne accepte ou refuse la place proposée."
	case "declined", "expired", "unserved", "cancelled":
		return "L’équipe qui suit la personne lui cherche un autre atelier."
	}
	return ""
}

// seatText is what a line of a list says of the seat.
func seatText(status, seat string, at, wouldBe *int) string {
	switch {
	case status == "waitlisted" && at != nil:
		return rank(*at) + " de la liste d’attente"
	case status != "requested" && status != "in_study":
		return ""
	case seat == "none" && wouldBe != nil:
		return "Complet, serait au " + rank(*wouldBe)
	}
	return seatWords[seat]
}

var seatWords = map[string]string{
	"held": "Place gardée", "taken": "Place attribuée", "none": "Sans place", "pending": "Réponse attendue dans un instant",
}

// seatsLeft says how many places are left: 3 places libres sur 8; Complet, 2 personnes attendent.
func seatsLeft(s client.Session) string {
	switch {
	case s.Capacity == nil || s.Free == nil:
		return "Sans limite de places"
	case *s.Free > 0:
		return count(*s.Free, "place libre", "places libres") + " sur " + number(*s.Capacity)
	case s.CapacityStatus == "no-capacity":
		return "Complet, la liste d’attente aussi"
	case s.Waiting > 0:
		return "Complet, " + count(s.Waiting, "personne attend", "personnes attendent")
	}
	return "Complet, personne n’attend"
}

// seatsInFull adds up: 8 places : 3 prises, 2 réservées, 3 libres.
func seatsInFull(s client.Session) string {
	taken := count(s.Taken, "prise", "prises")
	if s.Capacity == nil || s.Free == nil {
		return "Sans limite de places\u00a0: " + taken
	}
	text := count(*s.Capacity, "place", "places") + "\u00a0: " + taken + ", " + count(s.Held, "réservée en attendant une réponse", "réservées en attendant une réponse") +
		", " + count(*s.Free, "libre", "libres")
	if s.Over > 0 {
		text += " (" + count(s.Over, "inscription", "inscriptions") + " au-delà des places)"
	}
	return text
}

func waitingText(n int) string {
	if n == 0 {
		return "Personne n’attend"
	}
	return count(n, "personne attend", "personnes attendent")
}

func (w words) declineReason(code string) string {
	if text, ok := declineReasons[code]; ok {
		return text
	}
	return lower(w.of("decline_reason", code))
}

// declineReasons finish the sentence: … ne peut pas vous accueillir dans cet atelier : …
var declineReasons = map[string]string{
	"not_reachable": "le prestataire n’a pas réussi à vous joindre", "absent": "votre absence a été constatée",
	"in_employment": "vous êtes en emploi", "in_training": "vous suivez déjà une formation",
	"not_eligible": "il s’adresse à un autre public", "not_mobile": "le trajet n’est pas possible pour vous",
	"not_interested": "vous ne souhaitez pas y participer", "incompatible": "votre situation ne le permet pas pour l’instant",
	"session_full": "il est complet", "duplicate": "la même demande a été faite deux fois", "level": "son niveau ne vous convient pas",
	"access_need": "le lieu n’est pas accessible pour vous", "language": "la langue de l’atelier n’est pas la vôtre",
	"dates": "les dates ne conviennent pas", "session_not_open": "il ne prend plus de demandes", "other": "pour une autre raison",
}

func (w words) withdrawReason(code string) string {
	if text, ok := withdrawReasons[code]; ok {
		return text
	}
	return lower(w.of("withdraw_reason", code))
}

var withdrawReasons = map[string]string{
	"changed_mind": "la personne a changé d’avis", "date": "la date ne convient pas", "distance": "l’atelier est trop loin",
	"health": "l’état de santé ne le permet pas", "helped_elsewhere": "la personne est aidée ailleurs",
	"seated_elsewhere": "la personne est inscrite ailleurs", "moved": "la personne a déménagé", "deceased": "la personne est décédée",
	"consent_withdrawn": "la personne a retiré son accord", "entered_in_error": "saisie par erreur",
}

// lower begins a label inside a sentence.
func lower(text string) string {
	if text == "" {
		return text
	}
	first := []rune(text)
	return strings.ToLower(string(first[:1])) + string(first[1:])
}
