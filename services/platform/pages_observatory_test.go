package platform_test

import (
	"net/http"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// TestTheObservatorysPages: figures with their filters, the map, what is published, recommendations, and the closing.
func TestTheObservatorysPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	author, referent := h.as("advisor-58"), h.as("referent-58")
	for n := 1; n <= 3; n++ {
		id := author.post(http.StatusCreated, "/flags", observedAt(n)).text("id")
		referent.post(http.StatusOK, "/flags/"+id+"/validate", nil)
	}
	tab, narrow := h.at(t, "analyst-bfc"), h.at(t, "analyst-bfc", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/observatoire")
	sees(t, tab, ".psl-tiles", "3")
	sees(t, tab, "main", "sous pseudonyme jusqu’à la clôture de la campagne")
	if tab.Count("svg.psl-map path") != 8 {
		t.Error(tab.Count("svg.psl-map path"), "departments on the map")
	}
	for _, by := range []string{"unit", "department", "month", "age_band", "institution"} {
		looksRight(t, tab, narrow, "/observatoire?par="+by+"&mesure=training_need")
	}
	looksRight(t, tab, narrow, "/observatoire/tableaux")
	analyst := h.as("analyst-bfc")
	made := analyst.post(http.StatusCreated, "/recommendations", object{
		"title": "Un diagnostic des lieux d’accueil", "text": "Relever ce que chaque lieu propose, et à quelles heures.", "programme": "observation-bfc-2020", "from": "2020-01-01", "to": "2020-02-29",
	}).text("id")
	analyst.post(http.StatusOK, "/recommendations/"+made+"/status", object{"status": "adopted", "note": "Comité régional"})
	looksRight(t, tab, narrow, "/recommandations")
	sees(t, tab, "main", "Retenue")
	sees(t, tab, "main", "Comité régional")
	looksRight(t, tab, narrow, "/recommandations/nouvelle")
	t.Run("on paper", func(t *testing.T) { onPaper(t, h) })
	t.Run("not a day", func(t *testing.T) {
		wrong := h.at(t, "analyst-bfc", browsertest.Faulty)
		wrong.Go("/observatoire?connu=2020-02-31")
		wrong.Axe()
		if wrong.Status() != http.StatusUnprocessableEntity {
			t.Error(wrong.Status())
		}
	})
	t.Run("closing", func(t *testing.T) {
		officer, small := h.at(t, "partnership-bfc"), h.at(t, "partnership-bfc", browsertest.Viewport(320, 700))
		looksRight(t, officer, small, "/campagnes")
		looksRight(t, officer, small, "/campagnes/observation-bfc-2020/clore")
		officer.Click(`input[name=confirme]`)
		officer.Follow(`main form button`)
		sees(t, officer, "#annonce", "3 observations sont anonymes")
		tab.Go("/observatoire?programme=observation-bfc-2020")
		sees(t, tab, "main", "Observations anonymes")
	})
}

// onPaper looks at what is printed: figures with what they are about, and nothing to click on.
func onPaper(t *testing.T, h *house) {
	paper := h.at(t, "analyst-bfc")
	paper.Paper()
	printed := func(path string, hidden ...string) {
		t.Helper()
		paper.Go(path)
		for _, gone := range append(hidden, ".govuk-service-navigation", ".psl-footer", ".psl-header__account") {
			if paper.Style(gone, "display") != "none" {
				t.Errorf("%s is printed on %s", gone, path)
			}
		}
		if wide := paper.TooWide(); len(wide) > 0 {
			t.Errorf("%s is cut off on paper: %v", path, wide)
		}
		picture(paper, "papier"+path)
	}
	printed("/observatoire?programme=observation-bfc-2020&par=unit", ".psl-filters", ".psl-no-print", ".psl-figure .govuk-details")
	sees(t, paper, ".psl-print-only", "Programme : ")
	sees(t, paper, "main", "Échantillon non représentatif")
	for selector, style := range map[string][2]string{
		".psl-print-only": {"display", "block"}, ".psl-scroll thead": {"display", "table-header-group"}, // repeated on each sheet
		".psl-scroll tr": {"break-inside", "avoid"}, ".psl-map": {"print-color-adjust", "exact"},
	} {
		if got := paper.Style(selector, style[0]); got != style[1] {
			t.Errorf("%s of %s is %s", style[0], selector, got)
		}
	}
	printed("/recommandations", ".psl-filters", "main .govuk-button")
	printed("/observatoire/tableaux")
}
