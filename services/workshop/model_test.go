package workshop

import (
	"fmt"
	"slices"
	"time"

	"example.org/passerelle/services/reference"
)

// model is a session as somebody would keep it on paper: a list of people with what each has, counted anew each time.
// It knows nothing of the rules it is compared with, and is never changed in place.
type model struct {
	capacity int
	people   []person // in the order they asked
	list     []string // who waits, in the order of offers
	asked    []string // who has let the present free seat go by
}

type person struct {
	name, mate string
	parts      bool   // may come without the mate
	has        string // held, queued, taken, waiting, offered, or how it ended
	offers     int
	until      time.Time // of the offer
	passed     bool      // the last word on an offer
	lapsed     bool      // an offer, before
}

// act is one thing that somebody does.
type act struct {
	what, who, mate string
	n               int  // seats, or which offer
	parts           bool // of two: one may come without the other
	late            bool
}

// said is what the session answers: how the person stands, and the figures. A refusal has a code.
type said struct {
	refused           string
	status            string
	rank              int
	taken, held, free int
	waiting           int
}

// When things are done: now, or so late that an offer made now is over.
func (a act) at() time.Time {
	if a.late {
		return noon.Add(7 * 24 * time.Hour)
	}
	return noon
}

// The session of the model: see plannedWith.
var (
	closes   = noon.AddDate(0, 0, 17)
	answerBy = noon.Add(21 * 24 * time.Hour / 2)
)

func (m model) find(who string) *person {
	for i := range m.people {
		if m.people[i].name == who {
			return &m.people[i]
		}
	}
	return nil
}

func (m model) count(has ...string) (n int) {
	for _, p := range m.people {
		if slices.Contains(has, p.has) {
			n++
		}
	}
	return n
}

func (m model) free() int { return max(0, m.capacity-m.count("taken", "held", "offered")) }

func (m model) tell(who, refused string) said {
	s := said{refused: refused, taken: m.count("taken"), held: m.count("held", "offered"), free: m.free(), waiting: len(m.list)}
	if p := m.find(who); p != nil && refused == "" {
		s.status, s.rank = p.has, slices.Index(m.list, who)+1
	}
	return s
}

// do gives the model after an act, and what is answered.
func (m model) do(a act) (model, said) {
	m.people, m.list, m.asked = slices.Clone(m.people), slices.Clone(m.list), slices.Clone(m.asked)
	refused := map[string]func(*model, act) string{
		"request": (*model).request, "pair": (*model).pair, "accept": (*model).accept, "decline": (*model).decline, "withdraw": (*model).withdraw,
		"capacity": (*model).seats, "take": (*model).take, "pass": (*model).pass, "lapse": (*model).lapse,
	}[a.what](&m, a)
	return m, m.tell(a.who, refused)
}

func (m *model) request(a act) string {
	if m.find(a.who) == nil {
		m.people = append(m.people, person{name: a.who, has: "queued"})
		m.share(a)
	}
	return ""
}

func (m *model) pair(a act) string {
	one, other := m.find(a.who) == nil, m.find(a.mate) == nil
	if one {
		m.people = append(m.people, person{name: a.who, mate: a.mate, parts: a.parts, has: "queued"})
	}
	if one && !other { // the other one asked before, alone or with somebody else
		m.share(a)
	}
	if other {
		m.people = append(m.people, person{name: a.mate, mate: a.who, parts: a.parts, has: "queued"})
		m.share(a)
	}
	return ""
}

// with is the person and who came along, if they stand alike.
func (m *model) with(p *person) []*person {
	if mate := m.find(p.mate); mate != nil && mate.mate == p.name && mate.has == p.has {
		both := []*person{p, mate}
		slices.SortFunc(both, func(a, b *person) int { return m.place(a) - m.place(b) })
		return both
	}
	return []*person{p}
}

// atOnce are those who need seats at the same time.
func (m *model) atOnce(p *person) []*person {
	if p.parts {
		return []*person{p}
	}
	return m.with(p)
}

func (m *model) place(p *person) int {
	return slices.IndexFunc(m.people, func(q person) bool { return q.name == p.name })
}

// next is whose turn on the list it is.
func (m *model) next() []*person {
	for _, who := range m.list {
		p := m.find(who)
		if p.has == "waiting" && !slices.Contains(m.asked, who) && len(m.atOnce(p)) <= m.free() {
			return m.atOnce(p)
		}
	}
	return nil
}

