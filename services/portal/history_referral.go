package portal

import (
	"strings"
	"time"

	"example.org/passerelle/api/client"
)

// told is one thing that happened, in words.
type told struct {
	When, What, By string
}

// referralHistory tells what happened to a referral, oldest first.
func (w words) referralHistory(lines []client.HistoryLine) []told {
	list := make([]told, len(lines))
	for i, h := range lines {
		list[i] = told{When: moment(h.At), What: w.happened(h), By: w.sayer(the(h.By))}
	}
	return list
}

// sayer is who did something: an account, or whoever has a signed link.
func (w words) sayer(by string) string {
	switch {
	case strings.HasPrefix(by, "link:"):
		return "Le prestataire, par son lien"
	case strings.HasPrefix(by, "place-link:"):
		return "Le lieu, par son lien"
	}
	return w.account(by)
}

// happened is a line of a referral's history.
func (w words) happened(h client.HistoryLine) string {
	text := happenings[h.What]
	switch h.What {
	case "withdrawn":
		return text + "\u00a0: " + w.withdrawReason(the(h.About))
	case "declined":
		return text + "\u00a0: " + lower(w.of("decline_reason", the(h.About)))
	case "tablet_lacking":
		return text + "\u00a0: " + w.of("provider", the(h.About))
	}
	if text == "" {
		return h.What
	}
	return text
}

var happenings = map[string]string{
	"opened":              "Demande envoyée",
	"withdrawn":           "Demande retirée",
	"handed_over":         "Confiée à une autre structure",
	"seat_requested":      "Demande reçue par l’atelier",
	"seat_held":           "Place gardée en attendant la réponse",
	"queued":              "Aucune place libre\u00a0: la demande attend son tour",
	"seat_taken":          "Demande acceptée, place attribuée",
	"waiting_list_joined": "Demande acceptée, inscription sur la liste d’attente",
	"declined":            "Demande refusée",
	"lapsed":              "Pas de réponse à temps, demande close",
	"request_withdrawn":   "Place rendue",
	"studied":             "Demande à l’étude",
	"link_issued":         "Lien de réponse créé pour le prestataire",
	"link_renewed":        "Nouveau lien de réponse créé, le précédent ne sert plus",
	"link_opened":         "Lien ouvert avec le code de la séance",
	"link_locked":         "Lien bloqué : trop de codes faux",
	"link_used":           "Réponse donnée par le lien",
	"place_link_issued":   "Lien de réponse créé pour le lieu",
	"place_link_opened":   "Le lieu a ouvert son lien",
	"place_link_locked":   "Lien du lieu bloqué : trop de codes faux",
	"link_asked":          "Le prestataire demande un nouveau lien",
	"hold_ended":          "La place n’est plus gardée, l’étude continue",
	"answer_reminded":     "Rappel\u00a0: la réponse est attendue",
	"seat_offered":        "Une place s’est libérée, elle est proposée",
	"offer_passed":        "Place proposée non retenue cette fois",
	"offer_not_reached":   "Appel sans réponse au sujet de la place proposée",
	"offer_lapsed":        "Place proposée sans réponse à temps",
	"unserved":            "Inscriptions closes, aucune place ne s’est libérée",
	"session_cancelled":   "Atelier annulé",
	"removed":             "Retirée de la liste par l’atelier",
	"dropped":             "A quitté l’atelier",
	"no_show":             "N’est pas venue",
	"restored":            "Participation rétablie",
	"outcome_recorded":    "Bilan enregistré",
	"alternative_held":    "Place gardée ailleurs, à proposer par téléphone",
	"alternative_ended":   "La place gardée ailleurs ne l’est plus",
	"address_given":       "Adresse donnée",
	"followed_up":         "Nouvelles prises après l’adresse",
	"undone":              "Fin annulée, la demande reprend",
	"call_asked":          "Appel à faire",
	"letter_sent":         "Courrier envoyé",
	"tablet_kept":         "Tablette réservée",
	"tablet_lacking":      "Aucune tablette disponible dans la réserve",
	"tablet_handed_over":  "Tablette remise",
	"tablet_returned":     "Tablette rendue",
	"tablet_released":     "Tablette libérée",
	"tablet_swapped":      "Tablette échangée",
	"loan_extended":       "Prêt de la tablette prolongé",
	"loan_late":           "Tablette non rendue à temps",
	"loan_lost":           "Tablette perdue",
	"loan_written_off":    "Tablette sortie de la réserve",
}

