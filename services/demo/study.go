package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"example.org/passerelle/api/client"
)

// The campaign of 2020, as the regional group found it: its forms are older than the demo's year, so they come in as files
// of past paper forms, are reviewed, and the campaign is closed. What is left of it are anonymous observations.
const (
	study = "observation-bfc-2020"
	// Forms is how many there were.
	Forms     = 354
	severals  = 42 // forms of several institutions, which the review puts together
	firstForm = 188
	bunch     = 50 // that are validated at once
)

// formColumns are those of the file that a study of habits needs.
var formColumns = []string{
	"cle", "date_constat", "premier_contact", "accord_etude", "institution", "couverture_reseau", "equipement", "types_equipement",
	"difficulte", "motif_difficulte", "lieu_aide", "besoin_formation", "probleme_financier", "description", "sexe", "age", "arret_maladie",
	"situation_familiale", "activite",
}

// form is one of the paper forms of 2020, a line under formColumns. Nobody is named on it.
func form(n int) []string {
	yes := func(is bool) string { return either(is, "oui", "non") }
	age, kinds, reason, place := 60+n%30, "", "", "no"
	if n >= 100 && n < 298 {
		age = 46 + n%14
	}
	if n < 184 {
		kinds = equipmentOf(n)
	}
	if n < 326 {
		reason = either(n < 170, "appropriation", "language")
	}
	switch {
	case n < 85:
		place = "yes"
	case n < 85+35:
		place = "no|hard_to_reach"
	}
	return []string{
		strconv.Itoa(n), fmt.Sprintf("2020-%s-%02d", either(n%3 == 0, "02", "01"), 1+n%28), "social_worker", "oui", either(n < 188, "cpam", "caf"),
		yes(n < 188), yes(n < 184), kinds, yes(n < 326), reason, place, yes(n < 276), "", "", either(n%2 == 0, "F", "M"), strconv.Itoa(age), yes(n < 230),
		either(n < 120, "single", "couple"), either(n < 269, "employed", "job_seeker"),
	}
}

func equipmentOf(n int) string {
	kinds := []string{}
	if n < 134 {
		kinds = append(kinds, "computer")
	}
	if n >= 184-57 {
		kinds = append(kinds, "mobile")
	}
	return strings.Join(kinds, "|")
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// batch is the forms that come in as one file.
type batch int

const (
	several batch = iota // which the review puts under several institutions
	even
	odd
)

func (b batch) has(n int) bool {
	switch of := n >= firstForm && n < firstForm+severals; b {
	case several:
		return of
	case even:
		return !of && n%2 == 0
	default:
		return !of && n%2 == 1
	}
}

// FormsOf2020 is the forms that are wanted as a file of paper forms: a header, and a line each. All 354 together have
// the counts that the study published (Carsat Bourgogne-Franche-Comté, 2020), once 42 were put under several institutions.
func FormsOf2020(wanted func(n int) bool) ([]byte, error) {
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	out.Comma = ';'
	rows := [][]string{formColumns}
	for n := range Forms {
		if wanted(n) {
			rows = append(rows, form(n))
		}
	}
	err := out.WriteAll(rows)
	return file.Bytes(), err
}

// studied writes the campaign into the first days of the year.
func (w *writing) studied() {
	w.on(0, importForms{"advisor-58", several})
	w.on(1, reclassifyAll{"deputy-bfc"})
	w.on(2, importForms{"advisor-58", even})
	w.on(2, importForms{"advisor-21", odd})
	w.on(3, validateAll{"deputy-bfc"})
	w.on(4, closeCampaign{"partnership-bfc"})
}

type (
	importForms struct {
		author string
		batch  batch
	}
	reclassifyAll struct{ referent string }
	validateAll   struct{ referent string }
	closeCampaign struct{ by string }
)

func (importForms) lane(*Story) string   { return "study" }
func (reclassifyAll) lane(*Story) string { return "study" }
func (validateAll) lane(*Story) string   { return "study" }
func (closeCampaign) lane(*Story) string { return "study" }

func (a importForms) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	file, err := FormsOf2020(a.batch.has)
	if err != nil {
		return err
	}
	answer, err := p.as(a.author).ImportFlagsWithBodyWithResponse(ctx, &client.ImportFlagsParams{Programme: study}, "text/csv", bytes.NewReader(file), key)
	switch {
	case err != nil:
		return err
	case answer.JSON200 == nil:
		return fmt.Errorf("the forms of %s were not taken in in time", a.author)
	case answer.JSON200.Rejected > 0:
		return fmt.Errorf("forms of %s were refused: %v", a.author, answer.JSON200.Rejections)
	}
	return nil
}

// submitted are the forms that wait for their review.
func (p *play) submitted(ctx context.Context, referent string) (ids []string, err error) {
	programme, status, most := study, "submitted", 500
	page, err := p.as(referent).ListFlagsWithResponse(ctx, &client.ListFlagsParams{Programme: &programme, Status: &status, Limit: &most})
	if err != nil {
		return nil, err
	}
	for _, one := range page.JSON200.Items {
		ids = append(ids, one.ID)
	}
	return ids, nil
}

func (a reclassifyAll) do(ctx context.Context, p *play, _ client.RequestEditorFn) error {
	ids, err := p.submitted(ctx, a.referent)
	for _, id := range ids {
		if _, err := p.as(a.referent).ReclassifyFlagWithResponse(ctx, id, client.Reclassify{Institution: "multiple"}, client.Key("demo-reclassify-"+id)); err != nil {
			return err
		}
	}
	return err
}

func (a validateAll) do(ctx context.Context, p *play, _ client.RequestEditorFn) error {
	ids, err := p.submitted(ctx, a.referent)
	for len(ids) > 0 && err == nil {
		some := ids[:min(bunch, len(ids))]
		ids = ids[len(some):]
		_, err = p.as(a.referent).ValidateFlagsWithResponse(ctx, client.ManyFlags{Ids: some}, client.Key("demo-validate-"+some[0]))
	}
	return err
}

func (a closeCampaign) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	_, err := p.as(a.by).CloseCampaignWithResponse(ctx, study, client.CloseCampaignJSONRequestBody{}, key)
	return err
}
