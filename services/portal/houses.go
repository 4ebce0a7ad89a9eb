package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

// houseRoutes are the forms of the directory: teams and organisations are opened, changed and closed alike.
func houseRoutes() (routes []Route) {
	for _, kind := range []houseKind{teams, organisations} {
		at := func(path string, get, post func(*visit, houseKind) error) {
			routes = append(routes,
				Route{Method: http.MethodGet, Path: path, page: func(v *visit) error { return get(v, kind) }},
				Route{Method: http.MethodPost, Path: path, page: func(v *visit) error { return post(v, kind) }})
		}
		at("/annuaire/"+kind.path+"/nouveau", newHouse, openHouse)
		at("/annuaire/"+kind.path+"/{id}", oldHouse, amendHouse)
		at("/annuaire/"+kind.path+"/{id}/fermer", closingHouse, closeHouse)
	}
	return routes
}

// houseKind is what teams and organisations say and do each in their way.
type houseKind struct {
	path, add, added string
	natures          []choice
	several          bool // departments, and a telephone
	find             func(v *visit, id string) (houseForm, error)
	create           func(v *visit, f form) error
	amend            func(v *visit, p houseForm) error
	shut             func(v *visit, p houseForm) error
}

// houseForm is the form of one, with what is known of it.
type houseForm struct {
	form

	kind        houseKind
	id, nature  string // empty: a new one
	name        string
	departments []choice
}

func (p houseForm) title() string {
	if p.id == "" {
		return p.kind.add
	}
	return "Modifier\u00a0: " + p.name
}

func (p houseForm) path() string {
	if p.id == "" {
		return "/annuaire/" + p.kind.path + "/nouveau"
	}
	return pathOf(p.kind.path, p.id, true)
}

// pathOf is the page of one that can be changed.
func pathOf(kind, id string, open bool) string {
	if !open {
		return ""
	}
	return "/annuaire/" + kind + "/" + id
}

// found is the one of the page's address.
func (k houseKind) found(v *visit) (houseForm, error) {
	p, err := k.find(v, v.path("id"))
	p.kind = k
	return p, err
}

var houseEntries = []entry{
	{"kind", "nature", "Nature", nil}, {"name", "nom", "Nom", nil}, {"phone", "telephone", "Téléphone", map[string]string{"bad_format": "Téléphone\u00a0: écrivez-le en chiffres, par exemple 04 65 71 00 00"}},
	{"departments", "departements", "Départements", territoryWords}, {"department", "departements", "Département", territoryWords},
}

var territoryWords = map[string]string{"not_your_territory": "Ce département n’est pas de la caisse", "required": "Choisissez au moins un département"}

func newHouse(v *visit, kind houseKind) error {
	return v.showHouse(houseForm{kind: kind})
}

// openHouse sends the form of a new one.
func openHouse(v *visit, kind houseKind) error {
	p := houseForm{kind: kind, form: v.form()}
	if p.value("nature") == "" {
		p.refuse("nature", "Nature\u00a0: à choisir")
		return v.showHouse(p)
	}
	return v.houseSent(p, kind.create(v, p.form), kind.added)
}

func oldHouse(v *visit, kind houseKind) error {
	p, err := kind.found(v)
	if err != nil {
		return err
	}
	return v.showHouse(p)
}

func amendHouse(v *visit, kind houseKind) error {
	p, err := kind.found(v)
	if err != nil {
		return err
	}
	p.form = v.form()
	return v.houseSent(p, kind.amend(v, p), "L’annuaire est à jour.")
}

// houseSent goes back to the directory, or shows what is wrong.
func (v *visit) houseSent(p houseForm, err error, done string) error {
	if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		p.refused(refused, houseEntries)
		return v.showHouse(p)
	}
	if err != nil {
		return err
	}
	return v.done("/annuaire", done)
}

func (v *visit) showHouse(p houseForm) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	if !v.user.administers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	p.departments = w.departmentsOf(v.user.Fund)
	if p.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+p.title(), houseFormView(p))
	}
	return v.show(http.StatusOK, p.title(), houseFormView(p))
}

func (w words) departmentsOf(fund string) (list []choice) {
	for _, f := range w.directory.Funds {
		if f.ID == fund {
			for _, code := range f.Departments {
				list = append(list, choice{Value: code, Label: departmentName(code)})
			}
		}
	}
	return list
}

// closingHouse asks once more.
func closingHouse(v *visit, kind houseKind) error {
	p, err := kind.found(v)
	if err != nil {
		return err
	}
	p.form = form{}
	return v.show(http.StatusOK, "Fermer\u00a0: "+p.name, closeHouseView(p))
}

