package portal

import (
	"net/http"
	"slices"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

var campaignRoutes = []Route{
	{Method: http.MethodGet, Path: "/campagnes", page: campaignList},
	{Method: http.MethodGet, Path: "/campagnes/{id}/clore", page: closingPage},
	{Method: http.MethodPost, Path: "/campagnes/{id}/clore", page: closeCampaign},
}

const (
	campaignsTitle = "Campagnes d’observation"
	closingTitle   = "Clore une campagne"
)

// campaignLine is a programme that observes: once, or month by month.
type campaignLine struct {
	ID, Name, Kind, Period string
	Status, StatusText     string
	Closed                 []string // months whose observations are anonymous
	MayClose               bool
}

func campaignList(v *visit) error {
	lines, err := v.campaigns()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, campaignsTitle, campaignsView(lines))
}

func (v *visit) campaigns() ([]campaignLine, error) {
	if !v.user.closesCampaigns() {
		return nil, &client.Problem{Status: http.StatusForbidden}
	}
	rules, err := v.fundProgrammes()
	if err != nil {
		return nil, err
	}
	published, err := v.api.ListPublishedTablesWithResponse(v.ctx, &client.ListPublishedTablesParams{Fund: &v.user.Fund})
	if err != nil {
		return nil, err
	}
	var lines []campaignLine
	for _, r := range rules {
		if r.Kind != "none" {
			lines = append(lines, campaignOf(r, published.JSON200.Items, reference.Day(v.Now())))
		}
	}
	return lines, nil
}

func campaignOf(r client.FundProgramme, published []client.Publication, today string) campaignLine {
	line := campaignLine{ID: r.ID, Name: r.Name, Kind: "Permanent\u00a0: chaque mois est clos trois mois après sa fin", Status: "in_progress", StatusText: "En cours"}
	for _, p := range published {
		if p.Programme == r.ID {
			line.Closed = append(line.Closed, p.Months...)
		}
	}
	slices.Sort(line.Closed)
	over := r.Closes != nil && *r.Closes < today
	closed := r.Closed || len(line.Closed) > 0
	line.MayClose = r.Kind != "campaign" || over && !closed // a permanent programme has a month to close, a campaign its last day behind it
	if r.Kind != "campaign" {
		return line
	}
	line.Kind, line.Period = "Campagne", openedOn(r)
	if r.Closes != nil {
		line.Period += " au " + dayText(*r.Closes)
	}
	switch {
	case closed:
		line.Status, line.StatusText = "done", "Close\u00a0: observations anonymes"
	case over:
		line.Status, line.StatusText = "to_refer", "Terminée, à clore"
	}
	return line
}

// openedOn is the first day of a campaign anywhere.
func openedOn(r client.FundProgramme) string {
	first := ""
	for _, o := range r.Opens {
		if first == "" || o.From < first {
			first = o.From
		}
	}
	return "Du " + dayText(first)
}

// closingForm is a campaign, or a month of a permanent programme, to be closed.
type closingForm struct {
	form

	line   campaignLine
	months []choice // of a permanent programme
}

func (v *visit) closing(f form) (closingForm, error) {
	lines, err := v.campaigns()
	if err != nil {
		return closingForm{}, err
	}
	i := slices.IndexFunc(lines, func(l campaignLine) bool { return l.ID == v.path("id") })
	if i < 0 || !lines[i].MayClose {
		return closingForm{}, &client.Problem{Status: http.StatusNotFound}
	}
	page := closingForm{form: f, line: lines[i]}
	if lines[i].Period == "" {
		page.months = openMonths(lines[i].Closed, v.Now())
	}
	return page, nil
}

// openMonths are the last two years without what is closed and without this month.
func openMonths(closed []string, now time.Time) (list []choice) {
	now = now.In(reference.Paris)
	for back := 1; back <= 24; back++ {
		month := time.Date(now.Year(), now.Month()-time.Month(back), 1, 12, 0, 0, 0, reference.Paris).Format("2006-01")
		if !slices.Contains(closed, month) {
			list = append(list, choice{Value: month, Label: dayText(month)})
		}
	}
	return list
}

func closingPage(v *visit) error {
	page, err := v.closing(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, closingTitle, closingView(page))
}

func closeCampaign(v *visit) error {
	page, err := v.closing(v.form())
	if err != nil {
		return err
	}
	if len(page.months) > 0 {
		page.asks(fault{"mois", "Mois\u00a0: à choisir"})
	}
	if !page.chosen("confirme", "oui") {
		page.refuse("confirme", "Confirmez que plus rien n’est à corriger")
	}
	var answer *client.CloseCampaignResponse
	if !page.wrong() {
		answer, err = v.api.CloseCampaignWithResponse(v.ctx, page.line.ID, client.CloseCampaign{Month: page.text("mois")}, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, []entry{{"month", "mois", "Mois", nil}})
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+closingTitle, closingView(page))
	}
	return v.done("/campagnes", "La campagne est close\u00a0: "+count(answer.JSON200.Observations, "observation est anonyme.", "observations sont anonymes."))
}
