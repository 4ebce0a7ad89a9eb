package portal

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
)

// flagAct is something a desk does under a flag: a form of its own, reached from the flag's page.
type flagAct struct {
	path, title, button string
	done                string // the sentence afterwards
	when                func(f client.Flag) bool
	fields              func(p flagActForm) templ.Component
	send                func(v *visit, p *flagActForm) error
}

var flagActs = []flagAct{
	{noteContactPath, noteContactTitle, "Noter", "Le contact est noté.", named, contactFields, sendContact},
	{"souhait", "Rien ne convient\u00a0: noter un souhait", "Enregistrer le souhait", "Le souhait est noté. La personne reste sur votre liste.", waitsForOffer, wishHelpFields, sendWish},
	{"aide-sur-place", "Noter une aide sur place", "Enregistrer l’aide", "L’aide est notée. Elle ne clôt pas le signalement.", helpGoesOn, helpActFields, sendHelpAct},
	{"alerter", "Alerter une autre équipe", "Envoyer l’alerte", "L’alerte est envoyée. La réponse arrivera sur votre liste du jour.", named, signalFields, sendSignal},
	{"transferer", "Confier à une autre équipe", "Confier", "Le signalement est confié à l’autre équipe.", helpGoesOn, transferFields, sendTransfer},
	{"clore", "Clore le signalement", "Clore", "Le signalement est clos. Vous pouvez le rouvrir pendant sept jours.", helpGoesOn, closeFields, sendClosing},
	{"rouvrir", "Rouvrir le signalement", "Rouvrir", "Le signalement est de nouveau ouvert.", closed, reopenFields, sendReopening},
}

func flagActRoutes() (routes []Route) {
	for _, act := range flagActs {
		path := "/signalements/{id}/" + act.path
		routes = append(routes,
			Route{Method: http.MethodGet, Path: path, page: func(v *visit) error { return v.flagAct(act) }},
			Route{Method: http.MethodPost, Path: path, page: func(v *visit) error { return v.actOnFlag(act) }})
	}
	return append(routes, Route{Method: http.MethodPost, Path: "/signalements/{id}/prendre-en-charge", page: takeUp})
}

func helpGoesOn(f client.Flag) bool    { return f.Help != "closed" && f.Help != "none" }
func waitsForOffer(f client.Flag) bool { return f.Help == "to_refer" || f.Help == "wished" }
func named(f client.Flag) bool         { return f.PersonID != nil && !f.Erased }
func closed(f client.Flag) bool        { return f.Help == "closed" }

// flagActForm is the form of an act.
type flagActForm struct {
	flagForm

	act  flagAct
	flag client.Flag
	name string
	to   []choice // teams that may be told, or take over
}

func (v *visit) flagActForm(act flagAct, f form) (flagActForm, error) {
	if !v.user.refers() {
		return flagActForm{}, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return flagActForm{}, err
	}
	answer, err := v.api.GetFlagWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return flagActForm{}, err
	}
	flag := *answer.JSON200
	return flagActForm{flagForm: flagForm{form: f, words: w}, act: act, flag: flag, name: flagName(flag), to: w.otherDesks(flag, act.path == "alerter")}, nil
}

// otherDesks are those of the fund beside the flag's own. An alert goes to the social service, or comes from there; what a unit of it knows
// is handed to another unit only.
func (w words) otherDesks(f client.Flag, alert bool) []choice {
	own := w.desk(f.Desk)
	var list []choice
	for _, d := range w.directory.Desks {
		social, from := d.Kind == "unit", own.Kind == "unit"
		if d.Fund == f.Fund && d.ID != f.Desk && (alert && (social || from) || !alert && (social || !from)) {
			list = append(list, choice{Value: d.ID, Label: d.Name})
		}
	}
	return list
}

func (v *visit) flagAct(act flagAct) error {
	page, err := v.flagActForm(act, form{values: map[string][]string{}})
	if err != nil {
		return err
	}
	if w := page.flag.Wish; w != nil && act.path == "souhait" {
		page.values["competences"], page.values["modes"], page.values["disponibilites"] = w.Skills, w.Modes, w.Availability
		if w.WithinKm != nil {
			page.values.Set("distance", strconv.Itoa(*w.WithinKm))
		}
	}
	return v.show(http.StatusOK, act.title, flagActView(page))
}

// actOnFlag sends the form, or shows it again with what is wrong.
func (v *visit) actOnFlag(act flagAct) error {
	page, err := v.flagActForm(act, v.form())
	if err != nil {
		return err
	}
	err = act.send(v, &page)
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		page.refused(p, flagActEntries)
		err = nil
	}
	switch {
	case err != nil:
		return err
	case page.wrong():
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+act.title, flagActView(page))
	}
	if act.path == "transferer" { // it is no longer the caller's to see
		return v.done("/aujourdhui", act.done)
	}
	return v.done("/signalements/"+page.flag.ID, page.act.done)
}

