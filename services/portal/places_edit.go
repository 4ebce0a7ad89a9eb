package portal

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	newPlacePath    = placesPath + "/nouveau"
	newPlaceTitle   = "Ajouter un lieu"
	amendPlaceTitle = "Corriger ce lieu"
	closePlaceTitle = "Fermer ce lieu"
)

var placeEditRoutes = []Route{
	{Method: http.MethodGet, Path: newPlacePath, page: newPlacePage},
	{Method: http.MethodPost, Path: newPlacePath, page: newPlace},
	{Method: http.MethodGet, Path: placesPath + "/{id}/corriger", page: amendPlacePage},
	{Method: http.MethodPost, Path: placesPath + "/{id}/corriger", page: amendPlace},
	{Method: http.MethodGet, Path: placesPath + "/{id}/fermer", page: closePlacePage},
	{Method: http.MethodPost, Path: placesPath + "/{id}/fermer", page: closePlace},
}

var placeClosings = []choice{
	{Value: "closed", Label: "Il a fermé"}, {Value: "moved", Label: "Il a déménagé, et le nouveau lieu est enregistré"}, {Value: "duplicate", Label: "Il est enregistré deux fois"},
	{Value: "error", Label: "Il n’a jamais existé"}, {Value: "other", Label: "Autre raison"},
}

// placeForm is what somebody says of a place. At is empty for a new one.
type placeForm struct {
	form

	at, name, reported string
	communes           communeField
}

func (p placeForm) title() string {
	if p.at == "" {
		return newPlaceTitle
	}
	return amendPlaceTitle
}

func (p placeForm) action() string {
	if p.at == "" {
		return newPlacePath
	}
	return placesPath + "/" + p.at + "/corriger"
}

func (p placeForm) back() string { return placesPath + strings.TrimSuffix("/"+p.at, "/") }

func wordChoices(list []string) (choices []choice) {
	for _, word := range list {
		choices = append(choices, choice{Value: word, Label: word})
	}
	return choices
}

// amends says whether the user may say what a place is: who looks after the places of the fund, and whose place it is.
func (u user) amends(p client.Place) bool {
	return u.registers() || u.is("provider") && p.ProviderID != nil && *p.ProviderID == u.Provider
}

func (v *visit) placeForm(status int, p placeForm) error {
	title := p.title()
	if p.wrong() {
		status, title = http.StatusUnprocessableEntity, "Erreur\u00a0: "+title
	}
	return v.show(status, title, placeFormView(p))
}

func newPlacePage(v *visit) error {
	if !v.user.registers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	return v.placeForm(http.StatusOK, placeForm{form: form{values: url.Values{}}})
}

func newPlace(v *visit) error {
	if !v.user.registers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	p := placeForm{form: v.form()}
	body, err := v.placeSaid(&p, client.Place{})
	if err != nil {
		return err
	}
	if p.wrong() {
		return v.placeForm(http.StatusOK, p)
	}
	answer, err := v.api.CreatePlaceWithResponse(v.ctx, body, v.key())
	if wrong, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		p.refused(wrong, placeEntries)
		return v.placeForm(http.StatusOK, p)
	}
	if err != nil {
		return err
	}
	return v.done(placesPath+"/"+answer.JSON201.ID, "Le lieu est enregistré.")
}

// amended is a place that the user may correct.
func (v *visit) amended() (client.Place, error) {
	p, err := v.place()
	if err == nil && !v.user.amends(p) {
		err = &client.Problem{Status: http.StatusForbidden}
	}
	return p, err
}

func amendPlacePage(v *visit) error {
	p, err := v.amended()
	if err != nil {
		return err
	}
	return v.placeForm(http.StatusOK, placeForm{form: form{values: placeValues(p)}, at: p.ID, name: p.Name, reported: placeLineOf(p).Reported})
}

func amendPlace(v *visit) error {
	was, err := v.amended()
	if err != nil {
		return err
	}
	p := placeForm{form: v.form(), at: was.ID, name: was.Name, reported: placeLineOf(was).Reported}
	body, err := v.placeSaid(&p, was)
	if err != nil {
		return err
	}
	if p.wrong() {
		return v.placeForm(http.StatusOK, p)
	}
	_, err = v.api.AmendPlaceWithResponse(v.ctx, was.ID, body, v.key())
	if wrong, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		p.refused(wrong, placeEntries)
		return v.placeForm(http.StatusOK, p)
	}
	if err != nil {
		return err
	}
	return v.done(placesPath+"/"+was.ID, "Le lieu est corrigé. Ce qui était signalé est réglé.")
}

