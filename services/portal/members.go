package portal

import (
	"net/http"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

var memberRoutes = []Route{
	{Method: http.MethodGet, Path: "/habilitations", page: members},
	{Method: http.MethodGet, Path: "/habilitations/revue", page: memberReview},
	{Method: http.MethodGet, Path: "/habilitations/inviter", page: invitePage},
	{Method: http.MethodPost, Path: "/habilitations/inviter", page: invite},
	{Method: http.MethodGet, Path: "/habilitations/{id}/fin", page: endPage},
	{Method: http.MethodPost, Path: "/habilitations/{id}/fin", page: end},
	{Method: http.MethodGet, Path: "/annuaire", page: directoryPage},
}

// memberLine is a membership as it is shown.
type memberLine struct {
	ID, Who, Email, Role, Where, Days string
	State, StateText, Seen            string
	Open                              bool // it may be ended
}

// memberList is a page of them.
type memberList struct {
	Filters    form
	Colleagues bool // a provider's own people
	Lines      []memberLine
	Path       string
	Next       *string
}

func (l memberList) heading() string {
	if l.Colleagues {
		return "Mes collègues"
	}
	return "Habilitations"
}

var memberStates = []choice{
	{Value: "active", Label: "En cours"}, {Value: "invited", Label: "Invitation envoyée"}, {Value: "upcoming", Label: "À venir"},
	{Value: "over", Label: "Terme passé"}, {Value: "ended", Label: "Retirée"},
}

// members shows who has which role.
func members(v *visit) error {
	f := form{values: v.r.URL.Query()}
	w, err := v.words()
	if err != nil {
		return err
	}
	p := &client.ListMembershipsParams{Cursor: f.text("suite"), State: f.text("etat"), Role: f.text("role")}
	answer, err := v.api.ListMembershipsWithResponse(v.ctx, p)
	if err != nil {
		return err
	}
	list := memberList{Filters: f, Colleagues: !v.user.administers(), Path: v.r.URL.RequestURI(), Next: answer.JSON200.Next}
	for _, m := range answer.JSON200.Items {
		list.Lines = append(list.Lines, w.memberLine(m))
	}
	return v.show(http.StatusOK, list.heading(), membersView(list))
}

func (w words) memberLine(m client.Membership) memberLine {
	line := memberLine{
		ID: m.ID, Who: the(m.Name), Email: the(m.Email), Role: roleLabels[m.Role], Where: w.place(m.Scope), State: memberTone[m.State],
		StateText: labelOf(memberStates, m.State), Days: "depuis le " + dayText(m.From), Open: m.State != "ended" && m.State != "over",
	}
	if line.Who == "" {
		line.Who = the(m.Account)
	}
	if m.To != nil {
		line.Days = "du " + dayText(m.From) + " au " + dayText(*m.To)
	}
	return line
}

// memberTone says which mark stands beside a state.
var memberTone = map[string]string{"active": "open", "invited": "requested", "upcoming": "requested", "over": "closed", "ended": "closed"}

func labelOf(choices []choice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

// place is where a role holds, in words.
func (w words) place(s client.MembershipScope) string {
	id := the(s.ID)
	switch s.Kind {
	case "desk":
		return w.of("desk", id)
	case "department":
		return departmentName(id)
	case "provider":
		return w.of("provider", id)
	case "fund":
		return "Toute la caisse"
	case "network":
		return "Toutes les caisses"
	case "pool":
		return "Parc de matériel " + id
	}
	return id
}

func departmentName(code string) string {
	for _, d := range reference.Departments() {
		if d.Code == code {
			return d.Name + " (" + code + ")"
		}
	}
	return code
}

// memberReview shows what nobody has used for six months.
func memberReview(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.ReviewMembershipsWithResponse(v.ctx, &client.ReviewMembershipsParams{Cursor: form{values: v.r.URL.Query()}.text("suite")})
	if err != nil {
		return err
	}
	list := memberList{Path: v.r.URL.RequestURI(), Next: answer.JSON200.Next}
	for _, item := range answer.JSON200.Items {
		line := w.memberLine(item.Membership)
		line.Seen = "Jamais vue"
		if item.LastSeen != nil {
			line.Seen = "Vue le " + inFull(*item.LastSeen)
		}
		list.Lines = append(list.Lines, line)
	}
	return v.show(http.StatusOK, "Habilitations sans usage", reviewView(list, dayText(answer.JSON200.Since)))
}

// inviting is the form by which somebody is invited.
type inviting struct {
	Colleague     bool // of a provider: the role and the place are its own
	Roles, Places []choice
}

func invitePage(v *visit) error { return v.inviting(form{values: v.r.URL.Query()}) }

func (v *visit) inviting(f form) error {
	if !v.user.administers() && !v.user.is("provider") {
		return &client.Problem{Status: http.StatusForbidden}
	}
	view := inviting{Colleague: !v.user.administers()}
	if !view.Colleague {
		var err error
		if view.Roles, view.Places, err = v.whatToGive(); err != nil {
			return err
		}
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Inviter une personne", inviteForm(f, view))
	}
	return v.show(http.StatusOK, "Inviter une personne", inviteForm(f, view))
}

var roleOrder = []string{
	"advisor", "phone_advisor", "referent", "evaluator", "partnership_officer", "provider", "partner", "equipment_manager", "funding_officer",
	"analyst", "administrator", "privacy_officer",
}

// whatToGive are the roles, and the places of the fund: those that are closed take nobody.
func (v *visit) whatToGive() (roles, places []choice, err error) {
	for _, role := range roleOrder {
		roles = append(roles, choice{Value: role, Label: roleLabels[role]})
	}
	desks, err := v.api.ListDesksWithResponse(v.ctx, &client.ListDesksParams{})
	if err != nil {
		return nil, nil, err
	}
	houses, err := v.api.ListOrganisationsWithResponse(v.ctx, &client.ListOrganisationsParams{})
	if err != nil {
		return nil, nil, err
	}
	places = []choice{{Value: "fund:" + v.user.Fund, Label: "Toute la caisse"}}
	seen := map[string]bool{}
	for _, d := range desks.JSON200.Items {
		for _, code := range d.Departments {
			if !seen[code] {
				seen[code] = true
				places = append(places, choice{Value: "department:" + code, Label: departmentName(code)})
			}
		}
	}
	for _, d := range desks.JSON200.Items {
		if !d.Closed {
			places = append(places, choice{Value: "desk:" + d.ID, Label: d.Name})
		}
	}
	for _, o := range houses.JSON200.Items {
		if kind, ok := scopeOfHouse[o.Kind]; ok && !o.Closed {
			places = append(places, choice{Value: kind + ":" + o.ID, Label: o.Name})
		}
	}
	return roles, places, nil
}

var scopeOfHouse = map[string]string{"provider": "provider", "partner": "organisation"}

// invite sends the form.
func invite(v *visit) error {
	f := v.form()
	to := f.date("fin", "Dernier jour", false)
	if f.wrong() {
		return v.inviting(f)
	}
	role, where := f.value("role"), f.value("lieu")
	if !v.user.administers() {
		role, where = "provider", "provider:"+v.user.Provider
	}
	kind, id, _ := strings.Cut(where, ":")
	body := client.NewInvitation{Email: f.value("courriel"), Name: f.value("nom"), Role: role, Scope: client.MembershipScope{Kind: kind, ID: &id}, To: to}
	_, err := v.api.CreateInvitationWithResponse(v.ctx, body, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, inviteEntries)
		return v.inviting(f)
	}
	if err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyFlash, "L’invitation est enregistrée. Prévenez la personne\u00a0: elle prend son rôle en se connectant avec cette adresse.")
	v.redirect("/habilitations")
	return nil
}

