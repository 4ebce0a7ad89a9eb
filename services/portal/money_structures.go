package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	structuresPath    = moneyPath + "/structures"
	structuresTitle   = "Structures"
	newStructurePath  = structuresPath + "/nouvelle"
	newStructureTitle = "Noter une structure"
	subsidyTitle      = "Accorder une subvention de tablettes"
	subsidyEnd        = "/tablettes"
)

var structureRoutes = []Route{
	{Method: http.MethodGet, Path: structuresPath, page: structureList},
	{Method: http.MethodGet, Path: newStructurePath, page: newStructurePage},
	{Method: http.MethodPost, Path: newStructurePath, page: noteStructure},
	{Method: http.MethodGet, Path: structuresPath + "/{id}", page: structurePage},
	{Method: http.MethodGet, Path: structuresPath + "/{id}" + subsidyEnd, page: subsidyPage},
	{Method: http.MethodPost, Path: structuresPath + "/{id}" + subsidyEnd, page: subsidise},
}

func structureList(v *visit) error {
	if !v.user.readsMoney() {
		return errForbidden
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.ListStructuresWithResponse(v.ctx, &client.ListStructuresParams{Network: f.text("reseau"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	t := moneyTable{ID: "structures", Caption: "Les structures, chacune une fois", Heads: []string{"Structure", "Réseaux", "Projets", "Accordé"}}
	for _, s := range answer.JSON200.Items {
		t.Rows = append(t.Rows, []moneyCell{pathCell(s.Name, structuresPath+"/"+s.ID), wordCell(listed(s.Networks)), numberCell(s.Projects), centsCell(s.GrantedCents)})
	}
	return v.show(http.StatusOK, structuresTitle, structureListView(v.moneyList(f, t, answer.JSON200.Next)))
}

// structureSheet is what a structure got, and what it may still be given for tablets.
type structureSheet struct {
	moneyForm

	ID, Name       string
	facts          []fact
	calls          []choice
	quote          *quote
	projects       moneyTable
	paid, recalled moneyTable
}

// quote is a calculation, of which nothing is stored.
type quote struct {
	client.QuotedAmount

	call    client.FundingCall
	tablets int // 0: nothing was asked
}

// structurePage shows a structure; where a number of tablets was typed that is none, it says so.
func structurePage(v *visit) error {
	w, err := v.moneyWords(v.user.seesCalls())
	if err != nil {
		return err
	}
	s, err := v.structure(w, v.path("id"))
	if err != nil {
		return err
	}
	page := structureSheet{ID: s.ID, Name: s.Name, moneyForm: moneyForm{form: form{values: v.r.URL.Query()}, user: v.user, title: s.Name, action: structuresPath + "/" + s.ID, words: w}}
	page.facts = present([]fact{{"Réseaux", listed(s.Networks)}, {"Projets", number(s.Projects)}, {"Accordé en tout", reference.Euros(s.GrantedCents)}})
	if err := v.quoteInto(&page); err != nil {
		return err
	}
	found, err := v.api.ListProjectsWithResponse(v.ctx, &client.ListProjectsParams{Structure: &s.ID, Limit: most()})
	if err != nil {
		return err
	}
	page.projects = projectTable("Les projets de cette structure", found.JSON200.Items)
	if err := v.movedInto(&page, found.JSON200.Items); err != nil {
		return err
	}
	return v.shows(page.moneyForm, structureView(page))
}

var errNoStructure = &client.Problem{Status: http.StatusNotFound}

// structure is one that asks for money; a provider that has not asked yet is known by its name.
func (v *visit) structure(w words, id string) (client.FundedStructure, error) {
	if v.user.is("provider") && id != v.user.Provider {
		return client.FundedStructure{}, errNoStructure
	}
	answer, err := v.api.ListStructuresWithResponse(v.ctx, &client.ListStructuresParams{Limit: most()})
	if err != nil {
		return client.FundedStructure{}, err
	}
	for _, s := range answer.JSON200.Items {
		if s.ID == id {
			return s, nil
		}
	}
	if name := w.of("provider", id); name != id {
		return client.FundedStructure{ID: id, Name: name, Fund: v.user.Fund}, nil
	}
	return client.FundedStructure{}, errNoStructure
}

// quoteInto says what is left under the ceiling of a call: of the one that is chosen, else of the last.
func (v *visit) quoteInto(page *structureSheet) error {
	answer, err := v.api.ListCallsWithResponse(v.ctx, &client.ListCallsParams{Limit: most()})
	if err != nil || len(answer.JSON200.Items) == 0 {
		return err
	}
	calls := answer.JSON200.Items
	chosen := calls[len(calls)-1]
	for _, c := range slices.Backward(calls) {
		page.calls = append(page.calls, choice{Value: c.ID, Label: c.Name})
		if c.ID == page.value("appel") {
			chosen = c
		}
	}
	page.values.Set("appel", chosen.ID)
	tablets := page.whole("tablettes", "Tablettes")
	if tablets != nil && (*tablets < 1 || *tablets > 1000) {
		page.refuse("tablettes", "Tablettes\u00a0: écrivez un nombre de 1 à 1\u202f000")
		tablets = nil
	}
	q := quote{call: chosen, tablets: the(tablets)}
	quoted, err := v.api.QuoteTabletsWithResponse(v.ctx, client.TabletQuote{Call: chosen.ID, Structure: page.ID, Tablets: max(1, q.tablets)})
	if err != nil {
		return err
	}
	q.QuotedAmount, page.quote = *quoted.JSON200, &q
	return nil
}

func (q quote) facts() []fact {
	return []fact{
		{"Appel", q.call.Name}, {"Pour une tablette", reference.Euros(q.call.TabletCents)}, {"Plafond pour une structure", reference.Euros(q.call.TabletCapCents)},
		{"Déjà accordé", reference.Euros(q.HadCents)}, {"Reste sous le plafond", reference.Euros(q.LeftCents)},
	}
}

// result is the answer to what was asked, with how it comes about.
func (q quote) result() string {
	text := count(q.tablets, "tablette donnerait", "tablettes donneraient") + " droit à " + reference.Euros(q.AmountCents) + "."
	if full := q.tablets * q.call.TabletCents; full > q.AmountCents {
		text += " " + number(q.tablets) + " fois " + reference.Euros(q.call.TabletCents) + " font " + reference.Euros(full) + "\u00a0: c’est le plafond qui compte."
	}
	return text
}

// movedInto adds what was paid to a structure, and what has to come back, for those who may read it.
func (v *visit) movedInto(page *structureSheet, projects []client.Project) error {
	if !v.user.readsMoney() {
		return nil
	}
	names := map[string]string{}
	for _, p := range projects {
		names[p.ID] = p.Name
	}
	paid, err := v.api.ListPaymentsWithResponse(v.ctx, &client.ListPaymentsParams{Structure: &page.ID, Limit: most()})
	if err != nil {
		return err
	}
	page.paid = moneyTable{ID: "versements", Caption: "Les versements", Heads: []string{"Date", "Projet", "Montant"}}
	for _, p := range paid.JSON200.Items {
		page.paid.Rows = append(page.paid.Rows, []moneyCell{wordCell(dayText(p.Date)), wordCell(names[the(p.ProjectID)]), centsCell(p.AmountCents)})
	}
	recalled, err := v.api.ListRecoveriesWithResponse(v.ctx, &client.ListRecoveriesParams{Structure: &page.ID, Limit: most()})
	if err != nil {
		return err
	}
	page.recalled = moneyTable{ID: "recuperations", Caption: "Les récupérations", Heads: []string{"Date", "Projet", "Pourquoi", "Montant"}}
	for _, r := range recalled.JSON200.Items {
		page.recalled.Rows = append(page.recalled.Rows, []moneyCell{
			wordCell(dayText(r.Date)), wordCell(names[the(r.ProjectID)]), wordCell(page.words.of("recovery_reason", r.Reason)), centsCell(r.AmountCents),
		})
	}
	return nil
}

// newStructure is an organisation to be noted.
type newStructure struct {
	moneyForm

	providers []choice
}

func (v *visit) newStructure(f form) (newStructure, error) {
	w, err := v.moneyWords(v.user.managesMoney())
	p := newStructure{moneyForm: moneyForm{form: f, user: v.user, title: newStructureTitle, action: newStructurePath, back: structuresPath, words: w}}
	p.providers = []choice{{Label: "Aucun"}}
	for _, one := range w.providers {
		if one.Fund == v.user.Fund {
			p.providers = append(p.providers, choice{Value: one.ID, Label: one.Name})
		}
	}
	return p, err
}

func newStructurePage(v *visit) error {
	p, err := v.newStructure(form{})
	if err != nil {
		return err
	}
	return v.shows(p.moneyForm, newStructureView(p))
}

var structureEntries = []entry{
	{Member: "name", Input: "nom", Label: "Nom"}, {Member: "networks", Input: "reseaux", Label: "Réseaux"},
	{Member: "provider_id", Input: "prestataire", Label: "Prestataire", Words: map[string]string{"unknown_provider": "Prestataire\u00a0: choisissez-en un de la liste"}},
}

func noteStructure(v *visit) error {
	p, err := v.newStructure(v.form())
	if err != nil {
		return err
	}
	p.asks(fault{"nom", "Nom\u00a0: à renseigner"})
	if !p.wrong() {
		answer, err := v.api.NoteStructureWithResponse(v.ctx, client.NewStructure{Name: p.value("nom"), Networks: separated(p.value("reseaux")), ProviderID: p.text("prestataire")}, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, structureEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(structuresPath+"/"+answer.JSON201.ID, "La structure est notée.")
		}
	}
	return v.shows(p.moneyForm, newStructureView(p))
}

// separated are the words of a line with commas between them.
func separated(typed string) (list []string) {
	for one := range strings.SplitSeq(typed, ",") {
		if one = strings.TrimSpace(one); one != "" {
			list = append(list, one)
		}
	}
	return list
}

// subsidy is money for tablets, of a decision.
type subsidy struct {
	moneyForm

	structure        client.FundedStructure
	calls, decisions []choice
}

func (v *visit) subsidy(f form) (p subsidy, err error) {
	w, err := v.moneyWords(v.user.managesMoney())
	if err != nil {
		return p, err
	}
	if p.structure, err = v.structure(w, v.path("id")); err != nil {
		return p, err
	}
	at := structuresPath + "/" + p.structure.ID
	p.moneyForm = moneyForm{form: f, user: v.user, title: subsidyTitle, action: at + subsidyEnd, back: at, words: w}
	calls, err := v.api.ListCallsWithResponse(v.ctx, &client.ListCallsParams{Limit: most()})
	if err != nil {
		return p, err
	}
	decisions, err := v.api.ListDecisionsWithResponse(v.ctx, &client.ListDecisionsParams{Limit: most()})
	if err != nil {
		return p, err
	}
	p.calls, p.decisions = []choice{{Label: "À choisir"}}, []choice{{Label: "À choisir"}}
	for _, c := range slices.Backward(calls.JSON200.Items) {
		p.calls = append(p.calls, choice{Value: c.ID, Label: c.Name})
	}
	for _, d := range decisions.JSON200.Items {
		if cents := equipmentOf(d); cents > 0 {
			p.decisions = append(p.decisions, choice{Value: d.ID, Label: dayText(d.Date) + ", " + reference.Euros(cents) + " pour du matériel"})
		}
	}
	return p, nil
}

// equipmentOf is what a decision gives for things.
func equipmentOf(d client.Decision) (cents int) {
	for _, l := range d.Lines {
		if the(l.Nature) == "equipment" {
			cents += l.AmountCents
		}
	}
	return cents
}

func subsidyPage(v *visit) error {
	p, err := v.subsidy(form{values: url.Values{"appel": {v.r.URL.Query().Get("appel")}, "tablettes": {v.r.URL.Query().Get("tablettes")}}})
	if err != nil {
		return err
	}
	return v.shows(p.moneyForm, subsidyView(p))
}

var subsidyEntries = []entry{
	{Member: "call", Input: "appel", Label: "Appel"}, {Member: "tablets", Input: "tablettes", Label: "Tablettes"}, {Member: "decision", Input: "decision", Label: "Décision"},
	{Member: "structure", Input: "appel", Label: "Structure", Words: map[string]string{"unknown_structure": "Structure\u00a0: notez-la d’abord, ou déposez d’abord son projet"}},
}

func subsidise(v *visit) error {
	p, err := v.subsidy(v.form())
	if err != nil {
		return err
	}
	p.asks(fault{"appel", "Appel\u00a0: choisissez-en un"})
	tablets := p.duePeople("tablettes", "Tablettes")
	p.asks(fault{"decision", "Décision\u00a0: choisissez-en une"})
	if !p.wrong() {
		answer, err := v.api.SubsidiseTabletsWithResponse(v.ctx, client.NewSubsidy{Call: p.value("appel"), Structure: p.structure.ID, Tablets: tablets, Decision: p.value("decision")}, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, subsidyEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(nextTo(p.back, "appel", p.value("appel")), reference.Euros(answer.JSON201.AmountCents)+" sont accordés pour des tablettes.")
		}
	}
	return v.shows(p.moneyForm, subsidyView(p))
}
