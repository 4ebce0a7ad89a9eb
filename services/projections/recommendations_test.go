package projections

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/sdc"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/published"
)

func TestC7_PublishedTablesAreThereForPartnersAndNeverChange(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	all := w.tellsTheStudy()
	if before := see[rest.PublishedTables](w.house, "partner-34", "/observatory/tables"); len(before.Items) != 0 {
		t.Errorf("published before the closing: %+v", before)
	}
	var rows []events.Observation
	for _, o := range all {
		rows = append(rows, o.Observation)
	}
	months, tables := published.Of(rows)
	w.tells(append(w.closing(on("2020-05-29"), all), events.TablesPublished{
		CampaignID: study, Fund: "carsat-bfc", Programme: study, Months: months, Threshold: sdc.Threshold, Tables: tables, At: on("2020-05-29"),
	})...)
	got := see[rest.PublishedTables](w.house, "partner-34", "/observatory/tables?month=2020-02")
	if len(got.Items) != 1 || len(got.Items[0].Tables) != 4 || got.Items[0].Withheld || got.Items[0].Published != "2020-05-29" {
		t.Fatalf("%+v", got)
	}
	for _, table := range got.Items[0].Tables {
		for _, row := range table.Cells {
			if len(row) != len(table.Columns.Keys) || slices.ContainsFunc(row, func(n *int) bool { return n != nil && *n < sdc.Threshold }) {
				t.Errorf("%s: %v", table.Name, row)
			}
		}
	}
	if other := see[rest.PublishedTables](w.house, "partner-34", "/observatory/tables?month=2020-03"); len(other.Items) != 0 {
		t.Errorf("%+v", other)
	}
	path := []string{"/observatory/tables"}
	before := w.bodies(path)
	w.must(w.observatory.Rebuild(w.ctx, nil))
	if after := w.bodies(path); string(after) != string(before) {
		t.Errorf("%s\nnot %s", after, before)
	}
}

func TestC8_RecommendationsHaveAStatus(t *testing.T) {
	t.Parallel()
	w := newInquiry(t)
	w.tells(events.RecommendationProposed{RecommendationID: "r1", Fund: "carsat-bfc", Desk: "nievre", Title: "Un atelier par mois", Text: "À l'accueil.", By: "referent-58", At: noon},
		events.RecommendationProposed{RecommendationID: "r2", Fund: "carsat-lr", Title: "Autre caisse", Text: "…", By: "analyst-lr", At: noon},
		events.RecommendationMoved{RecommendationID: "r1", Status: "adopted", Note: "Retenue", By: "analyst-bfc", At: noon.AddDate(0, 0, 1)})
	got := see[rest.RecommendationPage](w.house, "referent-58", "/recommendations")
	if len(got.Items) != 1 || got.Items[0].Status != "adopted" || *got.Items[0].Unit != "nievre" || len(got.Items[0].History) != 2 || *got.Items[0].History[1].Note != "Retenue" {
		t.Errorf("%+v", got)
	}
	if both := see[rest.RecommendationPage](w.house, "network", "/recommendations?limit=1"); len(both.Items) != 1 || both.Next == nil {
		t.Errorf("%+v", both)
	}
	if none := see[rest.RecommendationPage](w.house, "analyst-bfc", "/recommendations?status=done"); len(none.Items) != 0 {
		t.Errorf("%+v", none)
	}
}