var inviteEntries = []entry{
	{Member: "name", Input: "nom", Label: "Nom"},
	{Member: "email", Input: "courriel", Label: "Adresse électronique", Words: map[string]string{"not_an_address": "Écrivez une adresse électronique, par exemple nom@exemple.fr"}},
	{Member: "role", Input: "role", Label: "Rôle"},
	{Member: "scope", Input: "lieu", Label: "Lieu", Words: map[string]string{
		"wrong_scope": "Ce rôle ne se donne pas à cet endroit", "unknown_scope": "Ce rôle ne se donne pas à cet endroit", "closed": "Ce lieu est fermé",
		"beyond_your_scope": "Vous ne pouvez pas donner ce rôle à cet endroit",
	}},
	{Member: "to", Input: "fin", Label: "Dernier jour", Words: map[string]string{"in_the_past": "Le dernier jour est passé", "before_from": "Le dernier jour précède le premier"}},
}

var endReasons = []choice{
	{Value: "left", Label: "La personne est partie"}, {Value: "changed_role", Label: "Elle change de fonction"}, {Value: "unused", Label: "L’accès ne sert plus"},
	{Value: "error", Label: "C’était une erreur"}, {Value: "other", Label: "Autre"},
}

func endPage(v *visit) error { return v.ending(form{}) }

