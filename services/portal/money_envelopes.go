package portal

import (
	"net/http"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	envelopesPath    = moneyPath + "/enveloppes"
	envelopesTitle   = "Enveloppes"
	newEnvelopePath  = envelopesPath + "/nouvelle"
	newEnvelopeTitle = "Ouvrir une enveloppe"
)

var envelopeRoutes = []Route{
	{Method: http.MethodGet, Path: envelopesPath, page: envelopeList},
	{Method: http.MethodGet, Path: newEnvelopePath, page: newEnvelopePage},
	{Method: http.MethodPost, Path: newEnvelopePath, page: openEnvelope},
}

// envelopes is what became of the money that was set aside.
type envelopes struct {
	moneyList

	sources []choice
	chart   chart
	sums    []fact
	parts   []chart
}

func envelopeList(v *visit) error {
	w, err := v.moneyWords(v.user.readsMoney())
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.ListEnvelopesWithResponse(v.ctx, &client.ListEnvelopesParams{Source: f.text("source"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	page := envelopes{moneyList: v.moneyList(f, moneyTable{}, answer.JSON200.Next), sources: w.choices("money_source"), chart: w.envelopeChart(answer.JSON200.Items)}
	figures, err := v.api.GetFundingWithResponse(v.ctx, &client.GetFundingParams{})
	if err != nil {
		return err
	}
	page.sums, page.parts = fundingSums(*figures.JSON200), w.fundingParts(*figures.JSON200)
	return v.show(http.StatusOK, envelopesTitle, envelopesView(page))
}

// fundingSums are those of all envelopes, whatever source is looked at.
func fundingSums(f client.FundingFigures) []fact {
	return []fact{
		{"Mis de côté", reference.Euros(f.EnvelopesCents)}, {"Promis par une commission", reference.Euros(f.PromisedCents)}, {"Décidé", reference.Euros(f.CommittedCents)},
		{"Versé de ce qui est décidé", reference.Euros(f.PaidCents)}, {"Reste à promettre ou à décider", reference.Euros(f.LeftCents)},
	}
}

// fundingParts is what was decided by source and by year of the decision, with what of it is paid.
func (w words) fundingParts(f client.FundingFigures) []chart {
	source := func(key string) string {
		if key == "none" {
			return "Sans source"
		}
		return w.of("money_source", key)
	}
	return []chart{partsOf("Décidé et versé, par source", "Source", f.BySource, source), partsOf("Décidé et versé, par année de la décision", "Année", f.ByYear, strings.Clone)}
}

func partsOf(title, column string, list []client.FundingPart, name func(string) string) chart {
	c := chart{Title: title, Column: column, Names: []string{"versé", "décidé, pas encore versé"}, Columns: []string{"Décidé", "Versé"}}
	for _, p := range list {
		decided, paid := reference.Euros(p.CommittedCents), reference.Euros(p.PaidCents)
		c.Bars = append(c.Bars, bar{
			Label: name(p.Key), Values: []int{p.PaidCents, p.CommittedCents - p.PaidCents}, Words: decided + " décidés, " + paid + " versés", Cells: []string{decided, paid},
		})
	}
	return c
}

// envelopeChart shows each envelope whole: what is paid, decided, promised and left add up to it.
func (w words) envelopeChart(list []client.Envelope) chart {
	c := chart{Title: "Ce que devient chaque enveloppe", Column: "Enveloppe", Names: []string{"versé", "décidé, pas encore versé", "promis", "reste"},
		Note:    "Promis\u00a0: une commission s’est prononcée, la décision reste à prendre. Reste\u00a0: ce qui peut encore être promis ou décidé.",
		Columns: []string{"Source", "Jours", "Montant", "Promis", "Décidé", "Versé", "Reste"}}
	for _, e := range list {
		c.Bars = append(c.Bars, bar{
			Label: e.Name, Values: []int{e.PaidCents, e.CommittedCents - e.PaidCents, e.PromisedCents, e.LeftCents},
			Words: reference.Euros(e.AmountCents) + ", dont " + reference.Euros(e.PromisedCents) + " promis, " + reference.Euros(e.CommittedCents) + " décidés, " +
				reference.Euros(e.PaidCents) + " versés\u00a0; reste " + reference.Euros(e.LeftCents),
			Cells: []string{
				w.source(&e.Source), envelopeDays(e), reference.Euros(e.AmountCents), reference.Euros(e.PromisedCents), reference.Euros(e.CommittedCents),
				reference.Euros(e.PaidCents), reference.Euros(e.LeftCents),
			},
		})
	}
	return c
}

func envelopeDays(e client.Envelope) string {
	if e.To == nil {
		return "à partir du " + dayText(e.From)
	}
	return "du " + dayText(e.From) + " au " + dayText(*e.To)
}

func (v *visit) newEnvelope(f form) (moneyForm, error) {
	w, err := v.moneyWords(v.user.managesMoney())
	return moneyForm{form: f, user: v.user, title: newEnvelopeTitle, action: newEnvelopePath, back: envelopesPath, words: w}, err
}

func newEnvelopePage(v *visit) error {
	p, err := v.newEnvelope(form{})
	if err != nil {
		return err
	}
	return v.shows(p, newEnvelopeView(p))
}

const endsTooSoon = "Dernier jour\u00a0: il précède le premier"

var envelopeEntries = []entry{
	{Member: "name", Input: "nom", Label: "Nom"}, {Member: "source", Input: "source", Label: "Source"}, {Member: "from", Input: "debut", Label: "Premier jour"},
	{Member: "to", Input: "fin", Label: "Dernier jour", Words: map[string]string{"before_from": endsTooSoon}}, {Member: "amount_cents", Input: "montant", Label: "Montant"},
}

func openEnvelope(v *visit) error {
	p, err := v.newEnvelope(v.form())
	if err != nil {
		return err
	}
	p.asks(fault{"nom", "Nom\u00a0: à renseigner"}, fault{"source", "Source\u00a0: choisissez-en une"})
	body := client.NewEnvelope{Name: p.value("nom"), Source: p.value("source"), From: p.day("debut", "Premier jour"), To: p.date("fin", "Dernier jour", false), AmountCents: p.dueCents("montant", "Montant")}
	if body.From != "" && body.To != nil && *body.To < body.From {
		p.refuse("fin", endsTooSoon)
	}
	if !p.wrong() {
		_, err := v.api.CreateEnvelopeWithResponse(v.ctx, body, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, envelopeEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(envelopesPath, "L’enveloppe est ouverte.")
		}
	}
	return v.shows(p, newEnvelopeView(p))
}
