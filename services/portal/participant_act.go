package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

// participantAct is something a provider says of one participant: a form of its own, reached from the list.
type participantAct struct {
	path, short, title string
	about              string // what follows from it
	done               string // the sentence afterwards
	reasons            []choice
	when               func(client.Session, client.Participant) bool
	send               func(v *visit, p participantForm) error
}

var participantActs = []participantAct{
	{"jamais-venue", "N’est jamais venue", "La personne n’est jamais venue", "L’équipe qui suit la personne en est informée et la rappelle.", "C’est noté\u00a0: la personne n’est jamais venue.", nil, neverSeen, sendNoShow},
	{"abandon", "Abandon", "La personne ne vient plus", "L’équipe qui suit la personne en est informée.", "L’abandon est noté.", leaveReasons, takesPart, sendDrop},
	{"retirer", "Retirer", "Retirer la personne de l’atelier", "Sa place est proposée à la liste d’attente, dans l’ordre.", "La personne est retirée de l’atelier.", leaveReasons, notYet, sendRemoval},
	{"retablir", "Rétablir", "Rétablir la personne", "Une fin se corrige dans les sept jours. Une place donnée entre-temps reste donnée\u00a0: la personne passe alors en tête de la liste d’attente.", "La personne est rétablie.", restoreReasons, hasLeft, sendRestoring},
}

var leaveReasons = []choice{
	{Value: "absent", Label: "Absences"}, {Value: "health", Label: "Santé"}, {Value: "level", Label: "Niveau qui ne convient pas"}, {Value: "group", Label: "Groupe"},
	{Value: "family", Label: "Famille"}, {Value: "equipment", Label: "Matériel"}, {Value: "moved", Label: "Déménagement"}, {Value: "deceased", Label: "Décès"},
	{Value: "other", Label: "Autre raison"},
}

var restoreReasons = []choice{{Value: "entered_in_error", Label: "Noté par erreur"}, {Value: "changed_mind", Label: "La personne a changé d’avis"}, {Value: "other", Label: "Autre raison"}}

func hasLeft(_ client.Session, one client.Participant) bool {
	return one.Status == "dropped" || one.Status == "no_show"
}

func takesPart(s client.Session, one client.Participant) bool {
	return begun(s) && one.Rank == nil && !hasLeft(s, one)
}

func neverSeen(s client.Session, one client.Participant) bool {
	came := func(p client.Presence) bool { return p.Status == "present" }
	return takesPart(s, one) && !slices.ContainsFunc(one.Attendance, came)
}

func notYet(s client.Session, one client.Participant) bool {
	return upcoming(s) && one.Rank == nil && !hasLeft(s, one)
}

// participantActsFor are those that make sense now.
func participantActsFor(s client.Session, one client.Participant) []participantAct {
	return slices.DeleteFunc(slices.Clone(participantActs), func(a participantAct) bool { return !a.when(s, one) })
}

func participantRoutes() (routes []Route) {
	for _, act := range participantActs {
		path := "/ateliers/{id}/personnes/{demande}/" + act.path
		routes = append(routes,
			Route{Method: http.MethodGet, Path: path, page: func(v *visit) error { return v.participantAct(act) }},
			Route{Method: http.MethodPost, Path: path, page: func(v *visit) error { return v.actOnParticipant(act) }})
	}
	return routes
}

// participantForm is a form about one participant.
type participantForm struct {
	sessionPeople

	act participantAct
	one client.Participant
}

func (v *visit) participantForm(act participantAct, f form) (participantForm, error) {
	people, err := v.sessionPeople(f)
	if err != nil {
		return participantForm{}, err
	}
	one, ok := people.find(v.path("demande"))
	if !ok {
		return participantForm{}, &client.Problem{Status: http.StatusNotFound}
	}
	return participantForm{sessionPeople: people, act: act, one: one}, nil
}

func (v *visit) participantAct(act participantAct) error {
	page, err := v.participantForm(act, form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, act.title, participantActView(page))
}

func (v *visit) actOnParticipant(act participantAct) error {
	page, err := v.participantForm(act, v.form())
	if err != nil {
		return err
	}
	if len(act.reasons) > 0 {
		page.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	}
	if !page.wrong() {
		err = act.send(v, page)
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, []entry{{"reason", "raison", "Pourquoi", nil}})
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+act.title, participantActView(page))
	}
	return v.done("/ateliers/"+page.session.ID+"/presences", act.done)
}

func sendNoShow(v *visit, p participantForm) error {
	_, err := v.api.NoteNoShowWithResponse(v.ctx, p.session.ID, p.one.ReferralID, v.key())
	return err
}

func sendDrop(v *visit, p participantForm) error {
	_, err := v.api.DropParticipantWithResponse(v.ctx, p.session.ID, p.one.ReferralID, client.Leaving{Reason: p.value("raison")}, v.key())
	return err
}

func sendRemoval(v *visit, p participantForm) error {
	_, err := v.api.RemoveParticipantWithResponse(v.ctx, p.session.ID, p.one.ReferralID, client.Leaving{Reason: p.value("raison")}, v.key())
	return err
}

func sendRestoring(v *visit, p participantForm) error {
	_, err := v.api.UndoParticipantWithResponse(v.ctx, p.session.ID, p.one.ReferralID, client.Undoing{Reason: p.value("raison")}, v.key())
	return err
}
