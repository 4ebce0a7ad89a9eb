package portal

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
)

// personAct is something that can be done with a person: a form of its own, reached from the person's page.
type personAct struct {
	path, title, button string
	done                string // the sentence afterwards
	fill                func(p *personForm)
	fields              func(p personForm) templ.Component
	send                func(v *visit, p *personForm) error
}

var personActs = []personAct{
	{noteContactPath, noteContactTitle, "Noter", "Le contact est noté.", nil, personContactFields, sendPersonContact},
	{"corriger", "Corriger la fiche", "Enregistrer", "La fiche est corrigée.", fillIdentity, correctFields, sendCorrection},
	{"demenagement", "Signaler un déménagement", "Enregistrer", "Le déménagement est enregistré.", nil, moveFields, sendMove},
	{"souhaits", "Noter les souhaits", "Enregistrer", "Les souhaits sont enregistrés.", fillWishes, wishFields, sendWishes},
	{"accords", "Noter un accord ou un retrait", "Enregistrer", "L’accord est enregistré.", nil, consentFields, sendConsent},
	{"lier", "Lier à une autre personne", "Lier", "Les deux personnes sont liées.", nil, linkFields, sendLink},
	{"fusionner", "Réunir deux fiches", "Réunir les fiches", "Les deux fiches n’en font plus qu’une.", nil, mergeFields, sendMerge},
	{"separer", "Séparer des fiches réunies par erreur", "Séparer les fiches", "Les fiches sont de nouveau séparées.", nil, partFields, sendPart},
	{"opposition", "Noter une opposition", "Enregistrer l’opposition", "L’opposition est enregistrée. La protection des données décide de la suite.", nil, objectFields, sendObjection},
	{"deces", "Signaler un décès", "Confirmer le décès", "Le décès est enregistré. Plus rien n’est envoyé à cette personne.", nil, deathFields, sendDeath},
	{"deces/annuler", "Annuler un décès signalé par erreur", "Annuler le décès", "Le décès est annulé. Ce qui était clos le reste.", nil, undoFields, sendUndo},
}

func personActRoutes() (routes []Route) {
	for _, act := range personActs {
		path := "/personnes/{id}/" + act.path
		routes = append(routes,
			Route{Method: http.MethodGet, Path: path, page: func(v *visit) error { return v.personAct(act) }},
			Route{Method: http.MethodPost, Path: path, page: func(v *visit) error { return v.actOnPerson(act) }})
	}
	return routes
}

// personForm is the form of an act, with the fields of a sheet where they are the same.
type personForm struct {
	flagForm

	act    personAct
	person client.Person
}

func (p personForm) name() string {
	if p.person.Details == nil {
		return "Données effacées"
	}
	return full(p.person.Details.GivenName, p.person.Details.FamilyName)
}

func (v *visit) personForm(act personAct, f form) (personForm, error) {
	if !v.user.refers() {
		return personForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return personForm{}, err
	}
	answer, err := v.api.GetPersonWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return personForm{}, err
	}
	return personForm{flagForm: flagForm{form: f, words: w}, act: act, person: *answer.JSON200}, nil
}

func (v *visit) personAct(act personAct) error {
	page, err := v.personForm(act, form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	if act.fill != nil && page.person.Details != nil {
		act.fill(&page)
	}
	if page.value("commune") != "" {
		if _, page.communes, err = v.commune(&page.form); err != nil {
			return err
		}
		page.faults = nil // nobody has typed anything yet
	}
	return v.show(http.StatusOK, act.title, personActForm(page))
}

// actOnPerson sends the form, or shows it again with what is wrong.
func (v *visit) actOnPerson(act personAct) error {
	page, err := v.personForm(act, v.form())
	if err != nil {
		return err
	}
	err = act.send(v, &page)
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, personEntries)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+act.title, personActForm(page))
	}
	return v.done("/personnes/"+page.person.ID, page.act.done)
}

