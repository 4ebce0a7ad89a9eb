package portal

import (
	"net/http"
	"net/url"
	"slices"

	"example.org/passerelle/api/client"
)

const (
	stockPath    = "/materiel"
	stockTitle   = "Matériel"
	newItemPath  = stockPath + "/nouveau"
	labelsPath   = stockPath + "/etiquettes"
	newItemTitle = "Enregistrer un appareil"
)

// stockPages are the pages about a pool.
var stockPages = []link{
	{"Tout le matériel", stockPath}, {loansTitle, loansPath}, {lateTitle, latePath},
	{queueTitle, queuePath}, {calendarTitle, calendarPath}, {countTitle, countPath},
}

// stockRoutes are the pages of a pool.
func stockRoutes() []Route {
	return slices.Concat([]Route{
		{Method: http.MethodGet, Path: stockPath, page: stockList},
		{Method: http.MethodGet, Path: newItemPath, page: newItemPage},
		{Method: http.MethodPost, Path: newItemPath, page: registerItem},
		{Method: http.MethodGet, Path: labelsPath, File: true, page: stockLabels},
		{Method: http.MethodGet, Path: stockPath + "/{id}", page: itemPage},
		{Method: http.MethodGet, Path: latePath, page: lateList},
		{Method: http.MethodGet, Path: queuePath, page: queueList},
		{Method: http.MethodGet, Path: ownLoanPath, page: ownLoanPage},
		{Method: http.MethodPost, Path: ownLoanPath, page: askOwnLoan},
		{Method: http.MethodGet, Path: calendarPath, page: calendarPage},
		{Method: http.MethodGet, Path: countPath, page: countPage},
		{Method: http.MethodPost, Path: countPath, page: takeStock},
	}, itemImportRoutes, itemActRoutes())
}

var (
	itemStates = []choice{
		{Value: "available", Label: "Disponible"}, {Value: "kept", Label: "Réservé"}, {Value: "lent", Label: "Prêté"}, {Value: "to_reset", Label: "À effacer avant de prêter"},
		{Value: "repair", Label: "En réparation"}, {Value: "missing", Label: "Introuvable à l’inventaire"}, {Value: "lost", Label: "Perdu"}, {Value: "retired", Label: "Réformé"},
		{Value: "granted", Label: "Donné"},
	}
	itemTone = map[string]string{
		"available": "open", "kept": "requested", "lent": "in_progress", "to_reset": "submitted", "repair": "returned", "missing": "declined", "lost": "declined",
		"retired": "closed", "granted": "closed",
	}
	itemKinds = []choice{
		{Value: "tablet", Label: "Tablette"}, {Value: "computer", Label: "Ordinateur"}, {Value: "mobile", Label: "Téléphone mobile"}, {Value: "printer", Label: "Imprimante"},
		{Value: "keyboard", Label: "Clavier"}, {Value: "mouse", Label: "Souris"}, {Value: "usb_stick", Label: "Clé USB"},
	}
	newConditions = []choice{{Value: "good", Label: "Bon état"}, {Value: "worn", Label: "Usagé"}, {Value: "damaged", Label: "Abîmé"}}
)

// poolChoices are the pools that the user looks after: each has the identifier of its fund, provider or desk.
func (v *visit) poolChoices(w words) (list []choice) {
	u := v.user
	switch {
	case u.is("provider"):
		label := w.of("provider", u.Provider)
		if label == u.Provider {
			label = "Votre parc"
		}
		return []choice{{Value: u.Provider, Label: label}}
	case u.is("advisor"):
		return w.deskChoices(u.Desks)
	case u.is("equipment_manager"):
		list = append(list, choice{Value: u.Fund, Label: w.of("fund", u.Fund)})
		for _, p := range w.providers {
			if p.Fund == u.Fund {
				list = append(list, choice{Value: p.ID, Label: p.Name})
			}
		}
		for _, d := range w.directory.Desks {
			if d.Fund == u.Fund {
				list = append(list, choice{Value: d.ID, Label: d.Name})
			}
		}
	}
	return list
}

// poolName is the name of a pool, whoever holds it.
func (w words) poolName(id string) string {
	for _, list := range []string{"provider", "desk", "fund"} {
		if name := w.of(list, id); name != id {
			return name
		}
	}
	return id
}

