package portal

import (
	"net/http"
	"time"

	"example.org/passerelle/api/client"
)

const (
	grantsTitle   = "Équipement donné"
	grantsPath    = "/equipements"
	askGrantTitle = "Demander un équipement"
	askGrantPath  = grantsPath + "/demande"
)

var grantRoutes = []Route{
	{Method: http.MethodGet, Path: grantsPath, page: grantList},
	{Method: http.MethodGet, Path: askGrantPath, page: askGrantPage},
	{Method: http.MethodPost, Path: askGrantPath, page: askGrant},
	{Method: http.MethodGet, Path: grantsPath + "/{id}", page: grantPage},
	{Method: http.MethodPost, Path: grantsPath + "/{id}/{acte}", page: grantAct},
	{Method: http.MethodGet, Path: grantsPath + "/{id}/rendez-vous/{n}", page: appointmentPage},
	{Method: http.MethodPost, Path: grantsPath + "/{id}/rendez-vous/{n}/{acte}", page: appointmentAct},
	{Method: http.MethodGet, Path: diaryPath, page: diaryPage},
}

// What a role does with what is given for good.
func (u user) asksGrants() bool {
	return u.is("advisor", "phone_advisor", "evaluator", "referent", "equipment_manager")
}
func (u user) derogates() bool   { return u.is("evaluator", "referent") }
func (u user) gives() bool       { return u.is("equipment_manager") }
func (u user) accompanies() bool { return u.is("evaluator", "provider", "equipment_manager") }
func (u user) seesGrants() bool  { return u.asksGrants() || u.accompanies() || u.countsGrants() }
func (u user) countsGrants() bool {
	return u.asksGrants() || u.is("partnership_officer", "funding_officer", "analyst")
}

// coaches tells whether the user accompanies somebody, or stands in for who does.
func (u user) coaches(e client.Entitlement) bool {
	return u.gives() || u.Provider != "" && the(e.ProviderID) == u.Provider || the(e.User) == u.Account
}

var grantStates = []choice{
	{Value: "requested", Label: "Demandé"}, {Value: "approved", Label: "Accordé"}, {Value: "equipped", Label: "Équipé, accompagnement en cours"},
	{Value: "completed", Label: "Terminé"}, {Value: "refused", Label: "Refusé"}, {Value: "ended", Label: "Arrêté"}, {Value: "released", Label: "Rendu au contingent"},
}

// grantTone says which mark stands beside a state.
var grantTone = map[string]string{
	"requested": "requested", "approved": "open", "equipped": "open", "completed": "closed", "refused": "declined", "ended": "closed", "released": "closed",
}

var derogations = []choice{
	{Value: "unusable_equipment", Label: "Le matériel de la personne ne sert plus"}, {Value: "shared_equipment", Label: "Le matériel est celui d’un proche"},
	{Value: "means_changed", Label: "Ses moyens ont changé depuis la fiche"}, {Value: "fragility_found", Label: "Un risque de fragilité a été constaté"},
	{Value: "other", Label: "Autre motif"},
}

// grantsView is who has what, and what is left to give.
type grantsView struct {
	Filters    form
	Programmes []choice
	Grants     []grantLeft
	Lines      []grantLine
	Lists      bool // the user sees people, not only numbers
	Path       string
	Next       *string
}

type grantLeft struct {
	Name  string
	Facts []fact
}

type grantLine struct{ ID, Name, Programme, Code, State, Item, Hours, Since string }

func grantList(v *visit) error {
	if !v.user.seesGrants() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	page := grantsView{Filters: f, Path: v.r.URL.RequestURI()}
	if v.user.countsGrants() {
		answer, err := v.api.ListGrantsWithResponse(v.ctx)
		if err != nil {
			return err
		}
		for _, g := range answer.JSON200.Items {
			page.Programmes = append(page.Programmes, choice{Value: g.Programme, Label: w.of("programme", g.Programme)})
			page.Grants = append(page.Grants, w.left(g))
		}
	}
	if page.Lists = v.user.asksGrants() || v.user.accompanies(); page.Lists {
		answer, err := v.api.ListEntitlementsWithResponse(v.ctx, &client.ListEntitlementsParams{Status: f.text("etat"), Programme: f.text("programme"), Cursor: f.text("suite")})
		if err != nil {
			return err
		}
		page.Next = answer.JSON200.Next
		for _, e := range answer.JSON200.Items {
			page.Lines = append(page.Lines, w.grantLine(e))
		}
	}
	return v.show(http.StatusOK, grantsTitle, grantsList(page))
}

