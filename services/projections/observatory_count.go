package projections

import (
	"strconv"

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
	funds, desks map[code]bool
	ofDesks      map[code]bool // funds that the desks are of
}

func (w within) holds(fund, desk code) bool { return w.all || w.funds[fund] || w.desks[desk] }

func (w within) concerns(fund code) bool { return w.all || w.funds[fund] || w.ofDesks[fund] }

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
	w := within{all: r.AllFunds, funds: map[code]bool{}, desks: map[code]bool{}, ofDesks: map[code]bool{}}
	for _, fund := range r.Funds {
		w.funds[o.find(&fund)] = true
	}
	for _, id := range r.Desks {
		w.desks[o.find(&id)] = true
		if desk, ok := d.Desk(id); ok {
			w.ofDesks[o.find(&desk.Fund)] = true
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
func (f *filtering) refuses(r refused) bool {
	return f.within.holds(r.fund, r.desk) && f.same(f.programme, r.programme) && f.same(f.unit, r.desk) && f.known(r.from, always)
}

func (f *filtering) countsRefusals() bool {
	return f.department == anything && f.channel == anything && f.context == anything
}

// group is what is counted together.
type group struct {
	situations, refusals int
	counts               occurrences
}

func newGroup() *group { return &group{counts: make(occurrences, len(features))} }

func (g *group) add(s *seen) {
	g.situations++
	for _, f := range s.features {
		g.counts[f]++
	}
}

// tallied is all that is counted for an answer.
type tallied struct {
	total                   *group
	groups                  map[string]*group
	words                   map[code]bool
	pseudonymous, anonymous bool
}

// groupKeys say by what groups may be; months have a number.
var groupKeys = map[string]func(*seen) code{
	"age_band": func(s *seen) code { return s.band }, "institution": func(s *seen) code { return s.institution },
	"unit": func(s *seen) code { return s.desk }, "department": func(s *seen) code { return s.department },
	"month": func(s *seen) code { return code(s.day / 100) },
}

func (o *observed) count(f *filtering, by string) tallied {
	t := tallied{total: newGroup(), words: map[code]bool{}}
	key, parts := groupKeys[by], map[code]*group{}
	for i := range o.rows {
		s := &o.rows[i]
		if !f.during(s.day) || !f.fits(s) {
			continue
		}
		t.words[s.words] = true
		t.anonymous, t.pseudonymous = t.anonymous || s.published, t.pseudonymous || !s.published
		if key == nil {
			t.total.add(s)
			continue
		}
		part := parts[key(s)]
		if part == nil {
			part = newGroup()
			parts[key(s)] = part
		}
		part.add(s)
	}
	o.countRefusals(f, by, t.total, parts)
	t.groups = o.named(by, parts, t.total)
	return t
}

func (o *observed) countRefusals(f *filtering, by string, total *group, parts map[code]*group) {
	if !f.countsRefusals() {
		return
	}
	for _, r := range o.refusals {
		if !f.during(r.day) || !f.refuses(r) {
			continue
		}
		total.refusals++
		var key code
		switch by {
		case "unit":
			key = r.desk
		case "month":
			key = code(r.day / 100)
		default:
			continue
		}
		if parts[key] == nil {
			parts[key] = newGroup()
		}
		parts[key].refusals++
	}
}

// named puts the parts under their names, and adds them up.
func (o *observed) named(by string, parts map[code]*group, total *group) map[string]*group {
	groups := map[string]*group{}
	for key, part := range parts {
		total.situations += part.situations
		for f, n := range part.counts {
			total.counts[f] += n
		}
		if by == "month" {
			groups[monthOf(int32(key)*100)] = part
		} else {
			groups[o.texts[key]] = part
		}
	}
	return groups
}

// monthOf a day as a number.
func monthOf(day int32) string {
	text := strconv.Itoa(int(day / 100))
	return text[:4] + "-" + text[4:]
}