// stockForm is a form about pools.
type stockForm struct {
	form

	words words
	pools []choice
}

// stockForm reads the pools; where there is one only, it is chosen.
func (v *visit) stockForm(f form) (stockForm, error) {
	if !v.user.lends() {
		return stockForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return stockForm{}, err
	}
	if f.values == nil {
		f.values = url.Values{}
	}
	p := stockForm{form: f, words: w, pools: v.poolChoices(w)}
	if len(p.pools) == 1 {
		p.values.Set("parc", p.pools[0].Value)
	}
	return p, nil
}

func (p stockForm) several() bool { return len(p.pools) > 1 }

// stockLines is a page of items.
type stockLines struct {
	stockForm

	lines []itemRow
	path  string
	next  *string
}

type itemRow struct{ ID, Tag, Kind, Pool, Serial, Code, State string }

func stockList(v *visit) error {
	f, err := v.stockForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	answer, err := v.api.ListItemsWithResponse(v.ctx, &client.ListItemsParams{Pool: f.text("parc"), Status: f.text("etat"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	page := stockLines{stockForm: f, path: v.r.URL.RequestURI(), next: answer.JSON200.Next}
	for _, i := range answer.JSON200.Items {
		page.lines = append(page.lines, itemRow{i.ID, i.AssetTag, labelOf(itemKinds, i.Kind), f.words.poolName(i.Pool), the(i.Serial), i.Status, labelOf(itemStates, i.Status)})
	}
	return v.show(http.StatusOK, stockTitle, stockView(page))
}

// labels is where the labels of what the list shows are, all its pages.
func (p stockLines) labels() string {
	return labelsPath + "?" + url.Values{"parc": {p.value("parc")}, "etat": {p.value("etat")}}.Encode()
}

func stockLabels(v *visit) error {
	f, err := v.stockForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	answer, err := v.api.ListItemLabelsWithResponse(v.ctx, &client.ListItemLabelsParams{Pool: f.text("parc"), Status: f.text("etat")})
	if err != nil {
		return err
	}
	return v.givePDF("etiquettes.pdf", answer.Body)
}

func newItemPage(v *visit) error {
	page, err := v.stockForm(form{})
	if err != nil {
		return err
	}
	page.values.Set("genre", "tablet")
	return v.show(http.StatusOK, newItemTitle, newItemView(page))
}

var newItemEntries = []entry{
	{"pool", "parc", "Parc", map[string]string{"unknown_pool": "Parc\u00a0: choisissez un parc dont vous vous occupez"}}, {"kind", "genre", "Appareil", nil},
	{"asset_tag", "etiquette", "Étiquette", nil}, {"serial", "serie", "Numéro de série", nil}, {"condition", "etat", "État", nil},
}

// registerItem shows everything that is wrong at once.
func registerItem(v *visit) error {
	page, err := v.stockForm(v.form())
	if err != nil {
		return err
	}
	page.asks(fault{"parc", "Parc\u00a0: choisissez-en un"}, fault{"genre", "Appareil\u00a0: choisissez une réponse de la liste"}, fault{"etiquette", "Étiquette\u00a0: à renseigner"})
	if !page.wrong() {
		answer, err := v.api.CreateItemWithResponse(v.ctx, client.NewItem{
			Pool: page.value("parc"), Kind: page.value("genre"), AssetTag: page.value("etiquette"), Serial: page.text("serie"), Condition: page.text("etat"),
		}, v.key())
		if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			page.taken(p)
		} else if err != nil {
			return err
		} else {
			return v.done(stockPath+"/"+answer.JSON201.ID, "L’appareil est enregistré.")
		}
	}
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+newItemTitle, newItemView(page))
}

// taken says beside the input what another item has already.
func (p *stockForm) taken(refused *client.Problem) {
	switch refused.Code {
	case "asset_tag_taken":
		p.refuse("etiquette", "Étiquette\u00a0: un appareil la porte déjà")
	case "serial_taken":
		p.refuse("serie", "Numéro de série\u00a0: un appareil le porte déjà")
	default:
		p.refused(refused, newItemEntries)
	}
}
