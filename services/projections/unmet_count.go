package projections

import (
	"cmp"
	"maps"
	"slices"

	"example.org/passerelle/services/matching"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference/communes"
)

// Steps in which who plans a session reads how many people wait.
const (
	fewStep    = 5
	elevenStep = 11
)

func steppedOf(n int) rest.UnmetStep {
	switch {
	case n == 0:
		return "none"
	case n < fewStep:
		return "few"
	case n < elevenStep:
		return "5+"
	}
	return "11+"
}

// tallies are counts by code.
type tallies map[string]int

// add counts codes; the empty one is nothing.
func (t tallies) add(codes ...string) {
	for _, code := range codes {
		if code != "" {
			t[code]++
		}
	}
}

// lines give the most frequent first.
func (t tallies) lines(steps bool) []rest.UnmetCount {
	list := []rest.UnmetCount{}
	for code, n := range t {
		line := rest.UnmetCount{Code: code, Step: steppedOf(n)}
		if !steps {
			line.Count = &n
		}
		list = append(list, line)
	}
	slices.SortFunc(list, func(a, b rest.UnmetCount) int {
		return cmp.Or(cmp.Compare(t[b.Code], t[a.Code]), cmp.Compare(a.Code, b.Code))
	})
	if steps { // the order of small numbers says which is larger
		slices.SortFunc(list, func(a, b rest.UnmetCount) int {
			return cmp.Or(cmp.Compare(slices.Index(stepsDown, a.Step), slices.Index(stepsDown, b.Step)), cmp.Compare(a.Code, b.Code))
		})
	}
	return list
}

var stepsDown = []rest.UnmetStep{"11+", "5+", "few"}

// unmetTally is what is counted of some people.
type unmetTally struct {
	n                                                            int
	parts, reasons, ages, skills, obstacles, availability, modes tallies
}

func newUnmetTally() *unmetTally {
	return &unmetTally{parts: tallies{}, reasons: tallies{}, ages: tallies{}, skills: tallies{}, obstacles: tallies{}, availability: tallies{}, modes: tallies{}}
}

func (u *unmetTally) add(p unmetPerson) {
	u.n++
	u.parts.add(p.Part)
	if p.Part == "declined" {
		u.reasons.add(the(p.Reason))
	}
	u.ages.add(p.age)
	u.skills.add(p.Skills...)
	u.obstacles.add(p.Obstacles...)
	u.availability.add(p.Availability...)
	u.modes.add(p.Modes...)
}

// unmetIn is where somebody lives, as well as it is known.
type unmetIn struct{ insee, department string }

// count is the answer without its positions.
func (p unmetAsked) count(people []unmetPerson) rest.Unmet {
	total, byCommune, byKey := newUnmetTally(), map[unmetIn]*unmetTally{}, map[string]*unmetTally{}
	for _, one := range people {
		if p.near != nil && !p.near[one.where.Insee] {
			continue
		}
		total.add(one)
		tallyOf(byCommune, unmetIn{one.where.Insee, cmp.Or(one.where.Department, one.Department)}).add(one)
		if p.By != nil {
			tallyOf(byKey, one.Key).add(one)
		}
	}
	answer := rest.Unmet{From: p.from, To: p.to, Basis: cohort, By: p.By, Communes: []rest.UnmetCommune{}, Series: []rest.UnmetLine{}, Caveat: unmetCaveat}
	if p.near != nil {
		answer.Around = &rest.UnmetAround{Insee: the(p.Insee), WithinKm: p.km}
	}
	p.show(total, &answer)
	if !p.steps {
		answer.Communes, answer.Series = communesOf(byCommune), unmetLines(byKey)
	}
	return answer
}

func tallyOf[K comparable](all map[K]*unmetTally, key K) *unmetTally {
	if all[key] == nil {
		all[key] = newUnmetTally()
	}
	return all[key]
}

// show says the whole; in steps nothing but how many where they are few, and nothing intimate of a few.
func (p unmetAsked) show(u *unmetTally, answer *rest.Unmet) {
	answer.Step = steppedOf(u.n)
	if !p.steps {
		answer.N = &u.n
	} else {
		if u.n < fewStep {
			u = newUnmetTally()
		}
		u.parts, u.reasons = tallies{}, tallies{}
		maps.DeleteFunc(u.obstacles, func(code string, n int) bool { return matching.Intimate(code) && n < fewStep })
	}
	answer.Parts, answer.Reasons, answer.Ages = u.parts.lines(p.steps), u.reasons.lines(p.steps), u.ages.lines(p.steps)
	answer.Skills, answer.Obstacles = u.skills.lines(p.steps), u.obstacles.lines(p.steps)
	answer.Availability, answer.Modes = u.availability.lines(p.steps), u.modes.lines(p.steps)
}

func communesOf(all map[unmetIn]*unmetTally) []rest.UnmetCommune {
	list := []rest.UnmetCommune{}
	for in, u := range all {
		line := rest.UnmetCommune{
			Insee: known(in.insee), Department: in.department, N: u.n, Parts: u.parts.lines(false), Skills: u.skills.lines(false), Obstacles: u.obstacles.lines(false),
		}
		if c, ok := communes.Find(in.insee); ok {
			line.Name = &c.Name
		}
		list = append(list, line)
	}
	slices.SortFunc(list, func(a, b rest.UnmetCommune) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(the(a.Insee), the(b.Insee)), cmp.Compare(a.Department, b.Department))
	})
	return list[:min(len(list), mostUnmetCommunes)]
}

func unmetLines(all map[string]*unmetTally) []rest.UnmetLine {
	list := []rest.UnmetLine{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		list = append(list, rest.UnmetLine{Key: key, N: all[key].n, Parts: all[key].parts.lines(false)})
	}
	return list
}
