package matching

import (
	"slices"
	"strings"
)

// Wants is what a session would have to be for somebody whom none suits, in codes.
type Wants struct {
	Skills       []string
	Obstacles    []string
	Availability []string // half-days, and am or pm for some morning and some afternoon
	Modes        []string
}

// Unsaid stands for skills, and Any for half-days, of which the person has said nothing.
const (
	Unsaid = "unsaid"
	Any    = "any"
)

// WantsOf is what is known of somebody's wants.
func WantsOf(p Person) Wants {
	a := ask(p)
	return Wants{
		Skills: unlessSaid(p.Needs.Skills, Unsaid), Obstacles: a.obstacles(), Availability: halves(p.Needs.Availability), Modes: once(p.Needs.Modes),
	}
}

func (a *asked) obstacles() (list []string) {
	travel := a.Needs.Travel
	for _, one := range []struct {
		code string
		is   bool
	}{
		{"near", travel == "near"}, {"pick_up", travel == "pick_up"}, {"home_only", travel == "home_only"}, {"hard_to_reach", a.hardToReach},
		{"no_network", a.noNetwork}, {"no_equipment", a.noEquipment}, {"loan", a.loan}, {"deadline", a.deadline != ""}, {"age", a.younger},
		{"means", a.needy}, {"language", a.language || a.foreign}, {"health", a.health},
		{"wheelchair", a.wheelchair}, {"hearing", a.hearing}, {"sight", a.sight}, {"cognitive", a.cognitive}, {"reads_little_french", a.readsBad},
	} {
		if one.is {
			list = append(list, one.code)
		}
	}
	return list
}

// Intimate tells whether an obstacle says something of somebody's health, language or means.
func Intimate(obstacle string) bool {
	return slices.Contains([]string{"home_only", "means", "language", "health", "wheelchair", "hearing", "sight", "cognitive", "reads_little_french"}, obstacle)
}

// AgeGroup is how most workshops look at somebody's age.
func AgeGroup(p Person) string {
	switch a := ask(p); {
	case a.younger:
		return "under_55"
	case a.ageOn(dateOf(a.today)) >= 0:
		return "from_55"
	}
	return "unknown"
}

func halves(days []string) []string {
	list := unlessSaid(days, Any)
	for _, half := range []string{"am", "pm"} {
		if slices.ContainsFunc(days, func(day string) bool { return strings.HasSuffix(day, "_"+half) }) {
			list = append(list, half)
		}
	}
	return list
}

func unlessSaid(list []string, otherwise string) []string {
	if len(list) == 0 {
		return []string{otherwise}
	}
	return once(list)
}

// once is a list without what it says again.
func once(list []string) []string {
	list = slices.Sorted(slices.Values(list))
	return slices.Compact(list)
}
