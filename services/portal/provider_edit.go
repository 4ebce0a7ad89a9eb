package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/api/client"
)

const (
	amendProviderTitle = "Corriger la fiche du prestataire"
	labelProviderTitle = "Donner un label"
	closeProviderTitle = "Fermer ce prestataire"
)

var providerEditRoutes = []Route{
	{Method: http.MethodGet, Path: providersPath + "/{id}/corriger", page: amendProviderPage},
	{Method: http.MethodPost, Path: providersPath + "/{id}/corriger", page: amendProvider},
	{Method: http.MethodGet, Path: providersPath + "/{id}/label", page: labelProviderPage},
	{Method: http.MethodPost, Path: providersPath + "/{id}/label", page: labelProvider},
	{Method: http.MethodGet, Path: providersPath + "/{id}/fermer", page: closeProviderPage},
	{Method: http.MethodPost, Path: providersPath + "/{id}/fermer", page: closeProvider},
}

var providerClosings = []choice{
	{Value: "stopped", Label: "Il n’a plus d’activité"}, {Value: "merged", Label: "Il a rejoint une autre structure"}, {Value: "left_network", Label: "Il ne travaille plus avec la caisse"},
	{Value: "error", Label: "Il n’aurait pas dû être enregistré"}, {Value: "other", Label: "Autre raison"},
}

// providerForm is what somebody says of a provider. It has a row for each ability, and some more.
type providerForm struct {
	form

	provider client.ListedProvider
	communes communeField
	skills   []choice
	rows     []string
}

const moreAbilities = 2 // rows beyond those that are known

func abilityRow(n int) string { return "capacite-" + strconv.Itoa(n) }

// amendsProvider: who looks after the providers of the fund, and the provider itself.
func (u user) amendsProvider(p client.ListedProvider) bool {
	return u.registers() && p.Fund == u.Fund || u.is("provider") && p.ID == u.Provider
}

// listedProvider is the provider of the page, for whoever may change it.
func (v *visit) listedProvider(may func(client.ListedProvider) bool) (words, client.ListedProvider, error) {
	w, err := v.words()
	if err != nil {
		return w, client.ListedProvider{}, err
	}
	at := slices.IndexFunc(w.providers, func(p client.ListedProvider) bool { return p.ID == v.path("id") })
	if at < 0 {
		return w, client.ListedProvider{}, &client.Problem{Status: http.StatusNotFound}
	}
	if !may(w.providers[at]) {
		return w, client.ListedProvider{}, &client.Problem{Status: http.StatusForbidden}
	}
	return w, w.providers[at], nil
}

func amendProviderPage(v *visit) error {
	w, p, err := v.listedProvider(v.user.amendsProvider)
	if err != nil {
		return err
	}
	return v.providerForm(w, providerForm{form: form{values: providerValues(p)}, provider: p})
}

func (v *visit) providerForm(w words, p providerForm) error {
	p.skills = withNone("Toutes les compétences", w.choices("skills"))
	for n := range abilityRows(p.form, p.provider) {
		p.rows = append(p.rows, abilityRow(n))
	}
	if p.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+amendProviderTitle, amendProviderView(p))
	}
	return v.show(http.StatusOK, amendProviderTitle, amendProviderView(p))
}

// abilityRows are as many as were sent, else those that are known and some more.
func abilityRows(f form, p client.ListedProvider) int {
	sent := 0
	for f.values.Has(abilityRow(sent)) {
		sent++
	}
	return max(sent, len(p.Abilities)+moreAbilities)
}

func providerValues(p client.ListedProvider) url.Values {
	values := url.Values{"nom": {p.Name}, "commune": {communeName(the(p.Insee))}, "rue": {the(p.Street)}, "telephone": {typedPhone(the(p.Phone))}, "courriel": {the(p.ContactEmail)},
		"reseaux": {strings.Join(p.Networks, ", ")}}
	if p.Relay {
		values.Set("relais", "oui")
	}
	for n, a := range p.Abilities {
		values.Set(abilityRow(n), a.Kind)
		values.Set(abilityRow(n)+"-competence", the(a.Skill))
		if year, rest, ok := strings.Cut(the(a.Since), "-"); ok {
			month, day, _ := strings.Cut(rest, "-")
			values.Set(abilityRow(n)+"-depuis-annee", year)
			values.Set(abilityRow(n)+"-depuis-mois", month)
			values.Set(abilityRow(n)+"-depuis-jour", day)
		}
	}
	return values
}

// typedPhone is a number as somebody types it: a line of a form has no no-break spaces.
func typedPhone(number string) string { return strings.ReplaceAll(phoneText(number), "\u00a0", " ") }

func amendProvider(v *visit) error {
	w, known, err := v.listedProvider(v.user.amendsProvider)
	if err != nil {
		return err
	}
	p := providerForm{form: v.form(), provider: known}
	body, err := v.providerSaid(&p)
	if err != nil {
		return err
	}
	if p.wrong() {
		return v.providerForm(w, p)
	}
	_, err = v.api.AmendProviderWithResponse(v.ctx, known.ID, body, v.key())
	if wrong, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		p.refused(wrong, []entry{
			{"name", "nom", "Nom", nil}, {"insee", "commune", "Commune", map[string]string{"not_your_territory": "Commune\u00a0: elle n’est pas sur le territoire de votre caisse"}},
			{"street", "rue", "Rue", nil}, {"phone", "telephone", "Téléphone", nil}, {"contact_email", "courriel", "Adresse électronique", nil}, {"networks", "reseaux", "Réseaux", nil},
			{"abilities", abilityRow(0), "Sait faire", nil},
		})
		return v.providerForm(w, p)
	}
	if err != nil {
		return err
	}
	v.labels.forget()
	return v.done(providersPath+"/"+known.ID, "La fiche du prestataire est corrigée.")
}

