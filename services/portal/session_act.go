package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
)

// sessionAct is something a provider does with its session: a form of its own, reached from the session's page.
type sessionAct struct {
	path, title, button string
	done                string // the sentence afterwards
	when                func(s client.Session) bool
	fill                func(p *sessionActForm) // what stands in the form at first; nil: nothing
	fields              func(p sessionActForm) templ.Component
	send                func(v *visit, p *sessionActForm) error
}

var sessionActs = []sessionAct{
	{"ouvrir", "Ouvrir aux demandes", "Ouvrir", "L’atelier prend maintenant des demandes.", sessionIs("draft"), nil, openSessionFields, sendOpening},
	{"confirmer", "Confirmer l’atelier", "Confirmer", "L’atelier est confirmé.", sessionIs("open"), nil, confirmSessionFields, sendConfirmation},
	{"places", "Changer le nombre de places", "Changer", "Le nombre de places est changé.", hasSeats("draft", "open", "confirmed", "running"), seatsNow, capacityFields, sendCapacity},
	{"votre-public", "Garder des places pour votre public", "Enregistrer", "Les places de votre public sont enregistrées.", sessionIs("open", "confirmed"), ownSeatsNow, ownSeatsFields, sendOwnSeats},
	{"deplacer", "Déplacer l’atelier", "Déplacer", "L’atelier est déplacé. Les équipes de toutes les personnes concernées sont prévenues.", sessionIs("draft", "open", "confirmed", "running"), meetingsNow, rescheduleFields, sendReschedule},
	{"clore", "Clore les inscriptions", "Clore les inscriptions", "Les inscriptions sont closes.", takesRequestsNow, nil, closeRegistrationFields, sendRegistrationEnd},
	{"adapter", "Changer la forme de l’atelier", "Changer la forme", "La forme de l’atelier est changée.", hasSeats("draft", "open", "confirmed", "running"), nil, adaptFields, sendAdaptation},
	{"services", "Noter les services présentés", "Enregistrer", "Les services présentés sont enregistrés.", begun, servicesNow, presentedFields, sendServices},
	{"enregistrement", "Indiquer où revoir l’atelier", "Enregistrer", "L’adresse de l’enregistrement est notée.", recordedNow, recordingNow, recordingFields, sendRecording},
	{"documents", "Enregistrer un document", "Enregistrer", "Le document est enregistré.", labelledNow, nil, filePaperFields, sendPaper},
	{"terminer", "Terminer l’atelier", "Terminer", "L’atelier est terminé.", sessionIs("running"), nil, closeSessionFields, sendSessionEnd},
	{"annuler", "Annuler l’atelier", "Annuler l’atelier", "L’atelier est annulé. Les équipes de toutes les personnes concernées sont prévenues.", sessionIs("open", "confirmed"), nil, cancelSessionFields, sendCancellation},
	{"arreter", "Arrêter l’atelier", "Arrêter l’atelier", "L’atelier est arrêté. Les équipes de toutes les personnes concernées sont prévenues.", sessionIs("running"), nil, cancelSessionFields, sendCancellation},
}

func sessionActRoutes() (routes []Route) {
	for _, act := range sessionActs {
		path := "/ateliers/{id}/" + act.path
		routes = append(routes,
			Route{Method: http.MethodGet, Path: path, page: func(v *visit) error { return v.sessionAct(act) }},
			Route{Method: http.MethodPost, Path: path, page: func(v *visit) error { return v.actOnSession(act) }})
	}
	return routes
}

func sessionIs(states ...string) func(client.Session) bool {
	return func(s client.Session) bool { return slices.Contains(states, s.Status) }
}

func hasSeats(states ...string) func(client.Session) bool {
	return func(s client.Session) bool { return s.Capacity != nil && slices.Contains(states, s.Status) }
}

func labelledNow(s client.Session) bool {
	return s.Labelled && slices.Contains([]string{"open", "confirmed", "running"}, s.Status)
}

// runs is a user who may change this session: its provider.
func (u user) runs(s client.Session) bool { return u.is("provider") && u.Provider == s.ProviderID }

// sessionActsFor are those that make sense now.
func sessionActsFor(s client.Session, u user) []sessionAct {
	if !u.runs(s) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(sessionActs), func(a sessionAct) bool { return !a.when(s) })
}

// sessionActForm is the form of an act.
type sessionActForm struct {
	form

	act     sessionAct
	session client.Session
	card    sessionCard
}

func (v *visit) sessionActForm(act sessionAct, f form) (sessionActForm, error) {
	w, err := v.words()
	if err != nil {
		return sessionActForm{}, err
	}
	answer, err := v.api.GetSessionWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return sessionActForm{}, err
	}
	s := *answer.JSON200
	if !v.user.runs(s) {
		return sessionActForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	return sessionActForm{form: f, act: act, session: s, card: w.sessionCard(s)}, nil
}

