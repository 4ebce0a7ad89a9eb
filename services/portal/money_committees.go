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
	committeesPath    = moneyPath + "/commissions"
	committeesTitle   = "Commissions"
	newCommitteePath  = committeesPath + "/nouvelle"
	newCommitteeTitle = "Convoquer la commission"
	voteTitle         = "Noter un vote"
	voteEnd           = "/votes/"
	minutesEnd        = "/proces-verbal"
	fileEnd           = "/dossier"
)

var committeeRoutes = []Route{
	{Method: http.MethodGet, Path: committeesPath, page: committeeList},
	{Method: http.MethodGet, Path: newCommitteePath, page: newCommitteePage},
	{Method: http.MethodPost, Path: newCommitteePath, page: convene},
	{Method: http.MethodGet, Path: committeesPath + "/{id}", page: committeePage},
	{Method: http.MethodPost, Path: committeesPath + "/{id}" + minutesEnd, page: fileMinutes},
	{Method: http.MethodGet, Path: committeesPath + "/{id}" + voteEnd + "{projet}", page: votePage},
	{Method: http.MethodPost, Path: committeesPath + "/{id}" + voteEnd + "{projet}", page: vote},
	{Method: http.MethodGet, Path: committeesPath + "/{id}" + fileEnd, page: committeeFilePage},
}

var voteTone = map[string]string{"favourable": "validated", "reduced": "validated", "postponed": "requested", "unfavourable": "refused"}

func votePath(committee, project string) string {
	return committeesPath + "/" + committee + voteEnd + project
}

func committeeName(c client.Committee) string { return "Commission du " + dayText(c.Date) }

func committeeList(v *visit) error {
	if !v.user.readsMoney() {
		return errForbidden
	}
	f := form{values: v.r.URL.Query()}
	answer, err := v.api.ListCommitteesWithResponse(v.ctx, &client.ListCommitteesParams{Cursor: f.text("suite")})
	if err != nil {
		return err
	}
	t := moneyTable{ID: "commissions", Caption: "Les commissions, la dernière d’abord", Heads: []string{"Commission", "Points", "Votes", "Procès-verbal", "Décisions"}}
	for _, c := range answer.JSON200.Items {
		t.Rows = append(t.Rows, []moneyCell{
			pathCell(dayText(c.Date), committeesPath+"/"+c.ID), numberCell(len(c.Agenda)), numberCell(len(c.Votes)), wordCell(the(c.Minutes)), numberCell(len(c.Decisions)),
		})
	}
	return v.show(http.StatusOK, committeesTitle, committeesView(v.moneyList(f, t, answer.JSON200.Next)))
}

// newCommittee is a sitting to be convened, with the projects that wait for an answer.
type newCommittee struct {
	moneyForm

	projects []choice
}

func (v *visit) newCommittee(f form) (p newCommittee, err error) {
	w, err := v.moneyWords(v.user.managesMoney())
	if err != nil {
		return p, err
	}
	p.moneyForm = moneyForm{form: f, user: v.user, title: newCommitteeTitle, action: newCommitteePath, back: committeesPath, words: w}
	answer, err := v.api.ListProjectsWithResponse(v.ctx, &client.ListProjectsParams{Limit: most()})
	if err != nil {
		return p, err
	}
	for _, one := range answer.JSON200.Items {
		if one.Status == "proposed" || one.Status == "postponed" {
			p.projects = append(p.projects, choice{Value: one.ID, Label: one.Name + ", " + one.StructureName + ", " + reference.Euros(one.AskedCents) + " demandés"})
		}
	}
	return p, nil
}

func newCommitteePage(v *visit) error {
	p, err := v.newCommittee(form{})
	if err != nil {
		return err
	}
	return v.shows(p.moneyForm, newCommitteeView(p))
}

var committeeEntries = []entry{{Member: "date", Input: "date", Label: "Date"}, {Member: "agenda", Input: "projets", Label: "Ordre du jour"}}

// agenda is the projects that are decided on, then what is only presented: one line each.
func (p newCommittee) agenda() (list []client.AgendaItem) {
	for _, one := range p.projects {
		if p.chosen("projets", one.Value) {
			label, _, _ := strings.Cut(one.Label, ", ")
			list = append(list, client.AgendaItem{Kind: "decision", Label: label, ProjectID: &one.Value})
		}
	}
	for line := range strings.Lines(p.value("presentations")) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, client.AgendaItem{Kind: "presentation", Label: line})
		}
	}
	return list
}

