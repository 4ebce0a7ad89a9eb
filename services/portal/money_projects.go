package portal

import (
	"net/http"
	"strconv"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	projectsPath  = moneyPath + "/projets"
	projectsTitle = "Projets"
	reportTitle   = "Rendre compte du projet"
	reportEnd     = "/compte-rendu"
	criteriaEnd   = "/criteres"
)

var projectRoutes = []Route{
	{Method: http.MethodGet, Path: projectsPath, page: projectList},
	{Method: http.MethodGet, Path: projectsPath + "/{id}", page: projectPage},
	{Method: http.MethodGet, Path: projectsPath + "/{id}" + reportEnd, page: reportPage},
	{Method: http.MethodPost, Path: projectsPath + "/{id}" + reportEnd, page: sendReport},
	{Method: http.MethodPost, Path: projectsPath + "/{id}" + criteriaEnd, File: true, page: exportCriteria},
}

var (
	projectStates = []choice{
		{Value: "proposed", Label: "Déposé"}, {Value: "postponed", Label: "Ajourné"}, {Value: "kept", Label: "Retenu"}, {Value: "refused", Label: "Refusé"},
	}
	projectTone  = map[string]string{"proposed": "submitted", "postponed": "requested", "kept": "validated", "refused": "refused"}
	reportStates = []choice{
		{Value: "not_due", Label: "Pas encore à rendre"}, {Value: "missing", Label: "Compte rendu à rendre"}, {Value: "sent", Label: "Compte rendu en cours de route"},
		{Value: "final", Label: "Compte rendu final"},
	}
	reportTone = map[string]string{"not_due": "closed", "missing": "declined", "sent": "requested", "final": "validated"}
)

// gapWords say what is not noted yet, after the title of a session.
var gapWords = map[string]string{
	"no_session": "aucun atelier de ce projet n’a eu lieu", "attendance": "des présences ne sont pas notées", "not_closed": "l’atelier est fini et n’est pas clos",
	"outcomes": "des résultats ne sont pas notés", "services": "les services présentés ne sont pas notés", "content_plan": "le plan du contenu manque",
	"evaluation": "l’évaluation manque", "impact_sheet": "l’étude d’impact manque",
}

// projectTable lists projects under a title.
func projectTable(title string, list []client.Project) moneyTable {
	t := moneyTable{ID: "projets", Caption: title, Heads: []string{"Projet", "Structure", "État", "Coût", "Demandé", "Accordé", "Part du coût", "Compte rendu"}}
	for _, p := range list {
		t.Rows = append(t.Rows, []moneyCell{
			pathCell(p.Name, projectsPath+"/"+p.ID), pathCell(p.StructureName, structuresPath+"/"+p.Structure), stateCell(projectTone[p.Status], labelOf(projectStates, p.Status)),
			centsCell(p.CostCents), centsCell(p.AskedCents), centsCell(p.GrantedCents), {Text: percentText(p.SharePercent), Number: true}, wordCell(labelOf(reportStates, p.Report)),
		})
	}
	return t
}

