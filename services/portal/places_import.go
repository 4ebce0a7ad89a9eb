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
	"example.org/passerelle/services/reference/mediation"
)

const (
	placeImportPath  = placesPath + "/import"
	placeImportTitle = "Importer des lieux"
)

// placeImport is a file of places on its way in.
type placeImport struct {
	form

	result  *importResult
	content string // of a small file, in base64: the page carries it to the next step, and nobody keeps it
}

func placeImportPage(v *visit) error {
	return v.placeImport(http.StatusOK, placeImport{form: form{values: url.Values{}}})
}

func (v *visit) placeImport(status int, page placeImport) error {
	if !v.user.registers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	title := placeImportTitle
	if page.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, placeImportView(page))
}

// sendPlaces has a file looked at, or taken.
func sendPlaces(v *visit) error {
	sent, err := v.upload()
	if err != nil {
		return err
	}
	page := placeImport{form: form{values: sent.fields}}
	checked := importForm{form: page.form}
	checked.checkFile(sent)
	if page.form = checked.form; page.wrong() {
		return v.placeImport(http.StatusUnprocessableEntity, page)
	}
	answer, err := v.api.ImportPlacesWithBodyWithResponse(v.ctx, &client.ImportPlacesParams{DryRun: new(page.value("etape") != taking)}, "text/csv", sent.body())
	if p, ok := problem(err, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity); ok {
		checked.fileRefused(p)
		page.form = checked.form
		return v.placeImport(http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	result := cmp.Or(answer.JSON200, answer.JSON202)
	if result.State == "running" || !result.DryRun || sent.rest != nil {
		v.redirect(importedPlaces(result.ID))
		return nil
	}
	page.result, page.content = placesResult(*result), base64.StdEncoding.EncodeToString(sent.start)
	return v.show(http.StatusOK, placeImportTitle, placesResultView(page))
}

func importedPlaces(id string) string { return "/imports/" + url.PathEscape(id) + "/lieux" }

// followPlaces shows how far an import is, and its end.
func followPlaces(v *visit) error {
	if !v.user.registers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	answer, err := v.api.GetImportWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	page := placeImport{form: form{values: url.Values{}}, result: placesResult(*answer.JSON200)}
	if v.byScript() {
		return v.fragment(placesState(page, true))
	}
	return v.show(http.StatusOK, placeImportTitle, placesResultView(page))
}

func placesResult(r client.Import) *importResult {
	result := &importResult{Import: r}
	for _, one := range r.Rejections {
		result.refused = append(result.refused, refusedCell{number(one.Line), sentenceCase(placeColumns[one.Field]), one.Field, cmp.Or(placeRefusals[one.Code], whyRefused("", one.Code))})
	}
	return result
}

// placeRefusals are reasons why a line of places is refused.
var placeRefusals = map[string]string{
	"required": "À renseigner.", "too_long": "C’est trop long.", "bad_format": "Ce n’est pas écrit comme le schéma le demande.",
	"unknown_value": "Ce mot n’est pas dans la liste du schéma.", "unknown_commune": "Aucune commune ne correspond.", "ambiguous_commune": "Plusieurs communes correspondent\u00a0: ajoutez le code INSEE.",
	"bad_phone": "Écrivez un numéro de téléphone français.", "bad_email": "Écrivez une adresse électronique.", "bad_date": "Écrivez une date qui existe.",
	"bad_coordinate": "Écrivez des degrés, par exemple 43.61.", "not_your_territory": "Ce lieu n’est pas sur le territoire de votre caisse.",
	"doubled_id": "Cet identifiant est déjà plus haut dans le fichier.",
}

// placesSentence says what came of it.
func placesSentence(r *importResult) string {
	switch {
	case r.running() && r.DryRun:
		return "La vérification est en cours" + readSoFar(r.Line)
	case r.running():
		return "L’import est en cours" + readSoFar(r.Line) + " Vous pouvez quitter cette page\u00a0: il continue."
	case r.State == "cut_off":
		return "Le serveur s’est arrêté en cours de route. Envoyez de nouveau le même fichier\u00a0: ce qui a été importé ne l’est pas deux fois."
	case r.DryRun && r.Accepted == 0:
		return "Il n’y a rien à importer. Rien n’a été enregistré."
	case r.DryRun:
		return count(r.Accepted, "lieu peut être importé.", "lieux peuvent être importés.") + " Rien n’est encore enregistré."
	case r.Accepted == 0:
		return "Aucun lieu n’a changé."
	}
	return count(r.Accepted, "lieu est importé ou mis à jour.", "lieux sont importés ou mis à jour.")
}

func readSoFar(line int) string {
	if line == 0 {
		return "."
	}
	return "\u00a0: " + count(line, "ligne lue.", "lignes lues.")
}

func placesTally(r *importResult) []fact {
	return []fact{{"Lieux lus", number(r.Accepted + r.Already + r.Rejected)}, {"Nouveaux ou changés", number(r.Accepted)},
		{"Déjà connus ainsi", number(r.Already)}, {"Refusés", number(r.Rejected)}}
}

// exportPlaces gives the open places of the fund as a file of the schema.
func exportPlaces(v *visit) error {
	answer, err := v.api.ExportPlaces(v.ctx, &client.ExportPlacesParams{Department: v.form().text("departement")})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	v.attach("lieux-mediation-numerique.csv")
	if _, err := io.Copy(v.w, answer.Body); err != nil {
		v.Log.Warn("an export was cut", slog.Any("error", err))
		panic(http.ErrAbortHandler) // a file that is not whole must not look whole
	}
	return nil
}

// schemaColumns are the columns of the schema, on one line.
func schemaColumns() string { return strings.Join(mediation.Columns(), ", ") }

func sentenceCase(text string) string {
	if text == "" {
		return ""
	}
	return strings.TrimSuffix(sentenceOf(text), ".")
}
