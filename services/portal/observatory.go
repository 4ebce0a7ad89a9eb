package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

var observatoryRoutes = []Route{
	{Method: http.MethodGet, Path: observatoryPath, page: observatoryPage},
	{Method: http.MethodGet, Path: observatoryPath + "/tableaux", page: publishedPage},
}

const (
	observatoryPath  = "/observatoire"
	observatoryTitle = "Observatoire"
)

// observed is what the observatory shows.
type observed struct {
	form

	w                              words
	programmes, departments, units []choice
	figures                        client.Observatory
	counted                        bool // the figures are there
	recommends                     bool
	cards                          []card
	charts                         []chart
	groups                         groupTable
	reclassified                   []reclassifiedLine
	places                         mapView
	state, period                  string
}

// observatoryBy is what the situations can be grouped by.
var observatoryBy = []choice{
	{Label: "Aucun"}, {Value: "unit", Label: "Unité ou équipe"}, {Value: "department", Label: "Département"}, {Value: "month", Label: "Mois"},
	{Value: "age_band", Label: "Âge"}, {Value: "institution", Label: "Institution"}}

func observatoryPage(v *visit) error {
	if !v.user.observes() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	page, err := v.observed()
	if err != nil {
		return err
	}
	answer, err := v.api.GetObservatoryWithResponse(v.ctx, page.params())
	if p, ok := problem(err, http.StatusUnprocessableEntity, http.StatusBadRequest); ok {
		page.refused(p, observatoryEntries)
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+observatoryTitle, observatoryView(page))
	}
	if err != nil {
		return err
	}
	byDepartment, err := v.byDepartment(page, *answer.JSON200)
	if err != nil {
		return err
	}
	page.read(*answer.JSON200, byDepartment)
	return v.show(http.StatusOK, observatoryTitle, observatoryView(page))
}

func (v *visit) observed() (observed, error) {
	w, err := v.words()
	if err != nil {
		return observed{}, err
	}
	page := observed{form: form{values: v.r.URL.Query()}, w: w, departments: departmentChoices(w, v.departments(w)), recommends: v.user.recommends()}
	for _, p := range w.directory.Programmes {
		if p.TakesFlags && (v.user.Fund == "" || p.Fund == v.user.Fund) {
			page.programmes = append(page.programmes, choice{Value: p.ID, Label: p.Name})
		}
	}
	for _, d := range w.directory.Desks {
		if (v.user.Fund == "" || d.Fund == v.user.Fund) && (len(v.user.Desks) == 0 || slices.Contains(v.user.Desks, d.ID)) {
			page.units = append(page.units, choice{Value: d.ID, Label: d.Name})
		}
	}
	if page.value("mesure") == "" {
		page.values.Set("mesure", "difficulty")
	}
	return page, nil
}

// observatoryEntries are the inputs of the page, and the members they become.
var observatoryEntries = []entry{
	{"programme", "programme", "Programme", nil}, {"from", "du", "Du", dayWords}, {"to", "au", "Au", dayWords}, {"unit", "unite", "Unité", nil},
	{"department", "departement", "Département", nil}, {"channel", "voie", "Voie d’arrivée", nil}, {"context", "contexte", "Contexte", nil},
	{"by", "par", "Détail par", nil},
	{"as_of", "connu", "Tel que connu le", map[string]string{
		"month_closed": "Tel que connu le\u00a0: ce mois est clos, ses chiffres ne sont connus qu’une fois la campagne close. Choisissez un jour plus récent",
		"bad_format":   "Tel que connu le\u00a0: indiquez une date qui existe"}},
}

var dayWords = map[string]string{"bad_format": "Période\u00a0: indiquez une date qui existe"}

func (p observed) params() *client.GetObservatoryParams {
	return &client.GetObservatoryParams{
		Programme: p.text("programme"), From: p.text("du"), To: p.text("au"), Unit: p.text("unite"), Department: p.text("departement"),
		Channel: p.text("voie"), Context: p.text("contexte"), By: p.text("par"), AsOf: p.text("connu"),
	}
}

// byDepartment are the groups for the map, asked for when the page shows others.
func (v *visit) byDepartment(p observed, o client.Observatory) ([]client.ObservatoryGroup, error) {
	if p.value("par") == "department" {
		return o.Groups, nil
	}
	asked := p.params()
	asked.By = new("department")
	answer, err := v.api.GetObservatoryWithResponse(v.ctx, asked)
	if err != nil {
		return nil, err
	}
	return answer.JSON200.Groups, nil
}

func (p *observed) read(o client.Observatory, byDepartment []client.ObservatoryGroup) {
	p.figures, p.counted, p.state = o, true, observationState[o.State]
	p.period = "Du " + dayText(o.From) + " au " + dayText(o.To) + "."
	p.cards = observedCards(o)
	p.charts = p.w.observedCharts(o)
	p.reclassified = p.w.reclassified(o)
	p.groups = p.w.groupTable(o)
	if o.By != nil {
		p.charts = append(p.charts, p.w.groupChart(o, p.value("mesure")))
	}
	p.places = p.w.mapOf(byDepartment, p.departments)
}

// observationState says what the observations are: anonymous only once their campaign is closed.
var observationState = map[string]string{
	"none":         "Aucune observation.",
	"pseudonymous": "Observations sous pseudonyme jusqu’à la clôture de la campagne.",
	"anonymous":    "Observations anonymes\u00a0: les campagnes sont closes.",
	"mixed":        "Observations anonymes pour les campagnes closes, sous pseudonyme jusqu’à la clôture pour les autres.",
}

// filtersInWords say on paper what was chosen on screen.
func (p observed) filtersInWords() string {
	var list []string
	for _, one := range []struct{ name, list, label string }{
		{"programme", "programme", "Programme"}, {"unite", "desk", "Unité"}, {"departement", "department", "Département"}, {"voie", "channel", "Voie d’arrivée"}, {"contexte", "", "Contexte"},
	} {
		if p.value(one.name) != "" {
			list = append(list, one.label+"\u00a0: "+p.w.of(one.list, p.value(one.name)))
		}
	}
	if len(list) == 0 {
		return "Toutes les situations que vous pouvez voir."
	}
	return listed(list) + "."
}
