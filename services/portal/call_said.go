package portal

import (
	"example.org/passerelle/api/client"
)

// saying is what somebody said on the phone, or that nobody answered.
type saying struct {
	*visit
	form
}

// callDone is what an answer came to, in one sentence. It names nobody: it is kept until the next page.
var callDone = map[string]string{
	"reached":      "L’appel est noté.",
	"sent":         "La lettre est notée. Sans nouvelles dans un mois, il vous sera demandé s’il faut clore.",
	"not_reached":  "C’est noté\u00a0: personne n’a répondu. La ligne reste sur votre liste.",
	"letter":       "C’est noté. Personne n’a répondu à trois moments différents\u00a0: une lettre est à imprimer, elle est sur votre liste.",
	"enrolled":     "La place est prise\u00a0: la personne est inscrite à l’atelier.",
	"waitlisted":   "C’est noté\u00a0: la personne reste sur la liste d’attente.",
	"pass":         "La personne passe son tour. Elle garde son rang, et la place est proposée à la suivante.",
	"asked":        "La place gardée est demandée pour la personne\u00a0: l’atelier a la demande.",
	"without":      "La personne s’en passe\u00a0: la place gardée est rendue. Cherchez autre chose avec elle, ou clôturez.",
	"helped":       "C’est noté\u00a0: l’adresse a suffi.",
	"not_helped":   "C’est noté\u00a0: l’adresse n’a pas suffi. La personne revient sur votre liste.",
	"did_not_go":   "C’est noté\u00a0: elle n’y est pas allée. La personne revient sur votre liste.",
	"closed_place": "C’est noté\u00a0: le lieu est fermé. La personne revient sur votre liste.",
}

// decide tells the session first, as only that can be refused; then the call is noted.
func (s saying) decide() (sentence string, err error) {
	switch answer := s.value("reponse"); {
	case answer == "not_reached":
		return s.nobody()
	case answer == "take" && s.value("genre") == "seat_offer":
		sentence, err = s.takes()
	case answer == "take":
		sentence, err = s.asks()
	case answer == "pass":
		sentence, err = s.passes()
	case s.value("motif") == "address":
		_, err = s.api.FollowUpReferralWithResponse(s.ctx, s.value("orientation"), client.FollowUp{Result: answer}, s.visit.key())
		sentence = callDone[answer]
	default:
		_, err = s.note(answer)
		return callDone[answer], err
	}
	if err != nil {
		return "", err
	}
	_, err = s.note("reached")
	return sentence, err
}

// takes the seat that was offered.
func (s saying) takes() (string, error) {
	answer, err := s.api.TakeSeatOfferWithResponse(s.ctx, s.value("a_propos"), s.visit.key())
	if err != nil {
		return "", err
	}
	return callDone[answer.JSON200.Status], nil
}

// asks for the seat that is held since the session was cancelled: nobody is sent there without their word.
func (s saying) asks() (string, error) {
	answer, err := s.api.CreateReferralWithResponse(s.ctx, client.NewReferral{FlagID: s.value("signalement"), SessionID: s.text("atelier"), Follows: s.text("orientation")}, s.visit.key())
	if err != nil {
		return "", err
	}
	if answer.JSON201.Seat == "taken" {
		return callDone["enrolled"], nil
	}
	return callDone["asked"], nil
}

// passes lets a seat go: one that was offered in turn, or the one that is held.
func (s saying) passes() (string, error) {
	offer, done := s.value("a_propos"), callDone["pass"]
	if held := s.value("offre"); held != "" {
		offer, done = held, callDone["without"]
	}
	_, err := s.api.PassSeatOfferWithResponse(s.ctx, offer, s.visit.key())
	return done, err
}

// nobody answered. A session counts the calls on its offer; the third half-day asks for a letter.
func (s saying) nobody() (string, error) {
	if s.value("genre") == "seat_offer" {
		if _, err := s.api.NoteOfferNotReachedWithResponse(s.ctx, s.value("a_propos"), s.visit.key()); err != nil {
			return "", err
		}
	}
	noted, err := s.note("not_reached")
	if err == nil && noted.LetterWanted {
		return callDone["letter"], nil
	}
	return callDone["not_reached"], err
}

// note keeps that the desk rang, or wrote.
func (s saying) note(outcome string) (client.ContactState, error) {
	contact := client.NewContact{Direction: "out", Channel: "phone", Outcome: outcome, About: s.text("a_propos")}
	if outcome == "sent" {
		contact.Channel = "letter"
	}
	answer, err := s.api.NoteContactWithResponse(s.ctx, s.value("personne"), contact, s.visit.key())
	if err != nil {
		return client.ContactState{}, err
	}
	return *answer.JSON201, nil
}
