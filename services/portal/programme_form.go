package portal

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"example.org/passerelle/api/client"
)

// programmeForm is the page on which a programme is made or amended.
type programmeForm struct {
	form

	ID, Name           string // of the one that is amended
	Departments, Teams []choice
}

func (p programmeForm) title() string {
	if p.ID == "" {
		return "Créer un programme"
	}
	return "Modifier un programme"
}

func (p programmeForm) action() string {
	if p.ID == "" {
		return programmesPath + "/nouveau"
	}
	return programmesPath + "/" + p.ID + "/modifier"
}

// back is where the page leads when nothing is sent.
func (p programmeForm) back() string {
	if p.ID == "" {
		return programmesPath
	}
	return programmesPath + "/" + p.ID
}

func newProgrammePage(v *visit) error {
	return v.programmeForm(form{values: url.Values{"nature": {"campaign"}, "signalements": {"oui"}, "ouverture": {"partout"}, "validation": {reviewAfter}, "regle": {"person"}}}, nil)
}

// amendProgrammePage shows the rules as they are, to be changed.
func amendProgrammePage(v *visit) error {
	now, err := v.programmeNow()
	if err != nil {
		return err
	}
	return v.programmeForm(form{values: filledIn(now)}, &now)
}

func (v *visit) programmeNow() (client.FundProgramme, error) {
	answer, err := v.api.GetProgrammeWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return client.FundProgramme{}, err
	}
	return answer.JSON200.Now, nil
}

// filledIn are the boxes as somebody would have filled them in.
func filledIn(p client.FundProgramme) url.Values {
	f := url.Values{
		"version": {strconv.Itoa(p.Version)}, "nom": {p.Name}, "nature": {p.Kind}, "signalements": {"non"}, "age": {strconv.Itoa(p.AgeOver)}, "gir": {strconv.Itoa(p.LowestGir)},
		"validation": {reviewRule(p)}, "regle": {p.OneOpen}, "equipes": p.Desks, "texte": {p.Text}, "texte_version": {p.TextVersion}, "ouverture": {"departements"},
	}
	if p.TakesFlags {
		f.Set("signalements", "oui")
	}
	if p.Closes != nil {
		inBoxes(f, "fin", *p.Closes)
	}
	for _, o := range p.Opens {
		switch {
		case o.Department != nil:
			inBoxes(f, "ouvre_"+*o.Department, o.From)
		case len(p.Opens) == 1:
			f.Set("ouverture", "partout")
			inBoxes(f, "ouvre", o.From)
		default:
			inBoxes(f, "ouvre_ailleurs", o.From)
		}
	}
	return f
}

func inBoxes(f url.Values, name, day string) {
	if at, err := time.Parse(time.DateOnly, day); err == nil {
		f.Set(name+"-jour", at.Format("2"))
		f.Set(name+"-mois", at.Format("1"))
		f.Set(name+"-annee", at.Format("2006"))
	}
}

// programmeForm shows the page, with what is wrong.
func (v *visit) programmeForm(f form, amended *client.FundProgramme) error {
	if !v.user.decides() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	page := programmeForm{form: f}
	if amended != nil {
		page.ID, page.Name = amended.ID, amended.Name
	}
	for _, code := range v.departments(w) {
		page.Departments = append(page.Departments, choice{Value: code, Label: departmentName(code)})
	}
	for _, d := range w.directory.Desks {
		if d.Fund == v.user.Fund {
			page.Teams = append(page.Teams, choice{Value: d.ID, Label: d.Name})
		}
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+page.title(), programmeFormView(page))
	}
	return v.show(http.StatusOK, page.title(), programmeFormView(page))
}

func makeProgramme(v *visit) error {
	f := v.form()
	rules, err := v.rules(&f)
	if err != nil {
		return err
	}
	if f.wrong() {
		return v.programmeForm(f, nil)
	}
	rules.ID = f.text("identifiant")
	answer, err := v.api.CreateProgrammeWithResponse(v.ctx, rules, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, programmeEntries)
		return v.programmeForm(f, nil)
	}
	if err != nil {
		return err
	}
	v.labels.forget()
	return v.done(programmesPath+"/"+answer.JSON201.ID, "Le programme est créé.")
}