func projectList(v *visit) error {
	if !v.user.seesCalls() {
		return errForbidden
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.ListProjectsWithResponse(v.ctx, &client.ListProjectsParams{Status: f.text("etat"), Network: f.text("reseau"), Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, projectsTitle, projectListView(v.moneyList(f, projectTable("Les projets", answer.JSON200.Items), answer.JSON200.Next)))
}

// projectSheet is a project, who pays for it, and what it reached.
type projectSheet struct {
	client.Project

	user     user
	facts    []fact
	sources  chart
	lines    moneyTable
	people   []fact
	gaps     []reportGap
	complete bool
	criteria moneyTable
	label    string
	caveats  []string
	votes    []link // where a committee says what it thinks of it
}

// reportGap is something that is not noted yet, with the page where it is.
type reportGap struct{ text, path string }

// reports: there is something to report on once a decision pays for it.
func (p projectSheet) reports() bool { return p.user.proposes() && p.GrantedCents > 0 }

func projectPage(v *visit) error {
	w, err := v.moneyWords(v.user.seesCalls())
	if err != nil {
		return err
	}
	page, err := v.projectSheet(w)
	if err != nil {
		return err
	}
	for _, add := range []func(*projectSheet) error{v.reportSoFar, v.judged(w), v.decidedFor(w), v.toVote} {
		if err := add(&page); err != nil {
			return err
		}
	}
	return v.show(http.StatusOK, page.Name, projectView(page))
}

func (v *visit) projectSheet(w words) (page projectSheet, err error) {
	answer, err := v.api.GetProjectWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return page, err
	}
	p := *answer.JSON200
	page = projectSheet{Project: p, user: v.user}
	page.facts = present([]fact{
		{"Coût du projet", reference.Euros(p.CostCents)}, {"Demandé", reference.Euros(p.AskedCents)}, {"Accordé", grantedText(p)}, {"Versé", reference.Euros(p.PaidCents)},
		{"À récupérer déjà demandé", centsIfAny(p.RecoveredCents)}, {"Objectif manqué\u00a0: à récupérer", centsIfAny(p.RecoverableCents)}, {"Tablettes voulues", targetText(p.Tablets)},
	})
	page.people = []fact{
		{"Objectif", targetOr(p.TargetPeople)}, {"Atteintes, d’après le compte rendu", reachedText(p.Reached, p.TargetPeople, p.ReachedPercent)},
		{"Coût par personne, accordé", euros(p.PromisedCentsPerPerson)}, {"Coût par personne, versé", euros(p.PaidCentsPerPerson)},
	}
	return page, nil
}

func targetOr(people int) string {
	if people == 0 {
		return "Non fixé"
	}
	return count(people, "personne", "personnes")
}

func grantedText(p client.Project) string {
	if p.GrantedCents == 0 {
		return "Rien encore"
	}
	return reference.Euros(p.GrantedCents) + ", soit " + percentText(p.SharePercent) + " du coût"
}

func centsIfAny(cents int) string {
	if cents == 0 {
		return ""
	}
	return reference.Euros(cents)
}

// reportSoFar adds whom its sessions reached, and what is not noted yet.
func (v *visit) reportSoFar(page *projectSheet) error {
	answer, err := v.api.GetReportDraftWithResponse(v.ctx, page.ID)
	if err != nil {
		return err
	}
	d := *answer.JSON200
	page.people = append(page.people, fact{"Présentes dans ses ateliers", reachedText(d.Reached, d.TargetPeople, d.ReachedPercent)},
		fact{"Ateliers tenus", number(d.Sessions)}, fact{"Les trois acquis", threeFacts(d.Outcomes.Objective)}, fact{"Tablettes prêtées", lentText(d.Tablets)})
	page.gaps, page.complete = gapsIn(d.Missing), d.Complete
	page.caveats = append(page.caveats, d.Caveat)
	return nil
}

// threeFacts is how many of those who finished have all three, against the target.
func threeFacts(o client.OutcomeObjective) string {
	if o.Finished == 0 {
		return "Personne n’a encore terminé"
	}
	return number(o.All) + " sur " + count(o.Finished, "personne qui a terminé", "personnes qui ont terminé") + ", soit " + percentText(o.Percent) + " (objectif\u00a0: " + number(o.Target) + "\u00a0%)"
}

func lentText(t client.FileTablets) string {
	if t.Lost == 0 {
		return number(t.Lent)
	}
	return number(t.Lent) + ", dont " + count(t.Lost, "perdue", "perdues")
}

func gapsIn(missing []client.ReportGap) (list []reportGap) {
	for _, m := range missing {
		gap := reportGap{text: gapWords[m.Code]}
		if gap.text == "" {
			gap.text = m.Code
		}
		if m.N > 1 {
			gap.text += " (" + number(m.N) + ")"
		}
		if m.Session != nil {
			gap.text, gap.path = the(m.Title)+"\u00a0: "+gap.text, "/ateliers/"+*m.Session
		} else {
			gap.text = sentenceCase(gap.text)
		}
		list = append(list, gap)
	}
	return list
}

// judged adds the criteria of the label, met or not.
func (v *visit) judged(w words) func(*projectSheet) error {
	return func(page *projectSheet) error {
		answer, err := v.api.GetProjectCriteriaWithResponse(v.ctx, page.ID, &client.GetProjectCriteriaParams{})
		if err != nil {
			return err
		}
		page.judge(w, *answer.JSON200)
		return nil
	}
}

func (p *projectSheet) judge(w words, c client.ProjectCriteria) {
	p.criteria = moneyTable{ID: "criteres", Caption: "Les critères du label", Heads: []string{"Critère", "Rempli", "Fait", "Ce qui manque"}}
	for _, one := range c.Criteria {
		state := stateCell("declined", "Non rempli")
		if one.Met {
			state = stateCell("validated", "Rempli")
		}
		p.criteria.Rows = append(p.criteria.Rows, []moneyCell{
			wordCell(one.Title), state, {Text: number(one.N) + " sur " + number(one.Of), Number: true}, wordCell(listed(w.all("skills", one.Missing))),
		})
	}
	p.label = number(c.Met) + " sur " + count(len(c.Criteria), "critère rempli", "critères remplis")
	if c.Held {
		p.label += ". La structure a ce label."
	} else {
		p.label += ". La structure n’a pas ce label."
	}
	p.caveats = append(p.caveats, c.Caveat)
}

// exportCriteria gives the criteria as a file with a line for each.
func exportCriteria(v *visit) error {
	answer, err := v.api.GetProjectCriteriaWithResponse(v.ctx, v.path("id"), &client.GetProjectCriteriaParams{Format: new("csv")})
	if err != nil {
		return err
	}
	v.attach("criteres.csv")
	_, err = v.w.Write(answer.Body)
	return err
}

// decidedFor adds who pays: the sources of its lines, for those who may read decisions.
func (v *visit) decidedFor(w words) func(*projectSheet) error {
	return func(page *projectSheet) error {
		p := page.Project
		var parts []amount
		if v.user.readsMoney() {
			decisions, err := v.api.ListDecisionsWithResponse(v.ctx, &client.ListDecisionsParams{Limit: most()})
			if err != nil {
				return err
			}
			page.lines, parts = w.linesOf(p.ID, decisions.JSON200.Items)
		} else if p.GrantedCents > 0 {
			parts = []amount{{"La caisse", p.GrantedCents}}
		}
		page.sources = sharesOf(p, parts)
		return nil
	}
}

// linesOf are the lines of decisions that pay for a project, and their sums by source.
func (w words) linesOf(project string, decisions []client.Decision) (t moneyTable, parts []amount) {
	t = moneyTable{ID: "lignes", Caption: "Les décisions qui paient ce projet", Heads: []string{"Décision", "Source", "Nature", "Décidé", "Versé"}}
	for _, d := range decisions {
		for _, l := range d.Lines {
			if the(l.ProjectID) != project {
				continue
			}
			t.Rows = append(t.Rows, []moneyCell{
				pathCell(dayText(d.Date), decisionsPath+"/"+d.ID), wordCell(w.source(l.Source)), wordCell(w.nature(l.Nature)), centsCell(l.AmountCents), centsCell(l.PaidCents),
			})
			parts = added(parts, w.source(l.Source), l.AmountCents)
		}
	}
	return t, parts
}

func (w words) source(code *string) string {
	if code == nil {
		return "Sans source"
	}
	return w.of("money_source", *code)
}

func (w words) nature(code *string) string {
	if code == nil {
		return ""
	}
	return w.of("money_nature", *code)
}

// added sums amounts of one name.
func added(list []amount, name string, cents int) []amount {
	for i := range list {
		if list[i].name == name {
			list[i].cents += cents
			return list
		}
	}
	return append(list, amount{name, cents})
}

// sharesOf shows who pays how much of the cost; what nobody gives stays with the structure.
func sharesOf(p client.Project, parts []amount) chart {
	c := chart{Title: "Qui paie ce projet", Column: "Qui", Names: []string{"euros"}, Columns: []string{"Montant", "Part du coût"}, Most: p.CostCents}
	rest := p.CostCents
	for _, one := range parts {
		rest -= one.cents
		c.Bars = append(c.Bars, shareBar(one, p.CostCents))
	}
	if rest > 0 {
		c.Bars = append(c.Bars, shareBar(amount{"La structure et d’autres", rest}, p.CostCents))
	}
	return c
}

func shareBar(a amount, cost int) bar {
	text, part := reference.Euros(a.cents), percent(a.cents, cost)
	return bar{Label: a.name, Values: []int{a.cents}, Words: text + " (" + part + ")", Cells: []string{text, part}}
}

// toVote adds the committees that have the project on their agenda, for who notes votes.
func (v *visit) toVote(page *projectSheet) error {
	if !v.user.managesMoney() || page.GrantedCents > 0 {
		return nil // a decision that pays for it ends the votes
	}
	answer, err := v.api.ListCommitteesWithResponse(v.ctx, &client.ListCommitteesParams{Limit: most()})
	if err != nil {
		return err
	}
	for _, c := range answer.JSON200.Items {
		for _, item := range c.Agenda {
			if the(item.ProjectID) == page.ID && item.Kind == "decision" {
				page.votes = append(page.votes, link{"Noter le vote de la commission du " + dayText(c.Date), votePath(c.ID, page.ID)})
			}
		}
	}
	if len(page.votes) == 0 {
		page.votes = []link{{"Le mettre à l’ordre du jour d’une commission", newCommitteePath}}
	}
	return nil
}

// reportForm is a report as far as it is known.
type reportForm struct {
	moneyForm

	draft client.ReportDraft
	gaps  []reportGap
}

func (v *visit) reportForm(f form) (p reportForm, err error) {
	w, err := v.moneyWords(v.user.proposes())
	if err != nil {
		return p, err
	}
	answer, err := v.api.GetReportDraftWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return p, err
	}
	at := projectsPath + "/" + v.path("id")
	p = reportForm{draft: *answer.JSON200, moneyForm: moneyForm{form: f, user: v.user, title: reportTitle, action: at + reportEnd, back: at, words: w}}
	p.gaps = gapsIn(p.draft.Missing)
	return p, nil
}

