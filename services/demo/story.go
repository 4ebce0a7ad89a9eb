package demo

import (
	"slices"
	"time"
)

// Story is a year that is written down: who does what, in which order.
type Story struct {
	Today     time.Time
	providers []provider
	items     []item
	sessions  []session
	flags     []flag
	referrals []referral
	waves     []wave
}

// referral is somebody's way to a session.
type referral struct {
	flag, session int
	follows       int // referral; -1: none
}

// wave is a working day: what is done on it does not depend on each other. A provider answers on one day and is
// asked on the next, so that neither overtakes the other.
type wave struct {
	at   time.Time
	acts []act
}

// people are those who are flagged in the wave.
func (w wave) people() (n int) {
	for _, a := range w.acts {
		if _, ok := a.(flagSenior); ok {
			n++
		}
	}
	return n
}

// writing is a story while it is written, day by day.
type writing struct {
	*Story
	dice
	calendar
	looking []looking // people for whom a session is looked for, first come, first served
	asked   map[asked]bool
	no, out int // reasons that were used
}

type asked struct{ flag, session int }

type looking struct {
	flag    int
	from    int // day
	follows int
}

// Write writes the story of the year that ends on a day: always the same.
func Write(today time.Time) *Story {
	c, d := yearBefore(today), newDice()
	s := &Story{Today: c.today, providers: providers(d)}
	s.items, s.sessions = items(s.providers), sessions(d, c, s.providers)
	w := &writing{Story: s, dice: d, calendar: c, asked: map[asked]bool{}}
	w.openDays()
	w.begin()
	w.study()
	perDay := w.flagsByDay()
	sheets := &people{dice: d, seen: map[string]bool{}}
	for day := range c.days {
		for range perDay[day] {
			w.flag(sheets, day)
		}
		w.look(day)
	}
	w.equipped()
	s.waves = slices.DeleteFunc(s.waves, func(w wave) bool { return len(w.acts) == 0 })
	return s
}

// openDays gives each working day its moment.
func (w *writing) openDays() {
	for _, day := range w.days {
		y, m, d := day.Date()
		w.waves = append(w.waves, wave{at: time.Date(y, m, d, 9, w.between(5, 8*60), 0, 0, day.Location())})
	}
}

// on puts something on a day. What would be done after the end of the year is left to who tries the demo.
func (w *writing) on(day int, a act) {
	if day < len(w.waves) {
		w.waves[day].acts = append(w.waves[day].acts, a)
	}
}

// begin: providers, what they lend, and later their sessions.
func (w *writing) begin() {
	for n, p := range w.providers {
		if p.id == "" {
			w.on(0, registerProvider{n})
		}
	}
	w.on(0, tellMoney{})
	for n := range w.items {
		w.on(1, registerItem{n})
	}
	for n, s := range w.sessions {
		w.on(s.planned, planSession{n})
	}
}

// flagsByDay: fewer in August and at Christmas.
func (w *writing) flagsByDay() []int {
	weight := map[time.Month]int{time.August: 5, time.December: 7}
	sum, perDay := 0, make([]int, len(w.days))
	upTo := make([]int, len(w.days))
	for n, day := range w.days {
		sum += max(weight[day.Month()], 0)
		if weight[day.Month()] == 0 {
			sum += 10
		}
		upTo[n] = sum
	}
	before := 0
	for n := range perDay {
		perDay[n] = flagsInAll*upTo[n]/sum - before
		before += perDay[n]
	}
	return perDay
}

func (w *writing) flag(sheets *people, day int) {
	shares := make([]int, len(authors))
	for n, a := range authors {
		shares[n] = a.share
	}
	n := len(w.flags)
	f := sheets.flag(authors[w.weighted(shares...)], w.days[day])
	w.flags = append(w.flags, f)
	w.on(day, flagSenior{n})
	reviewed := w.review(n, day)
	wish := map[string]int{"34": 76, "58": 95} // percent who want to go: the Nièvre has fewer people and no fewer seats
	if f.referrer == "" || !w.of(wish[f.department]) {
		return
	}
	switch {
	case f.department == "34" || f.urgent:
		w.looking = append(w.looking, looking{n, day + w.between(1, 12), -1})
	case reviewed >= 0:
		w.looking = append(w.looking, looking{n, reviewed + w.between(1, 8), -1})
	}
}

// review gives the day of a referent's yes, -1 if there is none. The Nièvre reviews everything, in time; in
// Languedoc-Roussillon nothing is reviewed.
func (w *writing) review(n, day int) int {
	const referent = "referent-58"
	f := w.flags[n]
	days := w.between(2, 14)
	if f.department == "34" || w.of(2) || f.author == referent || day+days >= len(w.days) {
		return -1
	}
	w.on(day+days, validate{n, referent})
	return day + days
}
