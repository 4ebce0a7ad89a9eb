package detection

import (
	"testing"

	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/detection/rest"
)

func TestC8_AReferentProposesAndAnAnalystDecides(t *testing.T) {
	t.Parallel()
	w := setup(t)
	body := `{"title": "Un atelier par mois", "text": "À l'accueil de l'unité.", "unit": "nievre", "from": "2020-01-01", "to": "2020-02-29"}`
	made := enginetest.Read[rest.RecommendationState](w, w.Ask("referent-58", "POST", "/api/v1/recommendations", body), 201)
	if made.Status != "proposed" {
		t.Errorf("%+v", made)
	}
	status := "/recommendations/" + made.ID + "/status"
	for _, c := range []struct {
		who, path, body string
		status          int
	}{
		{"referent-21", "/recommendations", body, 422}, {"referent-58", "/recommendations", `{"title": "Sans unité", "text": "…"}`, 422},
		{"advisor-58", "/recommendations", body, 403}, {"analyst-bfc", "/recommendations", `{"title": "Pour la caisse", "text": "…"}`, 201},
		{"analyst-bfc", "/recommendations", `{"title": " ", "text": "…", "from": "2020-02-01", "to": "2020-01-01"}`, 422},
		{"referent-58", status, `{"status": "adopted"}`, 403}, {"analyst-lr", status, `{"status": "adopted"}`, 404}, {"analyst-bfc", status, `{"status": "done"}`, 409},
		{"analyst-bfc", status, `{"status": "adopted", "note": "Retenue"}`, 200}, {"analyst-bfc", "/recommendations/none/status", `{"status": "adopted"}`, 404},
	} {
		if got := w.Ask(c.who, "POST", "/api/v1"+c.path, c.body); got.Status != c.status {
			t.Errorf("%s %s %s: %d, not %d: %s", c.who, c.path, c.body, got.Status, c.status, got.Body)
		}
	}
}
