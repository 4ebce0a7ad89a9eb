package matching

import (
	"math"
	"strconv"
)

// Match answers for a person: what suits, in order, and what does not, the nearest first, with every reason.
func Match(x *Index, p Person) Result {
	a := ask(p)
	offers, excluded := firstOf(MostOffers), firstOf(MostExcluded)
	fund := x.funds[p.Fund]
	horizon, within := squareOf(Horizon), math.Inf(1) // beyond the latter nothing suits, and nothing that does not is listed
	pass := func(s *spot) bool {
		if !s.open || s.starts != 0 && s.starts <= a.now || s.fund != 0 && a.Fund != "" && s.fund != fund {
			return true
		}
		square := a.vector.square(s.vector)
		if s.comes || square <= within {
			return false
		}
		excluded.seen += one(square <= horizon)
		return true
	}
	x.around(p.Where, math.Max(Horizon, a.reach), pass, func(c *candidate) {
		if !a.sees(c, fund) {
			return
		}
		d := a.apart(c)
		j := a.judge(c, d)
		switch {
		case j.out.empty():
			offers.add(a.key(c, &j), c)
		case j.apart.km <= Horizon:
			if excluded.add(tenths(d), c) {
				within = squareOf(max(a.reach, (float64(excluded.bound)+0.5)/10))
			}
		}
	})
	return a.result(offers, excluded)
}

// Best is the next thing to offer to a person, and whether there is one.
func Best(x *Index, p Person) (Offer, bool) {
	list := Match(x, p).Offers
	if len(list) == 0 {
		return Offer{}, false
	}
	return list[0], true
}

// Suits tells whether a session is what a person waits for: a seat is free, at their hours, in their form. It matches wishes
// backwards, when a session is new, has moved or has grown.
func Suits(p Person, s Session) (Offer, bool) {
	x := NewIndex()
	x.PutSession(s)
	a, at := ask(p), x.at[s.SessionID]
	c := &at.list[at.i]
	j := a.judge(c, a.apart(c))
	if !a.sees(c, x.funds[p.Fund]) || !j.suits() {
		return Offer{}, false
	}
	return a.offer(c), true
}

// sees leaves out what is nothing to choose from: sessions that are over or not announced, places that have closed, other funds'.
func (a *asked) sees(c *candidate, fund uint16) bool {
	return c.open && (c.starts == 0 || c.starts > a.now) && (c.fund == 0 || a.Fund == "" || c.fund == fund)
}

func (a *asked) result(offers, excluded *first) (r Result) {
	kept, more := offers.sorted()
	out, others := excluded.sorted()
	r = Result{Offers: make([]Offer, len(kept)), More: more, Excluded: make([]Excluded, len(out)), Out: others, Advice: a.advice()}
	for i, c := range kept {
		r.Offers[i] = a.offer(c.candidate)
	}
	for i, c := range out {
		r.Excluded[i] = a.excluded(c.candidate)
	}
	return r
}

func (a *asked) excluded(c *candidate) Excluded {
	j := a.judge(c, a.apart(c))
	return Excluded{c.session, c.place, j.apart.shown(), j.apart.precise(), j.out.reasons()}
}

func (a *asked) offer(c *candidate) Offer {
	j := a.judge(c, a.apart(c))
	o := Offer{
		Session: c.session, Place: c.place, Precision: j.apart.precise(), Reasons: j.kept.reasons(),
		Checks: j.check.reasons(), Promise: promise(c),
	}
	if far := c.session != nil && !c.present; far {
		o.Precision = ""
	} else {
		o.Km = j.apart.shown()
	}
	for i := range o.Reasons {
		if o.Reasons[i].Code == said[nearHome].Code {
			o.Reasons[i].Text = within(j.apart)
		}
	}
	if len(o.Reasons) == 0 { // nothing was answered that speaks for it, and nothing against it
		o.Reasons = []Reason{{"nothing_against", "answers", "Rien dans les réponses ne s’y oppose"}}
	}
	return o
}

// tenths of a kilometre.
func tenths(d apart) uint64 { return uint64(math.Round(min(d.km, 40_000) * 10)) }

// promise is what can be said to the person before anything is asked for.
func promise(c *candidate) Reason {
	s := c.session
	switch {
	case s == nil:
		return Reason{"address", "", "L’adresse est donnée, et la personne est rappelée 14 jours plus tard."}
	case s.Mode == "webinar":
		return Reason{"unlimited", "", "Les places ne sont pas limitées."}
	case s.Free <= 0:
		return Reason{"waiting_list", "", "C’est complet\u00a0: la personne serait numéro " + strconv.Itoa(s.Waiting+1) + " sur la liste d’attente."}
	case s.AssessmentRequired:
		return Reason{"assessment", "", "Une place est gardée dès la demande\u00a0; un entretien décide ensuite."}
	case s.Booking == "immediate" && s.ImmediateSeats > 0:
		return Reason{"seat_now", "", "La place peut être prise dès la demande."}
	}
	return Reason{"seat_held", "", "Une place est gardée dès la demande\u00a0; le prestataire répond ensuite."}
}

// advice is what to do besides.
func (a *asked) advice() (list []Reason) {
	if a.solidarity {
		list = append(list, Reason{"equipment_request", "answers.financial_problem", "Sans matériel faute de moyens\u00a0: ouvrez une demande d’équipement."})
	}
	if a.Channel == "social_service" && a.Answers.Institution == "carsat_retraite" {
		list = append(list, Reason{"signal_agency", "answers.institution", "La retraite est concernée\u00a0: signalez la personne à l’agence retraite."})
	}
	if yes(a.Needs.RightsAtRisk) {
		list = append(list, Reason{"rights_at_risk", "needs.rights_at_risk", "Un droit est en jeu\u00a0: aidez d’abord à la démarche elle-même."})
	}
	return list
}