// personEntries tie the members of the bodies to the inputs.
var personEntries = append([]entry{
	{"other_id", "autre", "L’autre personne", otherWords},
	{"person_id", "autre", "L’autre personne", otherWords},
	{"on", "deces", "Date du décès", map[string]string{"in_future": "Date du décès\u00a0: cette date est dans le futur"}},
	{"told_by", "dit_par", "Annoncé par", nil},
	{"address.street", "rue", "Numéro et rue", nil},
	{"address", "commune", "Commune", placeWords},
	{"from", "depuis_le", "À partir du", nil},
	{"kind", "objet", "Objet de l’accord", nil},
	{"given", "accord", "Accord", nil},
	{"channel", "moyen", "Comment la personne l’a dit", nil},
	{"by", "accord_par", "Dit par", nil},
	{"text_version", "texte", "Texte lu", nil},
	{"note", "note", "Note", nil},
	{"no_calls", "sans_appel", "Pas d’appel", nil},
}, slices.DeleteFunc(slices.Clone(flagEntries), func(e entry) bool { return e.Member == "" || e.Member == "person_id" })...)

var otherWords = map[string]string{
	"unknown_person": "L’autre personne\u00a0: votre équipe ne suit personne sous cette référence",
	"same_record":    "L’autre personne\u00a0: c’est la référence de cette fiche",
}

func fillIdentity(p *personForm) {
	d := p.person.Details
	for name, value := range map[string]string{
		"nom": d.FamilyName, "prenom": d.GivenName, "nom_naissance": the(d.BirthName), "sexe": the(d.Sex), "telephone": the(d.Phone),
		"courriel": the(d.Email), "langue": the(d.Language),
	} {
		p.values.Set(name, value)
	}
	for i, part := range strings.SplitN(the(d.BirthDate), "-", 3) {
		p.values.Set("naissance-"+[]string{"annee", "mois", "jour"}[i], strings.TrimLeft(part, "0"))
	}
	if a := d.Address; a != nil {
		p.values.Set("rue", the(a.Street))
		p.values.Set("commune", communeName(the(a.Insee)))
		if the(a.Postcode) != "" {
			p.values.Set("commune", the(a.Postcode))
		}
		p.values.Set("commune-pour", p.value("commune"))
		p.values.Set("commune-choix", the(a.Insee))
	}
}

func sendCorrection(v *visit, p *personForm) error {
	if err := v.newPerson(&p.flagForm); err != nil || p.wrong() {
		return err
	}
	_, err := v.api.CorrectPersonWithResponse(v.ctx, p.person.ID, client.Correction{Person: client.RightPerson(*p.sent.Person)}, v.key())
	return err
}

func sendMove(v *visit, p *personForm) error {
	where, field, err := v.commune(&p.form)
	if err != nil {
		return err
	}
	p.communes = field
	from := p.date("depuis_le", "À partir du", false)
	if where == nil && p.fault("commune") == "" {
		p.refuse("commune", "Commune\u00a0: à renseigner")
	}
	if p.wrong() {
		return nil
	}
	move := client.Move{From: from, Address: client.NewAddress{Street: p.text("rue"), Insee: &where.Insee, Postcode: postcode(*where, p.value("commune"))}}
	_, err = v.api.MovePersonWithResponse(v.ctx, p.person.ID, move, v.key())
	return err
}

func fillWishes(p *personForm) {
	w := p.person.Wishes
	if w == nil {
		return
	}
	p.values["sans_appel"] = w.NoCalls
	p.values.Set("note", the(w.Note))
	for name, is := range map[string]bool{"papier": w.PaperOnly, "aidant_seul": w.HelperOnly} {
		if is {
			p.values.Set(name, "oui")
		}
	}
	if h := w.Helper; h != nil {
		p.values.Set("aidant_nom", the(h.Name))
		p.values.Set("aidant_lien", the(h.Relation))
		p.values.Set("aidant_telephone", the(h.Phone))
		p.values.Set("aidant_informe", yesNoOf(h.MayBeTold))
		p.values.Set("aidant_appele", yesNoOf(h.CallsFirst))
	}
}

func yesNoOf(is *bool) string {
	switch {
	case is == nil:
		return ""
	case *is:
		return "oui"
	}
	return "non"
}

