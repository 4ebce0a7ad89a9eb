package portal

import (
	"net/http"
	"net/url"
	"slices"

	"example.org/passerelle/api/client"
)

var signalRoutes = []Route{
	{Method: http.MethodGet, Path: "/alertes", page: signalList},
	{Method: http.MethodGet, Path: "/alertes/{flag}/{id}", page: signalPage},
	{Method: http.MethodPost, Path: "/alertes/{flag}/{id}", page: answerSignal},
}

const signalsTitle = "Alertes entre équipes"

// signalsPage is what other desks told this one, or what it told them.
type signalsPage struct {
	form

	desks []choice
	items []signalLine
	next  *string
	path  string
}

// signalLine is an alert in words.
type signalLine struct {
	client.Signal

	Path, Who, With, TopicText, StatusText, Until string
}

func signalList(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	page, asked := v.signalsAsked(w)
	list, err := v.signals(page.value("equipe"), asked)
	if err != nil {
		return err
	}
	page.next = list.Next
	for _, s := range list.Items {
		page.items = append(page.items, w.signalLine(s, page.value("sens") == "out"))
	}
	return v.show(http.StatusOK, signalsTitle, signalsView(page))
}

func (v *visit) signalsAsked(w words) (signalsPage, *client.ListSignalsParams) {
	page := signalsPage{form: form{values: v.r.URL.Query()}}
	if len(v.user.Desks) > 0 && !slices.Contains(v.user.Desks, page.value("equipe")) {
		page.values.Set("equipe", v.user.Desks[0])
	}
	if len(v.user.Desks) > 1 {
		page.desks = w.deskChoices(v.user.Desks)
	}
	page.path = "/alertes?" + url.Values{"equipe": {page.value("equipe")}, "sens": {page.value("sens")}, "etat": {page.value("etat")}}.Encode()
	return page, &client.ListSignalsParams{Direction: page.text("sens"), Status: page.text("etat"), Cursor: page.text("suite")}
}

func (v *visit) signals(desk string, asked *client.ListSignalsParams) (client.SignalPage, error) {
	if !v.user.refers() || desk == "" {
		return client.SignalPage{}, &client.Problem{Status: http.StatusForbidden}
	}
	answer, err := v.api.ListSignalsWithResponse(v.ctx, desk, asked)
	if err != nil {
		return client.SignalPage{}, err
	}
	return *answer.JSON200, nil
}

func (w words) signalLine(s client.Signal, out bool) signalLine {
	line := signalLine{
		Signal: s, Path: "/alertes/" + s.FlagID + "/" + s.ID, Who: who(s.Person), With: w.desk(s.FromDesk).Name,
		TopicText: choiceLabel(signalTopics, the(s.Topic)), StatusText: choiceLabel(signalStates, s.Status), Until: "Réponse avant le " + weekday(s.AnswerBy),
	}
	if out {
		line.With = w.desk(s.Desk).Name
	}
	if s.Deadline != nil {
		line.Until = "Réponse avant le " + weekday(min(*s.Deadline, s.AnswerBy))
	}
	if s.Status == "done" || s.Status == "refused" {
		line.Until = ""
	}
	return line
}

// signalForm is an alert with its answer.
type signalForm struct {
	form

	line signalLine
}

func signalPage(v *visit) error { return v.signal(form{values: map[string][]string{}}) }

const signalTitle = "Répondre à une alerte"

func (v *visit) signal(f form) error {
	s, err := v.findSignal()
	if err != nil {
		return err
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	page := signalForm{f, w.signalLine(s, false)}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+signalTitle, signalView(page))
	}
	return v.show(http.StatusOK, signalTitle, signalView(page))
}

// findSignal looks through what the caller's desks were told: an alert has no address of its own.
func (v *visit) findSignal() (client.Signal, error) {
	for _, desk := range v.user.Desks {
		asked := &client.ListSignalsParams{Limit: new(100)}
		for {
			list, err := v.signals(desk, asked)
			if err != nil {
				return client.Signal{}, err
			}
			if i := slices.IndexFunc(list.Items, func(s client.Signal) bool { return s.ID == v.path("id") }); i >= 0 {
				return list.Items[i], nil
			}
			if asked.Cursor = list.Next; asked.Cursor == nil {
				break
			}
		}
	}
	return client.Signal{}, &client.Problem{Status: http.StatusNotFound}
}

// Facts of an alert: what the desk may see of the person, and no more.
func (l signalLine) facts() []fact {
	return present([]fact{
		{"Personne", l.Who}, {"Téléphone", phoneText(the(l.Phone))}, {"Sujet", l.TopicText}, {"Message", the(l.Message)},
		{"Équipe qui alerte", l.With}, {"Délai", l.Until}, {"Réponse", the(l.Answer)}})
}

// open tells whether an answer is awaited.
func (l signalLine) open() bool { return l.Status == "sent" || l.Status == "received" }

func answerSignal(v *visit) error {
	f := v.form()
	f.asks(fault{"reponse", "Votre réponse\u00a0: à choisir"})
	if f.value("reponse") == "done" {
		f.asks(fault{"fait", "Ce qui a été fait\u00a0: à renseigner"})
	}
	if f.value("reponse") == "refused" {
		f.asks(fault{"pourquoi", "Pourquoi\u00a0: à renseigner"})
	}
	if f.wrong() {
		return v.signal(f)
	}
	_, err := v.api.AnswerSignalWithResponse(v.ctx, v.path("flag"), v.path("id"), f.signalAnswer(), v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{"status", "reponse", "Votre réponse", nil}, {"result", "fait", "Ce qui a été fait", nil}, {"reason", "pourquoi", "Pourquoi", nil}})
		return v.signal(f)
	}
	if err != nil {
		return err
	}
	return v.done("/alertes", "La réponse est envoyée à l’équipe qui vous a alertée.")
}

func (f form) signalAnswer() client.SignalAnswer {
	a := client.SignalAnswer{Status: f.value("reponse")}
	switch a.Status {
	case "done":
		a.Result = f.text("fait")
	case "refused":
		a.Reason = f.text("pourquoi")
	}
	return a
}
