package portal

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"example.org/passerelle/api/client"
)

var draftRoutes = []Route{
	{Method: http.MethodGet, Path: "/brouillons", page: draftList},
	{Method: http.MethodGet, Path: "/brouillons/{id}", page: draftPage},
	{Method: http.MethodPost, Path: "/brouillons/{id}/supprimer", page: deleteDraft},
}

const draftsTitle = "Mes brouillons"

// draftLine is a sheet that was begun.
type draftLine struct{ ID, Who, Saved, Expires string }

// keptAs is where a draft holds what was typed, field by field: half a date is kept as it is.
const keptAs = "form"

// mostNamed is how many drafts are opened to say whom they are about.
const mostNamed = 20

func draftList(v *visit) error {
	if !v.user.flags() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	answer, err := v.api.ListDraftsWithResponse(v.ctx)
	if err != nil {
		return err
	}
	var lines []draftLine
	for i, d := range answer.JSON200.Items {
		line := draftLine{ID: d.ID, Who: "Signalement commencé", Saved: moment(d.SavedAt), Expires: dayOf(d.ExpiresAt)}
		if i < mostNamed {
			if line.Who, err = v.draftName(d.ID); err != nil {
				return err
			}
		}
		lines = append(lines, line)
	}
	return v.show(http.StatusOK, draftsTitle, draftsView(lines))
}

// draftName is whom a draft is about, as far as it says so.
func (v *visit) draftName(id string) (string, error) {
	values, err := v.draft(id)
	if err != nil {
		return "", err
	}
	if f := (form{values: values}); f.value("nom")+f.value("prenom") != "" {
		return full(f.value("prenom"), f.value("nom")), nil
	}
	return "Personne non nommée", nil
}

// draft is what was typed.
func (v *visit) draft(id string) (url.Values, error) {
	answer, err := v.api.GetDraftWithResponse(v.ctx, id)
	if err != nil {
		return nil, err
	}
	values := url.Values{}
	kept, _ := answer.JSON200.Sheet[keptAs].(map[string]any)
	for name, list := range kept {
		typed, _ := list.([]any)
		for _, one := range typed {
			if text, ok := one.(string); ok {
				values.Add(name, text)
			}
		}
	}
	return values, nil
}

func draftPage(v *visit) error {
	values, err := v.draft(v.path("id"))
	if err != nil {
		return err
	}
	values.Set("brouillon", v.path("id"))
	page, err := v.flagForm(form{values: values})
	if err != nil {
		return err
	}
	if page.value("commune") != "" {
		if _, page.communes, err = v.commune(&page.form); err != nil {
			return err
		}
		page.faults = nil // nobody has sent anything yet
	}
	return v.showSheet(http.StatusOK, page)
}

// notKept are inputs of a sheet that no draft holds: the number that is never stored, and what belongs to one sending.
var notKept = []string{"nir", "cle", "action", "brouillon", "commune-pour"}

// saveDraft keeps the sheet as it is; nothing is checked but that no social security number stands in it.
func (v *visit) saveDraft(page flagForm) error {
	id := page.value("brouillon")
	if id == "" {
		id = uuid.NewString()
	}
	typed := map[string]any{}
	for name, list := range page.values {
		if !slices.Contains(notKept, name) && slices.ContainsFunc(list, func(s string) bool { return s != "" }) {
			typed[name] = list
		}
	}
	_, err := v.api.SaveDraftWithResponse(v.ctx, id, client.NewDraft{Sheet: map[string]any{keptAs: typed}})
	if p, ok := problem(err, http.StatusUnprocessableEntity); ok {
		page.refused(p, nil)
		return v.flagRefused(page)
	}
	if err != nil {
		return err
	}
	return v.done("/brouillons", "Le brouillon est gardé pendant sept jours. Vous seul pouvez le lire.")
}

func deleteDraft(v *visit) error {
	if _, err := v.api.DeleteDraftWithResponse(v.ctx, v.path("id")); err != nil {
		return err
	}
	return v.done("/brouillons", "Le brouillon est supprimé.")
}
