package portal

import (
	"net/http"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference/mediation"
)

const (
	placesPath  = "/lieux"
	placesTitle = "Lieux d’aide"
)

var placeRoutes = []Route{
	{Method: http.MethodGet, Path: placesPath, page: placeList},
	{Method: http.MethodGet, Path: placesPath + "/{id}", page: placePage},
	{Method: http.MethodGet, Path: placesPath + "/{id}/signaler", page: reportPlacePage},
	{Method: http.MethodPost, Path: placesPath + "/{id}/signaler", page: reportPlace},
	{Method: http.MethodGet, Path: completenessPath, page: completenessPage},
	{Method: http.MethodGet, Path: placeImportPath, page: placeImportPage},
	{Method: http.MethodPost, Path: placeImportPath, File: true, page: sendPlaces},
	{Method: http.MethodGet, Path: "/imports/{id}/lieux", page: followPlaces},
	{Method: http.MethodPost, Path: placesPath + "/export", File: true, page: exportPlaces},
}

// placesFound is a page of places where people are helped.
type placesFound struct {
	form

	communes    communeField
	departments []choice
	services    []choice
	lines       []placeLine
	total, path string
	next        *string
	imports     bool
}

// placeLine is a place in a list.
type placeLine struct{ ID, Name, Where, Far, Phone, Services, Score, Reported string }

// placeList shows the places around a commune, the nearest first, or those of a department.
func placeList(v *visit) error {
	page, asked, err := v.askedPlaces()
	if err != nil {
		return err
	}
	if page.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+placesTitle, placesView(page))
	}
	answer, err := v.api.ListPlacesWithResponse(v.ctx, &asked)
	if err != nil {
		return err
	}
	for _, p := range answer.JSON200.Items {
		page.lines = append(page.lines, placeLineOf(p))
	}
	page.total, page.path, page.next = found(len(page.lines), "lieu", "lieux"), v.r.URL.RequestURI(), answer.JSON200.Next
	return v.show(http.StatusOK, placesTitle, placesView(page))
}

const placesOnPage = 50

// askedPlaces reads the filters. A distance counts from a commune.
func (v *visit) askedPlaces() (p placesFound, asked client.ListPlacesParams, err error) {
	w, err := v.words()
	if err != nil {
		return p, asked, err
	}
	p = placesFound{form: form{values: v.r.URL.Query()}, departments: withNone("Tous", w.departmentsOf(v.user.Fund)), imports: v.user.registers()}
	p.services = []choice{{Label: "Tous"}}
	for _, word := range mediation.Services {
		p.services = append(p.services, choice{Value: word, Label: word})
	}
	commune, field, err := v.commune(&p.form)
	if err != nil {
		return p, asked, err
	}
	p.communes = field
	asked = client.ListPlacesParams{Department: p.text("departement"), Service: p.text("service"), Limit: new(placesOnPage), Cursor: p.text("suite")}
	if p.chosen("signales", "oui") {
		asked.Reported = new(true)
	}
	if p.chosen("fermes", "oui") {
		asked.Closed = new(true)
	}
	asked.WithinKm = p.whole("distance", "Distance")
	if commune != nil {
		asked.Insee = &commune.Insee
	} else if asked.WithinKm != nil && p.fault("commune") == "" {
		p.refuse("commune", "Commune\u00a0: dites autour de quelle commune chercher")
	}
	return p, asked, nil
}

func placeLineOf(p client.Place) placeLine {
	line := placeLine{ID: p.ID, Name: p.Name, Where: joined(the(p.Street), strings.TrimSpace(the(p.Postcode)+" "+p.Commune)), Phone: phoneText(the(p.Phone)),
		Services: listed(p.Services), Score: number(p.Completeness) + "\u00a0%", Far: farOf(p.DistanceKm)}
	if p.Reports > 0 {
		line.Reported = count(p.Reports, "signalement à vérifier", "signalements à vérifier")
	}
	if p.Status == "closed" {
		line.Reported = "Fermé"
	}
	return line
}

// placeSheet is all that is known of a place.
type placeSheet struct {
	placeLine

	Facts, Help []fact
	Missing     string
	Closed      bool
	MayReport   bool
	MayAmend    bool
	MayClose    bool
	Told        []string // what was reported, for who may mend it
}

func (v *visit) place() (client.Place, error) {
	answer, err := v.api.GetPlaceWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return client.Place{}, err
	}
	return *answer.JSON200, nil
}

func placePage(v *visit) error {
	p, err := v.place()
	if err != nil {
		return err
	}
	s := placeSheetOf(p, v.user)
	if s.MayAmend && p.Reports > 0 {
		answer, err := v.api.ListPlaceReportsWithResponse(v.ctx, p.ID)
		if err != nil {
			return err
		}
		s.Told = reportLines(answer.JSON200.Items)
	}
	return v.show(http.StatusOK, p.Name, placeView(s))
}

func placeSheetOf(p client.Place, u user) placeSheet {
	line := placeLineOf(p)
	s := placeSheet{placeLine: line, Closed: p.Status == "closed", MayReport: u.reportsPlaces() && p.Status != "closed",
		MayAmend: u.amends(p) && p.Status != "closed", MayClose: u.registers() && p.Status != "closed"}
	s.Facts = present([]fact{
		{"Adresse", joined(line.Where, the(p.Complement))}, {"Téléphone", line.Phone}, {"Courriel", listed(p.Emails)}, {"Site", listed(p.Websites)},
		{"Horaires", the(p.Hours)}, {"Comment venir", listed(p.Access)}, {"Rendez-vous", the(p.Booking)}, {"Coût", listed(p.Costs)}, {"Fait partie de", the(p.Parent)}})
	s.Help = present([]fact{
		{"Présentation", the(p.Summary)}, {"Services", listed(p.Services)}, {"Accompagnement", listed(p.Support)}, {"Publics", listed(p.Publics)},
		{"Accueil adapté", listed(p.Care)}, {"Labels", listed(append(p.Labels, present1(the(p.OtherLabels))...))}, {"Réseaux et programmes", listed(p.Schemes)},
		{"Mis à jour le", dayText(the(p.UpdatedOn))}, {"Complétude", line.Score}})
	s.Missing = listed(missingOf(p.Missing))
	return s
}

func present1(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// reportsPlaces: whoever sends people somewhere may say that a place is not as it stands here.
func (u user) reportsPlaces() bool { return u.is("advisor", "phone_advisor", "evaluator", "referent") }

func missingOf(columns []string) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		if list[i] = placeColumns[c]; list[i] == "" {
			list[i] = c
		}
	}
	return list
}

// placeColumns are columns of the schema in plain words.
var placeColumns = map[string]string{
	"id": "identifiant", "nom": "nom", "commune": "commune", "code_postal": "code postal", "code_insee": "code INSEE", "adresse": "adresse", "latitude": "latitude",
	"longitude": "longitude", "telephone": "téléphone", "courriels": "courriel", "site_web": "site", "horaires": "horaires", "services": "services",
	"modalites_acces": "façon de venir", "position": "position sur la carte", "prise_en_charge_specifique": "accueil adapté", "frais_a_charge": "coût",
	"date_maj": "date de mise à jour", "modalites_accompagnement": "type d’accompagnement", "pivot": "numéro SIRET ou RNA", "typologie": "type de structure",
	"publics_specifiquement_adresses": "publics",
}
