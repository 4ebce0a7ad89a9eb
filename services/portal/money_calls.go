package portal

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	callPath        = moneyPath + "/appels"
	newCallPath     = callPath + "/nouveau"
	newCallTitle    = "Ouvrir un appel à projets"
	projectAskTitle = "Déposer un projet"
)

var callRoutesOfMoney = []Route{
	{Method: http.MethodGet, Path: moneyPath, page: fundingCalls},
	{Method: http.MethodGet, Path: newCallPath, page: newFundingCallPage},
	{Method: http.MethodPost, Path: newCallPath, page: openFundingCall},
	{Method: http.MethodGet, Path: callPath + "/{id}", page: fundingCallPage},
	{Method: http.MethodGet, Path: callPath + "/{id}/projet", page: projectAskPage},
	{Method: http.MethodPost, Path: callPath + "/{id}/projet", page: askForProject},
}

// callStates: a call is open from its first day to its last; nothing closes it before.
var callStates = []choice{{Value: "oui", Label: "Ouverts"}, {Value: "non", Label: "Clos ou à venir"}}

func (v *visit) callState(c client.FundingCall) (code, text string) {
	switch {
	case c.Open:
		return "open", "Ouvert"
	case reference.Day(v.Now()) < c.Opens:
		return "requested", "À venir"
	}
	return "closed", "Clos"
}

func callDays(c client.FundingCall) string {
	return "du " + dayText(c.Opens) + " au " + dayText(c.Closes)
}

// moneyList is a page with a table of what there is.
type moneyList struct {
	form

	user  user
	table moneyTable
	path  string
	next  *string
}

func (v *visit) moneyList(f form, t moneyTable, next *string) moneyList {
	return moneyList{form: f, user: v.user, table: t, path: v.r.URL.RequestURI(), next: next}
}

