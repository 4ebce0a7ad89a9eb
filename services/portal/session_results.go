package portal

import (
	"net/http"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

var resultRoutes = []Route{
	{Method: http.MethodGet, Path: "/ateliers/{id}/resultats", page: resultOverview},
	{Method: http.MethodGet, Path: "/ateliers/{id}/personnes/{demande}/resultat", page: resultForm},
	{Method: http.MethodPost, Path: "/ateliers/{id}/personnes/{demande}/resultat", page: recordResult},
}

// sessionResults are what the session has brought, and what of it is not said yet.
type sessionResults struct {
	sessionPeople

	Summary []fact
	Lines   []resultLine
}

type resultLine struct {
	Referral, Name, State, Word              string
	Finished, Account, Portal, Mailbox, Gain string
	Missing                                  bool
}

func resultOverview(v *visit) error {
	people, err := v.sessionPeople(form{})
	if err != nil {
		return err
	}
	page := sessionResults{sessionPeople: people}
	var missing []string
	for _, one := range people.attending() {
		line := people.result(one)
		if line.Missing {
			missing = append(missing, line.Name)
		}
		page.Lines = append(page.Lines, line)
	}
	page.Summary = []fact{
		{"Objectif", objectiveOf(people.seated()).text(page.session.Status)}, {"Résultats à renseigner", missingText(missing)},
		{"Services présentés", presentedText(people.session.Services)},
	}
	if n := len(people.left); n > 0 {
		page.Summary = append(page.Summary, fact{"À part", count(n, "personne n’est jamais venue ou ne vient plus", "personnes ne sont jamais venues ou ne viennent plus")})
	}
	return v.show(http.StatusOK, "Résultats", resultsView(page))
}

func missingText(names []string) string {
	if len(names) == 0 {
		return "Aucun"
	}
	return listed(names)
}

func presentedText(services []string) string {
	if len(services) == 0 {
		return "À renseigner"
	}
	texts := make([]string, len(services))
	for i, s := range services {
		texts[i] = labelOf(presentedServices, s)
	}
	return listed(texts)
}

func (p sessionPeople) result(one client.Participant) resultLine {
	line := resultLine{Referral: one.ReferralID, Name: who(one.Person), State: one.Status, Word: p.words.referralStatus(one.Status), Missing: one.Outcome == nil && one.Status != "no_show"}
	if o := one.Outcome; o != nil {
		line.Finished, line.Account, line.Portal, line.Mailbox = ouiNon(o.Completed), ouiNon(o.AccountCreated), ouiNon(o.PortalConsulted), ouiNon(o.MailboxCreated)
		line.Gain = p.gained(o.Skills)
	}
	return line
}

func ouiNon(yes bool) string {
	if yes {
		return "Oui"
	}
	return "Non"
}

// gained says what was learnt by family; a family of which nothing is said is missing.
func (p sessionPeople) gained(said map[string]client.Gain) string {
	var texts []string
	for _, family := range p.session.Skills {
		text := "à renseigner"
		if g, ok := said[family]; ok {
			text = strings.ToLower(skillLevels[g.Before+1].Label) + " → " + strings.ToLower(skillLevels[g.After+1].Label)
		}
		texts = append(texts, p.words.of("skills", family)+"\u00a0: "+text)
	}
	return strings.Join(texts, " ; ")
}

// skillLevels begin with nothing said; 0 is the second.
var skillLevels = []choice{
	{Value: "", Label: "Non renseigné"}, {Value: "0", Label: "Ne sait pas"}, {Value: "1", Label: "Avec de l’aide"}, {Value: "2", Label: "Seule"}, {Value: "3", Label: "Aide les autres"},
}

// objective is half of those who finished with account, portal and mailbox, all three.
type objective struct{ recorded, finished, all int }

func objectiveOf(people []client.Participant) (o objective) {
	for _, one := range people {
		r := one.Outcome
		if r != nil {
			o.recorded++
		}
		if r != nil && r.Completed {
			o.finished++
			if r.AccountCreated && r.PortalConsulted && r.MailboxCreated {
				o.all++
			}
		}
	}
	return o
}

const objectiveAim = " L’objectif\u00a0: au moins la moitié de celles et ceux qui vont jusqu’au bout, avec compte, portail et messagerie."

func (o objective) text(status string) string {
	switch over := status == "closed" || status == "stopped"; {
	case o.recorded == 0:
		return "Aucun résultat noté pour l’instant." + objectiveAim
	case o.finished == 0 && over:
		return "Personne n’a pu aller jusqu’au bout de cet atelier."
	case o.finished == 0:
		return "Personne n’est encore allé jusqu’au bout." + objectiveAim
	}
	text := number(o.all) + "\u00a0sur\u00a0" + number(o.finished) + " ont à la fois compte, portail et messagerie\u00a0: objectif de 50\u00a0% "
	if o.all*2 >= o.finished {
		return text + "atteint."
	}
	return text + "pas encore atteint."
}

// resultPage is the form about one participant.
type resultPage struct {
	sessionPeople

	one      client.Participant
	families []family
}

// family is a field of skills with its items.
type family struct {
	Code, Label string
	Items       []reference.SkillItem
}

func (v *visit) resultPage(f form) (resultPage, error) {
	people, err := v.sessionPeople(f)
	if err != nil {
		return resultPage{}, err
	}
	one, ok := people.find(v.path("demande"))
	if !ok {
		return resultPage{}, &client.Problem{Status: http.StatusNotFound}
	}
	page := resultPage{sessionPeople: people, one: one}
	for _, code := range people.session.Skills {
		fam := family{Code: code, Label: people.words.of("skills", code)}
		for _, item := range reference.SkillItems() {
			if item.Family == code {
				fam.Items = append(fam.Items, item)
			}
		}
		page.families = append(page.families, fam)
	}
	return page, nil
}

func resultForm(v *visit) error {
	page, err := v.resultPage(form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	if o := page.one.Outcome; o != nil {
		page.fill(*o)
	}
	return v.show(http.StatusOK, "Résultat", resultFormView(page))
}

func (p resultPage) fill(o client.Outcome) {
	for name, yes := range map[string]bool{"fini": o.Completed, "compte": o.AccountCreated, "portail": o.PortalConsulted, "messagerie": o.MailboxCreated} {
		p.values.Set(name, strings.ToLower(ouiNon(yes)))
	}
	for _, list := range []map[string]client.Gain{o.Skills, o.Items} {
		for what, g := range list {
			p.values.Set("avant-"+what, skillLevels[g.Before+1].Value)
			p.values.Set("apres-"+what, skillLevels[g.After+1].Value)
		}
	}
}

func recordResult(v *visit) error {
	page, err := v.resultPage(v.form())
	if err != nil {
		return err
	}
	body := page.body()
	if !page.wrong() {
		_, err = v.api.RecordOutcomeWithResponse(v.ctx, page.session.ID, page.one.ReferralID, body, v.key())
	}
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, []entry{{"completed", "fini", "Atelier terminé", map[string]string{"dropped": "Cette personne a quitté l’atelier avant la fin"}}})
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: résultat", resultFormView(page))
	}
	return v.done("/ateliers/"+page.session.ID+"/resultats", "Le résultat de "+who(page.one.Person)+" est enregistré.")
}

