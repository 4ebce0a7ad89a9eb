package matching

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/passerelle/services/reference"
)

// asked is the person as the rules ask.
type asked struct {
	Person

	vector                                          vector
	reach                                           float64 // km
	today, deadline                                 string  // an old deadline is none
	until                                           []day   // to the deadline
	born, deadlineDay                               date
	commune, tongue                                 uint32
	now                                             int64
	noNetwork, foreign, language                    bool // the last: by the answer
	health, hardToReach, training, appropriation    bool
	institution, noEquipment, needy, solidarity     bool
	difficulty, loan, younger                       bool
	wheelchair, hearing, sight, cognitive, readsBad bool
	skills, days, modes                             bits
}

// How far people go: near on foot or by bus, any by car, and how old somebody is for whom most workshops are.
const (
	nearKm      = 10.0
	anyKm       = 50.0
	workshopAge = 55
)

func ask(p Person) asked {
	q, n := p.Answers, p.Needs
	a := asked{
		Person: p, vector: vectorOf(p.Where), reach: reachOf(p), today: reference.Day(p.Now), now: p.Now.Unix(),
		noNetwork: no(q.NetworkCoverage), language: q.DifficultyReason == "language", foreign: p.Language != "" && p.Language != "fr",
		health: q.DifficultyReason == "health", hardToReach: slices.Contains(q.HelpPlace, "hard_to_reach"),
		appropriation: q.DifficultyReason == "appropriation", noEquipment: no(q.Equipment), difficulty: yes(q.Difficulty), loan: yes(n.LoanWanted),
		wheelchair: slices.Contains(n.Access, "wheelchair"), hearing: slices.Contains(n.Access, "hearing"), sight: slices.Contains(n.Access, "sight"),
		cognitive: slices.Contains(n.Access, "cognitive"), readsBad: slices.Contains(n.Access, "reads_little_french"),
		skills: skills.of(n.Skills), days: halfDays.of(n.Availability), modes: modes.of(n.Modes),
	}
	a.commune, a.tongue = number(p.Where.Insee), number(p.Language)
	a.training = yes(q.TrainingNeed) || a.appropriation
	a.institution = q.Institution != "" && !a.training
	a.needy = yes(q.FinancialProblem) || yes(n.Precarious)
	a.solidarity = a.noEquipment && yes(q.FinancialProblem)
	if n.Deadline >= a.today {
		a.deadline, a.until, a.deadlineDay = n.Deadline, daysUntil(p.Now, n.Deadline), dateOf(n.Deadline)
	}
	a.born = dateOf(p.Born)
	age := a.ageOn(dateOf(a.today))
	a.younger = age >= 0 && age < workshopAge
	return a
}

func yes(answer *bool) bool { return answer != nil && *answer }
func no(answer *bool) bool  { return answer != nil && !*answer }

func reachOf(p Person) float64 {
	switch {
	case p.WithinKm > 0:
		return float64(p.WithinKm)
	case p.Needs.Travel == "near":
		return nearKm
	}
	return anyKm
}

// ageOn is the highest age that the person may have on a day, which is in the person's favour; negative: unknown.
func (a *asked) ageOn(day date) int {
	if a.born == 0 || day == 0 {
		return a.Age
	}
	return int(day-a.born) / 10000
}

// date is a day as a number, 20211115; 0: none. The whole years between two are what is left of the difference without months and days.
type date int32

func dateOf(day string) date {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return date(at.Year()*10000 + int(at.Month())*100 + at.Day()) //nolint:gosec // a day
}

// FirstDay is the first day of a date that may be a day, a month or a year; empty when it is neither.
func FirstDay(date string) string {
	switch len(date) {
	case len("2006"):
		date += "-01-01"
	case len("2006-01"):
		date += "-01"
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return ""
	}
	return date
}

// apart is how far a candidate is from the person; 0 for what comes to them.
func (a *asked) apart(c *candidate) apart {
	if c.session != nil && !c.present {
		return apart{}
	}
	return between(&a.Where, &c.where, a.vector, c.vector, a.commune != 0 && a.commune == c.commune)
}

// within says it in words.
func within(d apart) string {
	switch {
	case !d.known:
		return "Distance inconnue"
	case d.km < 0.05:
		return "Dans la commune de la personne"
	}
	text := strings.Replace(strconv.FormatFloat(math.Round(d.km*10)/10, 'f', -1, 64), ".", ",", 1) + "\u00a0km à vol d’oiseau"
	switch d.precision {
	case EPCI:
		return "À environ " + text + " (à l’intercommunalité près)"
	case Department:
		return "À environ " + text + " (au département près)"
	}
	return "À " + text
}
