package projections

import (
	"bytes"
	_ "embed" // the page of a letter
	"fmt"
	"html/template"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
	"example.org/passerelle/services/reference/communes"
)

// letterText is what is written in one kind of letter: one idea a sentence. {atelier}, {lieu}, {cout}, {equipe} and {telephone}
// stand for what belongs to it.
type letterText struct {
	subject    string
	paragraphs []string
}

const (
	cannotCome = "Vous ne pouvez pas venir ? Appelez-nous ({equipe}) au {telephone}."
	askUs      = "Une question ? Appelez-nous ({equipe}) au {telephone}."
)

var letterTexts = map[string]letterText{
	"asked": {"Votre demande de place", []string{
		"Nous avons demandé une place pour vous à {atelier}.", "Rien n’est encore certain. Nous vous écrirons dès que la réponse sera connue.", askUs,
	}},
	"seat": {"Votre place est réservée", []string{
		"Votre place à {atelier} est réservée.", "Le lieu : {lieu}.", "{cout}", "Apportez cette lettre.", cannotCome,
	}},
	"moved": {"Votre atelier a changé", []string{
		"La date ou le lieu de {atelier} a changé. Votre place est gardée.", "Cette lettre remplace la précédente.", "Le lieu : {lieu}.", "{cout}", cannotCome,
	}},
	"waiting": {"Vous êtes sur la liste d’attente", []string{
		"{atelier} est complet pour le moment. Vous êtes sur la liste d’attente.", "Dès qu’une place se libère, nous vous appelons.", askUs,
	}},
	"cancelled": {"Votre atelier n’aura pas lieu", []string{
		"{atelier} n’aura pas lieu. Nous le regrettons.", "Nous vous appelons pour vous proposer autre chose.", askUs,
	}},
	"address": {"Une adresse pour vous aider", []string{
		"Voici un lieu où vous trouverez de l’aide avec le numérique : {lieu}.", "Dans deux semaines, nous vous appelons pour savoir si vous y avez été aidé.", askUs,
	}},
	tabletLetter: {"La tablette qui vous a été prêtée", []string{
		"Une tablette vous a été prêtée pour suivre {atelier}. Son retour était prévu le {jour}.", "Rapportez-la à l’atelier, ou appelez-nous ({equipe}) au {telephone} : nous vous dirons où la rendre.",
		"Elle ne marche plus, ou vous ne la trouvez plus ? Dites-le nous simplement : c’est prévu.", "Vous l’avez déjà rendue ? Alors ne tenez pas compte de cette lettre, et merci.",
	}},
	"completed": {"Votre atelier est terminé", []string{
		"Vous avez suivi {atelier} jusqu’au bout. Bravo !", "Dans trois mois, nous vous appelons pour savoir si vous vous servez de ce que vous avez appris.",
		"Vous voulez aller plus loin, ou quelque chose vous bloque ? Appelez-nous ({equipe}) au {telephone}.",
	}},
	"dropped": {"Vous avez quitté l’atelier", []string{
		"Vous n’avez pas suivi {atelier} jusqu’au bout. Ce n’est pas grave.", "Un autre jour, un autre lieu ou une autre aide vous conviendrait mieux ? Appelez-nous ({equipe}) au {telephone}.",
	}},
	"not_reached": {"Nous n’avons pas réussi à vous joindre", []string{
		"Nous vous avons appelé à trois moments différents, sans réponse.", "Souhaitez-vous encore de l’aide avec le numérique ? Appelez-nous ({equipe}) au {telephone}.",
		"Sans nouvelles de votre part dans un mois, nous penserons que vous n’avez plus besoin de nous. Vous pourrez toujours revenir.",
	}},
}

// worded is the letter with its sentences.
func worded(l rest.Letter, plan events.SessionPlanned, p events.Person) rest.Letter {
	session, cost := "l’atelier", "L’atelier est gratuit."
	if plan.Title != "" {
		session = "l’atelier « " + plan.Title + " »"
	}
	if plan.CostCents > 0 {
		cost = fmt.Sprintf("L’atelier coûte %d,%02d €.", plan.CostCents/100, plan.CostCents%100)
	}
	text := letterTexts[l.Kind]
	with := strings.NewReplacer("{atelier}", session, "{lieu}", the(l.Place), "{cout}", cost, "{equipe}", l.DeskName, "{telephone}", l.DeskPhone, "{jour}", dayOnPaper(the(l.DueOn)))
	l.Subject = text.subject
	if len(l.To) > 0 {
		l.Paragraphs = append(l.Paragraphs, "Bonjour "+strings.TrimSpace(p.GivenName+" "+p.FamilyName)+",")
	}
	for _, sentence := range text.paragraphs {
		if said := with.Replace(sentence); said != "Le lieu : ." {
			l.Paragraphs = append(l.Paragraphs, strings.ToUpper(said[:1])+said[1:])
		}
	}
	if l.Kind != "seat" && l.Kind != "moved" {
		l.Meetings = []rest.Meeting{}
	}
	return l
}