func (v *visit) sessionAct(act sessionAct) error {
	page, err := v.sessionActForm(act, form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	if act.fill != nil {
		act.fill(&page)
	}
	return v.show(http.StatusOK, act.title, sessionActView(page))
}

// actOnSession sends the form, or shows it again with what is wrong.
func (v *visit) actOnSession(act sessionAct) error {
	page, err := v.sessionActForm(act, v.form())
	if err != nil {
		return err
	}
	err = act.send(v, &page)
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.say(p)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+act.title, sessionActView(page))
	}
	return v.done("/ateliers/"+page.session.ID, act.done)
}

// say names the papers that are missing; all else has its words.
func (p *sessionActForm) say(refused *client.Problem) {
	if len(refused.MissingPapers) > 0 {
		p.refuse("", "Il manque encore\u00a0: "+papersText(refused.MissingPapers)+". Enregistrez-les d’abord.")
		return
	}
	p.refused(refused, append(p.meetingEntries(), sessionActEntries...))
}

func papersText(kinds []string) string {
	texts := make([]string, len(kinds))
	for i, kind := range kinds {
		texts[i] = strings.ToLower(labelOf(paperKinds, kind))
	}
	return listed(texts)
}

func seatsNow(p *sessionActForm) { p.values.Set("places", strconv.Itoa(the(p.session.Capacity))) }

func ownSeatsNow(p *sessionActForm) { p.values.Set("places", strconv.Itoa(the(p.session.Own))) }

func servicesNow(p *sessionActForm) { p.values["services"] = p.session.Services }

// recordedNow: a session at a distance that has begun.
func recordedNow(s client.Session) bool {
	return s.Mode != "in_person" && s.Mode != "phone" && begun(s)
}

func recordingNow(p *sessionActForm) { p.values.Set("adresse", the(p.session.Recording)) }

func meetingsNow(p *sessionActForm) {
	p.fillMeetings(p.session.Meetings)
	p.values.Set("lieu", the(p.session.Place))
}

func takesRequestsNow(s client.Session) bool { return takesRequests(s, time.Now()) }

// unserved says who gets no seat any more.
func unserved(s client.Session) string {
	if s.Held+s.Waiting == 0 {
		return "Aucune demande n’attend de réponse et personne n’attend de place."
	}
	return "N’auront pas de place\u00a0: " + count(s.Held, "demande sans réponse", "demandes sans réponse") + " et " +
		count(s.Waiting, "personne en liste d’attente", "personnes en liste d’attente") + ". Leurs équipes leur cherchent un autre atelier, où elles passeront en premier."
}

func papersOf(s client.Session) []fact {
	list := make([]fact, len(paperKinds))
	for i, kind := range paperKinds {
		list[i] = fact{kind.Label, "Manque"}
		for _, p := range s.Papers {
			if p.Kind == kind.Value {
				list[i].Text = p.Title + ", enregistré le " + dayOf(p.At)
			}
		}
	}
	return list
}

// concerned says who is told when the session does not take place.
func concerned(s client.Session) string {
	if s.Taken+s.Held+s.Waiting == 0 {
		return "Personne n’est inscrit et personne n’attend."
	}
	return "Sont concernées\u00a0: " + count(s.Taken, "place prise", "places prises") + ", " + count(s.Held, "demande sans réponse", "demandes sans réponse") +
		" et " + count(s.Waiting, "personne en liste d’attente", "personnes en liste d’attente") + ". Leurs équipes les appellent et leur cherchent un autre atelier."
}

var sessionActEntries = []entry{
	{"capacity", "places", "Nombre de places", nil},
	{"seats", "places", "Nombre de places", map[string]string{"negative": "Nombre de places\u00a0: zéro ou plus"}},
	{"mode", "forme", "Forme", nil},
	{"kind", "genre", "Document", nil},
	{"title", "titre", "Nom du document", nil},
	{"reason", "raison", "Pourquoi", nil},
	{"place", "lieu", "Lieu", nil},
	{"services", "services", "Services présentés", nil},
	{"url", "adresse", "Adresse de l’enregistrement", map[string]string{"not_https": "Adresse de l’enregistrement\u00a0: elle commence par https://, sans nom ni mot de passe"}},
}

var paperKinds = []choice{{Value: "content_plan", Label: "Plan de contenu"}, {Value: "evaluation", Label: "Évaluation"}, {Value: "impact_sheet", Label: "Fiche d’impact"}}

var cancelReasons = []choice{
	{Value: "too_few", Label: "Trop peu d’inscrits"}, {Value: "animator", Label: "L’animateur n’est pas disponible"}, {Value: "place", Label: "Le lieu n’est pas disponible"},
	{Value: "health_rules", Label: "Règles sanitaires"}, {Value: "other", Label: "Autre raison"},
}

var changeReasons = append(slices.Clone(cancelReasons[:4]), choice{Value: "demand", Label: "Beaucoup de demandes"}, cancelReasons[4])

var adaptableModes = []choice{{Value: "in_person", Label: "En présence"}, {Value: "video", Label: "Visioconférence"}, {Value: "phone", Label: "Téléphone"}, {Value: "hybrid", Label: "Mixte"}}
