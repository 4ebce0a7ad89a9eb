package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

const (
	journeyTitle = "Parcours de la personne qui appelle"
	journeyPath  = "/personnes/parcours"
)

var journeyRoutes = []Route{
	{Method: http.MethodGet, Path: journeyPath, page: askJourney},
	{Method: http.MethodPost, Path: journeyPath, page: readJourney},
}

// callReasons say why the phone platform looks; the access log keeps them.
var callReasons = []choice{
	{Value: "person_calls", Label: "La personne est au téléphone"}, {Value: "helper_calls", Label: "Un proche appelle, avec son accord"}, {Value: "returned_call", Label: "Je rappelle"},
}

// callerJourney is how far things are for somebody whom another team looks after.
type callerJourney struct {
	reference, next string
	team            []fact
	help, helpCode  string
	deceased        bool
	steps           []step
	waited          string
}

func askJourney(v *visit) error {
	f := form{values: v.r.URL.Query()}
	if !shortCode.MatchString(f.value("reference")) {
		f = form{}
	}
	return v.show(http.StatusOK, journeyTitle, journeyForm(f))
}

func readJourney(v *visit) error {
	f := v.form()
	for _, asked := range []struct{ name, text string }{{"reference", "Référence\u00a0: à renseigner"}, {"motif", "Motif\u00a0: à choisir"}} {
		if f.value(asked.name) == "" {
			f.refuse(asked.name, asked.text)
		}
	}
	if f.wrong() {
		return v.journeyRefused(f)
	}
	answer, err := v.api.ReadJourneyWithResponse(v.ctx, client.JourneyQuestion{Reference: f.value("reference"), Reason: f.value("motif")})
	if _, ok := problem(err, http.StatusNotFound); ok {
		f.refuse("reference", "Référence\u00a0: la caisse ne connaît personne sous ce code")
		return v.journeyRefused(f)
	}
	if p, ok := problem(err, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{Member: "reference", Input: "reference", Label: "Référence"}, {Member: "reason", Input: "motif", Label: "Motif"}})
		return v.journeyRefused(f)
	}
	if err != nil {
		return err
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, journeyTitle, journeyView(w.callerJourney(*answer.JSON200)))
}

func (v *visit) journeyRefused(f form) error {
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+journeyTitle, journeyForm(f))
}

// waitedText is how long somebody has waited, or did wait until there was a place.
func waitedText(days *int) string {
	switch {
	case days == nil:
		return ""
	case *days == 0:
		return "Moins d’un jour d’attente depuis le signalement."
	}
	return count(*days, "jour", "jours") + " d’attente depuis le signalement."
}

func (w words) callerJourney(j client.Journey) callerJourney {
	return callerJourney{
		reference: j.Reference, next: w.nextSentence(j.NextStep), helpCode: j.Help, help: w.of("help", j.Help), deceased: j.Deceased, steps: w.journey(j.Steps), waited: waitedText(j.WaitedDays),
		team: []fact{{"Équipe", w.desk(j.Desk).Name}, {"Téléphone de l’équipe", phoneText(j.DeskPhone)}},
	}
}