// addressLines are those of an envelope; none of somebody who was erased.
func addressLines(p events.Person) []string {
	lines := []string{}
	if p.FamilyName == "" {
		return lines
	}
	lines = append(lines, strings.TrimSpace(p.GivenName+" "+p.FamilyName))
	if p.Address == nil {
		return lines
	}
	if p.Address.Street != "" {
		lines = append(lines, p.Address.Street)
	}
	if town := joinedBy(" ", p.Address.Postcode, communeName(p.Address.Insee)); town != "" {
		lines = append(lines, town)
	}
	return lines
}

func communeName(insee string) string {
	c, _ := communes.Find(insee)
	return c.Name
}

// heldAt is where a session is held: the place, and its commune where the place does not name it.
func heldAt(p events.SessionPlanned) string {
	if commune := communeName(p.Insee); !strings.Contains(p.Place, commune) {
		return joinedBy(", ", p.Place, commune)
	}
	return p.Place
}

func joinedBy(with string, parts ...string) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, part)
		}
	}
	return strings.Join(said, with)
}

//go:embed letter.html
var letterHTML string

var letterTemplate = template.Must(template.New("letter").Funcs(template.FuncMap{"times": meetingTimes, "foot": letterFoot}).Parse(letterHTML))

// meetingTimes are the days in full: mardi 8 décembre 2026, de 9 h 30 à 11 h 30.
func meetingTimes(l rest.Letter) (times []string) {
	for _, m := range l.Meetings {
		times = append(times, fmt.Sprintf("%s %d, de %s à %s", dayInFrench(m.StartsAt), m.StartsAt.In(reference.Paris).Year(), clockInFrench(m.StartsAt), clockInFrench(m.EndsAt)))
	}
	return times
}

func letterPage(l rest.Letter) (rest.GetReferralLetterResponseObject, error) {
	var page bytes.Buffer
	if err := letterTemplate.Execute(&page, l); err != nil {
		return nil, fmt.Errorf("page of a letter: %w", err)
	}
	return rest.GetReferralLetter200TextHTMLResponse{Body: &page, ContentLength: int64(page.Len())}, nil
}

const calendarTime = "20060102T150405Z"

// calendarOf is a confirmed place for a calendar. A session that moves takes the place of what was there: the same names, a
// later number. It names nobody.
func calendarOf(l rest.Letter, version int, now time.Time) rest.GetReferralLetterResponseObject {
	var text strings.Builder
	add := func(name, value string) { text.WriteString(folded(name + ":" + value)) }
	add("BEGIN", "VCALENDAR")
	add("VERSION", "2.0")
	add("PRODID", "-//Passerelle//FR")
	for i, m := range l.Meetings {
		add("BEGIN", "VEVENT")
		add("UID", fmt.Sprintf("%s.%d@passerelle", the(l.ReferralID), i+1))
		add("SEQUENCE", fmt.Sprint(version))
		add("DTSTAMP", now.UTC().Format(calendarTime))
		add("DTSTART", m.StartsAt.UTC().Format(calendarTime))
		add("DTEND", m.EndsAt.UTC().Format(calendarTime))
		add("SUMMARY", inCalendar(the(l.SessionTitle)))
		add("LOCATION", inCalendar(the(l.Place)))
		add("CONTACT", inCalendar(l.DeskName+" "+l.DeskPhone))
		add("END", "VEVENT")
	}
	add("END", "VCALENDAR")
	return rest.GetReferralLetter200TextCalendarResponse{Body: strings.NewReader(text.String()), ContentLength: int64(text.Len())}
}

var inCalendar = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace

// folded ends a line as RFC 5545 has it: at 75 octets at most, never inside of a letter.
func folded(line string) string {
	var text strings.Builder
	length := 0
	for _, r := range line {
		if n := len(string(r)); length+n > 75 {
			text.WriteString("\r\n ")
			length = 1
		}
		text.WriteRune(r)
		length += len(string(r))
	}
	return text.String() + "\r\n"
}