func fundingCalls(v *visit) error {
	if !v.user.seesCalls() {
		return errForbidden
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.ListCallsWithResponse(v.ctx, &client.ListCallsParams{Open: f.yesNo("ouvert"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	t := moneyTable{ID: "appels", Caption: "Les appels", Heads: []string{"Appel", "État", "Dates", "Projets", "Demandé", "Accordé"}}
	for _, c := range answer.JSON200.Items {
		code, state := v.callState(c)
		t.Rows = append(t.Rows, []moneyCell{
			pathCell(c.Name, callPath+"/"+c.ID), stateCell(code, state), wordCell(callDays(c)), numberCell(c.Projects), centsCell(c.AskedCents), centsCell(c.GrantedCents),
		})
	}
	return v.show(http.StatusOK, callsTitle, fundingCallsView(v.moneyList(f, t, answer.JSON200.Next)))
}

// fundingCall is a call with its projects.
type fundingCall struct {
	client.FundingCall

	user        user
	code, state string
	facts       []fact
	money       chart
	projects    moneyTable
	targets     moneyTable
	caveat      string
	path        string
	next        *string
}

// proposable: a provider proposes while the call is open, who looks after the money on any day.
func (c fundingCall) proposable() bool { return c.user.managesMoney() || c.user.proposes() && c.Open }

func fundingCallPage(v *visit) error {
	w, err := v.moneyWords(v.user.seesCalls())
	if err != nil {
		return err
	}
	answer, err := v.api.GetCallWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	c := *answer.JSON200
	page := fundingCall{FundingCall: c, user: v.user, path: v.r.URL.RequestURI()}
	page.code, page.state = v.callState(c)
	page.facts = present([]fact{
		{"Dates", callDays(c)}, {"Sources", listed(w.all("money_source", c.Sources))}, {"Projets", projectsCounted(c)}, {"Structures", number(c.Structures)},
		{"Personnes à atteindre", targetText(c.TargetPeople)}, {"Personnes atteintes", reachedText(c.Reached, c.TargetPeople, c.ReachedPercent)},
		{"Coût accordé", perPerson(c.CentsPerPerson)},
		{"Subvention de tablettes", reference.Euros(c.TabletCents) + " par tablette, au plus " + reference.Euros(c.TabletCapCents) + " par structure"},
		{"Tablettes\u00a0: accordé", reference.Euros(c.SubsidiesCents)},
	})
	page.money = moneyBars("L’argent de cet appel", []amount{{"Coût des projets", c.CostCents}, {"Demandé", c.AskedCents}, {"Accordé", c.GrantedCents}, {"Versé", c.PaidCents}})
	found, err := v.api.ListProjectsWithResponse(v.ctx, &client.ListProjectsParams{Call: &c.ID, Cursor: form{values: v.r.URL.Query()}.text("suite")})
	if err != nil {
		return err
	}
	page.next, page.projects = found.JSON200.Next, projectTable("Les projets de cet appel", found.JSON200.Items)
	if err := v.targetsInto(&page); err != nil {
		return err
	}
	return v.show(http.StatusOK, c.Name, fundingCallView(page))
}

// targetsInto compares, for each project that is paid for, whom it was to reach with whom it reached.
func (v *visit) targetsInto(page *fundingCall) error {
	answer, err := v.api.GetTargetsWithResponse(v.ctx, &client.GetTargetsParams{Call: &page.ID})
	if err != nil {
		return err
	}
	page.caveat = answer.JSON200.Caveat
	page.targets = moneyTable{ID: "objectifs", Caption: "Objectifs et personnes atteintes", Heads: []string{"Projet", "Objectif", "D’après le compte rendu", "Présentes aux ateliers", "Ateliers", "Versé par personne"}}
	for _, t := range answer.JSON200.Items {
		page.targets.Rows = append(page.targets.Rows, []moneyCell{
			pathCell(t.Name, projectsPath+"/"+t.Project), numberCell(t.TargetPeople), reachedCell(t.Reached, t.ReachedPercent), reachedCell(t.Counted, t.CountedPercent), numberCell(t.Sessions),
			{Text: euros(t.PaidCentsPerPerson), Number: true},
		})
	}
	return nil
}

func reachedCell(n int, share *int) moneyCell {
	if share == nil {
		return numberCell(n)
	}
	return moneyCell{Text: number(n) + " (" + percentText(share) + ")", Number: true}
}

func targetText(people int) string {
	if people == 0 {
		return ""
	}
	return number(people)
}

func projectsCounted(c client.FundingCall) string {
	return number(c.Projects) + "\u00a0: " + count(c.Kept, "retenu", "retenus") + ", " + count(c.Refused, "refusé", "refusés") + ", " + count(c.Proposed, "sans réponse", "sans réponse")
}

// amount is an amount with its name.
type amount struct {
	name  string
	cents int
}

// moneyBars has a bar for each amount.
func moneyBars(title string, amounts []amount) chart {
	c := chart{Title: title, Column: "Montant", Names: []string{"euros"}}
	for _, a := range amounts {
		text := reference.Euros(a.cents)
		c.Bars = append(c.Bars, bar{Label: a.name, Values: []int{a.cents}, Words: text, Cells: []string{text}})
	}
	return c
}

// moneyForm is a page on which something about money is written.
type moneyForm struct {
	form

	user                user
	title, action, back string
	words               words
}

// shows answers with the form: with what is wrong, if something is.
func (v *visit) shows(p moneyForm, body templ.Component) error {
	if p.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+p.title, body)
	}
	return v.show(http.StatusOK, p.title, body)
}

func (v *visit) newCallForm(f form) (moneyForm, error) {
	w, err := v.moneyWords(v.user.managesMoney())
	return moneyForm{form: f, user: v.user, title: newCallTitle, action: newCallPath, back: moneyPath, words: w}, err
}

func newFundingCallPage(v *visit) error {
	p, err := v.newCallForm(form{values: url.Values{"tablette": {amountWritten(usualTablet)}, "plafond": {amountWritten(usualCap)}}})
	if err != nil {
		return err
	}
	return v.shows(p, newFundingCallView(p))
}

// What a call gives for tablets where nothing else is decided, in cents.
const (
	usualTablet = 350_00
	usualCap    = 3_000_00
)

var callEntries = []entry{
	{Member: "name", Input: "nom", Label: "Nom"}, {Member: "opens", Input: "ouvre", Label: "Premier jour"},
	{Member: "closes", Input: "ferme", Label: "Dernier jour", Words: map[string]string{"before_opens": "Dernier jour\u00a0: il précède le premier"}},
	{Member: "sources", Input: "sources", Label: "Sources"}, {Member: "target_people", Input: "personnes", Label: "Personnes à atteindre"},
	{Member: "tablet_cents", Input: "tablette", Label: "Pour une tablette"}, {Member: "tablet_cap_cents", Input: "plafond", Label: "Pour une structure"},
}

func openFundingCall(v *visit) error {
	p, err := v.newCallForm(v.form())
	if err != nil {
		return err
	}
	p.asks(fault{"nom", "Nom\u00a0: à renseigner"})
	body := client.NewCall{
		Name: p.value("nom"), Opens: p.day("ouvre", "Premier jour"), Closes: p.day("ferme", "Dernier jour"), Sources: p.list("sources"), TargetPeople: p.people("personnes", "Personnes à atteindre"),
		TabletCents: p.cents("tablette", "Pour une tablette"), TabletCapCents: p.cents("plafond", "Pour une structure"),
	}
	if p.fault("ouvre") == "" && p.fault("ferme") == "" && body.Closes < body.Opens {
		p.refuse("ferme", "Dernier jour\u00a0: il précède le premier")
	}
	if !p.wrong() {
		answer, err := v.api.CreateCallWithResponse(v.ctx, body, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, callEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(callPath+"/"+answer.JSON201.ID, "L’appel est enregistré.")
		}
	}
	return v.shows(p, newFundingCallView(p))
}

// projectAsk is a project as it is asked for.
type projectAsk struct {
	moneyForm

	call       client.FundingCall
	structures []choice // empty where it is the provider's own
}

func (v *visit) projectAsk(f form) (p projectAsk, err error) {
	w, err := v.moneyWords(v.user.proposes())
	if err != nil {
		return p, err
	}
	answer, err := v.api.GetCallWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return p, err
	}
	p.call = *answer.JSON200
	at := callPath + "/" + p.call.ID
	p.moneyForm = moneyForm{form: f, user: v.user, title: projectAskTitle, action: at + "/projet", back: at, words: w}
	if v.user.managesMoney() {
		p.structures, err = v.proposers(w)
	}
	return p, err
}

// proposers are the structures that are noted, and the providers of the fund that are not yet.
func (v *visit) proposers(w words) ([]choice, error) {
	noted, err := v.api.ListStructuresWithResponse(v.ctx, &client.ListStructuresParams{Limit: most()})
	if err != nil {
		return nil, err
	}
	list, known := []choice{{Label: "À choisir"}}, map[string]bool{}
	for _, s := range noted.JSON200.Items {
		known[s.ID] = true
		list = append(list, choice{Value: s.ID, Label: s.Name})
	}
	for _, p := range w.providers {
		if p.Fund == v.user.Fund && !known[p.ID] {
			list = append(list, choice{Value: p.ID, Label: p.Name})
		}
	}
	return list, nil
}

func projectAskPage(v *visit) error {
	p, err := v.projectAsk(form{})
	if err != nil {
		return err
	}
	return v.shows(p.moneyForm, projectAskView(p))
}

var projectAskEntries = []entry{
	{Member: "structure", Input: "structure", Label: "Structure", Words: map[string]string{"unknown_structure": "Structure\u00a0: choisissez-en une de la liste"}},
	{Member: "name", Input: "nom", Label: "Nom du projet"}, {Member: "cost_cents", Input: "cout", Label: "Coût du projet"},
	{Member: "asked_cents", Input: "demande", Label: "Montant demandé", Words: map[string]string{"more_than_cost": moreThanCost}},
	{Member: "target_people", Input: "personnes", Label: "Personnes à atteindre"}, {Member: "tablets", Input: "tablettes", Label: "Tablettes"},
}

const moreThanCost = "Montant demandé\u00a0: c’est plus que le coût du projet"

func askForProject(v *visit) error {
	p, err := v.projectAsk(v.form())
	if err != nil {
		return err
	}
	if p.structures != nil {
		p.asks(fault{"structure", "Structure\u00a0: choisissez-en une de la liste"})
	}
	p.asks(fault{"nom", "Nom du projet\u00a0: à renseigner"})
	body := client.NewProject{
		Structure: p.text("structure"), Name: p.value("nom"), CostCents: p.dueCents("cout", "Coût du projet"), AskedCents: p.dueCents("demande", "Montant demandé"),
		TargetPeople: p.people("personnes", "Personnes à atteindre"), Tablets: p.people("tablettes", "Tablettes"),
	}
	if p.fault("cout") == "" && p.fault("demande") == "" && body.AskedCents > body.CostCents {
		p.refuse("demande", moreThanCost)
	}
	if !p.wrong() {
		answer, err := v.api.ProposeProjectWithResponse(v.ctx, p.call.ID, body, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, projectAskEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(projectsPath+"/"+answer.JSON201.ID, "Le projet est déposé.")
		}
	}
	return v.shows(p.moneyForm, projectAskView(p))
}