var placeEntries = []entry{
	{"name", "nom", "Nom", nil}, {"insee", "commune", "Commune", map[string]string{"not_your_territory": "Commune\u00a0: elle n’est pas sur le territoire de votre caisse"}},
	{"postcode", "code-postal", "Code postal", nil}, {"street", "rue", "Adresse", nil}, {"complement", "complement", "Complément", nil}, {"phone", "telephone", "Téléphone", nil},
	{"emails", "courriel", "Courriel", nil}, {"websites", "site", "Site", nil}, {"hours", "horaires", "Horaires", nil}, {"summary", "presentation", "Présentation", nil},
	{"services", "services", "Services", nil}, {"support", "accompagnement", "Accompagnement", nil}, {"access", "acces", "Comment venir", nil}, {"care", "accueil", "Accueil adapté", nil},
	{"publics", "publics", "Publics", nil}, {"costs", "couts", "Coût", nil}, {"booking", "rendez-vous", "Rendez-vous", nil},
}

// placeValues are what is known, as the form holds it.
func placeValues(p client.Place) url.Values {
	values := url.Values{"services": p.Services, "accompagnement": p.Support, "acces": p.Access, "accueil": p.Care, "publics": p.Publics, "couts": p.Costs}
	for name, text := range map[string]string{
		"nom": p.Name, "commune": p.Commune, "code-postal": the(p.Postcode), "rue": the(p.Street), "complement": the(p.Complement), "telephone": typedPhone(the(p.Phone)),
		"courriel": strings.Join(p.Emails, " "), "site": strings.Join(p.Websites, " "), "horaires": the(p.Hours), "presentation": the(p.Summary), "rendez-vous": the(p.Booking),
	} {
		values.Set(name, text)
	}
	return values
}

// placeSaid is what the form says of a place. What it does not ask for stays as it was; the position stays with the commune.
func (v *visit) placeSaid(p *placeForm, was client.Place) (body client.NewPlace, err error) {
	insee := was.Insee
	if p.value("commune") != was.Commune {
		commune, field, err := v.commune(&p.form)
		if err != nil {
			return body, err
		}
		if p.communes = field; commune != nil {
			insee = commune.Insee
		}
	}
	body = client.NewPlace{
		Name: p.value("nom"), Insee: insee, Postcode: p.text("code-postal"), Street: p.text("rue"), Complement: p.text("complement"), Phone: p.text("telephone"),
		Emails: strings.Fields(p.value("courriel")), Websites: strings.Fields(p.value("site")), Hours: p.text("horaires"), Summary: p.text("presentation"), Booking: p.text("rendez-vous"),
		Services: p.list("services"), Support: p.list("accompagnement"), Access: p.list("acces"), Care: p.list("accueil"), Publics: p.list("publics"), Costs: p.list("couts"),
		ProviderID: was.ProviderID, Pivot: was.Pivot, Types: was.Types, Text: was.Text, Collector: was.Collector, Roaming: was.Roaming, Parent: was.Parent,
		Schemes: was.Schemes, Labels: was.Labels, OtherLabels: was.OtherLabels, AccessSheet: was.AccessSheet, UpdatedOn: new(reference.Day(time.Now())),
	}
	if insee == was.Insee && the(was.Precision) == ownPosition {
		body.Lat, body.Lon = was.Lat, was.Lon
	}
	p.asks(fault{"nom", "Nom\u00a0: à renseigner"}, fault{"commune", "Commune\u00a0: à renseigner"})
	return body, nil
}

// ownPosition is the precision of a position that is the place's and not its commune's.
const ownPosition = "place"

func closePlacePage(v *visit) error { return v.closingPlace(form{values: url.Values{}}) }

func (v *visit) closingPlace(f form) error {
	if !v.user.registers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	p, err := v.place()
	if err != nil {
		return err
	}
	sheet := placeSheetOf(p, v.user)
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+closePlaceTitle, closePlaceView(f, sheet))
	}
	return v.show(http.StatusOK, closePlaceTitle, closePlaceView(f, sheet))
}

// closePlace ends that anybody is sent there.
func closePlace(v *visit) error {
	f := v.form()
	f.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	if f.wrong() {
		return v.closingPlace(f)
	}
	_, err := v.api.ClosePlaceWithResponse(v.ctx, v.path("id"), client.PlaceClosing{Reason: f.value("raison")}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{"reason", "raison", "Pourquoi", nil}})
		return v.closingPlace(f)
	}
	if err != nil {
		return err
	}
	return v.done(placesPath+"/"+v.path("id"), "Le lieu est fermé\u00a0: plus personne n’y est envoyé.")
}
