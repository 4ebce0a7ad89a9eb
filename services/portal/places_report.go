package portal

import (
	"net/http"
	"net/url"
	"slices"

	"example.org/passerelle/api/client"
)

const (
	reportPlaceTitle  = "Signaler que ce lieu a changé"
	completenessPath  = placesPath + "/completude"
	completenessTitle = "Ce que l’on sait des lieux"
)

var placeReasons = []choice{
	{Value: "closed", Label: "Ce lieu a fermé"}, {Value: "moved", Label: "Il a déménagé"}, {Value: "hours", Label: "Les horaires ont changé"},
	{Value: "contact", Label: "Le téléphone ou le courriel ne va plus"}, {Value: "services", Label: "Il n’aide plus de la même façon"}, {Value: "other", Label: "Autre chose", Hint: "Dites quoi dans la note"}}

// reportLines are what was reported, as lines.
func reportLines(list []client.PlaceReported) []string {
	lines := make([]string, len(list))
	for i, r := range list {
		lines[i] = inFull(r.At) + "\u00a0: " + choiceLabel(placeReasons, r.Reason)
		if note := the(r.Note); note != "" {
			lines[i] += ". " + note
		}
	}
	return lines
}

func reportPlacePage(v *visit) error {
	return v.reporting(form{values: url.Values{"raison": {"closed"}}})
}

func (v *visit) reporting(f form) error {
	if !v.user.reportsPlaces() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	p, err := v.place()
	if err != nil {
		return err
	}
	sheet := placeSheetOf(p, v.user)
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+reportPlaceTitle, reportPlaceView(f, sheet))
	}
	return v.show(http.StatusOK, reportPlaceTitle, reportPlaceView(f, sheet))
}

// reportPlace tells whoever looks after the places.
func reportPlace(v *visit) error {
	f := v.form()
	f.asks(fault{"raison", "Ce qui a changé\u00a0: à choisir"})
	if f.wrong() {
		return v.reporting(f)
	}
	_, err := v.api.ReportPlaceWithResponse(v.ctx, v.path("id"), client.PlaceReport{Reason: f.value("raison"), Note: f.text("note")}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{"reason", "raison", "Ce qui a changé", nil}, {"note", "note", "Note", nil}})
		return v.reporting(f)
	}
	if err != nil {
		return err
	}
	return v.done(placesPath+"/"+v.path("id"), "Merci\u00a0: c’est signalé à la personne chargée des partenariats, qui vérifie et corrige.")
}

// completeness is how much is known of the places, by territory.
type completeness struct {
	form

	departments []choice
	lines       []territoryLine
}

type territoryLine struct{ Name, Places, Score, Reported, Missing, Path string }

func completenessPage(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	page := completeness{form: form{values: v.r.URL.Query()}, departments: withNone("Tous, un par ligne", w.departmentsOf(v.user.Fund))}
	asked := &client.GetPlaceCompletenessParams{By: new("department"), Department: page.text("departement")}
	if asked.Department != nil {
		asked.By = new("insee")
	}
	answer, err := v.api.GetPlaceCompletenessWithResponse(v.ctx, asked)
	if err != nil {
		return err
	}
	for _, t := range answer.JSON200.Items {
		line := territoryLine{Name: t.Name, Places: number(t.Places), Score: number(t.Completeness) + "\u00a0%", Reported: number(t.Reported), Missing: mostMissing(t.Missing)}
		if asked.Department == nil {
			line.Path = completenessPath + "?departement=" + t.Territory
		}
		page.lines = append(page.lines, line)
	}
	return v.show(http.StatusOK, completenessTitle, completenessView(page))
}

const shownMissing = 3

// mostMissing are the columns that most places lack.
func mostMissing(counts map[string]int) string {
	columns := make([]string, 0, len(counts))
	for c := range counts {
		columns = append(columns, c)
	}
	slices.SortFunc(columns, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	return listed(missingOf(columns[:min(len(columns), shownMissing)]))
}
