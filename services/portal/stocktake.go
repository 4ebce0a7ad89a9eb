package portal

import (
	"net/http"
	"net/url"
	"strings"

	"example.org/passerelle/api/client"
)

const (
	countPath  = stockPath + "/inventaire"
	countTitle = "Inventaire"
	mostTags   = 1000 // of a stocktake
)

// stocktakePage takes a stocktake, and shows what the ones before found.
type stocktakePage struct {
	stockForm

	past []stocktakeReport
	path string
	next *string
}

// stocktakeReport is what was found, against what should be there.
type stocktakeReport struct {
	When, Pool, Summary string
	Missing, Unexpected []client.Tagged
	Unknown             []string
	Same                bool
}

func countPage(v *visit) error {
	f, err := v.stockForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	return v.stocktake(http.StatusOK, f)
}

// stocktake shows the form, and the reports of the pool that was chosen, or of all.
func (v *visit) stocktake(status int, f stockForm) error {
	page, title := stocktakePage{stockForm: f, path: countPath}, countTitle
	if status == http.StatusOK {
		page.path = v.r.URL.RequestURI()
	} else {
		title = "Erreur\u00a0: " + title
	}
	answer, err := v.api.ListStocktakesWithResponse(v.ctx, &client.ListStocktakesParams{Pool: f.text("parc"), Limit: new(10), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	page.next = answer.JSON200.Next
	for _, t := range answer.JSON200.Items {
		page.past = append(page.past, f.report(t))
	}
	return v.show(status, title, stocktakeView(page))
}

func (p stockForm) report(t client.Stocktake) stocktakeReport {
	r := stocktakeReport{When: moment(t.At), Missing: t.Missing, Unexpected: t.Unexpected, Unknown: t.UnknownTags}
	r.Same = len(t.Missing)+len(t.Unexpected)+len(t.UnknownTags) == 0
	r.Summary = count(len(t.Found), "appareil à sa place", "appareils à leur place")
	if p.several() {
		r.Pool = p.words.poolName(t.Pool)
	}
	return r
}

func takeStock(v *visit) error {
	f, err := v.stockForm(v.form())
	if err != nil {
		return err
	}
	f.asks(fault{"parc", "Parc\u00a0: choisissez-en un"})
	tags := tagsIn(f.value("vues"))
	if len(tags) > mostTags {
		f.refuse("vues", "Étiquettes vues\u00a0: 1\u202f000 au plus. Faites l’inventaire en deux fois, parc par parc")
	}
	if len(tags) == 0 && f.value("rien") == "" {
		f.refuse("vues", "Étiquettes vues\u00a0: à renseigner, ou cochez que rien n’est là")
	}
	if f.wrong() {
		return v.stocktake(http.StatusUnprocessableEntity, f)
	}
	_, err = v.api.TakeStockWithResponse(v.ctx, client.NewStocktake{Pool: f.value("parc"), AssetTags: tags}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{"asset_tags", "vues", "Étiquettes vues", nil}, {"pool", "parc", "Parc", map[string]string{"unknown_pool": "Parc\u00a0: choisissez un parc dont vous vous occupez"}}})
		return v.stocktake(http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return v.done(countPath+"?"+url.Values{"parc": {f.value("parc")}}.Encode(), "L’inventaire est enregistré. Voici ce qui ne correspond pas.")
}

// tagsIn are tags as they were typed or scanned: one a line, or separated by commas or semicolons.
func tagsIn(text string) []string {
	list := []string{}
	for _, tag := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r,;\t", r) }) {
		if tag = strings.TrimSpace(tag); tag != "" {
			list = append(list, tag)
		}
	}
	return list
}