func convene(v *visit) error {
	p, err := v.newCommittee(v.form())
	if err != nil {
		return err
	}
	body := client.NewCommittee{Date: p.day("date", "Date"), Agenda: p.agenda()}
	if len(body.Agenda) == 0 {
		p.refuse(p.firstOfAgenda(), "Ordre du jour\u00a0: choisissez un projet, ou écrivez ce qui est présenté")
	}
	if slices.ContainsFunc(body.Agenda, func(i client.AgendaItem) bool { return len([]rune(i.Label)) > 100 }) {
		p.refuse("presentations", "Ce qui est seulement présenté\u00a0: au plus 100 caractères par ligne")
	}
	if !p.wrong() {
		answer, err := v.api.CreateCommitteeWithResponse(v.ctx, body, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, committeeEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(committeesPath+"/"+answer.JSON201.ID, "La commission est convoquée.")
		}
	}
	return v.shows(p.moneyForm, newCommitteeView(p))
}

// firstOfAgenda is the input that an empty agenda leads to.
func (p newCommittee) firstOfAgenda() string {
	if len(p.projects) == 0 {
		return "presentations"
	}
	return "projets"
}

// committeeSheet is a sitting: what it talks about, what it said, and what was decided after it.
type committeeSheet struct {
	moneyForm

	client.Committee
	items     []agendaLine
	decisions moneyTable
}

type agendaLine struct {
	label, kind, project      string
	state, vote, amount, path string // the last vote, and where to note it
}

// decides: what a committee was only shown is not decided.
func (c committeeSheet) decides() bool {
	return slices.ContainsFunc(c.Agenda, func(i client.AgendaItem) bool { return i.Kind == "decision" })
}

func (v *visit) committeeSheet(f form) (page committeeSheet, err error) {
	w, err := v.moneyWords(v.user.readsMoney())
	if err != nil {
		return page, err
	}
	answer, err := v.api.GetCommitteeWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return page, err
	}
	c := *answer.JSON200
	at := committeesPath + "/" + c.ID
	page = committeeSheet{Committee: c, moneyForm: moneyForm{form: f, user: v.user, title: committeeName(c), action: at, back: committeesPath, words: w}}
	for _, item := range c.Agenda {
		page.items = append(page.items, page.line(item))
	}
	decided, err := v.api.ListDecisionsWithResponse(v.ctx, &client.ListDecisionsParams{Limit: most()})
	if err != nil {
		return page, err
	}
	page.decisions = moneyTable{ID: "decisions", Caption: "Décisions prises après cette commission", Heads: []string{"Décision", "Lignes", "Total", "Versé"}}
	for _, d := range decided.JSON200.Items {
		if the(d.CommitteeID) == c.ID {
			page.decisions.Rows = append(page.decisions.Rows, decisionRow(d))
		}
	}
	return page, nil
}

func (c committeeSheet) line(item client.AgendaItem) agendaLine {
	l := agendaLine{label: item.Label, kind: "Présentation, sans décision", project: the(item.ProjectID)}
	if item.Kind == "decision" {
		l.kind = "À décider"
	}
	for _, one := range c.Votes {
		if one.ProjectID == l.project && l.project != "" {
			l.state, l.vote = voteTone[one.Vote], c.words.of("committee_vote", one.Vote)
			l.amount = centsIfAny(one.AmountCents)
		}
	}
	if c.user.managesMoney() && item.Kind == "decision" && l.project != "" {
		l.path = votePath(c.ID, l.project)
	}
	return l
}

func committeePage(v *visit) error {
	page, err := v.committeeSheet(form{})
	if err != nil {
		return err
	}
	return v.shows(page.moneyForm, committeeView(page))
}

var minutesEntries = []entry{{Member: "reference", Input: "reference", Label: "Référence du procès-verbal"}}

