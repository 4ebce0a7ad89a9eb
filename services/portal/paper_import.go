package portal

import (
	"cmp"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/paperform"
)

// Paper forms as a file: looked at first, then taken; and flags as a file of the same columns.
var paperImportRoutes = []Route{
	{Method: http.MethodGet, Path: importPath, page: importPage},
	{Method: http.MethodPost, Path: importPath, File: true, page: sendForms},
	{Method: http.MethodPost, Path: importPath + "/modele", page: emptyFile},
	{Method: http.MethodGet, Path: "/imports/{id}", page: followImport},
	{Method: http.MethodPost, Path: "/signalements/export", File: true, page: exportForms},
}

const (
	importPath  = "/signalements/import"
	importTitle = "Importer des fiches papier"
	lookTitle   = "Vérification des fiches papier"
	takenTitle  = "Import des fiches papier"
	taking      = "importer" // the step after the look
)

// importForm is a file of paper forms on its way in.
type importForm struct {
	form

	words             words
	programmes, desks []choice
	exports           bool
	result            *importResult
	past              []pastImport
	content           string // of a small file, in base64: the page carries it to the next step, and nobody keeps it
}

func importPage(v *visit) error {
	page, err := v.importForm(form{values: url.Values{}})
	if err != nil {
		return err
	}
	answer, err := v.api.ListImportsWithResponse(v.ctx)
	if err != nil {
		return err
	}
	page.past = pastOf(answer.JSON200.Items)
	return v.show(http.StatusOK, importTitle, importView(page))
}

func (v *visit) importForm(f form) (importForm, error) {
	if !v.user.flags() {
		return importForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	page := importForm{form: f, words: w, programmes: w.flagProgrammes(v.user.Fund), exports: v.user.exportsFlags()}
	if len(v.user.Desks) > 1 {
		page.desks = w.deskChoices(v.user.Desks)
	}
	if len(page.programmes) == 1 {
		page.values.Set("programme", page.programmes[0].Value)
	}
	return page, err
}

// sendForms has a file looked at, or taken. What was looked at is shown at once, with the file, when that is small.
func sendForms(v *visit) error {
	sent, err := v.upload()
	if err != nil {
		return err
	}
	page, err := v.importForm(form{values: sent.fields})
	if err != nil {
		return err
	}
	page.asks(fault{"programme", "Programme\u00a0: choisissez-en un"})
	page.checkFile(sent)
	if page.wrong() {
		return v.importRefused(page)
	}
	answer, err := v.api.ImportFlagsWithBodyWithResponse(v.ctx, page.params(), "text/csv", sent.body())
	if p, ok := problem(err, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity); ok {
		page.fileRefused(p)
		return v.importRefused(page)
	}
	if err != nil {
		return err
	}
	result := cmp.Or(answer.JSON200, answer.JSON202)
	if result.State == "running" || !result.DryRun || sent.rest != nil {
		v.redirect("/imports/" + url.PathEscape(result.ID) + "?" + page.where())
		return nil
	}
	page.result, page.content = resultOf(*result), base64.StdEncoding.EncodeToString(sent.start)
	return v.show(http.StatusOK, lookTitle, importResultView(page))
}

// params: a look is waited for, so that the page has the file still; what is stored is followed after a moment.
func (p importForm) params() *client.ImportFlagsParams {
	params := &client.ImportFlagsParams{Programme: p.value("programme"), Unit: p.text("equipe"), DryRun: new(p.value("etape") != taking)}
	if !*params.DryRun {
		params.Wait = new(2)
	}
	return params
}

// where is what the next step has to know beside the file.
func (p importForm) where() string {
	kept := url.Values{}
	for _, name := range []string{"programme", "equipe"} {
		if value := p.value(name); value != "" {
			kept.Set(name, value)
		}
	}
	return kept.Encode()
}

// importRefused asks for the file again: a browser does not keep it.
func (v *visit) importRefused(page importForm) error {
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+importTitle, importView(page))
}

// followImport shows how far an import is, and its end. The page's own script asks again while it goes on.
func followImport(v *visit) error {
	page, err := v.importForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	answer, err := v.api.GetImportWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	page.result = resultOf(*answer.JSON200)
	if v.byScript() {
		return v.fragment(importState(page, true))
	}
	return v.show(http.StatusOK, page.result.title(), importResultView(page))
}

// emptyFile is the header alone, as a spreadsheet opens it.
func emptyFile(v *visit) error {
	names, _ := paperform.Names()
	v.attach("fiches-papier.csv")
	_, err := io.WriteString(v.w, byteOrderMark+strings.Join(names, ";")+"\r\n")
	return err
}

// byteOrderMark tells spreadsheets that a file is in UTF-8.
const byteOrderMark = "\ufeff"

func (v *visit) attach(name string) {
	v.remember()
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	v.w.WriteHeader(http.StatusOK)
}

// exportForms is sent, not an address: nothing asks for it by the way.
func exportForms(v *visit) error {
	page, err := v.importForm(v.form())
	if err != nil {
		return err
	}
	page.asks(fault{"export", "Programme à exporter\u00a0: choisissez-en un"})
	if page.wrong() {
		return v.importRefused(page)
	}
	answer, err := v.api.ExportFlags(v.ctx, &client.ExportFlagsParams{Programme: page.value("export")})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	v.attach("signalements.csv")
	if _, err := io.Copy(v.w, io.MultiReader(strings.NewReader(byteOrderMark), answer.Body)); err != nil {
		v.Log.Warn("an export was cut", slog.Any("error", err))
		panic(http.ErrAbortHandler) // a file that is not whole must not look whole
	}
	return nil
}
