package demo

import (
	"slices"
	"time"
)

const (
	leastAhead = 14 // days to the first meeting when somebody asks for a seat: there is a week to answer
	lastDays   = 8  // what is asked in them may stay unanswered, and is for sessions that are farther off
	farAhead   = 21
	lapsed     = 33 // days after which a request that nobody answered is over
)

// look sends people to sessions. A provider is asked by one at a time.
func (w *writing) look(day int) {
	w.busy = map[int]bool{}
	w.takeBack(day)
	w.looking = slices.DeleteFunc(w.looking, func(l looking) bool {
		if l.from > day {
			return false
		}
		session := w.choose(l.flag, day)
		if session < 0 {
			return false
		}
		w.refer(l, session, day)
		return true
	})
}

// takeBack: those who take something back come first.
func (w *writing) takeBack(day int) {
	for _, a := range w.waves[day].acts {
		if back, ok := a.(withdraw); ok {
			w.busy[w.providerOf(back.referral)] = true
		}
	}
}

func (w *writing) providerOf(referral int) int {
	return w.sessions[w.referrals[referral].session].provider
}

// choose finds the session with the most room, -1 if none.
func (w *writing) choose(flag, day int) int {
	best := -1
	for n, s := range w.sessions {
		if !w.suits(n, flag, day) {
			continue
		}
		if best < 0 || s.asked*w.sessions[best].wanted < w.sessions[best].asked*s.wanted {
			best = n
		}
	}
	return best
}

func (w *writing) suits(n, flag, day int) bool {
	s, ahead := w.sessions[n], leastAhead
	if w.last(day) {
		ahead = farAhead + lastDays
	}
	asked := slices.ContainsFunc(w.referrals, func(r referral) bool { return r.flag == flag && r.session == n })
	return !s.draft && !asked && s.asked < s.wanted && s.planned < day && !w.busy[s.provider] && asks(s.provider, day) &&
		w.providers[s.provider].commune.department() == w.flags[flag].department &&
		!s.meetings[0].Before(after(w.days[day], ahead))
}

// asks says whether it is a day on which the provider is asked; on the others it answers.
func asks(provider, day int) bool { return (provider+day)%2 == 0 }

func (w *writing) last(day int) bool { return !w.days[day].Before(after(w.today, -lastDays)) }

func (w *writing) refer(l looking, session, day int) {
	n := len(w.referrals)
	w.referrals = append(w.referrals, referral{l.flag, session, l.follows})
	w.sessions[session].asked++
	w.busy[w.sessions[session].provider] = true
	w.on(day, refer{n})
	if !w.sessions[session].immediate {
		w.answer(n, day)
	}
}

// answer decides what becomes of a request.
func (w *writing) answer(n, day int) {
	switch outcome := w.weighted(70, 13, 8, 6, 3); {
	case w.last(day) && w.of(60): // for who tries the demo
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

// withdraw takes a request back, on the next day on which nobody else asks that provider something.
func (w *writing) withdraw(n, day int, waitlisted bool) {
	provider := w.providerOf(n)
	for day < len(w.days) && (!asks(provider, day) || slices.ContainsFunc(w.waves[day].acts, func(a act) bool {
		back, ok := a.(withdraw)
		return ok && w.providerOf(back.referral) == provider
	})) {
		day++
	}
	reason := outReasons[w.out%len(outReasons)]
	w.out++
	w.on(day, withdraw{n, reason, waitlisted})
	if slices.Contains(passing, reason) && !waitlisted {
		w.again(n, day+1)
	}
}

// again looks for another session, for about every other person.
func (w *writing) again(n, day int) {
	if w.of(55) {
		w.looking = append(w.looking, looking{w.referrals[n].flag, day + w.between(2, 8), n})
	}
}

// answerBy is the first moment at which a request may be over.
func answerBy(asked, first time.Time) time.Time {
	half := asked.Add(first.Sub(asked) / 2)
	if month := after(asked, 30); month.Before(half) {
		return month
	}
	return half
}
