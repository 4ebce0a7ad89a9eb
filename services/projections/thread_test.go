package projections

import (
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// reviewed is a flag of Nièvre that was returned, answered, reclassified and validated.
func (h *house) reviewed(id string) events.SeniorFlagged {
	h.t.Helper()
	f := h.senior(id, "Exemple-Relu", "nievre", "advisor-58")
	sheet, _ := f.Details.Value()
	sheet.Answers.DifficultyReason, sheet.Hints = "language", nil
	h.hear(
		events.FlagReturned{FlagID: id, By: "referent-58", At: h.now, Details: events.Clear(f.PersonID, events.Question{Reason: "Laquelle ?", Fields: []string{"answers.difficulty_reason"}})},
		events.ReviewReminded{FlagID: id, Reason: "unanswered", At: h.now.Add(1)},
		events.FlagAmended{FlagID: id, Status: "submitted", Deadline: "2021-12-24", By: "advisor-58", At: h.now.Add(2),
			Details: events.Clear(f.PersonID, events.Amendment{Sheet: sheet, Note: "La langue"})},
		events.FlagReclassified{FlagID: id, By: "referent-58", At: h.now.Add(3), Details: events.Clear(f.PersonID, events.Reclassification{From: "carsat_retraite", To: "caf"})},
		events.FlagValidated{FlagID: id, By: "referent-58", At: h.now.Add(4)},
	)
	return f
}

func TestB4_AReclassificationShowsBothInstitutionsWhoAndWhen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.reviewed("flag-1")
	got := see[rest.Flag](h, "referent-58", "/flags/flag-1")
	if r := got.Reclassified; r == nil || the(r.From) != "carsat_retraite" || r.To != "caf" || r.By != "referent-58" || r.At.IsZero() {
		t.Errorf("%+v", r)
	}
	if the(got.Answers.Institution) != "caf" || the(got.Answers.DifficultyReason) != "language" || len(got.ReviewHints) > 0 {
		t.Errorf("%+v", got.Answers)
	}
	if got.Status != "validated" || the(got.Reviewer) != "referent-58" || !got.NeedsReview {
		t.Errorf("%+v", got)
	}
}

func TestB5_QuestionsAndAnswersAreOneThread(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.reviewed("flag-1")
	got := see[rest.Flag](h, "advisor-58", "/flags/flag-1")
	var said, history []string
	for _, l := range got.Thread {
		said = append(said, l.What+" "+l.By+" "+the(l.Text))
	}
	for _, l := range got.History {
		history = append(history, l.What)
	}
	if !slices.Equal(said, []string{"returned referent-58 Laquelle ?", "amended advisor-58 La langue", "reclassified referent-58 "}) || !slices.Equal(got.Thread[0].Fields, []string{"answers.difficulty_reason"}) {
		t.Error(said)
	}
	if !slices.Equal(history, []string{"flagged", "returned", "review_reminded", "amended", "reclassified", "validated"}) {
		t.Error(history)
	}
	h.hear(events.ErasureRequested{PersonID: f.PersonID, Reason: "request", At: h.now}, events.PersonErased{PersonID: f.PersonID, Reason: "request", At: h.now})
	if status := h.get("advisor-58", "/flags/flag-1", nil).StatusCode; status != 404 {
		t.Error(status)
	}
}

func TestB3_AFlagIsOnTheListOfTheReferentOfItsUnitAndOnNoOther(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.reviewed("flag-1")
	h.senior("flag-2", "Exemple-Attente", "nievre", "advisor-58")
	h.clock.Set(h.now.AddDate(0, 0, 8))
	listed := func(account, query string) (ids []string) {
		for _, l := range see[rest.FlagPage](h, account, "/flags?"+query).Items {
			ids = append(ids, l.ID)
		}
		return ids
	}
	if got := listed("referent-58", "status=submitted&sort=age&unit=nievre"); !slices.Equal(got, []string{"flag-2"}) {
		t.Error(got)
	}
	if got := see[rest.FlagPage](h, "deputy-bfc", "/flags?status=submitted&older_than=7&programme=observation-bfc-2020&sort=age").Items; len(got) > 1 || len(got) == 1 && got[0].AgeDays != 8 {
		t.Errorf("%+v", got)
	}
	for _, account := range []string{"referent-21", "referent-34"} {
		if got := listed(account, "sort=age"); len(got) > 0 {
			t.Error(account, got)
		}
	}
}

func TestB8_TheRegionalGroupReadsNoSheet(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.reviewed("flag-1")
	for _, path := range []string{"/flags/flag-1", "/flags"} {
		if status := h.get("analyst-bfc", path, nil).StatusCode; status != 403 {
			t.Error(path, status)
		}
	}
}