// share gives on what is free, one after the other.
func (m *model) share(a act) {
	if !a.at().Before(closes) {
		return
	}
	for m.free() > 0 {
		if next := m.next(); next != nil {
			for _, p := range next {
				p.has, p.until, p.passed = "offered", a.until(), false
				p.offers++
			}
			continue
		}
		i := slices.IndexFunc(m.people, func(p person) bool {
			alone := p.mate != "" && m.find(p.mate) == nil
			return p.has == "queued" && a.at().Before(answerBy) && !alone && len(m.atOnce(&p)) <= m.free()
		})
		if i < 0 {
			return
		}
		for _, p := range m.atOnce(&m.people[i]) {
			p.has = "held"
		}
	}
}

func (a act) until() time.Time {
	if until := reference.WorkingDaysLater(a.at(), 3); until.Before(closes) {
		return until
	}
	return closes
}

func (m *model) accept(a act) string {
	p := m.find(a.who)
	switch {
	case p == nil:
		return "not_asked"
	case p.has == "taken", p.has == "waiting", p.has == "offered":
		return ""
	case p.has != "held" && p.has != "queued", !a.at().Before(answerBy):
		return "request_ended"
	}
	both := m.with(p)
	if p.has == "held" || m.free() >= len(both) && m.next() == nil {
		m.set(both, "taken")
	} else {
		for _, one := range both {
			m.list = append(m.list, one.name)
		}
		m.set(both, "waiting")
	}
	m.share(a)
	return ""
}

func (m *model) set(people []*person, has string) {
	for _, p := range people {
		p.has = has
	}
}

// leave ends what somebody has. A seat that falls free by it is a new one for everybody.
func (m *model) leave(p *person, has string, a act) {
	if p.has == "held" || p.has == "taken" {
		m.asked = nil
	}
	p.has = has
	m.list = slices.DeleteFunc(m.list, func(who string) bool { return who == p.name })
	m.share(a)
}

func (m *model) decline(a act) string {
	p := m.find(a.who)
	switch {
	case p == nil:
		return "not_asked"
	case p.has == "declined":
		return ""
	case p.has == "taken", p.has == "waiting", p.has == "offered":
		return "already_accepted"
	case p.has == "withdrawn", p.has == "expired":
		return "request_ended"
	}
	m.leave(p, "declined", a)
	return ""
}

func (m *model) withdraw(a act) string {
	p := m.find(a.who)
	if p == nil {
		m.people = append(m.people, person{name: a.who, has: "withdrawn"})
		p = &m.people[len(m.people)-1]
	}
	if p.has != "declined" {
		m.leave(p, "withdrawn", a)
	}
	return ""
}

func (m *model) seats(a act) string {
	if a.n > m.capacity {
		m.asked = nil
	}
	m.capacity = a.n
	m.share(a)
	return ""
}

// offer finds who has an offer, and why it does not stand.
func (m *model) offer(a act, same string) (*person, string) {
	p := m.find(a.who)
	switch {
	case p == nil:
		return nil, "unknown_offer"
	case p.offers == a.n && p.has == same && (same == "taken" || p.passed):
		return nil, ""
	case p.has != "offered" || p.offers != a.n || !a.at().Before(p.until):
		return nil, "offer_ended"
	}
	return p, ""
}

func (m *model) take(a act) string {
	p, refused := m.offer(a, "taken")
	if p != nil {
		for _, one := range m.atOnce(p) {
			one.has = "taken"
			m.list = slices.DeleteFunc(m.list, func(who string) bool { return who == one.name })
		}
		m.share(a)
	}
	return refused
}

func (m *model) pass(a act) string {
	p, refused := m.offer(a, "waiting")
	if p != nil {
		for _, one := range m.atOnce(p) {
			one.has, one.passed = "waiting", true
			m.asked = append(m.asked, one.name)
		}
		m.share(a)
	}
	return refused
}

func (m *model) lapse(a act) string {
	p := m.find(a.who)
	if p == nil || p.has != "offered" || a.at().Before(p.until) {
		return ""
	}
	for _, one := range m.atOnce(p) {
		if one.lapsed {
			m.list = append(slices.DeleteFunc(m.list, func(who string) bool { return who == one.name }), one.name)
		}
		one.has, one.lapsed, one.passed = "waiting", true, false
		m.asked = append(m.asked, one.name)
	}
	m.share(a)
	return ""
}

func (a act) String() string {
	return fmt.Sprintf("%s %s%s %d parts %v late %v", a.what, a.who, a.mate, a.n, a.parts, a.late)
}