func sendWishes(v *visit, p *personForm) error {
	paper, only := p.chosen("papier", "oui"), p.chosen("aidant_seul", "oui")
	_, err := v.api.NoteWishesWithResponse(v.ctx, p.person.ID, client.Wishes{
		PaperOnly: &paper, NoCalls: p.list("sans_appel"), Helper: p.helper(), HelperOnly: &only, Note: p.text("note"),
	}, v.key())
	return err
}

func sendConsent(v *visit, p *personForm) error {
	given := p.yesNo("accord")
	for _, asked := range []struct{ name, text string }{
		{"objet", "Objet\u00a0: à choisir"}, {"accord", "Accord\u00a0: à choisir"}, {"moyen", "Comment la personne l’a dit\u00a0: à choisir"},
	} {
		if p.value(asked.name) == "" {
			p.refuse(asked.name, asked.text)
		}
	}
	if p.wrong() || given == nil {
		return nil
	}
	_, err := v.api.NoteConsentWithResponse(v.ctx, p.person.ID, client.Consent{
		Kind: p.value("objet"), Given: *given, Channel: p.value("moyen"), By: p.text("accord_par"), TextVersion: p.text("texte"),
	}, v.key())
	return err
}

// other finds the second person by the reference of a flag, which is on every page about them.
func (v *visit) other(p *personForm) (string, error) {
	reference := p.text("autre")
	if reference == nil {
		p.refuse("autre", "L’autre personne\u00a0: à renseigner")
		return "", nil
	}
	found, err := v.api.SearchPersonsWithResponse(v.ctx, client.PersonSearch{Reference: reference})
	if err != nil {
		return "", err
	}
	for _, one := range found.JSON200.Items {
		if one.PersonID != nil {
			return *one.PersonID, nil
		}
	}
	p.refuse("autre", otherWords["unknown_person"])
	return "", nil
}

func sendLink(v *visit, p *personForm) error {
	other, err := v.other(p)
	if err != nil || p.wrong() {
		return err
	}
	_, err = v.api.LinkPersonsWithResponse(v.ctx, p.person.ID, client.NewLink{PersonID: other, Kind: "household"}, v.key())
	return err
}

func sendMerge(v *visit, p *personForm) error {
	other, err := v.other(p)
	if err != nil || p.wrong() {
		return err
	}
	_, err = v.api.MergePersonsWithResponse(v.ctx, p.person.ID, client.OtherRecord{OtherID: other}, v.key())
	return err
}

// apart are the records that are shown with this one.
func (p personForm) apart() []choice {
	list := make([]choice, len(p.person.Records))
	for i, r := range p.person.Records {
		list[i] = choice{Value: r.ID, Label: "Données effacées", Hint: join(append([]string{"Signalements\u00a0:"}, r.References...)...)}
		if r.Person != nil {
			list[i].Label = full(r.Person.GivenName, r.Person.FamilyName)
		}
		if len(r.References) == 0 {
			list[i].Hint = "Sans signalement"
		}
	}
	return list
}

func sendPart(v *visit, p *personForm) error {
	other := p.value("fiche")
	if other == "" {
		p.refuse("fiche", "Fiche\u00a0: à choisir")
		return nil
	}
	_, err := v.api.PartPersonsWithResponse(v.ctx, p.person.ID, client.OtherRecord{OtherID: other}, v.key())
	return err
}

func sendObjection(v *visit, p *personForm) error {
	if !p.chosen("confirme", "oui") {
		p.refuse("confirme", "Confirmez que la personne s’oppose")
		return nil
	}
	_, err := v.api.ObjectPersonWithResponse(v.ctx, p.person.ID, v.key())
	return err
}

func sendDeath(v *visit, p *personForm) error {
	on := p.date("deces", "Date du décès", true)
	if !p.chosen("confirme", "oui") {
		p.refuse("confirme", "Confirmez que le décès est certain")
	}
	if p.wrong() {
		return nil
	}
	_, err := v.api.TellDeathWithResponse(v.ctx, p.person.ID, client.Death{On: on, ToldBy: p.text("dit_par")}, v.key())
	return err
}

func sendUndo(v *visit, p *personForm) error {
	_, err := v.api.UndoDeathWithResponse(v.ctx, p.person.ID, v.key())
	return err
}
