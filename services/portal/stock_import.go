package portal

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"

	"example.org/passerelle/api/client"
)

const (
	itemImportPath  = stockPath + "/import"
	itemImportTitle = "Importer du matériel"
)

var itemImportRoutes = []Route{
	{Method: http.MethodGet, Path: itemImportPath, page: itemImportPage},
	{Method: http.MethodPost, Path: itemImportPath, File: true, page: sendItems},
	{Method: http.MethodGet, Path: "/imports/{id}/materiel", page: followItems},
}

// itemImport is a file of items on its way in.
type itemImport struct {
	stockForm

	result  *importResult
	content string // of a small file, in base64: the page carries it to the next step, and nobody keeps it
}

func (v *visit) itemImport(f form) (itemImport, error) {
	page, err := v.stockForm(f)
	return itemImport{stockForm: page}, err
}

func itemImportPage(v *visit) error {
	page, err := v.itemImport(form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, itemImportTitle, itemImportView(page))
}

// sendItems has a file looked at, or taken.
func sendItems(v *visit) error {
	sent, err := v.upload()
	if err != nil {
		return err
	}
	page, err := v.itemImport(form{values: sent.fields})
	if err != nil {
		return err
	}
	checked := importForm{form: page.form}
	checked.checkFile(sent)
	if checked.wrong() {
		return v.itemsRefused(page, checked.form)
	}
	answer, err := v.api.ImportItemsWithBodyWithResponse(v.ctx, &client.ImportItemsParams{Pool: page.text("parc"), DryRun: new(page.value("etape") != taking)}, "text/csv", sent.body())
	if p, ok := problem(err, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity); ok {
		checked.fileRefused(p)
		return v.itemsRefused(page, checked.form)
	}
	if err != nil {
		return err
	}
	result := cmp.Or(answer.JSON200, answer.JSON202)
	if result.State == "running" || !result.DryRun || sent.rest != nil {
		v.redirect(page.followed(result.ID))
		return nil
	}
	page.result, page.content = itemsResult(*result), base64.StdEncoding.EncodeToString(sent.start)
	return v.show(http.StatusOK, itemImportTitle, itemsResultView(page))
}

// itemsRefused asks for the file again: a browser does not keep it.
func (v *visit) itemsRefused(page itemImport, f form) error {
	page.form = f
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+itemImportTitle, itemImportView(page))
}

// followed is where an import is followed, with the pool for the next step.
func (p itemImport) followed(id string) string {
	address := "/imports/" + url.PathEscape(id) + "/materiel"
	if pool := p.value("parc"); pool != "" {
		address += "?" + url.Values{"parc": {pool}}.Encode()
	}
	return address
}

// followItems shows how far an import is, and its end.
func followItems(v *visit) error {
	page, err := v.itemImport(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	answer, err := v.api.GetImportWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	page.result = itemsResult(*answer.JSON200)
	if v.byScript() {
		return v.fragment(itemsState(page, true))
	}
	return v.show(http.StatusOK, itemImportTitle, itemsResultView(page))
}

// itemColumns are the columns of a file of items.
var itemColumns = []struct{ Name, Label, Values string }{
	{"asset_tag", "étiquette", "obligatoire"}, {"kind", "appareil", "obligatoire\u00a0: computer, tablet, mobile, printer, keyboard, mouse ou usb_stick"},
	{"serial", "numéro de série", "facultatif"}, {"condition", "état", "facultatif\u00a0: good, worn ou damaged"}, {"pool", "parc", "facultatif\u00a0: sans lui, le parc choisi ici"},
}

var itemRefusals = map[string]string{
	"required": "À renseigner.", "too_long": "C’est trop long\u00a0: 100 caractères au plus.", "not_in_list": "Ce n’est pas une réponse de la liste.",
	"unknown_pool": "Ce parc n’existe pas, ou vous ne vous en occupez pas.", "asset_tag_taken": "Un appareil porte déjà cette étiquette.",
	"serial_taken": "Un appareil porte déjà ce numéro de série.",
}

func itemsResult(r client.Import) *importResult {
	result := &importResult{Import: r}
	for _, one := range r.Rejections {
		result.refused = append(result.refused, refusedCell{number(one.Line), itemColumn(one.Field), one.Field, cmp.Or(itemRefusals[one.Code], whyRefused("", one.Code))})
	}
	return result
}

func itemColumn(name string) string {
	for _, c := range itemColumns {
		if c.Name == name {
			return sentenceCase(c.Label)
		}
	}
	return columnLabels[""]
}

// itemsSentence says what came of a file.
func itemsSentence(r *importResult) string {
	switch {
	case r.running() && r.DryRun:
		return "La vérification est en cours."
	case r.running():
		return "L’import est en cours. Vous pouvez quitter cette page\u00a0: il continue."
	case r.State == "cut_off":
		return "Le serveur s’est arrêté en cours de route. Envoyez de nouveau le même fichier\u00a0: ce qui a été importé ne l’est pas deux fois."
	case r.DryRun && r.Accepted == 0:
		return "Il n’y a rien à importer. Rien n’a été enregistré."
	case r.DryRun:
		return count(r.Accepted, "appareil peut être importé.", "appareils peuvent être importés.") + " Rien n’est encore enregistré."
	case r.Accepted == 0:
		return "Aucun appareil nouveau n’a été importé."
	}
	return count(r.Accepted, "appareil est importé.", "appareils sont importés.")
}

func itemsTally(r *importResult) []fact {
	taken := "Importés"
	if r.DryRun {
		taken = "À importer"
	}
	return []fact{{"Lignes lues", number(r.Accepted + r.Already + r.Rejected)}, {taken, number(r.Accepted)}, {"Déjà là, laissés tels quels", number(r.Already)},
		{"Refusées", number(r.Rejected)}}
}
