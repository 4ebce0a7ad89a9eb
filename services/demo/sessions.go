package demo

import (
	"time"

	"example.org/passerelle/services/reference"
)

// session is a workshop that somebody plans.
type session struct {
	provider int
	title    string
	skills   []string
	mode     string
	street   string
	capacity int
	minimum  int
	meetings []time.Time // each lasts two hours
	language string
	level    string
	transport
	accessible, lends, labelled  bool
	immediate, assessment, draft bool
	waitingLimit                 *int

	planned int  // day
	wanted  int  // requests it will have, if enough people look for one
	popular bool // more want to come than there are seats
	asked   int
}

type transport = string

const (
	sessionsInAll = 120
	toCome        = 40 // first meeting after today
)

// turns says whose session comes next: the accounts of the directory often, everybody sometimes.
func turns() []int {
	list, others := make([]int, sessionsInAll), 0
	for n := range list {
		switch n % 8 {
		case 0:
			list[n] = 0
		case 3:
			list[n] = 2
		case 5:
			list[n] = 1
		default:
			list[n] = 3 + others*7%(providersInAll-3)
			others++
		}
	}
	return list
}

// sessions are in the order of their first meetings.
func sessions(d dice, c calendar, all []provider) []session {
	list := make([]session, sessionsInAll)
	for n, provider := range turns() {
		list[n] = plan(d, c, n)
		list[n].provider = provider
		list[n].street = all[provider].street
	}
	for _, n := range []int{20, 51} { // recorded after the fact
		last := list[n].meetings[len(list[n].meetings)-1]
		list[n].planned, list[n].wanted = min(c.from(after(last, 1)), len(c.days)-1), 0
	}
	list[sessionsInAll-10].draft, list[sessionsInAll-10].wanted = true, 0
	return list
}

func plan(d dice, c calendar, n int) session {
	what := d.IntN(len(titles))
	s := session{
		title: titles[what], skills: titleSkills[what], mode: mode(n), capacity: d.between(6, 12), minimum: d.between(2, 4), language: "fr",
		level: pick(d, []string{"beginner", "beginner", "beginner", "intermediate", "advanced"}),
		// a few stop at the door
		accessible: d.of(80), lends: d.of(60), labelled: d.of(30), transport: pick(d, []string{"none", "none", "none", "pick_up", "public"}),
		immediate: n%12 == 6, assessment: n%15 == 4,
	}
	if n%11 == 8 {
		s.language = pick(d, []string{"ar", "es", "pt"})
	}
	if n%9 == 2 {
		one := 1
		s.waitingLimit = &one
	}
	first := firstDay(c, n)
	s.meetings = meetings(first, d.between(1, 5), pick(d, []int{9*60 + 30, 14 * 60}))
	ahead := d.between(45, 75)
	if n >= sessionsInAll-toCome {
		ahead = d.between(70, 110)
	}
	s.planned = min(max(1, c.from(after(first, -ahead))), len(c.days)-d.between(3, 10))
	s.popular = s.mode != "webinar" && (n >= sessionsInAll-toCome && n%3 == 0 || n%9 == 2)
	s.wanted = s.requests(d, n)
	return s
}

// requests: some sessions are oversubscribed and some half empty.
func (s session) requests(d dice, n int) int {
	switch {
	case s.mode == "webinar":
		return d.between(12, 25)
	case s.popular:
		return s.capacity*14/10 + d.between(2, 4)
	case n >= sessionsInAll-toCome:
		return s.capacity * d.between(30, 70) / 100
	}
	return s.capacity * d.between(80, 135) / 100
}

func mode(n int) string {
	switch {
	case n%24 == 11:
		return "webinar"
	case n%10 == 3:
		return "video"
	case n%20 == 7:
		return "phone"
	case n%15 == 5:
		return "hybrid"
	}
	return "in_person"
}

// firstDay spreads the sessions: a month to get started, a third of them to come.
func firstDay(c calendar, n int) time.Time {
	begin, past := after(c.days[0], 24), sessionsInAll-toCome
	if n < past {
		days := int(c.today.Sub(begin).Hours()/24) - 2
		return workday(after(begin, n*days/past))
	}
	return workday(after(c.today, 4+(n-past)*80/toCome))
}

func workday(at time.Time) time.Time {
	for !reference.WorkingDay(at) {
		at = after(at, 1)
	}
	return at
}

// meetings are a week apart, on working days; minute is of the day.
func meetings(first time.Time, n, minute int) []time.Time {
	list := make([]time.Time, n)
	for i := range list {
		y, m, d := workday(after(first, 7*i)).Date()
		list[i] = time.Date(y, m, d, minute/60, minute%60, 0, 0, reference.Paris)
	}
	return list
}
