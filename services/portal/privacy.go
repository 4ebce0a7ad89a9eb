package portal

import (
	"net/http"
	"net/url"

	"example.org/passerelle/api/client"
)

const (
	privacyTitle  = "Protection des données"
	privacyPath   = "/protection"
	retentionPath = privacyPath + "/echeances"
)

var privacyRoutes = []Route{
	{Method: http.MethodGet, Path: privacyPath, page: protecting(privacySearch)},
	{Method: http.MethodPost, Path: privacyPath, page: protecting(findDossiers)},
	{Method: http.MethodPost, Path: privacyPath + "/dossier", page: protecting(openDossier)},
	{Method: http.MethodGet, Path: retentionPath, page: protecting(retention)},
	{Method: http.MethodGet, Path: privacyPath + "/personnes/{id}", page: protecting(showDossier)},
	{Method: http.MethodPost, Path: privacyPath + "/personnes/{id}/export", page: protecting(exportDossier)},
	{Method: http.MethodGet, Path: privacyPath + "/personnes/{id}/effacer", page: protecting(erasePage)},
	{Method: http.MethodPost, Path: privacyPath + "/personnes/{id}/effacer", page: protecting(erase)},
	{Method: http.MethodPost, Path: privacyPath + "/personnes/{id}/retablir", page: protecting(restore)},
}

// protecting leaves a page to the privacy officer.
func protecting(p page) page {
	return func(v *visit) error {
		if !v.user.protects() {
			return &client.Problem{Status: http.StatusForbidden}
		}
		return p(v)
	}
}

func privacySearch(v *visit) error {
	return v.show(http.StatusOK, privacyTitle, privacyView(searchForm{}))
}

// findDossiers looks for somebody. Whom the search shows to nobody outside their unit is found by a reference.
func findDossiers(v *visit) error {
	page := searchForm{form: v.form()}
	asked := page.asked()
	if page.wrong() {
		return v.privacyRefused(page)
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	page.found, err = v.search(asked, w)
	if p, ok := problem(err, http.StatusUnprocessableEntity); ok {
		page.refused(p, searchEntries)
		return v.privacyRefused(page)
	}
	if err != nil {
		return err
	}
	if len(page.found) == 0 && asked == (client.PersonSearch{Reference: asked.Reference}) {
		return v.opening(page)
	}
	page.done = true
	v.sessions.Put(v.ctx, keyFlash, results(len(page.found)))
	return v.show(http.StatusOK, results(len(page.found))+" - "+privacyTitle, privacyView(page))
}

func (v *visit) privacyRefused(page searchForm) error {
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+privacyTitle, privacyView(page))
}

func openDossier(v *visit) error { return v.opening(searchForm{form: v.form()}) }

// opening leads to the person whom a flag is about.
func (v *visit) opening(page searchForm) error {
	reference := page.value("reference")
	if !shortCode.MatchString(reference) {
		page.refuse("reference", "Référence\u00a0: écrivez-la comme K7QF-2M9D")
		return v.privacyRefused(page)
	}
	id, err := v.personOf(client.ListAccessesParams{Reference: &reference})
	if _, ok := problem(err, http.StatusNotFound); ok {
		page.refuse("reference", "Référence\u00a0: la caisse ne connaît personne sous ce code, ou l’effacement est déjà demandé (voir les échéances)")
		return v.privacyRefused(page)
	}
	if err != nil {
		return err
	}
	v.redirect(dossier{ID: id, Reference: reference}.path(""))
	return nil
}

// personOf is whose accesses are asked for: the access log is what tells the privacy officer, and takes note of it.
func (v *visit) personOf(asked client.ListAccessesParams) (string, error) {
	asked.Limit = new(1)
	answer, err := v.api.ListAccessesWithResponse(v.ctx, &asked)
	if err != nil {
		return "", err
	}
	return the(answer.JSON200.PersonID), nil
}

// dossier is somebody with whom the privacy officer is busy. No name is here: only the export tells it.
type dossier struct {
	ID, Reference string // Reference is empty where the way here had none
	Card          []fact // empty for whom the search shows to nobody outside their unit
	Erasure       *client.RetentionLine
}

// path is an address below the dossier.
func (d dossier) path(below string) string {
	address := privacyPath + "/personnes/" + url.PathEscape(d.ID) + below
	if d.Reference != "" {
		address += "?" + url.Values{"reference": {d.Reference}}.Encode()
	}
	return address
}

func (d dossier) caption() string {
	if d.Reference == "" {
		return "Dossier " + d.ID
	}
	return "Signalement " + d.Reference
}

// dossier is the one of the address: of somebody who is known, or whose erasure may still be undone.
func (v *visit) dossier() (dossier, error) {
	d := dossier{ID: v.path("id")}
	asked := client.ListAccessesParams{Person: &d.ID}
	if reference := v.r.URL.Query().Get("reference"); shortCode.MatchString(reference) {
		d.Reference, asked = reference, client.ListAccessesParams{Reference: &reference}
	}
	id, err := v.personOf(asked)
	if _, ok := problem(err, http.StatusNotFound); ok {
		return v.hiddenDossier(d.ID)
	}
	if err == nil && id != d.ID { // the reference is somebody else's
		err = &client.Problem{Status: http.StatusNotFound}
	}
	if err != nil || d.Reference == "" {
		return d, err
	}
	d.Card, err = v.cardOf(d.Reference)
	return d, err
}

func (v *visit) hiddenDossier(id string) (dossier, error) {
	line, err := v.erasureOf(id)
	if err == nil && line == nil {
		err = &client.Problem{Status: http.StatusNotFound}
	}
	if err != nil {
		return dossier{}, err
	}
	return dossier{ID: id, Reference: the(line.Reference), Erasure: line}, nil
}

func (v *visit) cardOf(reference string) ([]fact, error) {
	w, err := v.words()
	if err != nil {
		return nil, err
	}
	found, err := v.search(client.PersonSearch{Reference: &reference}, w)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return append([]fact{{"Accompagnement", found[0].Help}}, found[0].facts()...), nil
}

func showDossier(v *visit) error {
	d, err := v.dossier()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, d.caption(), dossierView(form{}, d))
}
