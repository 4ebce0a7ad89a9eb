package portal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// What a desk notes of calls, letters and messages.
var (
	contactDirections = []choice{{Value: "out", Label: "Nous"}, {Value: "in", Label: "La personne, ou un proche"}}
	contactChannels   = []choice{
		{Value: "phone", Label: "Téléphone"}, {Value: "letter", Label: "Lettre"}, {Value: "sms", Label: "SMS"}, {Value: "email", Label: "Courriel"},
		{Value: "counter", Label: "À l’accueil"}, {Value: "helper", Label: "Par un proche"}}
	contactOutcomes = []choice{
		{Value: "reached", Label: "Échange avec la personne"}, {Value: "not_reached", Label: "Pas de réponse"}, {Value: "left_word", Label: "Message laissé"},
		{Value: "call_back", Label: "À rappeler", Hint: "Indiquez quand"}, {Value: "wrong_number", Label: "Mauvais numéro"}, {Value: "sent", Label: "Envoyé"},
		{Value: "returned", Label: "Revenu sans être reçu"}}
)

var contactEntries = []entry{
	{"direction", "sens", "Qui a pris contact", nil}, {"channel", "canal", "Comment", nil}, {"outcome", "resultat", "Résultat", nil},
	{"next_at", "prochain", "Rappeler le", map[string]string{"required": callBackWhen, "in_the_past": "Rappeler le\u00a0: ce moment est passé"}}, {"note", "note_contact", "Note", nil},
}

const callBackWhen = "Rappeler le\u00a0: indiquez quand rappeler"

const (
	noteContactPath  = "contact"
	noteContactTitle = "Noter un appel, une lettre ou un message"
)

func sendContact(v *visit, p *flagActForm) error {
	return v.noteContact(&p.form, the(p.flag.PersonID), &p.act.done)
}

func sendPersonContact(v *visit, p *personForm) error {
	return v.noteContact(&p.form, p.person.ID, &p.act.done)
}

// noteContact says in done that a letter is to be printed now, where that is so.
func (v *visit) noteContact(f *form, person string, done *string) error {
	f.asks(fault{"sens", "Qui a pris contact\u00a0: à choisir"}, fault{"canal", "Comment\u00a0: à choisir"}, fault{"resultat", "Résultat\u00a0: à choisir"})
	body := client.NewContact{Direction: f.value("sens"), Channel: f.value("canal"), Outcome: f.value("resultat"), NextAt: f.nextAt(), Note: f.text("note_contact")}
	if f.wrong() {
		return nil
	}
	answer, err := v.api.NoteContactWithResponse(v.ctx, person, body, v.key())
	if refused, ok := problem(err, http.StatusUnprocessableEntity); ok {
		f.refused(refused, contactEntries)
		return nil
	}
	if err == nil && answer.JSON201.LetterWanted {
		*done = callDone["letter"]
	}
	return err
}

// nextAt is a day and an hour in Paris; nine in the morning where no hour is said.
func (f *form) nextAt() *time.Time {
	day := f.date("prochain", "Rappeler le", false)
	if day == nil {
		if f.value("resultat") == "call_back" && f.fault("prochain") == "" {
			f.refuse("prochain", callBackWhen)
		}
		return nil
	}
	minutes, ok := clockOf(f.value("heure"))
	if !ok {
		f.refuse("heure", "Heure\u00a0: écrivez-la comme 14 h 30")
		return nil
	}
	at, err := time.ParseInLocation(time.DateOnly, *day, reference.Paris)
	if err != nil {
		f.refuse("prochain", callBackWhen)
		return nil
	}
	at = time.Date(at.Year(), at.Month(), at.Day(), minutes/60, minutes%60, 0, 0, reference.Paris)
	return &at
}

// clockOf reads 14 h 30, 14h, 14:30 or 14 as minutes of a day.
func clockOf(text string) (minutes int, ok bool) {
	if text == "" {
		return 9 * 60, true
	}
	parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == 'h' || r == ':' || r == ' ' || r == '\u00a0' })
	if len(parts) == 1 {
		parts = append(parts, "0")
	}
	if len(parts) != 2 {
		return 0, false
	}
	hours, err := strconv.Atoi(parts[0])
	rest, wrong := strconv.Atoi(parts[1])
	return hours*60 + rest, err == nil && wrong == nil && hours >= 0 && hours < 24 && rest >= 0 && rest < 60
}

// contactLine is one contact as the page of a flag or a person shows it.
func (w words) contactLine(c client.PersonContact) string {
	return w.contactText(c) + " (" + w.of("desk", c.Desk) + ")"
}

// lettersTold are what became of a letter.
var lettersTold = map[string]string{"sent": "Lettre envoyée", "returned": "Lettre revenue sans être reçue"}

func (w words) contactText(c client.PersonContact) string {
	text := joined(choiceLabel(contactChannels, c.Channel), lower(choiceLabel(contactOutcomes, c.Outcome)))
	if letter := lettersTold[c.Outcome]; letter != "" && c.Channel == "letter" {
		text = letter
	}
	if c.Direction == "in" && c.Outcome != "returned" {
		text += ", à l’initiative de la personne"
	}
	if c.NextAt != nil {
		text += ", rappeler le " + moment(*c.NextAt)
	}
	if c.Note != nil {
		text += "\u00a0: «\u00a0" + *c.Note + "\u00a0»"
	}
	return text
}

// contactsPart are the contacts of a flag, the oldest first.
func (w words) contactsPart(list []client.PersonContact) sheetPart {
	part := sheetPart{Title: "Contacts"}
	for _, c := range slices.Backward(list) {
		part.Facts = append(part.Facts, fact{moment(c.At), w.contactLine(c)})
	}
	return part
}
