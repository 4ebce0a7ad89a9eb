package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

const newSessionTitle = "Prévoir un atelier"

var newSessionRoutes = []Route{
	{Method: http.MethodGet, Path: "/ateliers/nouveau", page: newSession},
	{Method: http.MethodPost, Path: "/ateliers/nouveau", page: planSession},
}

// plans: somebody whose provider holds sessions.
func (u user) plans() bool { return u.is("provider") && u.Provider != "" }

// newSessionForm is a session to plan, or one that has been and is recorded afterwards.
type newSessionForm struct {
	form

	words    words
	communes communeField
	around   *around // who waits there; nil: nobody asked
}

func (v *visit) newSessionForm(f form) (newSessionForm, error) {
	if !v.user.plans() {
		return newSessionForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	return newSessionForm{form: f, words: w}, err
}

func newSession(v *visit) error {
	page, err := v.newSessionForm(form{values: map[string][]string{"forme": {"in_person"}, "etat": {"ouvert"}}})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, newSessionTitle, newSessionView(page))
}

// planSession sends the plan; one more meeting is asked for by a button of its own, that works without script.
func planSession(v *visit) error {
	page, err := v.newSessionForm(v.form())
	if err != nil {
		return err
	}
	switch {
	case page.value("ajouter") != "":
		return v.show(http.StatusOK, newSessionTitle, newSessionView(page))
	case page.value("autour") != "":
		return v.showAround(page)
	}
	body, err := v.planned(&page)
	if err != nil {
		return err
	}
	var answer *client.CreateSessionResponse
	if !page.wrong() {
		answer, err = v.api.CreateSessionWithResponse(v.ctx, body, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, slices.Concat(page.meetingEntries(), newSessionEntries))
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+newSessionTitle, newSessionView(page))
	}
	return v.done("/ateliers/"+answer.JSON201.ID, "L’atelier est enregistré.")
}

func (v *visit) planned(page *newSessionForm) (body client.NewSession, err error) {
	where, field, err := v.commune(&page.form)
	if err != nil {
		return body, err
	}
	page.communes = field
	page.asks(fault{"titre", "Titre\u00a0: à renseigner"}, fault{"forme", "Forme\u00a0: à choisir"})
	body = client.NewSession{
		ProviderID: v.user.Provider, Title: page.value("titre"), Mode: page.value("forme"), Skills: page.list("competences"), Place: page.text("lieu"),
		Capacity: page.whole("places", "Nombre de places"), Minimum: page.whole("minimum", "Au moins"), Meetings: page.meetings(),
		RegistrationClosesAt: page.closing(), Languages: []string{"fr"}, Level: page.text("niveau"), Accessible: new(page.chosen("options", "accessible")),
		LendsEquipment: new(page.chosen("options", "materiel")), Labelled: new(page.chosen("options", "labellise")), Draft: new(page.value("etat") == "brouillon"),
	}
	if where != nil {
		body.Insee = &where.Insee
	}
	if len(body.Meetings) == 0 && !page.wrong() {
		page.refuse(meetingName(1), "Il faut au moins une séance")
	}
	return body, nil
}

var newSessionEntries = []entry{
	{"title", "titre", "Titre", nil},
	{"mode", "forme", "Forme", nil},
	{"skills", "competences", "Compétences", nil},
	{"insee", "commune", "Commune", nil},
	{"place", "lieu", "Lieu", nil},
	{"capacity", "places", "Nombre de places", nil},
	{"minimum", "minimum", "Au moins", map[string]string{"above_capacity": "Au moins\u00a0: pas plus que le nombre de places", "negative": "Au moins\u00a0: zéro ou plus"}},
}

var sessionOptions = []choice{
	{Value: "accessible", Label: "Lieu accessible en fauteuil roulant"}, {Value: "materiel", Label: "Prête du matériel"}, {Value: "labellise", Label: "Atelier labellisé"},
}

var sessionModes = append(slices.Clone(adaptableModes), choice{Value: "webinar", Label: "Webinaire"})

var sessionLevels = []choice{{Label: "Tous niveaux"}, {Value: "beginner", Label: "Débutant"}, {Value: "intermediate", Label: "Intermédiaire"}, {Value: "advanced", Label: "Avancé"}}

var sessionStarts = []choice{{Value: "ouvert", Label: "Ouvert aux demandes"}, {Value: "brouillon", Label: "Brouillon, visible de vous seule"}}
