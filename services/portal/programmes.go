package portal

import (
	"net/http"
	"strconv"

	"example.org/passerelle/api/client"
)

const programmesPath = "/programmes"

var programmeRoutes = []Route{
	{Method: http.MethodGet, Path: programmesPath, page: programmeList},
	{Method: http.MethodGet, Path: programmesPath + "/nouveau", page: newProgrammePage},
	{Method: http.MethodPost, Path: programmesPath + "/nouveau", page: makeProgramme},
	{Method: http.MethodGet, Path: programmesPath + "/{id}", page: programmePage},
	{Method: http.MethodGet, Path: programmesPath + "/{id}/modifier", page: amendProgrammePage},
	{Method: http.MethodPost, Path: programmesPath + "/{id}/modifier", page: amendProgramme},
}

var programmeKinds = []choice{
	{Value: "campaign", Label: "Campagne", Hint: "D’un jour à un autre, publiée une fois"},
	{Value: "permanent", Label: "Permanent", Hint: "Publié mois par mois"},
	{Value: "none", Label: "Sans signalement", Hint: "Rien n’y est compté"},
}

var openFlagRules = []choice{{Value: "person", Label: "Par personne"}, {Value: "person_and_institution", Label: "Par personne et par institution"}}

// What a programme asks of the review.
const (
	reviewNone   = "aucune"
	reviewAfter  = "observation"
	reviewBefore = "orientation"
)

var reviewRules = []choice{
	{Value: reviewNone, Label: "Sans validation", Hint: "L’observation compte dès l’envoi"},
	{Value: reviewAfter, Label: "L’observation est validée", Hint: "L’orientation n’attend pas"},
	{Value: reviewBefore, Label: "L’observation est validée avant toute orientation", Hint: "Sauf en cas d’échéance"},
}

func reviewRule(p client.FundProgramme) string {
	switch {
	case p.ReviewFirst:
		return reviewBefore
	case p.Reviewed:
		return reviewAfter
	}
	return reviewNone
}

// programmeLine is one of the list.
type programmeLine struct{ ID, Name, Kind, Opens, State, StateText, Version string }

func programmeList(v *visit) error {
	answer, err := v.api.ListProgrammesWithResponse(v.ctx)
	if err != nil {
		return err
	}
	var lines []programmeLine
	for _, p := range answer.JSON200.Items {
		state, text := programmeState(p)
		lines = append(lines, programmeLine{
			ID: p.ID, Name: p.Name, Kind: labelOf(programmeKinds, p.Kind), Opens: openingDays(p), State: state, StateText: text, Version: strconv.Itoa(p.Version),
		})
	}
	return v.show(http.StatusOK, "Programmes", programmesView(lines, v.user.decides()))
}

func programmeState(p client.FundProgramme) (state, text string) {
	switch {
	case p.Closed:
		return "closed", "Campagne close"
	case p.TakesFlags:
		return "open", "Prend des signalements"
	}
	return "closed", "Ne prend pas de signalement"
}

// openingDays says when a programme begins and ends, in a line.
func openingDays(p client.FundProgramme) string {
	if len(p.Opens) == 0 {
		return "Sans objet"
	}
	first := p.Opens[0].From
	for _, o := range p.Opens {
		first = min(first, o.From)
	}
	if p.Closes != nil {
		return "Du " + dayText(first) + " au " + dayText(*p.Closes)
	}
	return "Depuis le " + dayText(first)
}

// programmeView is a programme with its versions.
type programmeView struct {
	ID, Name string
	Facts    []fact
	Text     string
	Versions []programmeVersion
	Amends   bool
}

// programmeVersion is what was decided once.
type programmeVersion struct{ Number, Decision, By, At, Changes string }

func programmePage(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetProgrammeWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	now, versions := answer.JSON200.Now, answer.JSON200.Versions
	page := programmeView{ID: now.ID, Name: now.Name, Facts: w.programmeFacts(now), Text: now.Text, Amends: v.user.decides() && !now.Closed}
	for i, p := range versions {
		line := programmeVersion{Number: strconv.Itoa(p.Version), Decision: p.Decision, By: w.of("account", p.By), At: inFull(p.At), Changes: "Première version"}
		if p.By == "" {
			line.By = "Le calendrier"
		}
		if i+1 < len(versions) {
			line.Changes = w.changes(versions[i+1], p)
		}
		page.Versions = append(page.Versions, line)
	}
	return v.show(http.StatusOK, now.Name, programmeOne(page))
}

// programmeFacts are the rules in words.
func (w words) programmeFacts(p client.FundProgramme) []fact {
	_, state := programmeState(p)
	return []fact{
		{"Identifiant", p.ID}, {"Nature", labelOf(programmeKinds, p.Kind)}, {"Signalements", state}, {"Ouverture", openings(p)},
		{"Dernier jour", orSays(p.Closes, "Aucun")}, {"Âge", ageRule(p.AgeOver)}, {"GIR", girRule(p.LowestGir)}, {"Validation", labelOf(reviewRules, reviewRule(p))},
		{"Un signalement ouvert", labelOf(openFlagRules, p.OneOpen)}, {"Équipes", w.teams(p.Desks)}, {"Version du texte d’information", p.TextVersion},
	}
}

func openings(p client.FundProgramme) string {
	var list []string
	for _, o := range p.Opens {
		where := "partout ailleurs"
		switch {
		case o.Department != nil:
			where = departmentName(*o.Department)
		case len(p.Opens) == 1:
			where = "partout"
		}
		list = append(list, where+" le "+dayText(o.From))
	}
	return listed(list)
}

func orSays(day *string, none string) string {
	if day == nil {
		return none
	}
	return dayText(*day)
}

func ageRule(over int) string {
	if over == 0 {
		return "Tout adulte"
	}
	return "Plus de " + strconv.Itoa(over) + " ans"
}

func girRule(lowest int) string {
	if lowest == 0 {
		return "Sans règle"
	}
	return "En dessous de " + strconv.Itoa(lowest) + ", le référent est averti"
}

func (w words) teams(desks []string) string {
	if len(desks) == 0 {
		return "Toutes celles de la caisse"
	}
	return listed(w.all("desk", desks))
}

// changes names the rules that differ, in the words of the page.
func (w words) changes(old, p client.FundProgramme) string {
	var list []string
	if old.Name != p.Name {
		list = append(list, "Nom")
	}
	before := w.programmeFacts(old)
	for i, f := range w.programmeFacts(p) {
		if f.Text != before[i].Text {
			list = append(list, f.Name)
		}
	}
	if old.Text != p.Text {
		list = append(list, "Texte d’information")
	}
	if len(list) == 0 {
		return "Mêmes règles"
	}
	return listed(list)
}
