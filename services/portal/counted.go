package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// What is counted, and nothing else is kept of it.
var countedRoutes = []Route{
	{Method: http.MethodGet, Path: "/signalements/refus", page: refusalPage},
	{Method: http.MethodPost, Path: "/signalements/refus", page: countRefusal},
	{Method: http.MethodGet, Path: "/renseignements", page: enquiryPage},
	{Method: http.MethodPost, Path: "/renseignements", page: countEnquiry},
}

const (
	refusalTitle = "La personne refuse l’étude"
	enquiryTitle = "Simple demande"
)

func refusalPage(v *visit) error {
	page, err := v.counting(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, refusalTitle, refusalView(page))
}

// counting is a short form with the team, and today's day.
func (v *visit) counting(f form) (flagForm, error) {
	if !v.user.flags() {
		return flagForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	page, err := v.flagForm(f)
	if err == nil && v.r.Method == http.MethodGet {
		page.setToday(v.Now())
	}
	return page, err
}

func countRefusal(v *visit) error {
	page, err := v.counting(v.form())
	if err != nil {
		return err
	}
	page.asks(fault{"programme", "Programme\u00a0: choisissez-en un"})
	found := page.date("constat", "Date du constat", false)
	if found == nil && page.fault("constat") == "" {
		page.refuse("constat", "Date du constat\u00a0: à renseigner")
	}
	if !page.wrong() {
		_, err = v.api.CountRefusalWithResponse(v.ctx, client.NewRefusal{Programme: page.value("programme"), Unit: page.text("equipe"), FindingDate: *found}, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, append([]entry{{"unit", "equipe", "Équipe", nil}}, flagEntries...))
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+refusalTitle, refusalView(page))
	}
	return v.done("/signalements/refus", "Le refus est compté. Rien d’autre n’est conservé.")
}

func enquiryPage(v *visit) error {
	page, err := v.counting(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, enquiryTitle, enquiryView(page))
}

func countEnquiry(v *visit) error {
	page, err := v.counting(v.form())
	if err != nil {
		return err
	}
	where, field, err := v.commune(&page.form)
	if err != nil {
		return err
	}
	page.communes = field
	if where == nil && page.fault("commune") == "" {
		page.refuse("commune", "Commune\u00a0: à renseigner")
	}
	page.asks(fault{"objet", "Sujet\u00a0: à choisir"})
	if !page.wrong() {
		_, err = v.api.CountEnquiryWithResponse(v.ctx, client.NewEnquiry{Desk: page.text("equipe"), Insee: where.Insee, Topic: page.value("objet")}, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, append([]entry{{"insee", "commune", "Commune", placeWords}, {"topic", "objet", "Sujet", nil}}, flagEntries...))
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+enquiryTitle, enquiryView(page))
	}
	return v.done("/renseignements", "La demande est comptée. Rien d’autre n’est conservé.")
}
