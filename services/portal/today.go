package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

var todayRoutes = []Route{{Method: http.MethodGet, Path: "/aujourdhui", page: todayPage}}

const todayTitle = "À faire aujourd’hui"

// dayList is what a desk has to do, what is overdue first.
type dayList struct {
	form

	desks     []choice
	desk, day string
	overdue   []dayLine
	lines     []dayLine
	truncated bool
}

// dayLine is one thing to do, in a sentence: what, who, by when.
type dayLine struct {
	Who, Path, Reference string
	What, Why, When      string
	Link, LinkText       string // what to press
	Mine                 bool
	Call                 *call // what to say, where somebody is to be rung
}

func todayPage(v *visit) error {
	if !v.user.refers() || len(v.user.Desks) == 0 {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	page := dayList{form: form{values: v.r.URL.Query()}, desk: v.user.Desks[0]}
	if chosen := page.value("equipe"); slices.Contains(v.user.Desks, chosen) {
		page.desk = chosen
	}
	page.values.Set("equipe", page.desk)
	if len(v.user.Desks) > 1 {
		page.desks = w.deskChoices(v.user.Desks)
	}
	answer, err := v.api.GetTodayWithResponse(v.ctx, page.desk)
	if err != nil {
		return err
	}
	page.read(w, *answer.JSON200)
	return v.show(http.StatusOK, todayTitle, todayView(page, w))
}

func (p *dayList) read(w words, t client.Today) {
	p.day, p.truncated = t.Day, t.Truncated
	for _, item := range t.Items {
		line := w.dayLine(item)
		line.Call = w.callOf(item, p.desk)
		if item.Overdue {
			p.overdue = append(p.overdue, line)
		} else {
			p.lines = append(p.lines, line)
		}
	}
}

// dayActs are what a line asks for, and where that is done.
var dayActs = map[string]struct{ what, do, under string }{
	"deadline":          {"Le délai de la personne est proche ou passé", "Ouvrir le signalement", ""},
	"back":              {"Orienter de nouveau", "Orienter", "/propositions"},
	"to_refer":          {"Orienter la personne", "Orienter", "/propositions"},
	"wish":              {"Chercher ce que la personne souhaite", "Chercher une offre", "/propositions"},
	"returned":          {"Répondre au référent", "Corriger", "/corriger"},
	"review":            {"Relecture en attente chez le référent", "Ouvrir le signalement", ""},
	"close":             {"Clore le signalement, ou continuer l’aide", "Ouvrir le signalement", ""},
	"session_cancelled": {"Appeler : l’atelier est annulé", "Orienter", "/propositions"},
	"session_moved":     {"Appeler : l’atelier est déplacé", "Ouvrir le signalement", ""},
	"seat_offer":        {"Appeler : une place est proposée", "Ouvrir le signalement", ""},
	"call_back":         {"Rappeler la personne", "Ouvrir le signalement", ""},
	"reminder":          {"Appeler avant la première séance", "Ouvrir le signalement", ""},
	"follow_up":         {"Appeler pour prendre des nouvelles", "Ouvrir le signalement", ""},
	"letter_to_print":   {"Imprimer et envoyer une lettre", "Voir la lettre", ""},
	"no_news":           {"Clore l’aide, ou essayer encore", "Ouvrir le signalement", ""},
	"loan_late":         {"Appeler : la tablette n’est pas rendue", "Ouvrir le signalement", ""},
	"wish_hit":          {"Proposer l’atelier que la personne attendait", "Voir les propositions", "/propositions"},
	"connection_ending": {"Parler avec la personne de la fin de sa connexion", "Voir l’équipement", ""},
	"link_asked":        {"Le prestataire demande un nouveau lien", "Renouveler le lien", ""},
	"signal":            {"Répondre à une alerte", "Répondre", ""},
	"signal_late":       {"Rappeler l’équipe alertée", "Voir les alertes envoyées", ""},
	"signal_answered":   {"Lire la réponse à votre alerte", "Lire la réponse", ""},
}

// dayWhys say why a line is there.
var dayWhys = map[string]string{
	"new": "nouveau signalement", "declined": "la dernière demande a été refusée", "expired": "la dernière demande est restée sans réponse",
	"withdrawn": "la dernière demande a été retirée", "cancelled": "l’atelier a été annulé", "unserved": "aucune place ne s’est libérée",
	"wished": "rien ne convenait jusqu’ici", "suits": "un atelier répond à son souhait", "returned": "le référent demande une précision", "unreviewed": "pas encore relu",
	"no_observation": "le signalement n’est pas compté", "signalled": "une autre équipe vous alerte", "no_answer": "pas encore de réponse",
	"helped": "l’aide est allée à son terme", "dropped": "la personne a quitté l’atelier", "no_show": "la personne n’est pas venue",
	"followed_up": "l’adresse n’a pas suffi", "unreachable": "la personne n’a pas été jointe", "seat_free": "une place s’est libérée", "asked": "un rappel était convenu",
	"seat": "une place est confirmée", "moved": "l’atelier a changé de date ou de lieu",
	"address": "une adresse a été donnée il y a deux semaines", "three_months": "l’atelier est fini depuis trois mois", "reminder": "l’atelier commence bientôt",
	"not_reached": "personne n’a répondu à trois moments différents", "meeting_cancelled": "une séance est annulée", "late": "le jour du retour est passé",
	"too_few": "l’atelier est annulé : trop peu d’inscrits", "animator": "l’animateur ne peut pas venir", "place": "le lieu n’est plus disponible",
	"health_rules": "les règles sanitaires ne le permettent pas", "other": "le prestataire en a décidé ainsi",
	"line_over": "la connexion s’arrête ce jour-là",
	"link_over": "l’ancien lien est fini ou bloqué",
	"done":      "l’alerte est traitée", "refused": "l’alerte est refusée",
}

func (w words) dayLine(t client.TodayLine) dayLine {
	act, known := dayActs[t.Kind]
	if !known {
		act.what, act.do = t.Kind, "Ouvrir"
	}
	line := dayLine{
		Who: whoOf(t.PersonID, t.Person), Reference: t.Reference, What: act.what, Why: w.whyToday(t), When: w.byWhom(t), LinkText: act.do, Mine: t.Mine,
	}
	switch {
	case t.Kind == "signal" && t.SignalID != nil && t.FlagID != nil:
		line.Link = "/alertes/" + *t.FlagID + "/" + *t.SignalID
	case t.Kind == "letter_to_print" && t.About != nil && t.FlagID != nil:
		line.Path, line.Link = "/signalements/"+*t.FlagID, "/courriers/"+*t.About
	case t.Kind == "link_asked" && t.ReferralID != nil && t.FlagID != nil:
		line.Path, line.Link = "/signalements/"+*t.FlagID, "/orientations/"+*t.ReferralID+"/lien"
	case t.Kind == "connection_ending" && t.About != nil && t.FlagID != nil:
		line.Path, line.Link = "/signalements/"+*t.FlagID, grantsPath+"/"+*t.About
	case t.Kind == "signal_answered", t.Kind == "signal_late":
		line.Link = "/alertes?sens=out"
	case t.FlagID != nil:
		line.Path = "/signalements/" + *t.FlagID
		line.Link = line.Path + act.under
	}
	return line
}

func (w words) whyToday(t client.TodayLine) string {
	text := sentence(dayWhys, t.Why)
	switch {
	case t.About == nil:
		return text
	case t.Why == "declined":
		return text + "\u00a0: " + lower(w.of("decline_reason", *t.About))
	case t.Why == "withdrawn":
		return text + "\u00a0: " + w.withdrawReason(*t.About)
	case t.Script != nil:
		return text
	case t.SignalID != nil:
		return text + "\u00a0: " + w.of("desk", *t.About)
	}
	return text
}

// byWhom is who does it until when.
func (w words) byWhom(t client.TodayLine) string {
	who := w.owner(t.Who)
	switch {
	case t.By == nil:
		return who
	case t.Overdue:
		return "depuis le " + weekday(*t.By) + " – " + who
	}
	return "avant le " + weekday(*t.By) + " – " + who
}
