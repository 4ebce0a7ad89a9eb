package demo

import "slices"

const (
	leastAhead = 14 // days to the first meeting when somebody asks for a seat: there is a week to answer
	lastDays   = 10 // what is asked in them may stay unanswered, and is for sessions that are farther off
	farAhead   = 21
	lapsed     = 33 // days after which a request that nobody answered is over
)

// look sends people to sessions.
func (w *writing) look(day int) {
	offers := w.offers(day)
	w.looking = slices.DeleteFunc(w.looking, func(l looking) bool {
		if l.from > day {
			return false
		}
		session := w.choose(offers, l.flag, day)
		if session < 0 {
			return false
		}
		offers = slices.DeleteFunc(offers, func(n int) bool { return w.line(n) == w.line(session) })
		w.refer(l, session, day)
		return true
	})
}

// offers are the sessions that may be asked for on a day, each by one at a time; those who take something back
// come first.
func (w *writing) offers(day int) (list []int) {
	ahead, busy := leastAhead, map[int]bool{}
	if w.last(day) {
		ahead = farAhead + lastDays
	}
	for _, a := range w.waves[day].acts {
		if back, ok := a.(withdraw); ok {
			busy[w.line(w.referrals[back.referral].session)] = true
		}
	}
	for n, s := range w.sessions {
		room := s.asked < s.wanted || w.last(day) && w.signsIn(s.provider) && s.asked < s.capacity
		if !s.draft && room && s.planned < day && asks(s.provider, day) && !busy[w.line(n)] &&
			!s.meetings[0].Before(after(w.days[day], ahead)) {
			list = append(list, n)
		}
	}
	return list
}

// line is where people queue up: at the session or, where seats are given at once, at its provider, who lends
// tablets in the order of the seats.
func (w *writing) line(session int) int {
	if s := w.sessions[session]; s.immediate {
		return -1 - s.provider
	}
	return session
}

// choose finds the session that everybody wants, or the one with the most room, -1 if none.
func (w *writing) choose(offers []int, flag, day int) int {
	best := -1
	for _, n := range offers {
		s := &w.sessions[n]
		if w.asked[asked{flag, n}] || w.providers[s.provider].commune.department() != w.flags[flag].department {
			continue
		}
		if best < 0 || w.before(s, &w.sessions[best], day) {
			best = n
		}
	}
	return best
}

// before: in the last days those whose providers sign in come first, so that they find requests.
func (w *writing) before(a, b *session, day int) bool {
	if mine, other := w.signsIn(a.provider), w.signsIn(b.provider); w.last(day) && mine != other {
		return mine
	}
	if a.popular != b.popular {
		return a.popular
	}
	return a.asked*b.wanted < b.asked*a.wanted
}

func (w *writing) signsIn(provider int) bool { return w.providers[provider].id != "" }

// asks says whether it is a day on which the provider is asked; on the others it answers.
func asks(provider, day int) bool { return (provider+day)%2 == 0 }

func (w *writing) last(day int) bool { return !w.days[day].Before(after(w.today, -lastDays)) }

func (w *writing) refer(l looking, session, day int) {
	n := len(w.referrals)
	w.referrals = append(w.referrals, referral{l.flag, session, l.follows})
	w.sessions[session].asked++
	w.asked[asked{l.flag, session}] = true
	w.on(day, refer{n})
	if !w.sessions[session].immediate {
		w.answer(n, day)
	}
}

// answer decides what becomes of a request.
func (w *writing) answer(n, day int) {
	switch outcome := w.weighted(70, 13, 8, 6, 3); {
	case w.last(day) && (w.signsIn(w.providerOf(n)) || w.of(60)): // for who tries the demo
	case outcome == 1:
		w.decline(n, day)
	case outcome == 2 && w.days[day].Before(after(w.today, -lapsed)):
		w.again(n, w.from(after(w.days[day], lapsed)))
	case outcome == 3:
		w.withdraw(n, day+2, false)
	default:
		yes := w.soon(day)
		w.on(yes, accept{n})
		if outcome == 4 {
			w.withdraw(n, yes+w.between(1, 5), true)
		}
	}
}

func (w *writing) providerOf(referral int) int {
	return w.sessions[w.referrals[referral].session].provider
}

// soon is one of the next days on which the provider answers, within a week: a request lives longer than that.
func (w *writing) soon(day int) int {
	if n := day + 3; w.of(50) && n < len(w.days) && w.days[n].Before(after(w.days[day], 7)) {
		return n
	}
	return day + 1
}

var (
	noReasons = []string{
		"dates", "not_reachable", "level", "session_full", "not_mobile", "other", "access_need", "not_interested", "in_employment", "language",
		"in_training", "absent", "not_eligible", "incompatible", "duplicate", "session_not_open",
	}
	lasting    = []string{"not_interested", "in_employment", "in_training", "not_eligible", "duplicate"} // nothing else is looked for
	outReasons = []string{
		"changed_mind", "date", "helped_elsewhere", "distance", "health", "moved", "seated_elsewhere", "consent_withdrawn", "deceased", "entered_in_error",
	}
	passing = []string{"changed_mind", "date", "distance", "health"}
)

func (w *writing) decline(n, day int) {
	reason := noReasons[w.no%len(noReasons)]
	d := decline{referral: n, reason: reason}
	if reason == "other" || w.no%3 == 0 {
		d.message = noMessages[w.no%len(noMessages)]
	}
	w.no++
	no := w.soon(day)
	w.on(no, d)
	if !slices.Contains(lasting, reason) {
		w.again(n, no)
	}
}

// withdraw takes a request back, on the next day on which nobody else does at that session.
func (w *writing) withdraw(n, day int, waitlisted bool) {
	session := w.referrals[n].session
	for day < len(w.days) && (!asks(w.sessions[session].provider, day) || w.takenBack(session, day)) {
		day++
	}
	reason := outReasons[w.out%len(outReasons)]
	w.out++
	w.on(day, withdraw{n, reason, waitlisted})
	if slices.Contains(passing, reason) && !waitlisted {
		w.again(n, day+1)
	}
}

func (w *writing) takenBack(session, day int) bool {
	return slices.ContainsFunc(w.waves[day].acts, func(a act) bool {
		back, ok := a.(withdraw)
		return ok && w.referrals[back.referral].session == session
	})
}

// again looks for another session, for about every other person.
func (w *writing) again(n, day int) {
	if w.of(55) {
		w.looking = append(w.looking, looking{w.referrals[n].flag, day + w.between(2, 8), n})
	}
}