// step is a stage of the journey, in words.
type step struct {
	Title, State, When string
	Tone               string // done, now, stopped; empty: still to come
	Icon               string
}

// journey is the way from the flag to the outcome. The first stage that is not done is the one that is now.
func (w words) journey(list []client.JourneyStep) []step {
	steps, reached := make([]step, len(list)), false
	for i, j := range list {
		s := step{Title: journeyStages[j.Stage].title, Icon: journeyStages[j.Stage].icon, State: stageStates[j.Stage+" "+j.State]}
		if s.State == "" {
			s.State = w.stageState(j.State)
		}
		s.When = journeyDay(j.Stage, j.At)
		switch {
		case j.State == "done":
			s.Tone = "done"
		case stopped[j.State]:
			s.Tone = "stopped"
		case !reached && j.Stage != "review":
			s.Tone, reached = "now", true
		}
		steps[i] = s
	}
	return steps
}

// stageState is that of any stage; what only referrals have, such as a place that is offered, is in their list.
func (w words) stageState(state string) string {
	if text, ok := stageStates[state]; ok {
		return text
	}
	return w.referralStatus(state)
}

func journeyDay(stage string, at *time.Time) string {
	switch {
	case at == nil:
		return ""
	case stage == "session":
		return moment(*at)
	}
	return inFull(*at)
}

var journeyStages = map[string]struct{ title, icon string }{
	"flag": {"Signalement", "info"}, "review": {"Validation", "check"}, "referral": {"Demande de place", "arrow"}, "seat": {"Place", "seat"},
	"tablet": {"Tablette", "tablet"}, "session": {"Atelier", "calendar"}, "outcome": {"Bilan", "check"},
}

// stopped are the states after which this way goes no further.
var stopped = map[string]bool{"refused": true, "lacking": true, "expired": true, "withdrawn": true, "cancelled": true, "unserved": true, "declined": true, "dropped": true, "no_show": true, "unreachable": true}

// stageStates by state, where needed with the stage before it.
var stageStates = map[string]string{
	"done": "Fait", "open": "À venir", "waiting": "En attente", "lacking": "Manque", "refused": "Refusée", "expired": "Sans réponse à temps",
	"dropped": "Arrêtée", "no_show": "Absence", "declined": "Refusée", "completed": "Suivie jusqu’au bout", "unreachable": "Injoignable", "followed_up": "Suivie", "advised": "Adresse donnée",
	"withdrawn": "Retirée", "cancelled": "Annulée", "unserved": "Sans place",
	"review open": "Pas encore faite", "seat open": "Réponse attendue", "seat done": "Attribuée", "seat waiting": "Sur liste d’attente",
	"tablet done": "Réservée", "tablet lacking": "Aucune n’est disponible pour l’instant", "tablet open": "Réservée dès que la place est attribuée",
	"session done": "Terminé", "flag done": "Enregistré", "referral done": "Envoyée", "review done": "Validé",
}

// tabletText is where the tablet of a referral stands.
func tabletText(wanted bool, loan *client.Loan) string {
	switch {
	case !wanted:
		return "Non demandée"
	case loan == nil:
		return "Demandée, réservée dès que la place est attribuée"
	}
	return loanStates[loan.Status]
}

var loanStates = map[string]string{
	"lacking": "Demandée, aucune n’est disponible pour l’instant", "kept": "Réservée", "lent": "Prêtée", "late": "Prêtée, retour en retard",
	"returned": "Rendue", "lost": "Perdue", "written_off": "Sortie de la réserve",
}