func fileMinutes(v *visit) error {
	page, err := v.committeeSheet(v.form())
	if err != nil {
		return err
	}
	page.asks(fault{"reference", "Référence du procès-verbal\u00a0: à renseigner"})
	if !page.wrong() {
		_, err := v.api.FileMinutesWithResponse(v.ctx, page.ID, client.NewMinutes{Reference: page.value("reference")}, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			page.moneyRefused(refused, minutesEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(page.action, "La référence du procès-verbal est notée.")
		}
	}
	return v.shows(page.moneyForm, committeeView(page))
}

// voteForm is what the committee says of a project.
type voteForm struct {
	moneyForm

	committee client.Committee
	project   client.Project
	envelopes []choice
}

func (v *visit) voteForm(f form) (p voteForm, err error) {
	w, err := v.moneyWords(v.user.managesMoney())
	if err != nil {
		return p, err
	}
	committee, err := v.api.GetCommitteeWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return p, err
	}
	project, err := v.api.GetProjectWithResponse(v.ctx, v.path("projet"))
	if err != nil {
		return p, err
	}
	p.committee, p.project = *committee.JSON200, *project.JSON200
	p.moneyForm = moneyForm{form: f, user: v.user, title: voteTitle, action: votePath(p.committee.ID, p.project.ID), back: committeesPath + "/" + p.committee.ID, words: w}
	p.envelopes, err = v.envelopeChoices("Aucune pour l’instant", w)
	return p, err
}

// envelopeChoices are the envelopes with what is left of each.
func (v *visit) envelopeChoices(none string, w words) ([]choice, error) {
	answer, err := v.api.ListEnvelopesWithResponse(v.ctx, &client.ListEnvelopesParams{Limit: most()})
	if err != nil {
		return nil, err
	}
	list := []choice{{Label: none}}
	for _, e := range answer.JSON200.Items {
		list = append(list, choice{Value: e.ID, Label: e.Name + " (" + w.source(&e.Source) + "), reste " + reference.Euros(e.LeftCents)})
	}
	return list, nil
}

func votePage(v *visit) error {
	p, err := v.voteForm(form{values: url.Values{}})
	if err != nil {
		return err
	}
	for _, one := range p.committee.Votes {
		if one.ProjectID == p.project.ID {
			p.values.Set("vote", one.Vote)
			p.values.Set("montant", amountIfAny(one.AmountCents))
		}
	}
	return v.shows(p.moneyForm, voteView(p))
}

func amountIfAny(cents int) string {
	if cents == 0 {
		return ""
	}
	return amountWritten(cents)
}

const notReduced = "Montant\u00a0: écrivez un montant plus petit que celui qui est demandé"

var voteEntries = []entry{
	{Member: "project_id", Input: "vote", Label: "Projet", Words: map[string]string{
		"not_on_agenda": "Ce projet n’est pas à l’ordre du jour", "presentation_only": "Ce projet est seulement présenté\u00a0: rien n’en est décidé"}},
	{Member: "vote", Input: "vote", Label: "Vote"},
	{Member: "amount_cents", Input: "montant", Label: "Montant", Words: map[string]string{"not_reduced": notReduced, "more_than_asked": "Montant\u00a0: c’est plus que ce qui est demandé"}},
	{Member: "envelope_id", Input: "enveloppe", Label: "Enveloppe", Words: map[string]string{"unknown_envelope": "Enveloppe\u00a0: choisissez-en une de la liste"}},
}

func vote(v *visit) error {
	p, err := v.voteForm(v.form())
	if err != nil {
		return err
	}
	p.asks(fault{"vote", "Vote\u00a0: à choisir"})
	body := client.NewVote{ProjectID: p.project.ID, Vote: p.value("vote"), EnvelopeID: p.text("enveloppe")}
	if body.Vote == "favourable" || body.Vote == "reduced" {
		body.AmountCents = p.cents("montant", "Montant")
	} else {
		body.EnvelopeID = nil
	}
	if body.Vote == "reduced" && p.fault("montant") == "" && (the(body.AmountCents) == 0 || *body.AmountCents >= p.project.AskedCents) {
		p.refuse("montant", notReduced)
	}
	if !p.wrong() {
		_, err := v.api.VoteProjectWithResponse(v.ctx, p.committee.ID, body, v.key())
		if refused, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			p.moneyRefused(refused, voteEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(p.back, "Le vote est noté.")
		}
	}
	return v.shows(p.moneyForm, voteView(p))
}
