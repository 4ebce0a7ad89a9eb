package portal

import (
	"net/http"
	"slices"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

var figuresRoutes = []Route{{Method: http.MethodGet, Path: "/tableau-de-bord", page: figuresPage}}

// period is a stretch of days that people ask for.
type period struct {
	Code, Label string
	From, To    string // days
}

// periods are counted from today.
func periods(today time.Time) []period {
	today = today.In(reference.Paris)
	year := today.Year()
	day := func(y int, m time.Month, d int) string {
		return time.Date(y, m, d, 12, 0, 0, 0, reference.Paris).Format(time.DateOnly)
	}
	quarter := (today.Month()-1)/3*3 + 1
	return []period{
		{"annee-glissante", "Les douze derniers mois", day(year-1, today.Month()+1, 1), today.Format(time.DateOnly)},
		{"trimestre", "Ce trimestre", day(year, quarter, 1), day(year, quarter+3, 0)},
		{"annee", "Cette année", day(year, 1, 1), day(year, 12, 31)},
		{"annee-derniere", "L’année dernière", day(year-1, 1, 1), day(year-1, 12, 31)},
	}
}

// filter is what somebody chose to look at; what is not offered is left out.
type filter struct {
	Period     period
	Department string
	By         string
}

var byLabels = []choice{
	{Value: "month", Label: "Mois"}, {Value: "department", Label: "Département"}, {Value: "desk", Label: "Équipe"}, {Value: "channel", Label: "Voie d’arrivée"},
	{Value: "programme", Label: "Programme"},
}

func filterOf(f form, now time.Time, departments []string) filter {
	list := periods(now)
	chosen := filter{Period: list[0], By: "month"}
	for _, p := range list {
		if p.Code == f.value("periode") {
			chosen.Period = p
		}
	}
	if d := f.value("departement"); slices.Contains(departments, d) {
		chosen.Department = d
	}
	if by := f.value("par"); slices.ContainsFunc(byLabels, func(c choice) bool { return c.Value == by }) {
		chosen.By = by
	}
	return chosen
}

// figuresView is what the dashboard shows.
type figuresView struct {
	Filter      filter
	Periods     []choice
	Departments []choice
	Cards       []card
	Charts      []chart
	Caveats     []string
}

// card is one figure.
type card struct{ Value, Text, Under string }

// figuresPage shows how people come from the flag to the seat, and which seats there are.
func figuresPage(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	departments := v.departments(w)
	f := filterOf(form{values: v.r.URL.Query()}, v.Now(), departments)
	view := figuresView{Filter: f, Departments: departmentChoices(w, departments), Periods: periodChoices(periods(v.Now()))}
	funnel, err := v.api.GetFunnelWithResponse(v.ctx, funnelParams(f))
	if err != nil {
		return err
	}
	capacity, err := v.api.GetCapacityWithResponse(v.ctx, capacityParams(f))
	if err != nil {
		return err
	}
	view.show(w, *funnel.JSON200, *capacity.JSON200)
	return v.show(http.StatusOK, "Tableau de bord", figuresBoard(view))
}

func (view *figuresView) show(w words, funnel client.Funnel, capacity client.Capacity) {
	view.Cards = cards(funnel, capacity)
	view.Charts = []chart{stages(funnel), parts(funnel), funnelSeries(w, funnel), seats(w, capacity)}
	view.Caveats = []string{funnel.Caveat, capacity.Caveat}
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func periodChoices(list []period) []choice {
	out := make([]choice, len(list))
	for i, p := range list {
		out[i] = choice{Value: p.Code, Label: p.Label}
	}
	return out
}

func departmentChoices(w words, list []string) []choice {
	out := []choice{{Label: "Tous"}}
	for _, d := range list {
		out = append(out, choice{Value: d, Label: w.of("department", d)})
	}
	return out
}