// ending asks why a role is taken back.
func (v *visit) ending(f form) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	m, err := v.membership(v.path("id"))
	if err != nil {
		return err
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Retirer une habilitation", endForm(f, w.memberLine(m)))
	}
	return v.show(http.StatusOK, "Retirer une habilitation", endForm(f, w.memberLine(m)))
}

// membership looks through the list for one.
func (v *visit) membership(id string) (client.Membership, error) {
	p := &client.ListMembershipsParams{Limit: new(mostOffers)}
	for {
		answer, err := v.api.ListMembershipsWithResponse(v.ctx, p)
		if err != nil {
			return client.Membership{}, err
		}
		for _, m := range answer.JSON200.Items {
			if m.ID == id {
				return m, nil
			}
		}
		if p.Cursor = answer.JSON200.Next; p.Cursor == nil {
			return client.Membership{}, &client.Problem{Status: http.StatusNotFound}
		}
	}
}

// end takes the role back.
func end(v *visit) error {
	f := v.form()
	if f.value("motif") == "" {
		f.refuse("motif", "Choisissez un motif")
		return v.ending(f)
	}
	_, err := v.api.EndMembershipWithResponse(v.ctx, v.path("id"), client.MembershipEnd{Reason: f.value("motif")}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{Member: "reason", Input: "motif", Label: "Motif"}})
		return v.ending(f)
	}
	if err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyFlash, "L’habilitation est retirée.")
	v.redirect("/habilitations")
	return nil
}

// house is a desk, a unit or an organisation as it is shown.
type house struct {
	Name, Kind, Where, State string
	Path                     string // of its page; empty: it cannot be changed here
}

var houseKinds = map[string]string{
	"agency": "Agence", "phone_platform": "Plateforme téléphonique", "unit": "Unité du service social", "provider": "Prestataire", "partner": "Organisme partenaire",
	"funder": "Financeur", "other": "Autre",
}

// directoryPage shows how the fund is organised, and where a referent is missing.
func directoryPage(v *visit) error {
	desks, err := v.api.ListDesksWithResponse(v.ctx, &client.ListDesksParams{})
	if err != nil {
		return err
	}
	houses, err := v.api.ListOrganisationsWithResponse(v.ctx, &client.ListOrganisationsParams{})
	if err != nil {
		return err
	}
	missing, err := v.api.ListUnitsWithoutReferentWithResponse(v.ctx)
	if err != nil {
		return err
	}
	var teams, others, without []house
	for _, d := range desks.JSON200.Items {
		teams = append(teams, house{d.Name, houseKinds[d.Kind], listed(d.Departments), openOrClosed(d.Closed), pathOf("equipes", d.ID, !d.Closed)})
	}
	for _, o := range houses.JSON200.Items {
		others = append(others, house{o.Name, houseKinds[o.Kind], the(o.Department), openOrClosed(o.Closed), pathOf("organismes", o.ID, !o.Closed && o.Kind != "provider")})
	}
	for _, u := range missing.JSON200.Items {
		state := "Personne n’est invité"
		if u.Coming {
			state = "Une personne est invitée"
		}
		without = append(without, house{u.Unit.Name, houseKinds["unit"], listed(u.Unit.Departments), state, pathOf("equipes", u.Unit.ID, true)})
	}
	return v.show(http.StatusOK, "Annuaire", directoryView(teams, others, without))
}

func openOrClosed(closed bool) string {
	if closed {
		return "Fermée"
	}
	return "Ouverte"
}
