package portal

import (
	"net/http"
	"net/url"
	"strconv"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	decisionsPath    = moneyPath + "/decisions"
	decisionsTitle   = "Décisions"
	newDecisionPath  = decisionsPath + "/nouvelle"
	newDecisionTitle = "Prendre une décision"
)

var decisionRoutes = []Route{
	{Method: http.MethodGet, Path: decisionsPath, page: decisionList},
	{Method: http.MethodGet, Path: newDecisionPath, page: newDecisionPage},
	{Method: http.MethodPost, Path: newDecisionPath, page: takeDecision},
	{Method: http.MethodGet, Path: decisionsPath + "/{id}", page: decisionPage},
}

func decisionRow(d client.Decision) []moneyCell {
	return []moneyCell{pathCell(dayText(d.Date), decisionsPath+"/"+d.ID), numberCell(len(d.Lines)), centsCell(d.TotalCents), centsCell(d.PaidCents)}
}

func decisionList(v *visit) error {
	if !v.user.readsMoney() {
		return errForbidden
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.ListDecisionsWithResponse(v.ctx, &client.ListDecisionsParams{Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	t := moneyTable{ID: "decisions", Caption: "Les décisions, la dernière d’abord", Heads: []string{"Décision", "Lignes", "Total", "Versé"}}
	for _, d := range answer.JSON200.Items {
		t.Rows = append(t.Rows, decisionRow(d))
	}
	return v.show(http.StatusOK, decisionsTitle, decisionsView(v.moneyList(f, t, answer.JSON200.Next)))
}

// decisionSheet is a decision with its lines.
type decisionSheet struct {
	client.Decision

	user  user
	lines []decidedLine
}

// decidedLine is a line with what may still be paid of it.
type decidedLine struct {
	client.Line

	facts []fact
	left  int
	line  string // as the forms name it
}

func decisionPage(v *visit) error {
	w, err := v.moneyWords(v.user.readsMoney())
	if err != nil {
		return err
	}
	answer, err := v.api.GetDecisionWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	envelopes, err := v.api.ListEnvelopesWithResponse(v.ctx, &client.ListEnvelopesParams{Limit: most()})
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, e := range envelopes.JSON200.Items {
		names[e.ID] = e.Name
	}
	page := decisionSheet{Decision: *answer.JSON200, user: v.user}
	for _, l := range page.Lines {
		page.lines = append(page.lines, decidedLine{Line: l, left: unpaid(l), line: lineName(page.ID, l.Line), facts: present([]fact{
			{"Montant", reference.Euros(l.AmountCents)}, {"Versé", reference.Euros(l.PaidCents)}, {"À récupérer", centsIfAny(l.RecoveredCents)}, {"Enveloppe", names[the(l.EnvelopeID)]},
			{"Source", w.source(l.Source)}, {"Nature", w.nature(l.Nature)}, {"Personnes à atteindre", targetText(l.TargetPeople)}, {"Coût", perPerson(l.CentsPerPerson)},
		})})
	}
	return v.show(http.StatusOK, "Décision du "+dayText(page.Date), decisionView(page))
}

// unpaid is what may still be paid of a line: what came back is not paid again.
func unpaid(l client.Line) int { return l.AmountCents - l.PaidCents - l.RecoveredCents }

// lineName names a line of a decision in a form.
func lineName(decision string, line int) string { return decision + ":" + strconv.Itoa(line) }

// Lines on the form: as many as are filled in and a few more.
const (
	linesFirst = 3
	linesMore  = 3
	linesMost  = 100
)

// newDecision is a decision that is written down.
type newDecision struct {
	moneyForm

	committees, projects, envelopes []choice
	shown                           int // lines
}

func (v *visit) newDecision(f form) (p newDecision, err error) {
	w, err := v.moneyWords(v.user.managesMoney())
	if err != nil {
		return p, err
	}
	p.moneyForm = moneyForm{form: f, user: v.user, title: newDecisionTitle, action: newDecisionPath, back: decisionsPath, words: w}
	committees, err := v.api.ListCommitteesWithResponse(v.ctx, &client.ListCommitteesParams{Limit: most()})
	if err != nil {
		return p, err
	}
	projects, err := v.api.ListProjectsWithResponse(v.ctx, &client.ListProjectsParams{Limit: most()})
	if err != nil {
		return p, err
	}
	p.committees, p.projects = []choice{{Label: "Aucune"}}, []choice{{Label: "Aucun"}}
	for _, c := range committees.JSON200.Items {
		p.committees = append(p.committees, choice{Value: c.ID, Label: committeeName(c)})
		if c.ID == v.r.URL.Query().Get("commission") {
			p.fill(c)
		}
	}
	for _, one := range projects.JSON200.Items {
		if one.Status != "refused" {
			p.projects = append(p.projects, choice{Value: one.ID, Label: one.Name + ", " + one.StructureName})
		}
	}
	p.shown = min(linesMost, max(linesFirst, the(p.countOf("lignes")), p.filled()+1))
	p.envelopes, err = v.envelopeChoices("Celle de la source, s’il n’y en a qu’une", w)
	return p, err
}

// countOf reads a number that the form itself carries.
func (f form) countOf(name string) *int {
	n, err := strconv.Atoi(f.value(name))
	if err != nil || n < 0 {
		return nil
	}
	return &n
}

// fill writes what a committee has voted for, line by line. The total is left to who decides: it checks the lines.
func (p *newDecision) fill(c client.Committee) {
	p.values.Set("commission", c.ID)
	inBoxes(p.values, "date", c.Date)
	n := 0
	for _, item := range c.Agenda {
		for _, one := range c.Votes {
			if one.ProjectID != the(item.ProjectID) || one.AmountCents == 0 {
				continue
			}
			n++
			p.values.Set(lineInput(n, "libelle"), item.Label)
			p.values.Set(lineInput(n, "montant"), amountWritten(one.AmountCents))
			p.values.Set(lineInput(n, "projet"), one.ProjectID)
			p.values.Set(lineInput(n, "nature"), "action")
		}
	}
}

func lineInput(n int, name string) string { return "ligne-" + strconv.Itoa(n) + "-" + name }

// lineInputs are the inputs of a line, and the members that they stand for.
var lineInputs = []struct{ input, member, label string }{
	{"libelle", "label", "libellé"}, {"montant", "amount_cents", "montant"}, {"projet", "project_id", "projet"}, {"nature", "nature", "nature"},
	{"source", "source", "source"}, {"enveloppe", "envelope_id", "enveloppe"}, {"personnes", "target_people", "personnes à atteindre"},
}

// written: something is typed or chosen in a line.
func (f form) written(n int) bool {
	for _, i := range lineInputs {
		if f.value(lineInput(n, i.input)) != "" {
			return true
		}
	}
	return false
}

// filled is the last line in which something is written.
func (f form) filled() (last int) {
	for n := 1; n <= linesMost; n++ {
		if f.written(n) {
			last = n
		}
	}
	return last
}

func newDecisionPage(v *visit) error {
	p, err := v.newDecision(form{values: url.Values{}})
	if err != nil {
		return err
	}
	return v.shows(p.moneyForm, newDecisionView(p))
}

// takeDecision shows everything that is wrong at once; with its other button the form grows and nothing is decided.
func takeDecision(v *visit) error {
	p, err := v.newDecision(v.form())
	if err != nil {
		return err
	}
	if p.value("plus") != "" {
		p.shown = min(linesMost, p.shown+linesMore)
		return v.shows(p.moneyForm, newDecisionView(p))
	}
	body, places := p.read()
	if !p.wrong() {
		answer, err := v.api.CreateDecisionWithResponse(v.ctx, body, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, decisionEntries(places))
		} else if err != nil {
			return err
		} else {
			return v.done(decisionsPath+"/"+answer.JSON201.ID, "La décision est prise.")
		}
	}
	return v.shows(p.moneyForm, newDecisionView(p))
}

// read is the decision as it is written. places are the lines of the form in their order: empty ones are left out.
func (p *newDecision) read() (body client.NewDecision, places []int) {
	body = client.NewDecision{Date: p.day("date", "Date"), CommitteeID: p.text("commission"), TotalCents: p.dueCents("total", "Total")}
	sum := 0
	for n := 1; n <= linesMost; n++ {
		if p.written(n) {
			line := p.line(n)
			sum += line.AmountCents
			body.Lines, places = append(body.Lines, line), append(places, n)
		}
	}
	if len(places) == 0 {
		p.refuse(lineInput(1, "libelle"), "Ligne 1\u00a0: une décision a au moins une ligne")
	} else if p.fault("total") == "" && !p.amountsWrong(places) && sum != body.TotalCents {
		p.refuse("total", addsUpTo(sum, body.TotalCents))
	}
	return body, places
}

func (p *newDecision) amountsWrong(places []int) bool {
	for _, n := range places {
		if p.fault(lineInput(n, "montant")) != "" {
			return true
		}
	}
	return false
}

// addsUpTo says how far lines and total are from each other.
func addsUpTo(sum, total int) string {
	text := "Total\u00a0: les lignes font " + reference.Euros(sum) + ", le total dit " + reference.Euros(total)
	if sum < total {
		return text + "\u00a0: il manque " + reference.Euros(total-sum)
	}
	return text + "\u00a0: il y a " + reference.Euros(sum-total) + " de trop"
}

func (p *newDecision) line(n int) client.NewLine {
	label := func(of string) string { return "Ligne " + strconv.Itoa(n) + ", " + of }
	p.asks(fault{lineInput(n, "libelle"), label("libellé") + "\u00a0: à renseigner"})
	return client.NewLine{
		Label: p.value(lineInput(n, "libelle")), AmountCents: p.dueCents(lineInput(n, "montant"), label("montant")), ProjectID: p.text(lineInput(n, "projet")),
		Nature: p.text(lineInput(n, "nature")), Source: p.text(lineInput(n, "source")), EnvelopeID: p.text(lineInput(n, "enveloppe")),
		TargetPeople: p.people(lineInput(n, "personnes"), label("personnes à atteindre")),
	}
}

// decisionWords finish what is said of an input, after its name.
var decisionWords = map[string]string{
	"unknown_project": "choisissez un projet de la liste", "project_refused": "la commission a refusé ce projet", "not_of_envelope": "l’enveloppe est d’une autre source",
	"unknown_source": "choisissez une source de la liste", "unknown_envelope": "choisissez une enveloppe de la liste", "envelope_closed": "cette enveloppe n’est pas ouverte ce jour-là",
	"which_envelope": "plusieurs enveloppes de cette source sont ouvertes, choisissez-en une", "not_of_committee": "la commission a siégé un autre jour",
	"presentation_only": "cette commission n’a rien décidé, on lui a seulement présenté quelque chose", "lines_do_not_add_up": "les lignes ne font pas ce total",
	"unknown_committee": "choisissez une commission de la liste",
}

// decisionEntries ties each line that was sent to the inputs of the page where it stands.
func decisionEntries(places []int) []entry {
	list := []entry{ofDecision("date", "date", "Date"), ofDecision("committee_id", "commission", "Commission"), ofDecision("total_cents", "total", "Total")}
	for sent, n := range places {
		for _, i := range lineInputs {
			list = append(list, ofDecision("lines["+strconv.Itoa(sent)+"]."+i.member, lineInput(n, i.input), "Ligne "+strconv.Itoa(n)+", "+i.label))
		}
	}
	return list
}

// ofDecision is an entry that has the words of a decision.
func ofDecision(member, input, label string) entry {
	e := entry{Member: member, Input: input, Label: label, Words: map[string]string{}}
	for code, text := range decisionWords {
		e.Words[code] = label + "\u00a0: " + text
	}
	return e
}