// flagActEntries tie the members of the bodies to the inputs.
var flagActEntries = []entry{
	{"outcome", "issue", "Ce qu’il en est", nil},
	{"reason", "raison", "Pourquoi", nil},
	{"skills", "competences", "Ce qu’elle veut apprendre", nil},
	{"modes", "modes", "Forme de l’atelier", nil},
	{"within_km", "distance", "Distance", nil},
	{"availability", "disponibilites", "Disponibilités", nil},
	{"kind", "genre", "Ce qui a été fait", nil},
	{"mode", "moyen", "Comment", nil},
	{"topic", "sujet", "Sujet", nil},
	{"minutes", "minutes", "Durée", nil},
	{"to_desk", "vers", "Équipe", deskWords},
	{"desk", "vers", "Équipe", deskWords},
	{"deadline", "avant", "Réponse avant le", map[string]string{
		"in_past":   "Réponse avant le\u00a0: ce jour est passé",
		"not_a_day": "Réponse avant le\u00a0: indiquez une date qui existe"}},
	{"message", "message", "Message", nil},
	{"note", "note", "Note", nil},
}

var deskWords = map[string]string{
	"unknown_desk":       "Équipe\u00a0: choisissez une autre équipe ouverte de votre caisse",
	"not_social_service": "Équipe\u00a0: entre agences, le signalement se confie. Une alerte va au service social, ou en vient",
	"secret":             "Équipe\u00a0: ce que sait le service social ne va qu’à une autre de ses unités. Envoyez plutôt une alerte à l’agence",
}

// asks refuses what is not filled in.
func (f *form) asks(list ...fault) {
	for _, one := range list {
		if f.value(one.Field) == "" {
			f.refuse(one.Field, one.Text)
		}
	}
}

// whole reads a whole number; what is none is refused beside it.
func (f *form) whole(name, label string) *int {
	typed := f.value(name)
	if typed == "" {
		return nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		f.refuse(name, label+"\u00a0: écrivez un nombre, par exemple 15")
		return nil
	}
	return &n
}

func sendWish(v *visit, p *flagActForm) error {
	body := client.HelpWish{Skills: p.list("competences"), Modes: p.list("modes"), Availability: p.list("disponibilites"), WithinKm: p.whole("distance", "Distance")}
	if p.wrong() {
		return nil
	}
	_, err := v.api.WishHelpWithResponse(v.ctx, p.flag.ID, body, v.key())
	return err
}

func sendHelpAct(v *visit, p *flagActForm) error {
	p.asks(fault{"genre", "Ce qui a été fait\u00a0: à choisir"}, fault{"moyen", "Comment\u00a0: à choisir"})
	body := client.NewHelpAct{Kind: p.value("genre"), Mode: p.value("moyen"), Topic: p.text("sujet"), Minutes: p.whole("minutes", "Durée")}
	if p.wrong() {
		return nil
	}
	_, err := v.api.NoteHelpActWithResponse(v.ctx, p.flag.ID, body, v.key())
	return err
}

func sendSignal(v *visit, p *flagActForm) error {
	p.asks(fault{"vers", "Équipe\u00a0: à choisir"}, fault{"sujet", "Sujet\u00a0: à choisir"})
	if !p.chosen("d_accord", "oui") {
		p.refuse("d_accord", "Demandez à la personne si elle est d’accord, puis cochez")
	}
	body := client.NewSignal{ToDesk: p.value("vers"), Topic: p.value("sujet"), Deadline: p.date("avant", "Réponse avant le", false), Message: p.text("message")}
	if p.wrong() {
		return nil
	}
	_, err := v.api.SendSignalWithResponse(v.ctx, p.flag.ID, body, v.key())
	return err
}

func sendTransfer(v *visit, p *flagActForm) error {
	p.asks(fault{"vers", "Équipe\u00a0: à choisir"}, fault{"raison", "Pourquoi\u00a0: à renseigner"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.TransferFlagWithResponse(v.ctx, p.flag.ID, client.FlagTransfer{Desk: p.value("vers"), Reason: p.value("raison")}, v.key())
	return err
}

func sendClosing(v *visit, p *flagActForm) error {
	p.asks(fault{"issue", "Dites ce qu’il en est"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.CloseFlagWithResponse(v.ctx, p.flag.ID, client.FlagClosing{Outcome: p.value("issue"), Note: p.text("note")}, v.key())
	return err
}

func sendReopening(v *visit, p *flagActForm) error {
	p.asks(fault{"raison", "Pourquoi\u00a0: à renseigner"})
	if p.wrong() {
		return nil
	}
	_, err := v.api.ReopenFlagWithResponse(v.ctx, p.flag.ID, client.FlagReopening{Reason: p.value("raison")}, v.key())
	return err
}

// takeUp names who looks after the flag, or gives it back to the desk.
func takeUp(v *visit) error {
	back := v.form().value("rendre") == "oui"
	if _, err := v.api.TakeUpFlagWithResponse(v.ctx, v.path("id"), client.TakingUp{GiveBack: &back}, v.key()); err != nil {
		return err
	}
	sentence := "Vous suivez ce signalement."
	if back {
		sentence = "Le signalement est rendu à l’équipe."
	}
	return v.done("/signalements/"+v.path("id"), sentence)
}

// flagActsFor are those that make sense now.
func flagActsFor(f client.Flag, u user) []flagAct {
	if !u.refers() || f.Erased {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(flagActs), func(a flagAct) bool { return !a.when(f) })
}