func amendProgramme(v *visit) error {
	now, err := v.programmeNow()
	if err != nil {
		return err
	}
	f := v.form()
	rules, err := v.rules(&f)
	if err != nil {
		return err
	}
	if f.wrong() {
		return v.programmeForm(f, &now)
	}
	if seen, err := strconv.Atoi(f.value("version")); err == nil {
		rules.Version = &seen
	}
	answer, err := v.api.AmendProgrammeWithResponse(v.ctx, now.ID, rules, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, programmeEntries)
		return v.programmeForm(f, &now)
	}
	if err != nil {
		return err
	}
	v.labels.forget()
	return v.done(programmesPath+"/"+now.ID, "La version "+strconv.Itoa(answer.JSON200.Version)+" du programme est en vigueur.")
}

// rules turns the page into the rules, and refuses what the page itself can see.
func (v *visit) rules(f *form) (client.ProgrammeRules, error) {
	w, err := v.words()
	if err != nil {
		return client.ProgrammeRules{}, err
	}
	review := f.value("validation")
	r := client.ProgrammeRules{
		Name: f.value("nom"), Kind: f.value("nature"), TakesFlags: f.value("signalements") == "oui", Closes: f.date("fin", "Dernier jour", false),
		AgeOver: f.number("age", "Âge"), LowestGir: f.number("gir", "GIR"), ReviewFirst: review == reviewBefore, Reviewed: review != reviewNone,
		OneOpen: f.value("regle"), Desks: append([]string{}, f.list("equipes")...), TextVersion: f.value("texte_version"), Text: f.value("texte"),
		Decision: f.value("decision"), Opens: []client.ProgrammeOpening{},
	}
	if f.value("ouverture") != "departements" {
		r.Opens = f.opening(r.Opens, "ouvre", nil)
		return r, nil
	}
	for _, code := range v.departments(w) {
		r.Opens = f.opening(r.Opens, "ouvre_"+code, &code)
	}
	r.Opens = f.opening(r.Opens, "ouvre_ailleurs", nil)
	return r, nil
}

func (f *form) opening(list []client.ProgrammeOpening, name string, department *string) []client.ProgrammeOpening {
	if day := f.date(name, "Ouverture", false); day != nil {
		list = append(list, client.ProgrammeOpening{Department: department, From: *day})
	}
	return list
}

// number is what was typed, 0 for nothing.
func (f *form) number(name, label string) int {
	text := f.value(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		f.refuse(name, label+"\u00a0: écrivez un nombre")
	}
	return n
}

var programmeEntries = []entry{
	{Member: "id", Input: "identifiant", Label: "Identifiant", Words: map[string]string{
		"not_an_identifier": "Identifiant\u00a0: de 2 à 40 petites lettres, chiffres et tirets, par exemple observation-lr-2022"}},
	{Member: "name", Input: "nom", Label: "Nom"},
	{Member: "decision", Input: "decision", Label: "Décision"},
	{Member: "kind", Input: "nature", Label: "Nature", Words: map[string]string{"stays": "Nature\u00a0: elle ne change plus. Créez un autre programme"}},
	{Member: "takes_flags", Input: "signalements", Label: "Signalements", Words: map[string]string{
		"kind_takes_no_flags": "Signalements\u00a0: un programme de cette nature n’en prend pas"}},
	{Member: "opens", Input: "ouverture", Label: "Ouverture"},
	{Member: "closes", Input: "fin", Label: "Dernier jour", Words: map[string]string{
		"required": "Dernier jour\u00a0: une campagne en a un", "before_opening": "Dernier jour\u00a0: il précède l’ouverture d’un département"}},
	{Member: "age_over", Input: "age", Label: "Âge"},
	{Member: "lowest_gir", Input: "gir", Label: "GIR"},
	{Member: "reviewed", Input: "validation", Label: "Validation"},
	{Member: "one_open", Input: "regle", Label: "Un signalement ouvert", Words: map[string]string{
		"stays": "Un signalement ouvert\u00a0: la règle ne change plus, des personnes ont pu être signalées. Créez un autre programme"}},
	{Member: "desks", Input: "equipes", Label: "Équipes"},
	{Member: "text_version", Input: "texte_version", Label: "Version du texte", Words: map[string]string{
		"text_changed":  "Version du texte\u00a0: le texte était différent sous cette version. Donnez-lui une version à lui",
		"not_a_version": "Version du texte\u00a0: lettres, chiffres, points et tirets, par exemple 2022-01"}},
	{Member: "text", Input: "texte", Label: "Texte d’information"},
}