// left is what a programme has given, and what is left of it.
func (w words) left(g client.Grant) grantLeft {
	l := grantLeft{w.of("programme", g.Programme), []fact{
		{"Décision", g.Decision}, {"Période", "du " + dayText(g.From) + " au " + dayText(g.To)},
		{"Places accordées", number(g.Counted) + " sur " + number(g.Quota)}, {"Places restantes", number(g.Free)}, {"Personnes équipées", number(g.Equipped)},
	}}
	if g.Minutes > 0 {
		l.Facts = append(l.Facts, fact{"Accompagnement par personne", hoursText(g.Minutes)},
			fact{"Heures promises", hoursText(g.MinutesDue)}, fact{"Heures faites", hoursText(g.MinutesUsed)})
	}
	if g.ConnectionMonths > 0 {
		l.Facts = append(l.Facts, fact{"Connexion", count(g.ConnectionMonths, "mois", "mois")})
	}
	return l
}

func (w words) grantLine(e client.Entitlement) grantLine {
	l := grantLine{
		ID: e.ID, Name: accompaniedName(e.Person), Programme: w.of("programme", e.Programme), Code: e.Status, State: labelOf(grantStates, e.Status),
		Item: "Pas encore remis", Since: dayOf(e.RequestedAt),
	}
	if e.ItemID != nil {
		l.Item = join("Remis\u00a0:", the(e.AssetTag))
	}
	if e.Minutes > 0 {
		l.Hours = hoursText(e.Used) + " sur " + hoursText(e.Minutes)
	}
	return l
}

func accompaniedName(p *client.Accompanied) string {
	if p == nil {
		return "Données effacées"
	}
	return full(p.GivenName, p.FamilyName)
}

// hoursText is a length of time: 6 h, 1 h 30, 45 min.
func hoursText(minutes int) string {
	hours, rest := minutes/60, minutes%60
	switch {
	case hours == 0 && rest > 0:
		return number(rest) + "\u00a0min"
	case rest == 0:
		return number(hours) + "\u00a0h"
	}
	return number(hours) + "\u00a0h\u00a0" + two(rest)
}

// askingGrant is a request for somebody.
type askingGrant struct {
	form

	Person, Name string // empty: the user may not see who it is
	Programmes   []choice
	Derogates    bool
}

var askGrantEntries = []entry{
	{"programme", "programme", "Programme", map[string]string{"other_fund": "Ce programme est celui d’une autre caisse"}},
	{"reason", "motif", "Motif de la dérogation", nil}, {"person_id", "", "Personne", map[string]string{"unknown_person": "Cette personne n’est pas suivie par votre équipe."}},
}

func askGrantPage(v *visit) error { return v.askingGrant(form{values: v.r.URL.Query()}) }

// askingGrant shows the programmes that give something today.
func (v *visit) askingGrant(f form) error {
	if !v.user.asksGrants() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.ListGrantsWithResponse(v.ctx)
	if err != nil {
		return err
	}
	page, today := askingGrant{form: f, Person: f.value("personne"), Derogates: v.user.derogates()}, v.Now().Format(time.DateOnly)
	who, err := v.api.GetPersonWithResponse(v.ctx, page.Person)
	if _, hidden := problem(err, http.StatusForbidden, http.StatusNotFound); err != nil && !hidden {
		return err
	}
	if err == nil && who.JSON200.Details != nil {
		page.Name = full(who.JSON200.Details.GivenName, who.JSON200.Details.FamilyName)
	}
	for _, g := range answer.JSON200.Items {
		if g.From <= today && today <= g.To {
			page.Programmes = append(page.Programmes, choice{
				Value: g.Programme, Label: w.of("programme", g.Programme), Hint: count(g.Free, "place restante", "places restantes"),
			})
		}
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+askGrantTitle, askGrantView(page))
	}
	return v.show(http.StatusOK, askGrantTitle, askGrantView(page))
}

func askGrant(v *visit) error {
	f := v.form()
	if f.value("programme") == "" {
		f.refuse("programme", "Programme\u00a0: choisissez-en un")
		return v.askingGrant(f)
	}
	answer, err := v.api.RequestEntitlementWithResponse(v.ctx, client.NewEntitlement{
		Programme: f.value("programme"), PersonID: f.value("personne"), Reason: f.text("motif"),
	}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, askGrantEntries)
		return v.askingGrant(f)
	}
	if err != nil {
		return err
	}
	return v.done(grantsPath+"/"+answer.JSON201.ID, "La demande d’équipement est enregistrée.")
}
