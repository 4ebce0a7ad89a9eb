package demo

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"example.org/passerelle/api/client"
)

// The campaign of 2020, as its regional group found it. Its forms are older than the demo's year, so two units import them
// as files in its first days; they are reviewed, and the campaign is closed. What is left of it are anonymous observations.
const (
	campaign     = "observation-bfc-2020"
	campaignDesk = "deputy-bfc" // reviews in all units
	atOneReview  = 50           // as many as one command validates
)

// The forms of several institutions, which only the review says: they come first, so that they are the only ones to review.
const firstOfSeveral, afterSeveral = 188, 188 + 42

func ofSeveral(n int) bool { return n >= firstOfSeveral && n < afterSeveral }

// pile is forms of one unit.
type pile int

const (
	several pile = iota
	ofNievre
	ofCoteDor
	piles = iota
)

func pileOf(n int) pile {
	switch {
	case ofSeveral(n):
		return several
	case n%3 == 0:
		return ofCoteDor
	default:
		return ofNievre
	}
}

func (p pile) author() string {
	if p == ofCoteDor {
		return "advisor-21"
	}
	return "advisor-58"
}

func (p pile) size() (size int) {
	for n := range Forms {
		if pileOf(n) == p {
			size++
		}
	}
	return size
}

// study puts the campaign into the first days of the year.
func (w *writing) study() {
	w.on(0, importForms{several})
	for n := range several.size() {
		w.on(1, putUnderSeveral{n})
	}
	for p := range pile(piles) {
		if p != several {
			w.on(2, importForms{p})
		}
		for from := 0; from < p.size(); from += atOneReview {
			w.on(3, validateForms{p, from, min(from+atOneReview, p.size())})
		}
	}
	w.on(4, closeCampaign{})
}

type (
	importForms     struct{ pile pile }
	putUnderSeveral struct{ form int } // of its pile
	validateForms   struct {
		pile     pile
		from, to int
	}
	closeCampaign struct{}
)

func (importForms) lane(*Story) string     { return "" }
func (putUnderSeveral) lane(*Story) string { return "" }
func (validateForms) lane(*Story) string   { return "" }
func (closeCampaign) lane(*Story) string   { return "" }

// importWait is how many seconds one answer may take. A file that takes longer is sent again: what is in stays as it is.
const importWait = 20

func (a importForms) do(ctx context.Context, p *play, _ client.RequestEditorFn) error {
	file, err := formsOf(func(n int) bool { return pileOf(n) == a.pile })
	for wait := importWait; err == nil; {
		params := &client.ImportFlagsParams{Programme: campaign, Wait: &wait}
		answer, err := p.as(a.pile.author()).ImportFlagsWithBodyWithResponse(ctx, params, "text/csv", bytes.NewReader(file))
		switch {
		case err != nil:
			return err
		case answer.JSON200 == nil:
		case answer.JSON200.Accepted+answer.JSON200.Already != a.pile.size():
			return fmt.Errorf("%d forms of %d were taken in: %v", answer.JSON200.Accepted, a.pile.size(), answer.JSON200.Rejections)
		default:
			return p.findForms(ctx, a.pile)
		}
	}
	return err
}

// findForms looks for those of a pile that wait for their review: their author, whom they are shown at once, reads them.
func (p *play) findForms(ctx context.Context, of pile) error {
	programme, status, most := campaign, "submitted", 500
	page, err := p.as(of.author()).ListFlagsWithResponse(ctx, &client.ListFlagsParams{Programme: &programme, Status: &status, Limit: &most})
	if err != nil {
		return err
	}
	ids := []string{}
	for _, one := range page.JSON200.Items {
		if !slices.Contains(p.formIDs[several], one.ID) {
			ids = append(ids, one.ID)
		}
	}
	if p.formIDs[of] = ids; len(ids) != of.size() {
		return fmt.Errorf("%d forms of %d wait for their review", len(ids), of.size())
	}
	return nil
}

func (a putUnderSeveral) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	_, err := p.as(campaignDesk).ReclassifyFlagWithResponse(ctx, p.formIDs[several][a.form], client.Reclassify{Institution: "multiple"}, key)
	return err
}

func (a validateForms) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	done, err := p.as(campaignDesk).ValidateFlagsWithResponse(ctx, client.ManyFlags{Ids: p.formIDs[a.pile][a.from:a.to]}, key)
	if err == nil && len(done.JSON200.Failed) > 0 {
		return fmt.Errorf("%d forms were not validated, the first as %s", len(done.JSON200.Failed), done.JSON200.Failed[0].Code)
	}
	return err
}

func (closeCampaign) do(ctx context.Context, p *play, key client.RequestEditorFn) error {
	_, err := p.as("partnership-bfc").CloseCampaignWithResponse(ctx, campaign, client.CloseCampaignJSONRequestBody{}, key)
	return err
}