func (v *visit) providerSaid(p *providerForm) (body client.ProviderAmending, err error) {
	insee := the(p.provider.Insee)
	if p.value("commune") != communeName(insee) || insee == "" {
		commune, field, err := v.commune(&p.form)
		if err != nil {
			return body, err
		}
		if p.communes = field; commune != nil {
			insee = commune.Insee
		}
	}
	body = client.ProviderAmending{Name: p.value("nom"), Insee: insee, Street: p.text("rue"), Phone: p.text("telephone"), ContactEmail: p.text("courriel"), Relay: new(p.chosen("relais", "oui"))}
	for network := range strings.SplitSeq(p.value("reseaux"), ",") {
		if network = strings.TrimSpace(network); network != "" {
			body.Networks = append(body.Networks, network)
		}
	}
	for n := range abilityRows(p.form, p.provider) {
		row := abilityRow(n)
		since := p.date(row+"-depuis", "Depuis le", false)
		if kind := p.value(row); kind != "" {
			body.Abilities = append(body.Abilities, client.Ability{Kind: kind, Skill: p.text(row + "-competence"), Since: since})
		}
	}
	p.asks(fault{"nom", "Nom\u00a0: à renseigner"}, fault{"commune", "Commune\u00a0: à renseigner"})
	return body, nil
}

// ofOurFund are the providers whose labels and end are the user's to say.
func (u user) ofOurFund(p client.ListedProvider) bool { return u.registers() && p.Fund == u.Fund }

// labelVersion is a label with a version of its criteria.
type labelVersion struct {
	choice

	criteria []client.Code
}

// labelVersions are read from the code lists: a version is a list of criteria.
func (w words) labelVersions() (list []labelVersion) {
	for _, label := range providerLabels {
		for name, criteria := range w.lists {
			if version, ok := strings.CutPrefix(name, "label_"+label.Value+"_"); ok {
				list = append(list, labelVersion{choice{Value: label.Value + "/" + version, Label: label.Label + ", critères de " + version}, criteria})
			}
		}
	}
	slices.SortFunc(list, func(a, b labelVersion) int { return strings.Compare(b.Value, a.Value) })
	return list
}

func choicesOf(versions []labelVersion) (list []choice) {
	for _, v := range versions {
		list = append(list, v.choice)
	}
	return list
}

func labelProviderPage(v *visit) error { return v.labelling(form{values: url.Values{}}) }

func (v *visit) labelling(f form) error {
	w, p, err := v.listedProvider(v.user.ofOurFund)
	if err != nil {
		return err
	}
	versions := w.labelVersions()
	if len(versions) > 0 && f.value("label") == "" && !f.wrong() {
		f.values.Set("label", versions[0].Value)
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+labelProviderTitle, labelProviderView(f, p, versions))
	}
	return v.show(http.StatusOK, labelProviderTitle, labelProviderView(f, p, versions))
}

func labelProvider(v *visit) error {
	f := v.form()
	from, to := f.date("du", "À partir du", false), f.date("au", "Jusqu’au", false)
	f.asks(fault{"label", "Label\u00a0: à choisir"})
	if from == nil && f.fault("du") == "" {
		f.refuse("du", "À partir du\u00a0: à renseigner")
	}
	if f.wrong() {
		return v.labelling(f)
	}
	label, version, _ := strings.Cut(f.value("label"), "/")
	_, err := v.api.LabelProviderWithResponse(v.ctx, v.path("id"), client.ProviderLabel{Label: label, Version: version, From: *from, To: to}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{"label", "label", "Label", nil}, {"version", "label", "Label", nil}, {"from", "du", "À partir du", nil},
			{"to", "au", "Jusqu’au", map[string]string{"ends_before_start": "Jusqu’au\u00a0: ce jour vient avant le premier"}}})
		return v.labelling(f)
	}
	if err != nil {
		return err
	}
	v.labels.forget()
	return v.done(providersPath+"/"+v.path("id"), "Le label est noté.")
}

func closeProviderPage(v *visit) error { return v.closingProvider(form{values: url.Values{}}) }

func (v *visit) closingProvider(f form) error {
	_, p, err := v.listedProvider(v.user.ofOurFund)
	if err != nil {
		return err
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+closeProviderTitle, closeProviderView(f, p))
	}
	return v.show(http.StatusOK, closeProviderTitle, closeProviderView(f, p))
}

func closeProvider(v *visit) error {
	f := v.form()
	f.asks(fault{"raison", "Pourquoi\u00a0: à choisir"})
	if f.wrong() {
		return v.closingProvider(f)
	}
	_, err := v.api.CloseProviderWithResponse(v.ctx, v.path("id"), client.ProviderClosing{Reason: f.value("raison")}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{"reason", "raison", "Pourquoi", nil}})
		return v.closingProvider(f)
	}
	if err != nil {
		return err
	}
	v.labels.forget()
	return v.done(providersPath, "Le prestataire est fermé\u00a0: plus aucun atelier n’est planifié pour lui. Ceux qui sont planifiés restent.")
}