func (p *resultPage) body() client.Outcome {
	p.asks(fault{"fini", "Atelier suivi jusqu’au bout\u00a0: à choisir"}, fault{"compte", "Compte créé\u00a0: à choisir"},
		fault{"portail", "Portail consulté\u00a0: à choisir"}, fault{"messagerie", "Messagerie créée\u00a0: à choisir"})
	o := client.Outcome{
		Completed: the(p.yesNo("fini")), AccountCreated: the(p.yesNo("compte")), PortalConsulted: the(p.yesNo("portail")), MailboxCreated: the(p.yesNo("messagerie")),
		Skills: map[string]client.Gain{}, Items: map[string]client.Gain{},
	}
	for _, fam := range p.families {
		p.gain(o.Skills, fam.Code, fam.Label)
		for _, item := range fam.Items {
			p.gain(o.Items, item.Code, item.Label)
		}
	}
	return o
}

// gain reads before and after; one without the other says nothing.
func (p *resultPage) gain(into map[string]client.Gain, code, label string) {
	switch before, after := p.value("avant-"+code), p.value("apres-"+code); {
	case before == "" && after == "":
	case before == "":
		p.refuse("avant-"+code, label+", avant\u00a0: à choisir")
	case after == "":
		p.refuse("apres-"+code, label+", après\u00a0: à choisir")
	default:
		b, a := p.whole("avant-"+code, label), p.whole("apres-"+code, label)
		into[code] = client.Gain{Before: the(b), After: the(a)}
	}
}

var presentedServices = []choice{
	{Value: "retirement_fund", Label: "La caisse de retraite et ses services"}, {Value: "health_insurance", Label: "L’Assurance maladie (ameli.fr)"},
	{Value: "ageing_well_portal", Label: "Le portail du bien vieillir"}, {Value: "prevention_quiz", Label: "Le quiz de prévention"},
}
