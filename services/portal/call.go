package portal

import (
	"net/http"
	"net/url"
	"slices"

	"example.org/passerelle/api/client"
)

var callRoutes = []Route{{Method: http.MethodPost, Path: "/appels", page: answerCall}}

// call is something to say to somebody by phone, and what may come of it.
type call struct {
	form

	Heading       string // what the call is about, and with whom
	Phone, Script string
	Word          string // by which the person knows who is calling
	Held          string // a seat that is kept for the person meanwhile
	Tries         string
	Answers       []choice
	Hidden        []fact // what the form sends along
	Decides       bool   // somebody waits for a word on a seat
}

// callAnswers are what may come of a call, by kind of line; of a cancelled session without another seat, none is held.
var callAnswers = map[string][]choice{
	"seat_offer":             {{Value: "take", Label: "Prend la place"}, {Value: "pass", Label: "Passe son tour"}, notReached},
	"session_cancelled":      {{Value: "take", Label: "Prend la place"}, {Value: "pass", Label: "S’en passe"}, notReached},
	"session_cancelled none": {{Value: "reached", Label: "Personne jointe"}, notReached},
	"session_moved":          {{Value: "reached", Label: "Vient toujours"}, notReached},
	"reminder":               {{Value: "reached", Label: "Personne jointe"}, notReached},
	"call_back":              {{Value: "reached", Label: "Personne jointe"}, notReached},
	"loan_late":              {{Value: "reached", Label: "Personne jointe"}, notReached},
	"follow_up":              {{Value: "reached", Label: "Personne jointe"}, notReached},
	"follow_up address": {{Value: "helped", Label: "A trouvé de l’aide"}, {Value: "not_helped", Label: "N’a pas été aidée"}, {Value: "did_not_go", Label: "N’y est pas allée"},
		{Value: "closed_place", Label: "Le lieu est fermé"}, notReached},
	"letter_to_print": {{Value: "sent", Label: "La lettre est partie"}},
}

var notReached = choice{Value: "not_reached", Label: "Pas de réponse"}

// callOf is the call that a line asks for; nil where nobody is to be rung.
func (w words) callOf(t client.TodayLine, from string) *call {
	held := t.Kind == "session_cancelled" && t.AlternativeOffer != nil
	answers, ok := callAnswers[t.Kind+" "+t.Why]
	if !ok {
		answers = callAnswers[t.Kind]
	}
	if t.Kind == "session_cancelled" && !held {
		answers = callAnswers["session_cancelled none"]
	}
	if t.Script == nil || t.About == nil || t.PersonID == nil || len(answers) == 0 {
		return nil
	}
	c := &call{
		form: form{values: url.Values{}}, Heading: dayActs[t.Kind].what, Phone: phoneText(the(t.Phone)), Word: the(t.Word), Script: *t.Script, Answers: answers,
		Decides: t.Kind == "seat_offer" || held,
	}
	if t.Tries > 0 {
		c.Tries = "Pas de réponse jusqu’ici\u00a0: " + count(t.Tries, "appel", "appels") + "."
	}
	if t.Kind == "session_cancelled" {
		c.Held = heldFor(t)
	}
	for _, one := range []fact{{"genre", t.Kind}, {"motif", t.Why}, {"a_propos", *t.About}, {"personne", *t.PersonID}, {"signalement", the(t.FlagID)}, {"orientation", the(t.ReferralID)},
		{"offre", the(t.AlternativeOffer)}, {"atelier", the(t.Alternative)}, {"retour", from}} {
		if one.Text != "" {
			c.Hidden = append(c.Hidden, one)
		}
	}
	return c
}

// heldFor says what is kept for somebody whose session does not take place.
func heldFor(t client.TodayLine) string {
	if t.AlternativeOffer == nil || t.AlternativeAt == nil || t.AlternativeUntil == nil {
		return "Aucune autre place ne convient pour l’instant."
	}
	return "Une place est gardée pour la personne dans l’atelier «\u00a0" + the(t.AlternativeTitle) + "\u00a0», à partir du " + moment(*t.AlternativeAt) +
		". Elle est gardée jusqu’au " + moment(*t.AlternativeUntil) + "."
}

// answerCall does what the person said, and notes the call.
func answerCall(v *visit) error {
	if !v.user.refers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	said := saying{visit: v, form: v.form()}
	answers := slices.Concat(callAnswers[said.value("genre")], callAnswers[said.value("genre")+" "+said.value("motif")], callAnswers[said.value("genre")+" none"])
	if !slices.ContainsFunc(answers, func(c choice) bool { return c.Value == said.value("reponse") }) {
		return &client.Problem{Status: http.StatusBadRequest}
	}
	sentence, err := said.decide()
	if p, ok := problem(err, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		sentence, err = general(p.Code), nil
	}
	if err != nil {
		return err
	}
	return v.done(said.back(), sentence)
}

// back is the page that the call was made from.
func (s saying) back() string {
	if from := s.value("retour"); slices.Contains(s.user.Desks, from) {
		return "/aujourdhui?equipe=" + url.QueryEscape(from)
	}
	if referral := s.value("orientation"); referral != "" && s.value("retour") == "orientation" {
		return "/orientations/" + url.PathEscape(referral)
	}
	return "/aujourdhui"
}
