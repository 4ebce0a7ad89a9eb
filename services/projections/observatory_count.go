package projections

import (
	"fmt"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/fold"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// filtering is which rows are counted, in the codes of the copy.
type filtering struct {
	within                                        within
	programme, department, unit, channel, context code
	from, to                                      int32
	asOf                                          int32 // 0: now
}

// anything is no filter; nothing has the code of a text that the copy does not know.
const (
	anything code = -1
	nothing  code = -2
)

// within is whose figures the caller may have.
type within struct {
	all          bool
	funds, desks some
	ofDesks      some // funds that the desks are of
}

func (w *within) holds(fund, desk code) bool { return w.all || w.funds.has(fund) || w.desks.has(desk) }

func (w *within) concerns(fund code) bool { return w.all || w.funds.has(fund) || w.ofDesks.has(fund) }

// some texts, by their codes: every row is looked up in them.
type some []bool

func (s some) has(c code) bool { return int(c) < len(s) && s[c] }

func (o *observed) some() some { return make(some, len(o.texts)) }

// put leaves out what the copy does not know.
func (s some) put(c code) {
	if c >= 0 {
		s[c] = true
	}
}

// find gives the code of a text. It is asked for under the lock of the copy.
func (o *observed) find(text *string) code {
	if text == nil {
		return anything
	}
	if c, ok := o.codes[*text]; ok {
		return c
	}
	return nothing
}

func (o *observed) within(a directory.Account, d *directory.Directory) within {
	r := policy.ReachOf(a, policy.ReadObservatory)
	w := within{all: r.AllFunds, funds: o.some(), desks: o.some(), ofDesks: o.some()}
	for _, fund := range r.Funds {
		w.funds.put(o.find(&fund))
	}
	for _, id := range r.Desks {
		w.desks.put(o.find(&id))
		if desk, ok := d.Desk(id); ok {
			w.ofDesks.put(o.find(&desk.Fund))
		}
	}
	return w
}

// lockdown is how the sheets of 2020 name it.
var lockdown = map[string]string{"lockdown": "confinement"}

func (o *observed) filter(w within, p rest.GetObservatoryParams) filtering {
	f := filtering{
		within: w, programme: o.find(p.Programme), department: o.find(p.Department), unit: o.find(p.Unit), channel: o.find(p.Channel), context: anything,
		from: day(the(p.From)), to: always, asOf: day(the(p.AsOf)),
	}
	if p.To != nil {
		f.to = day(*p.To)
	}
	if p.Context != nil {
		context := fold.Text(*p.Context)
		if as, ok := lockdown[context]; ok {
			context = as
		}
		f.context = o.find(&context)
	}
	return f
}

func (f *filtering) same(asked, is code) bool { return asked == anything || asked == is }

// fits is the filter without its period.
func (f *filtering) fits(s *seen) bool {
	return f.within.holds(s.fund, s.desk) && f.same(f.programme, s.programme) && f.same(f.department, s.department) && f.same(f.unit, s.desk) &&
		f.same(f.channel, s.channel) && f.inContext(s.contexts) && f.known(s.from, s.to)
}

func (f *filtering) inContext(contexts []code) bool {
	if f.context == anything {
		return true
	}
	for _, c := range contexts {
		if c == f.context {
			return true
		}
	}
	return false
}

func (f *filtering) known(from, to int32) bool {
	if f.asOf == 0 {
		return to == always
	}
	return from <= f.asOf && f.asOf < to
}

func (f *filtering) during(day int32) bool { return f.from <= day && day <= f.to }

// refuses tells whether a refusal is counted. It says nothing of a department, a channel or a context.
func (f *filtering) refuses(r *refused) bool {
	return f.within.holds(r.fund, r.desk) && f.same(f.programme, r.programme) && f.same(f.unit, r.desk) && f.known(r.from, always)
}

func (f *filtering) countsRefusals() bool {
	return f.department == anything && f.channel == anything && f.context == anything
}

// group is what is counted together.
type group struct {
	situations, refusals int
	sums                 sums
	counts               occurrences // once all are added
}

func newGroup() *group { return &group{counts: make(occurrences, len(features))} }

func (g *group) add(s *seen) {
	g.situations++
	g.sums.add(s.said)
}

// tallied is all that is counted for an answer.
type tallied struct {
	total                   *group
	groups                  map[string]*group
	words                   some
	pseudonymous, anonymous bool
	first, last             int32 // days of findings; last is 0 where there is none
}

// groupKeys say by what groups may be.
var groupKeys = map[string]func(*seen) code{
	"age_band": func(s *seen) code { return s.band }, "institution": func(s *seen) code { return s.institution },
	"unit": func(s *seen) code { return s.desk }, "department": func(s *seen) code { return s.department }, "month": func(s *seen) code { return s.month },
}

func (o *observed) count(f *filtering, by string) tallied {
	t := tallied{total: newGroup(), groups: map[string]*group{}, words: o.some(), first: always}
	key, parts := groupKeys[by], make([]*group, len(o.texts))
	if key == nil {
		key = func(*seen) code { return 0 }
	}
	for i := range o.rows {
		s := &o.rows[i]
		if !f.during(s.day) || !f.fits(s) {
			continue
		}
		t.saw(s)
		at := key(s)
		if parts[at] == nil {
			parts[at] = newGroup()
		}
		parts[at].add(s)
	}
	o.countRefusals(f, by, parts, t.total)
	for at, part := range parts {
		if part != nil {
			t.total.addAll(part)
			t.groups[o.texts[at]] = part
		}
	}
	if by == "" {
		t.groups = nil
	}
	return t
}

func (t *tallied) saw(s *seen) {
	t.words[s.words] = true
	t.anonymous, t.pseudonymous = t.anonymous || s.published, t.pseudonymous || !s.published
	t.first, t.last = min(t.first, s.day), max(t.last, s.day)
}

func (g *group) addAll(part *group) {
	part.counts = part.sums.counts()
	g.situations += part.situations
	for f, n := range part.counts {
		g.counts[f] += n
	}
}

func (o *observed) countRefusals(f *filtering, by string, parts []*group, total *group) {
	if !f.countsRefusals() {
		return
	}
	for i := range o.refusals {
		r := &o.refusals[i]
		if !f.during(r.day) || !f.refuses(r) {
			continue
		}
		total.refusals++
		var at code
		switch by {
		case "unit":
			at = r.desk
		case "month":
			at = r.month
		default:
			continue
		}
		if parts[at] == nil {
			parts[at] = newGroup()
		}
		parts[at].refusals++
	}
}

// monthOf a day as a number.
func monthOf(day int32) string {
	return fmt.Sprintf("%04d-%02d", day/10000, day/100%100)
}
