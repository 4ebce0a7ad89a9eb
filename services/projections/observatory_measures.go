package projections

import (
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/published"
	"example.org/passerelle/services/reference"
)

// measure is an answer that is counted, and the question whose respondents it is out of.
type measure struct{ name, question string }

// measures of an observation; refusals are counted apart.
var measures = slices.Concat([]measure{
	{"women", "sex"}, {"men", "sex"},
	{"age_under_46", "age"}, {"age_46_59", "age"}, {"age_60_74", "age"}, {"age_75_over", "age"},
	{"single", "family_situation"}, {"employed", "occupation"}, {"sick_leave", "sick_leave"},
	{"network_problem", "network_coverage"}, {"has_equipment", "equipment"}, {"financial_problem", "financial_problem"}, {"difficulty", "difficulty"},
	{"knows_help_place", "help_place"}, {"hard_to_reach", "help_place"}, {"training_need", "training_need"}, {"rights_at_risk", "rights_at_risk"},
}, ofList("kind_", "equipment_kinds", equipped), ofList("reason_", "difficulty_reason", inDifficulty), institutions)

// Questions that only some were asked.
const (
	equipped     = "with equipment"
	inDifficulty = "with a difficulty"
)

// several is what a referent puts under more than one institution.
const several = "multiple"

var institutions = append(ofList("institution_", "institution", "institution"), measure{"institution_" + several, "institution"})

// before is put before an institution as the detector had it.
const before = "first "

func ofList(name, list, question string) (all []measure) {
	for _, l := range reference.Codes() {
		if l.Name != list {
			continue
		}
		for _, c := range l.Codes {
			all = append(all, measure{name + c.Code, question})
		}
	}
	return all
}

// feature is something that an observation has: it answered a question, gave an answer, or its description has a word.
type feature uint8

// features are all that are counted, by name; a question has a name of its own. Others are not counted.
var features = func() map[string]feature {
	all := map[string]feature{}
	add := func(name string) {
		if _, ok := all[name]; !ok {
			all[name] = feature(len(all)) //nolint:gosec // a hundred
		}
	}
	for _, m := range measures {
		add(m.name)
		add(toQuestion + m.question)
	}
	for _, m := range institutions {
		add(before + m.name)
	}
	for _, word := range reference.WordList() {
		add(keyword + word)
	}
	return all
}()

const (
	toQuestion = "? "
	keyword    = "word "
)

// occurrences are how often each feature occurs; the slice is as long as there are features.
type occurrences []int

func (c occurrences) measures(n int, from []measure, prefix string) rest.Measures {
	all := rest.Measures{}
	for _, m := range from {
		all[m.name] = outOf(c[features[prefix+m.name]], n, c[features[toQuestion+m.question]])
	}
	return all
}

// outOf rounds half up.
func outOf(count, n, respondents int) rest.Measure {
	m := rest.Measure{Count: count, N: n, NRespondents: respondents}
	if respondents > 0 {
		percent := (200*count + respondents) / (2 * respondents)
		m.Percent = &percent
	}
	return m
}

// keywords are all words of the list, the most frequent first.
func (c occurrences) keywords() []rest.Keyword {
	list := []rest.Keyword{}
	for _, word := range reference.WordList() {
		list = append(list, rest.Keyword{Word: word, Documents: c[features[keyword+word]]})
	}
	slices.SortStableFunc(list, func(a, b rest.Keyword) int { return b.Documents - a.Documents })
	return list
}

// said is the features of an observation, a bit each.
type said [2]uint64

func (s *said) has(name string) {
	if f, ok := features[name]; ok {
		s[f/64] |= 1 << (f % 64)
	}
}

// sums counts all features at once, as one adds by hand: bit n of the count of a feature is in line n, in the place that the
// feature has in an observation.
type sums [31]said

func (s *sums) add(is said) {
	for half, carry := range is {
		for n := 0; carry != 0; n++ {
			s[n][half], carry = s[n][half]^carry, s[n][half]&carry
		}
	}
}

func (s *sums) counts() occurrences {
	list := make(occurrences, len(features))
	for f := range list {
		for n := range s {
			list[f] += int(s[n][f/64]>>(f%64)&1) << n
		}
	}
	return list
}

// answered is an answer to a question; nothing was answered where it is empty.
func (s *said) answered(to, name, answer string) {
	if answer != "" {
		s.has(toQuestion + to)
		s.has(name + answer)
	}
}

// yesNo is an answer that is counted where it is as expected.
func (s *said) yesNo(to, name string, answer *bool, expected bool) {
	if answer != nil {
		s.has(toQuestion + to)
		if *answer == expected {
			s.has(name)
		}
	}
}

var sexes = map[string]string{"F": "women", "M": "men"}

func featuresOf(o events.Observation) said {
	s := &said{}
	if name, ok := sexes[o.Sex]; ok {
		s.answered("sex", "", name)
	}
	s.answered("age", "age_", published.AgeBand(o))
	s.answered("family_situation", "", o.FamilySituation)
	s.answered("occupation", "", o.Occupation)
	s.answered("institution", "institution_", o.Institution)
	s.answered("institution", before+"institution_", firstOf(o))
	s.yesNo("sick_leave", "sick_leave", o.SickLeave, true)
	s.yesNo("network_coverage", "network_problem", o.NetworkCoverage, false)
	s.yesNo("equipment", "has_equipment", o.Equipment, true)
	s.yesNo("difficulty", "difficulty", o.Difficulty, true)
	s.yesNo("training_need", "training_need", o.TrainingNeed, true)
	s.yesNo("rights_at_risk", "rights_at_risk", o.RightsAtRisk, true)
	s.further(o)
	return *s
}

// further are the questions that follow from an answer, and those that several answers may be given to.
func (s *said) further(o events.Observation) {
	switch {
	case o.Equipment == nil:
	case *o.Equipment:
		s.has(toQuestion + equipped)
		for _, kind := range o.EquipmentKinds {
			s.has("kind_" + kind)
		}
	default:
		s.yesNo("financial_problem", "financial_problem", o.FinancialProblem, true)
	}
	if o.Difficulty != nil && *o.Difficulty {
		s.has(toQuestion + inDifficulty)
		s.has("reason_" + o.DifficultyReason)
	}
	for _, place := range o.HelpPlace {
		s.answered("help_place", "", map[string]string{"yes": "knows_help_place", "no": "knows_none", "hard_to_reach": "hard_to_reach"}[place])
	}
	for _, word := range o.Keywords {
		s.has(keyword + word)
	}
}

// firstOf is the institution as the detector had it.
func firstOf(o events.Observation) string {
	if o.First != "" && o.Institution != "" {
		return o.First
	}
	return o.Institution
}
