package projections

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

const observatoryCaveat = "Échantillon non représentatif : ne sont comptées que les situations rencontrées et relevées par les professionnels. "

var observatoryStates = map[string]string{
	"none": "Aucune situation dans ce filtre.", "anonymous": "Données anonymes, au mois près.",
	"pseudonymous": "Données pseudonymes jusqu'à la clôture de la campagne.",
	"mixed":        "Données anonymes pour les campagnes closes, pseudonymes jusqu'à la clôture pour les autres.",
}

// ErrMonthClosed says that nobody can tell any more what was known on a day.
var ErrMonthClosed = refusal.Fault{
	Field: "as_of", Code: "month_closed",
	Detail: "A campaign of this period was closed after that day, and only its months are known since. Ask for a later day, or for another programme or period.",
}

// GetObservatory counts what was observed.
func (s *Service) GetObservatory(ctx context.Context, r rest.GetObservatoryRequestObject) (rest.GetObservatoryResponseObject, error) {
	_, a, err := s.caller(ctx, policy.ReadObservatory)
	if err != nil {
		return nil, err
	}
	if r.Params.From != nil && r.Params.To != nil {
		if _, err := periodOf(r.Params.From, r.Params.To, s.Clock.Now()); err != nil {
			return nil, err
		}
	}
	if err := s.observed.catchUp(ctx); err != nil {
		return nil, err
	}
	s.observed.mu.RLock()
	defer s.observed.mu.RUnlock()
	answer, err := s.observed.answer(s.observed.within(a, s.Directory()), r.Params, s.Clock.Now())
	return rest.GetObservatory200JSONResponse(answer), err
}

// answer counts under the lock of the copy.
func (o *observed) answer(w within, p rest.GetObservatoryParams, now time.Time) (rest.Observatory, error) {
	f := o.filter(w, p)
	closed := o.closedMonths(&f)
	widened := f.widen(closed)
	if f.asOf != 0 && o.closedAfter(&f) {
		return rest.Observatory{}, refusal.Faults{ErrMonthClosed}
	}
	t := o.count(&f, the(p.By))
	period := t.periodOf(&f, p, now)
	answer := rest.Observatory{
		Situations: t.total.situations, From: period.from, To: period.to, Widened: widened, ClosedMonths: []string{}, AsOf: p.AsOf, State: t.state(), By: p.By,
		Measures: t.total.measures(&f, ""), InstitutionsFirst: t.total.first(), Keywords: t.total.counts.keywords(), WordLists: []string{},
		Groups: t.sorted(&f, the(p.By), period), Positions: rest.ObservatoryPositions{Detection: int(o.at)}, Caveat: observatoryCaveat + observatoryStates[t.state()],
	}
	for _, month := range slices.Sorted(maps.Keys(closed)) {
		if f.during(month) {
			answer.ClosedMonths = append(answer.ClosedMonths, monthOf(month))
		}
	}
	for words, are := range t.words {
		if are {
			answer.WordLists = append(answer.WordLists, o.texts[words])
		}
	}
	slices.Sort(answer.WordLists)
	return answer, nil
}

// closedMonths are those in which something was published that the filter may count, by their first day.
func (o *observed) closedMonths(f *filtering) map[int32]bool {
	all := map[int32]bool{}
	for _, c := range o.campaigns {
		if c.closed != 0 && f.within.concerns(c.fund) && f.same(f.programme, c.programme) {
			maps.Copy(all, c.months)
		}
	}
	return all
}

// widen moves the ends of the period to those of closed months.
func (f *filtering) widen(closed map[int32]bool) bool {
	from, to := f.from, f.to
	if first := from/100*100 + 1; closed[first] {
		f.from = first
	}
	if first := to/100*100 + 1; closed[first] {
		f.to = lastOf(first)
	}
	return f.from != from || f.to != to
}

func lastOf(first int32) int32 {
	return day(period{}.day(monthOf(first)+"-01").AddDate(0, 1, -1).Format(time.DateOnly))
}

// closedAfter tells whether a campaign that the filter may count was open on the day that is asked for, and is closed now.
func (o *observed) closedAfter(f *filtering) bool {
	for _, c := range o.campaigns {
		if c.closed <= f.asOf || !f.within.concerns(c.fund) || !f.same(f.programme, c.programme) {
			continue
		}
		for month := range c.months {
			if f.during(month) && month <= f.asOf {
				return true
			}
		}
	}
	return false
}

// periodOf completes the period by what was counted, in whole months.
func (t *tallied) periodOf(f *filtering, p rest.GetObservatoryParams, now time.Time) period {
	asked := period{dayText(f.from), dayText(f.to)}
	if p.From != nil && p.To != nil {
		return asked
	}
	first, last := t.first, t.last
	if last == 0 {
		first = day(cmp.Or(the(p.From), the(p.To), reference.Day(now)))
		last = first
	}
	if p.From == nil {
		asked.from = monthOf(first) + "-01"
	}
	if p.To == nil {
		asked.to = dayText(lastOf(last/100*100 + 1))
	}
	return asked
}

// dayText is a day as it is written.
func dayText(day int32) string {
	return time.Date(int(day/10000), time.Month(day/100%100), int(day%100), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func (t tallied) state() string {
	switch {
	case t.anonymous && t.pseudonymous:
		return "mixed"
	case t.anonymous:
		return "anonymous"
	case t.pseudonymous:
		return "pseudonymous"
	}
	return "none"
}

// refusable are the groups that a refusal belongs to one of.
var refusable = map[string]bool{"": true, "unit": true, "month": true}

func (g *group) measures(f *filtering, by string) rest.Measures {
	all := g.counts.measures(g.situations, measures, "")
	if f.countsRefusals() && refusable[by] {
		all["refusals"] = outOf(g.refusals, g.situations, g.situations+g.refusals)
	}
	return all
}

func (g *group) first() rest.Measures { return g.counts.measures(g.situations, institutions, before) }

var ageBands = []string{"under_46", "46_59", "60_74", "75_over", ""}

// sorted gives the groups by their key; months without a situation are there too.
func (t tallied) sorted(f *filtering, by string, p period) []rest.ObservatoryGroup {
	list := []rest.ObservatoryGroup{}
	if by == "month" {
		for _, month := range p.months() {
			if t.groups[month] == nil {
				t.groups[month] = newGroup()
			}
		}
	}
	order := slices.Sorted(maps.Keys(t.groups))
	if by == "age_band" {
		slices.SortFunc(order, func(a, b string) int { return slices.Index(ageBands, a) - slices.Index(ageBands, b) })
	}
	for _, key := range order {
		g := t.groups[key]
		list = append(list, rest.ObservatoryGroup{Key: key, Situations: g.situations, Measures: g.measures(f, by), InstitutionsFirst: g.first(), Keywords: g.counts.keywords()})
	}
	return list
}