func reportPage(v *visit) error {
	p, err := v.reportForm(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	for name, n := range map[string]int{"atteintes": p.draft.Reached, "terminees": p.draft.Finished, "autonomes": p.draft.Autonomous, "ateliers": p.draft.Sessions} {
		p.values.Set(name, strconv.Itoa(n))
	}
	return v.shows(p.moneyForm, reportView(p))
}

const (
	moreThanReached  = "Personnes qui ont terminé\u00a0: c’est plus que les personnes atteintes"
	moreThanFinished = "Personnes autonomes\u00a0: c’est plus que celles qui ont terminé"
)

var reportEntries = []entry{
	{Member: "reached", Input: "atteintes", Label: "Personnes atteintes"},
	{Member: "finished", Input: "terminees", Label: "Personnes qui ont terminé", Words: map[string]string{"more_than_reached": moreThanReached}},
	{Member: "autonomous", Input: "autonomes", Label: "Personnes autonomes", Words: map[string]string{"more_than_finished": moreThanFinished}},
	{Member: "sessions", Input: "ateliers", Label: "Ateliers tenus"},
}

func sendReport(v *visit) error {
	p, err := v.reportForm(v.form())
	if err != nil {
		return err
	}
	body := client.NewReport{
		Reached: p.duePeople("atteintes", "Personnes atteintes"), Finished: p.duePeople("terminees", "Personnes qui ont terminé"),
		Autonomous: p.duePeople("autonomes", "Personnes autonomes"), Sessions: p.people("ateliers", "Ateliers tenus"), Final: new(p.chosen("final", "oui")),
	}
	p.compares(body)
	if !p.wrong() {
		_, err := v.api.ReportProjectWithResponse(v.ctx, v.path("id"), body, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, reportEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(p.back, "Le compte rendu est envoyé.")
		}
	}
	return v.shows(p.moneyForm, reportView(p))
}

// compares those who finished with those who were there, and those who are autonomous with those who finished.
func (p *reportForm) compares(body client.NewReport) {
	finished := p.fault("terminees") == ""
	if finished && p.fault("atteintes") == "" && body.Finished > body.Reached {
		p.refuse("terminees", moreThanReached)
	}
	if finished && p.fault("autonomes") == "" && body.Autonomous > body.Finished {
		p.refuse("autonomes", moreThanFinished)
	}
}

func reportTargetHint(target int) string {
	if target == 0 {
		return ""
	}
	return "Objectif\u00a0: " + number(target)
}
