package portal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// loanAct is something that is done with a loan: a form of its own, reached from the loan's page.
type loanAct struct {
	path, title, button string
	done                string // the sentence afterwards
	then                string // behind the loan's address; empty: the loan's page
	states              []string
	fields              func(p loanActForm) templ.Component
	send                func(v *visit, p *loanActForm) error
}

var loanActs = []loanAct{
	{"remise", "Remettre la tablette", "Remettre", "La tablette est remise. Imprimez le reçu et faites-le signer.", "/recu", []string{"kept"}, handOverFields, sendHandOver},
	{"retour", "Reprendre la tablette", "Reprendre", "La tablette est rendue.", "", []string{"lent", "late", "lost"}, returnFields, sendTakeBack},
	{"echange", "Échanger contre une autre tablette", "Échanger", "La tablette est échangée. Imprimez le nouveau reçu.", "/recu", []string{"lent", "late"}, swapFields, sendSwap},
	{"prolongation", "Prolonger le prêt", "Prolonger", "Le prêt est prolongé.", "", []string{"kept", "lent", "late"}, extendFields, sendExtension},
	{"perte", "Déclarer la tablette perdue", "Déclarer perdue", "La tablette est déclarée perdue.", "", []string{"lent", "late"}, lossFields, sendLoss},
	{"sortie", "Sortir la tablette du parc", "Sortir du parc", "La tablette est sortie du parc, et le prêt est terminé.", "", []string{"lent", "late", "lost"}, writeOffFields, sendWriteOff},
	{"liberation", "Noter que la tablette n’est pas nécessaire", "Elle n’est pas nécessaire", "La tablette n’est plus réservée.", "", []string{"kept", "lacking"}, releaseFields, sendRelease},
}

var (
	returnConditions = append(slices.Clone(newConditions), choice{Value: "broken", Label: "Hors d’usage"})
	lentAccessories  = []choice{
		{Value: "charger", Label: "Chargeur"}, {Value: "cable", Label: "Câble"}, {Value: "cover", Label: "Housse"}, {Value: "stylus", Label: "Stylet"}, {Value: "keyboard", Label: "Clavier"},
		{Value: "mouse", Label: "Souris"}, {Value: "headset", Label: "Casque"}, {Value: "sim_card", Label: "Carte SIM"}, {Value: "manual", Label: "Mode d’emploi"},
	}
)

func loanActRoutes() (routes []Route) {
	for _, act := range loanActs {
		path := loansPath + "/{id}/" + act.path
		routes = append(routes,
			Route{Method: http.MethodGet, Path: path, page: func(v *visit) error { return v.loanAct(act) }},
			Route{Method: http.MethodPost, Path: path, page: func(v *visit) error { return v.actOnLoan(act) }})
	}
	return routes
}

// loanActsFor are those that make sense now.
func loanActsFor(state string) []loanAct {
	return slices.DeleteFunc(slices.Clone(loanActs), func(a loanAct) bool { return !slices.Contains(a.states, state) })
}

// loanSheet is one loan, and what may be done with it now.
type loanSheet struct {
	loanLine

	item    string
	receipt bool
	acts    []loanAct
}

func loanPage(v *visit) error {
	answer, err := v.api.GetLoanWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	l := *answer.JSON200
	page := loanSheet{loanLine: loanLineOf(l), item: the(l.ItemID), receipt: slices.Contains([]string{"lent", "late"}, l.Status), acts: loanActsFor(l.Status)}
	page.Facts = append(page.Facts, present([]fact{{"Tablette", the(l.AssetTag)}, {"Avec", reference.Accessories(l.Accessories)}, {"État", reference.TabletState(the(l.Condition))},
		{"Retard", lateText(l)}, {"Décision de sortie du parc", the(l.Decision)}})...)
	return v.show(http.StatusOK, page.Name, loanView(page))
}

func lateText(l client.Loan) string {
	if l.Status != "late" {
		return ""
	}
	return count(l.DaysLate, "jour", "jours")
}

