package portal

import (
	"net/http"
	"slices"
	"time"

	"example.org/passerelle/api/client"
)

const (
	providersPath  = "/prestataires"
	providersTitle = "Prestataires"
)

var providerRoutes = []Route{
	{Method: http.MethodGet, Path: providersPath, page: providerList},
	{Method: http.MethodGet, Path: providersPath + "/{id}", page: providerPage},
}

// abilityKinds are what a provider can do beside holding a session in its own rooms.
var abilityKinds = []choice{
	{Value: "remote_skills", Label: "Animer à distance"}, {Value: "equipment", Label: "Équiper les personnes"}, {Value: "training", Label: "Équipe formée"}}

var providerLabels = []choice{{Value: "autonomie_numerique", Label: "Autonomie numérique"}}

// providers is a page of them, by name.
type providers struct {
	form

	departments []choice
	words       words
	lines       []providerLine
	total, path string
	next        *string
	registers   bool
}

// providerLine is a provider in a list.
type providerLine struct{ ID, Name, Where, Can, Labels, Networks string }

const providersOnPage = 50

func providerList(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	f := form{values: v.r.URL.Query()}
	page := providers{form: f, words: w, departments: withNone("Tous", w.departmentsOf(v.user.Fund)), path: v.r.URL.RequestURI(), registers: v.user.registers()}
	asked := &client.ListProvidersParams{Department: f.text("departement"), Network: f.text("reseau"), Ability: f.text("capacite"), Skill: f.text("competence"),
		Label: f.text("label"), Limit: new(providersOnPage), Cursor: f.text("suite")}
	if f.chosen("relais", "oui") {
		asked.Relay = new(true)
	}
	answer, err := v.api.ListProvidersWithResponse(v.ctx, asked)
	if err != nil {
		return err
	}
	for _, p := range answer.JSON200.Items {
		page.lines = append(page.lines, providerLine{ID: p.ID, Name: p.Name, Where: joined(communeName(the(p.Insee)), departmentName(p.Department)),
			Can: listed(w.abilities(p)), Labels: listed(labelsOn(p, v.Now())), Networks: listed(p.Networks)})
	}
	page.total, page.next = found(len(page.lines), "prestataire", "prestataires"), answer.JSON200.Next
	return v.show(http.StatusOK, providersTitle, providersView(page))
}

// providerSheet is what is known of one provider.
type providerSheet struct {
	ID, Name             string
	Contact, Can, Labels []fact
	Networks             string
	Invites, Amends      bool
}

func providerPage(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(w.providers, func(p client.ListedProvider) bool { return p.ID == v.path("id") })
	if at < 0 {
		return &client.Problem{Status: http.StatusNotFound}
	}
	return v.show(http.StatusOK, w.providers[at].Name, providerView(w.providerSheet(w.providers[at], v.user, v.Now())))
}

func (w words) providerSheet(p client.ListedProvider, u user, now time.Time) providerSheet {
	s := providerSheet{ID: p.ID, Name: p.Name, Networks: listed(p.Networks), Invites: u.ofOurFund(p), Amends: u.amendsProvider(p)}
	s.Contact = present([]fact{{"Adresse", joined(the(p.Street), communeName(the(p.Insee)), departmentName(p.Department))}, {"Téléphone", phoneText(the(p.Phone))},
		{"Courriel", the(p.ContactEmail)}})
	for _, a := range p.Abilities {
		s.Can = append(s.Can, fact{w.ability(a), sinceText(the(a.Since))})
	}
	if p.Relay {
		s.Can = append(s.Can, fact{"Structure relais", "Accueille des personnes pour un atelier tenu ailleurs, à distance"})
	}
	for _, l := range p.Labels {
		s.Labels = append(s.Labels, fact{labelName(l), labelDays(l, now)})
	}
	return s
}

// ability is what a provider can do, and in which family of skills.
func (w words) ability(a client.Ability) string {
	text := choiceLabel(abilityKinds, a.Kind)
	if a.Skill != nil {
		text += "\u00a0: " + lower(w.of("skills", *a.Skill))
	}
	return text
}

func (w words) abilities(p client.ListedProvider) []string {
	list := make([]string, len(p.Abilities))
	for i, a := range p.Abilities {
		if list[i] = lower(w.ability(a)); a.Since != nil {
			list[i] += " (" + sinceText(*a.Since) + ")"
		}
	}
	return list
}

func sinceText(day string) string {
	if day == "" {
		return "Depuis une date non précisée"
	}
	return "depuis le " + dayText(day)
}

func labelName(l client.ProviderLabel) string {
	return choiceLabel(providerLabels, l.Label) + ", critères de " + l.Version
}

// labelDays are when a label holds. One that has ended is still told, and said to have ended.
func labelDays(l client.ProviderLabel, now time.Time) string {
	switch {
	case l.To == nil:
		return "depuis le " + dayText(l.From)
	case holds(l, now):
		return "du " + dayText(l.From) + " au " + dayText(*l.To)
	}
	return "terminé\u00a0: du " + dayText(l.From) + " au " + dayText(*l.To)
}

func holds(l client.ProviderLabel, now time.Time) bool {
	today := now.Format(time.DateOnly)
	return l.From <= today && (l.To == nil || today <= *l.To)
}

// labelsOn are those that hold on a day.
func labelsOn(p client.ListedProvider, now time.Time) (list []string) {
	for _, l := range p.Labels {
		if holds(l, now) {
			list = append(list, labelName(l))
		}
	}
	return list
}

// besideSession is what matters of the provider of a session: at a distance, whether it can; where equipment is lent, since when; its label.
func (w words) besideSession(s client.Session, now time.Time) []string {
	at := slices.IndexFunc(w.providers, func(p client.ListedProvider) bool { return p.ID == s.ProviderID })
	if at < 0 {
		return nil
	}
	p := w.providers[at]
	var list []string
	for _, a := range p.Abilities {
		afar := a.Kind == "remote_skills" && s.Mode != "in_person"
		equips := a.Kind == "equipment" && s.LendsEquipment
		taught := a.Kind == "training"
		if (afar || equips || taught) && (a.Skill == nil || slices.Contains(s.Skills, *a.Skill)) {
			list = append(list, "Le prestataire\u00a0: "+lower(w.ability(a))+", "+lower(sinceText(the(a.Since))))
		}
	}
	for _, l := range labelsOn(p, now) {
		list = append(list, "Le prestataire a le label «\u00a0"+l+"\u00a0»")
	}
	if len(p.Networks) > 0 {
		list = append(list, "Le prestataire est du réseau "+listed(p.Networks))
	}
	return list
}
