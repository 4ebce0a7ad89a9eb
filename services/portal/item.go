package portal

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
)

// itemAct is something that is done with an item: a form of its own, reached from the item's page.
type itemAct struct {
	path, title, button string
	done                string // the sentence afterwards
	states              []string
	fields              func(p itemActForm) templ.Component
	send                func(v *visit, p *itemActForm) error
}

var itemActs = []itemAct{
	{"effacement", "Noter que les comptes et les photos sont effacés", "C’est effacé", "L’appareil est prêt à être remis.", []string{"to_reset"}, resetItemFields, sendReset},
	{"repare", "Noter qu’il revient de réparation", "Il est réparé", "L’appareil est prêt à être remis.", []string{"repair"}, mendItemFields, sendReset},
	{"retrouve", "Noter qu’il est retrouvé", "Il est retrouvé", "L’appareil est de retour dans le parc.", []string{"lost", "missing"}, findItemFields, sendFound},
	{"reparation", "L’envoyer en réparation", "Envoyer en réparation", "L’appareil est en réparation.", []string{"available", "kept", "to_reset", "missing"}, repairItemFields, sendRepair},
	{"transfert", "Le confier à un autre parc", "Confier", "L’appareil a changé de parc.", []string{"available", "to_reset", "repair"}, transferItemFields, sendItemTransfer},
	{"reforme", "Le réformer", "Réformer", "L’appareil est réformé.", []string{"available", "kept", "to_reset", "repair", "missing", "lost"}, retireItemFields, sendRetirement},
}

var (
	repairReasons = []choice{
		{Value: "screen", Label: "Écran"}, {Value: "battery", Label: "Batterie"}, {Value: "charging", Label: "Charge"}, {Value: "software", Label: "Logiciel"}, {Value: "other", Label: "Autre"},
	}
	retireReasons = []choice{
		{Value: "broken", Label: "Hors d’usage"}, {Value: "obsolete", Label: "Trop ancien"}, {Value: "lost", Label: "Perdu"}, {Value: "stolen", Label: "Volé"},
		{Value: "sold", Label: "Vendu"}, {Value: "other", Label: "Autre"},
	}
)

func itemActRoutes() (routes []Route) {
	for _, act := range itemActs {
		path := stockPath + "/{id}/" + act.path
		routes = append(routes,
			Route{Method: http.MethodGet, Path: path, page: func(v *visit) error { return v.itemAct(act) }},
			Route{Method: http.MethodPost, Path: path, page: func(v *visit) error { return v.actOnItem(act) }})
	}
	return routes
}

// itemSheet is an item with what happened to it, and what may be done now.
type itemSheet struct {
	client.ItemSheet

	state   string
	facts   []fact
	history []itemEvent
	acts    []itemAct
}

func itemPage(v *visit) error {
	if !v.user.lends() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetItemWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	i := *answer.JSON200
	page := itemSheet{ItemSheet: i, state: labelOf(itemStates, i.Status), facts: present([]fact{
		{"Appareil", labelOf(itemKinds, i.Kind)}, {"Parc", w.poolName(i.Pool)}, {"Numéro de série", the(i.Serial)},
	})}
	for _, l := range i.History {
		page.history = append(page.history, w.itemEvent(l))
	}
	several := len(v.poolChoices(w)) > 1
	page.acts = slices.DeleteFunc(slices.Clone(itemActs), func(a itemAct) bool {
		return !slices.Contains(a.states, i.Status) || a.path == "transfert" && !several
	})
	return v.show(http.StatusOK, "Appareil "+i.AssetTag, itemView(page))
}

// itemActForm is the form of an act.
type itemActForm struct {
	stockForm

	act  itemAct
	item client.ItemSheet
}

func (v *visit) itemActForm(act itemAct, f form) (itemActForm, error) {
	page, err := v.stockForm(form{values: f.values})
	if err != nil {
		return itemActForm{}, err
	}
	answer, err := v.api.GetItemWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return itemActForm{}, err
	}
	page.pools = slices.DeleteFunc(page.pools, func(c choice) bool { return c.Value == answer.JSON200.Pool })
	return itemActForm{page, act, *answer.JSON200}, nil
}

func (v *visit) itemAct(act itemAct) error {
	page, err := v.itemActForm(act, form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, act.title, itemActView(page))
}

var itemActEntries = []entry{
	{"reason", "raison", "Pourquoi", nil}, {"pool", "vers", "Nouveau parc", map[string]string{"unknown_pool": "Nouveau parc\u00a0: choisissez un parc dont vous vous occupez"}},
}

// actOnItem sends the form, or shows it again with what is wrong.
func (v *visit) actOnItem(act itemAct) error {
	page, err := v.itemActForm(act, v.form())
	if err != nil {
		return err
	}
	err = act.send(v, &page)
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, itemActEntries)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+act.title, itemActView(page))
	}
	return v.done(stockPath+"/"+page.item.ID, act.done)
}

func sendReset(v *visit, p *itemActForm) error {
	_, err := v.api.ResetItemWithResponse(v.ctx, p.item.ID, v.key())
	return err
}

func sendFound(v *visit, p *itemActForm) error {
	_, err := v.api.FoundItemWithResponse(v.ctx, p.item.ID, v.key())
	return err
}

func sendRepair(v *visit, p *itemActForm) error {
	p.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.RepairItemWithResponse(v.ctx, p.item.ID, client.Repair{Reason: p.value("raison")}, v.key())
	return err
}

func sendRetirement(v *visit, p *itemActForm) error {
	p.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.RetireItemWithResponse(v.ctx, p.item.ID, client.Retirement{Reason: p.value("raison")}, v.key())
	return err
}

func sendItemTransfer(v *visit, p *itemActForm) error {
	p.asks(fault{"vers", "Nouveau parc\u00a0: choisissez-en un"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.TransferItemWithResponse(v.ctx, client.Transfer{ItemID: p.item.ID, Pool: p.value("vers")}, v.key())
	return err
}