// loanActForm is the form of an act.
type loanActForm struct {
	form

	act  loanAct
	loan client.Loan
	line loanLine
}

func (v *visit) loanActForm(act loanAct, f form) (loanActForm, error) {
	answer, err := v.api.GetLoanWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return loanActForm{}, err
	}
	if f.values == nil {
		f.values = map[string][]string{}
	}
	return loanActForm{f, act, *answer.JSON200, loanLineOf(*answer.JSON200)}, nil
}

func (v *visit) loanAct(act loanAct) error {
	page, err := v.loanActForm(act, form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, act.title, loanActView(page))
}

var loanActEntries = []entry{
	{"asset_tag", "etiquette", "Étiquette", map[string]string{"unknown_item": "Étiquette\u00a0: le parc n’a pas de tablette qui la porte"}}, {"condition", "etat", "État", nil},
	{"accessories", "avec", "Ce qui l’accompagne", nil}, {"reason", "raison", "Pourquoi", nil}, {"decision", "decision", "Référence de la décision", nil},
	{"to", "jusque", "Jusqu’au", map[string]string{
		"too_early": "Jusqu’au\u00a0: ce jour est passé, ou avant le dernier jour du prêt", "too_late": "Jusqu’au\u00a0: un prêt se prolonge d’un an au plus",
	}},
}

// actOnLoan sends the form, or shows it again with what is wrong.
func (v *visit) actOnLoan(act loanAct) error {
	page, err := v.loanActForm(act, v.form())
	if err != nil {
		return err
	}
	err = act.send(v, &page)
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, loanActEntries)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+act.title, loanActView(page))
	case act.path == "liberation": // the loan is no more
		return v.done(loansPath, act.done)
	}
	return v.done(loansPath+"/"+page.loan.ID+act.then, act.done)
}

func sendHandOver(v *visit, p *loanActForm) error {
	_, err := v.api.HandOverLoanWithResponse(v.ctx, p.loan.ID, client.HandOver{AssetTag: p.text("etiquette"), Condition: p.text("etat"), Accessories: p.list("avec")}, v.key())
	return err
}

func sendTakeBack(v *visit, p *loanActForm) error {
	p.asks(fault{"etat", "État\u00a0: à choisir"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.ReturnLoanWithResponse(v.ctx, p.loan.ID, client.LoanReturn{Condition: p.text("etat"), Complete: p.yesNo("complet")}, v.key())
	return err
}

func sendSwap(v *visit, p *loanActForm) error {
	p.asks(fault{"etiquette", "Étiquette\u00a0: à renseigner"}, fault{"etat", "État\u00a0: à choisir"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.SwapLoanWithResponse(v.ctx, p.loan.ID, client.Swap{AssetTag: p.value("etiquette"), Condition: p.value("etat")}, v.key())
	return err
}

func sendExtension(v *visit, p *loanActForm) error {
	to := p.date("jusque", "Jusqu’au", false)
	if to == nil && !p.wrong() {
		p.refuse("jusque", "Jusqu’au\u00a0: à renseigner")
	}
	if p.wrong() {
		return nil
	}
	_, err := v.api.ExtendLoanWithResponse(v.ctx, p.loan.ID, client.Extension{To: *to}, v.key())
	return err
}

func sendLoss(v *visit, p *loanActForm) error {
	p.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.LoseLoanWithResponse(v.ctx, p.loan.ID, client.Loss{Reason: p.value("raison")}, v.key())
	return err
}

func sendWriteOff(v *visit, p *loanActForm) error {
	p.asks(fault{"decision", "Référence de la décision\u00a0: à renseigner"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.WriteOffLoanWithResponse(v.ctx, p.loan.ID, client.WriteOff{Decision: strings.TrimSpace(p.value("decision"))}, v.key())
	return err
}

func sendRelease(v *visit, p *loanActForm) error {
	_, err := v.api.ReleaseLoanWithResponse(v.ctx, p.loan.ID, v.key())
	return err
}