func closeHouse(v *visit, kind houseKind) error {
	p, err := kind.found(v)
	if err != nil {
		return err
	}
	p.form = v.form()
	err = kind.shut(v, p)
	if refused, ok := problem(err, http.StatusConflict); ok {
		p.refused(refused, nil)
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Fermer\u00a0: "+p.name, closeHouseView(p))
	}
	if err != nil {
		return err
	}
	return v.done("/annuaire", p.name+" ne prend plus rien de nouveau.")
}

var teams = houseKind{
	path: "equipes", add: "Ouvrir une équipe", added: "L’équipe est ouverte.", several: true,
	natures: []choice{{Value: "agency", Label: "Agence"}, {Value: "phone_platform", Label: "Plateforme téléphonique"}, {Value: "unit", Label: "Unité du service social"}},
	find:    findTeam, create: createTeam, amend: amendTeam, shut: shutTeam,
}

func findTeam(v *visit, id string) (houseForm, error) {
	answer, err := v.api.ListDesksWithResponse(v.ctx, &client.ListDesksParams{})
	if err != nil {
		return houseForm{}, err
	}
	i := slices.IndexFunc(answer.JSON200.Items, func(d client.FundDesk) bool { return d.ID == id })
	if i < 0 {
		return houseForm{}, &client.Problem{Status: http.StatusNotFound}
	}
	d := answer.JSON200.Items[i]
	values := map[string][]string{"nom": {d.Name}, "telephone": {the(d.Phone)}, "departements": d.Departments}
	return houseForm{form: form{values: values}, id: d.ID, nature: d.Kind, name: d.Name}, nil
}

func teamBody(f form) client.DeskAmendment {
	return client.DeskAmendment{Name: f.value("nom"), Departments: append([]string{}, f.list("departements")...), Phone: f.text("telephone")}
}

func createTeam(v *visit, f form) (err error) {
	b := teamBody(f)
	if f.value("nature") == "unit" {
		_, err = v.api.CreateUnitWithResponse(v.ctx, b, v.key())
		return err
	}
	_, err = v.api.CreateDeskWithResponse(v.ctx, client.NewDesk{Kind: f.value("nature"), Name: b.Name, Departments: b.Departments, Phone: b.Phone}, v.key())
	return err
}

func amendTeam(v *visit, p houseForm) (err error) {
	if p.nature == "unit" {
		_, err = v.api.AmendUnitWithResponse(v.ctx, p.id, teamBody(p.form), v.key())
		return err
	}
	_, err = v.api.AmendDeskWithResponse(v.ctx, p.id, teamBody(p.form), v.key())
	return err
}

func shutTeam(v *visit, p houseForm) (err error) {
	if p.nature == "unit" {
		_, err = v.api.CloseUnitWithResponse(v.ctx, p.id, v.key())
		return err
	}
	_, err = v.api.CloseDeskWithResponse(v.ctx, p.id, v.key())
	return err
}

var organisations = houseKind{
	path: "organismes", add: "Ajouter un organisme", added: "L’organisme est dans l’annuaire.",
	natures: []choice{{Value: "partner", Label: "Organisme partenaire"}, {Value: "funder", Label: "Financeur"}, {Value: "other", Label: "Autre"}},
	find:    findOrganisation, create: createOrganisation, amend: amendOrganisation, shut: shutOrganisation,
}

func findOrganisation(v *visit, id string) (houseForm, error) {
	answer, err := v.api.ListOrganisationsWithResponse(v.ctx, &client.ListOrganisationsParams{})
	if err != nil {
		return houseForm{}, err
	}
	i := slices.IndexFunc(answer.JSON200.Items, func(o client.Organisation) bool { return o.ID == id })
	if i < 0 {
		return houseForm{}, &client.Problem{Status: http.StatusNotFound}
	}
	o := answer.JSON200.Items[i]
	values := map[string][]string{"nom": {o.Name}, "departements": {the(o.Department)}}
	return houseForm{form: form{values: values}, id: o.ID, nature: o.Kind, name: o.Name}, nil
}

func createOrganisation(v *visit, f form) error {
	_, err := v.api.CreateOrganisationWithResponse(v.ctx, client.NewOrganisation{Kind: f.value("nature"), Name: f.value("nom"), Department: f.text("departements")}, v.key())
	return err
}

func amendOrganisation(v *visit, p houseForm) error {
	_, err := v.api.AmendOrganisationWithResponse(v.ctx, p.id, client.OrganisationAmendment{Name: p.value("nom"), Department: p.text("departements")}, v.key())
	return err
}

func shutOrganisation(v *visit, p houseForm) error {
	_, err := v.api.CloseOrganisationWithResponse(v.ctx, p.id, v.key())
	return err
}
