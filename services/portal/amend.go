package portal

import (
	"net/http"
	"strconv"
	"strings"

	"example.org/passerelle/api/client"
)

var amendRoutes = []Route{
	{Method: http.MethodGet, Path: "/signalements/{id}/corriger", page: amendPage},
	{Method: http.MethodPost, Path: "/signalements/{id}/corriger", page: amend},
	{Method: http.MethodGet, Path: "/signalements/{id}/retirer", page: withdrawFlagPage},
	{Method: http.MethodPost, Path: "/signalements/{id}/retirer", page: withdrawFlag},
}

const amendTitle = "Corriger le signalement"

// amendForm is the sheet once more, with what the referent asked beside it.
type amendForm struct {
	flagForm

	flag   client.Flag
	name   string
	thread []said
	asked  []askedField // the last time
}

// askedField is a field the referent asked about, and where it stands.
type askedField struct{ Label, Anchor string }

func (v *visit) amendForm(f form) (amendForm, error) {
	w, err := v.words()
	if err != nil {
		return amendForm{}, err
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return amendForm{}, err
	}
	flag := *answer.JSON200
	if !v.user.mayAmend(flag) {
		return amendForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	page := amendForm{flagForm: flagForm{form: f, words: w}, flag: flag, name: flagName(flag), thread: w.thread(flag)}
	for _, member := range lastAsked(flag) {
		page.asked = append(page.asked, askedField{fieldLabel(member), fieldAnchor(member)})
	}
	return page, nil
}

// mayAmend leaves out what the REST surface would refuse: the author's own, or the desk's.
func (u user) mayAmend(f client.Flag) bool { return u.flags() && !f.Erased && f.Help != "closed" }

func amendPage(v *visit) error {
	page, err := v.amendForm(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	page.fill(page.flag)
	return v.show(http.StatusOK, amendTitle, amendView(page))
}

func amend(v *visit) error {
	page, err := v.amendForm(v.form())
	if err != nil {
		return err
	}
	body := client.Amend{Answers: page.answers(), Profile: page.amendedProfile(), Needs: page.needs(), Helper: page.helper(), Context: append([]string{}, page.context()...), Note: page.text("reponse")}
	if !page.wrong() {
		_, err = v.api.AmendFlagWithResponse(v.ctx, page.flag.ID, body, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, amendEntries)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		page.inOrder()
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+amendTitle, amendView(page))
	}
	return v.done("/signalements/"+page.flag.ID, "Le signalement "+page.flag.Reference+" est corrigé et attend de nouveau sa relecture.")
}

var amendEntries = append([]entry{{"note", "reponse", "Réponse", nil}}, flagEntries...)

// amendedProfile keeps what the page does not ask of somebody who is named.
func (p *amendForm) amendedProfile() *client.Profile {
	p.sent.Profile = p.profile()
	if p.flag.PersonID == nil {
		p.anonymous()
	} else if was := p.flag.Profile; was != nil {
		p.sent.Profile.Sex, p.sent.Profile.Age, p.sent.Profile.Department = was.Sex, was.Age, was.Department
	}
	return p.sent.Profile
}

// fill puts the sheet as it is into the inputs.
func (f form) fill(flag client.Flag) {
	if a := flag.Answers; a != nil {
		f.fillAnswers(*a)
	}
	if p := flag.Profile; p != nil {
		f.fillProfile(*p)
	}
	if n := flag.Needs; n != nil {
		f.fillNeeds(*n)
	}
	if h := flag.Helper; h != nil {
		f.fillHelper(*h)
	}
	f.values.Set("contexte", strings.Join(flag.Context, ", "))
}

func (f form) fillHelper(h client.Helper) {
	f.values.Set("aidant_nom", the(h.Name))
	f.values.Set("aidant_lien", the(h.Relation))
	f.values.Set("aidant_telephone", the(h.Phone))
	f.setYesNo(map[string]*bool{"aidant_informe": h.MayBeTold, "aidant_appele": h.CallsFirst})
}

func (f form) fillAnswers(a client.Answers) {
	f.values.Set("institution", the(a.Institution))
	f.setYesNo(map[string]*bool{"reseau": a.NetworkCoverage, "equipement": a.Equipment, "financier": a.FinancialProblem, "difficulte": a.Difficulty, "formation": a.TrainingNeed})
	f.values["materiel"], f.values["lieu_aide"] = a.EquipmentKinds, a.HelpPlace
	f.values.Set("motif", the(a.DifficultyReason))
	f.values.Set("description", the(a.Description))
}

func (f form) fillProfile(p client.Profile) {
	f.values.Set("situation", the(p.FamilySituation))
	f.values.Set("activite", the(p.Occupation))
	f.setYesNo(map[string]*bool{"arret": p.SickLeave})
	f.values.Set("sexe_anonyme", the(p.Sex))
	f.values.Set("departement", the(p.Department))
	if p.Age != nil {
		f.values.Set("age", strconv.Itoa(*p.Age))
	}
}

func (f form) fillNeeds(n client.Needs) {
	f.setDay("echeance", the(n.Deadline))
	f.setYesNo(map[string]*bool{"droits": n.RightsAtRisk, "pret": n.LoanWanted, "isolee": n.Isolated, "precaire": n.Precarious})
	f.values["competences"], f.values["acces"], f.values["modes"], f.values["disponibilites"] = n.Skills, n.Access, n.Modes, n.Availability
	f.values.Set("deplacement", the(n.Travel))
	if n.Gir != nil {
		f.values.Set("gir", strconv.Itoa(*n.Gir))
	}
}

func (f form) setYesNo(answers map[string]*bool) {
	for name, is := range answers {
		f.values.Set(name, yesNoOf(is))
	}
}

// setDay fills the three boxes of a date, as far as it is known.
func (f form) setDay(name, day string) {
	for i, part := range strings.SplitN(day, "-", 3) {
		f.values.Set(name+"-"+[]string{"annee", "mois", "jour"}[i], strings.TrimLeft(part, "0"))
	}
}

const withdrawFlagTitle = "Retirer le signalement"

func withdrawFlagPage(v *visit) error { return v.withdrawingFlag(form{values: map[string][]string{}}) }

func (v *visit) withdrawingFlag(f form) error {
	page, err := v.amendForm(f)
	if err != nil {
		return err
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+withdrawFlagTitle, withdrawFlagView(page))
	}
	return v.show(http.StatusOK, withdrawFlagTitle, withdrawFlagView(page))
}

func withdrawFlag(v *visit) error {
	f := v.form()
	_, err := v.api.WithdrawFlagWithResponse(v.ctx, v.path("id"), v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, nil)
		return v.withdrawingFlag(f)
	}
	if err != nil {
		return err
	}
	return v.done("/signalements/"+v.path("id"), "Le signalement est retiré\u00a0: il n’est pas compté.")
}
