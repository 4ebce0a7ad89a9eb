package portal

import (
	"strings"
	"testing"
	"time"

	"example.org/passerelle/api/client"
)

// TestAWayWithoutReviewDoesNotShowOne: where the programme reviews nothing, nobody waits for it; what was reviewed all the same is shown.
func TestAWayWithoutReviewDoesNotShowOne(t *testing.T) {
	t.Parallel()
	for stages, f := range map[string]client.Flag{
		"Signalement, Demande de place":              {},
		"Signalement, Validation, Demande de place":  {NeedsReview: true},
		"Signalement, Validation, Demande de place ": {History: []client.HistoryLine{{What: "validated", At: time.Now()}}},
	} {
		var titles []string
		for _, s := range flagWay(f, words{}) {
			titles = append(titles, s.Title)
		}
		if got := strings.Join(titles, ", "); got != strings.TrimSpace(stages) {
			t.Errorf("%q, not %q", got, stages)
		}
	}
}

func TestADateIsSaidToSkipTheReviewWhereThereIsOne(t *testing.T) {
	t.Parallel()
	page := flagForm{programmes: []choice{{Value: "one"}}, rules: []client.FundProgramme{{ID: "one"}, {ID: "other", ReviewFirst: true}}}
	if hint := page.deadlineHint(); hint != "" {
		t.Error("nobody here waits for a review:", hint)
	}
	if page.rules[0].ReviewFirst = true; page.deadlineHint() == "" {
		t.Error("the review can be skipped, and nobody says so")
	}
}

func TestALineDoesNotAskToBeToldMore(t *testing.T) {
	t.Parallel()
	w := words{lists: map[string][]client.Code{}, known: map[string]map[string]string{}}
	w.add("signal_topic", []client.Code{{Code: "other", Label: "Autre (à préciser)"}})
	if got := w.of("signal_topic", "other"); got != "Autre" {
		t.Error(got)
	}
	if got := choiceLabel(signalTopics, "other"); got != "Autre" {
		t.Error(got)
	}
	if got := w.choices("signal_topic")[0].Label; got != "Autre (à préciser)" {
		t.Error("the form no longer asks:", got)
	}
}

// TestTheObjectiveIsSaidAsThingsAre: nothing noted is not nobody, and a session that is over says so without reproach.
func TestTheObjectiveIsSaidAsThingsAre(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		o      objective
		status string
	}{
		"Aucun résultat noté pour l’instant.":                 {objective{}, "running"},
		"Aucun résultat noté pour l’instant. ":                {objective{}, "closed"},
		"Personne n’est encore allé jusqu’au bout.":           {objective{recorded: 1}, "running"},
		"Personne n’a pu aller jusqu’au bout de cet atelier.": {objective{recorded: 1}, "closed"},
		"1\u00a0sur\u00a02 ont à la fois compte":              {objective{recorded: 3, finished: 2, all: 1}, "closed"},
	} {
		if got := c.o.text(c.status); !strings.HasPrefix(got, strings.TrimSpace(want)) {
			t.Errorf("%+v %s: %s", c.o, c.status, got)
		}
	}
}
