package portal

import (
	"strconv"
	"strings"

	"example.org/passerelle/api/client"
)

// measureGroup is a heading with the measures under it, in the order of the sheet.
type measureGroup struct {
	Title string
	Note  string
	Names []string
}

// measureGroups are all measures; those of a code list are filled in from it.
var measureGroups = []measureGroup{
	{"Femmes et hommes", "", []string{"women", "men"}},
	{"Âge à la date du constat", "", []string{"age_under_46", "age_46_59", "age_60_74", "age_75_over"}},
	{"Situation", "", []string{"single", "employed", "sick_leave"}},
	{"Institution concernée", "Après reclassement par le référent. Chaque situation compte une fois.", []string{"institution_*"}},
	{"Réseau et équipement", "Les appareils\u00a0: parmi celles qui ont un équipement. Le problème financier\u00a0: parmi celles qui n’en ont pas.",
		[]string{"network_problem", "has_equipment", "kind_*", "financial_problem"}},
	{"Difficultés à utiliser le numérique", "Les motifs\u00a0: parmi celles qui ont une difficulté.", []string{"difficulty", "reason_*"}},
	{"Aide et formation", "", []string{"knows_help_place", "hard_to_reach", "training_need", "rights_at_risk"}},
	{"Refus", "Parmi les situations et les refus ensemble.", []string{"refusals"}},
}

var measureLabels = map[string]string{
	"women": "Femmes", "men": "Hommes", "age_under_46": "Moins de 46 ans", "age_46_59": "46 à 59 ans", "age_60_74": "60 à 74 ans", "age_75_over": "75 ans et plus",
	"single": "Vivent seules", "employed": "En emploi", "sick_leave": "En arrêt maladie", "network_problem": "Couverture réseau insuffisante",
	"has_equipment": "Ont un équipement", "financial_problem": "Problème financier", "difficulty": "Ont des difficultés", "knows_help_place": "Connaissent un lieu d’aide",
	"hard_to_reach": "Difficultés pour s’y rendre", "training_need": "Besoin de formation", "rights_at_risk": "Droit en danger", "refusals": "Refus de participer",
}

// lists of codes behind measures.
var measureLists = map[string]string{"institution_": "institution", "kind_": "equipment_kinds", "reason_": "difficulty_reason"}

// names are the measures of a group, with those of a code list one by one.
func (w words) names(g measureGroup) (list []string) {
	for _, name := range g.Names {
		prefix, isList := strings.CutSuffix(name, "*")
		if !isList {
			list = append(list, name)
			continue
		}
		for _, c := range w.lists[measureLists[prefix]] {
			list = append(list, prefix+c.Code)
		}
		if prefix == "institution_" && w.known["institution"][multiple] == "" {
			list = append(list, prefix+multiple)
		}
	}
	return list
}

// measure is what a measure is called.
func (w words) measure(name string) string {
	if label, ok := measureLabels[name]; ok {
		return label
	}
	for prefix, list := range measureLists {
		if code, ok := strings.CutPrefix(name, prefix); ok {
			return w.institutionOr(list, code)
		}
	}
	return name
}

func (w words) institutionOr(list, code string) string {
	if text := w.of(list, code); code != multiple || text != code {
		return text
	}
	return "Plusieurs institutions"
}

// measureChoices are the measures that a chart by group may show.
func (w words) measureChoices() (list []choice) {
	for _, g := range measureGroups {
		for _, name := range w.names(g) {
			list = append(list, choice{Value: name, Label: w.measure(name)})
		}
	}
	return list
}

func observedCards(o client.Observatory) []card {
	list := []card{{number(o.Situations), "situations", "sur la période"}}
	for _, one := range []struct{ name, text string }{
		{"difficulty", "ont des difficultés"}, {"has_equipment", "ont un équipement"}, {"training_need", "ont besoin d’une formation"},
	} {
		m := o.Measures[one.name]
		list = append(list, card{percentOf(m), one.text, outOf(m)})
	}
	return list
}

// percentOf is a rounded percentage in words; nobody answered: a dash.
func percentOf(m client.Measure) string {
	if m.Percent == nil {
		return "–"
	}
	return strconv.Itoa(*m.Percent) + "\u00a0%"
}

func outOf(m client.Measure) string {
	if m.NRespondents == 0 {
		return "personne n’a répondu"
	}
	return number(m.Count) + " sur " + number(m.NRespondents)
}

// observedCharts show every measure: the bar is its percentage, the table under it all its numbers.
func (w words) observedCharts(o client.Observatory) (list []chart) {
	for _, g := range measureGroups {
		c := chart{Title: g.Title, Note: g.Note, Column: "Mesure", Names: []string{"%"}, Most: 100, Columns: []string{"Situations", "Répondants", "Part"}}
		for _, name := range w.names(g) {
			if m, ok := o.Measures[name]; ok {
				c.Bars = append(c.Bars, measured(w.measure(name), m))
			}
		}
		if len(c.Bars) > 0 {
			list = append(list, c)
		}
	}
	if words := keywords(o); len(words.Bars) > 0 {
		list = append(list, words)
	}
	return list
}

func measured(label string, m client.Measure) bar {
	return bar{
		Label: label, Values: []int{the(m.Percent)}, Words: percentOf(m) + " (" + outOf(m) + ")",
		Cells: []string{number(m.Count), number(m.NRespondents), percentOf(m)},
	}
}

// keywords are in how many descriptions each word stands.
func keywords(o client.Observatory) chart {
	c := chart{Title: "Mots des descriptions", Column: "Mot", Names: []string{"descriptions"},
		Note: "Nombre de descriptions où le mot figure\u00a0; ceux qui ne figurent nulle part ne sont pas montrés. Les textes ne sont pas conservés. Liste de mots\u00a0: " + listed(o.WordLists) + "."}
	for _, k := range o.Keywords {
		if k.Documents == 0 {
			continue
		}
		c.Bars = append(c.Bars, bar{Label: k.Word, Values: []int{k.Documents}, Words: number(k.Documents)})
	}
	return c
}

// groupChart is one measure in each group.
func (w words) groupChart(o client.Observatory, measure string) chart {
	by := the(o.By)
	c := chart{Title: w.measure(measure) + ", par " + lower(choiceLabel(observatoryBy, by)), Column: choiceLabel(observatoryBy, by), Names: []string{"%"}, Most: 100,
		Columns: []string{"Situations", "Répondants", "Part"}}
	for _, g := range o.Groups {
		c.Bars = append(c.Bars, measured(w.groupKey(by, g.Key), g.Measures[measure]))
	}
	return c
}

// groupKey is what a group is about.
func (w words) groupKey(by, key string) string {
	switch {
	case key == "":
		return "Non connu"
	case by == "age_band":
		return w.measure("age_" + key)
	case by == "unit":
		return w.of("desk", key)
	case by == "institution":
		return w.institutionOr("institution", key)
	}
	return w.key(by, key)
}

// groupTable compares the groups by the measures that are asked for most.
type groupTable struct {
	Title, Column string
	Heads         []string
	Rows          []groupRow
}

type groupRow struct {
	Label string
	Cells []string
}

var compared = []string{"women", "age_46_59", "has_equipment", "network_problem", "difficulty", "knows_help_place", "training_need"}

func (w words) groupTable(o client.Observatory) groupTable {
	by := choiceLabel(observatoryBy, the(o.By))
	t := groupTable{Title: "Comparaison par " + lower(by), Column: by, Heads: []string{"Situations"}}
	for _, name := range compared {
		t.Heads = append(t.Heads, w.measure(name))
	}
	for _, g := range o.Groups {
		row := groupRow{w.groupKey(the(o.By), g.Key), []string{number(g.Situations)}}
		for _, name := range compared {
			row.Cells = append(row.Cells, percentOf(g.Measures[name]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// reclassifiedLine is an institution before and after the referents.
type reclassifiedLine struct{ Label, Before, After, Change string }

func (w words) reclassified(o client.Observatory) (list []reclassifiedLine) {
	for _, name := range w.names(measureGroup{Names: []string{"institution_*"}}) {
		before, after := o.InstitutionsFirst[name], o.Measures[name]
		if before.Count+after.Count == 0 {
			continue
		}
		list = append(list, reclassifiedLine{w.measure(name), number(before.Count) + " (" + percentOf(before) + ")", number(after.Count) + " (" + percentOf(after) + ")", signed(after.Count - before.Count)})
	}
	return list
}

func signed(n int) string {
	if n > 0 {
		return "+" + number(n)
	}
	if n == 0 {
		return "="
	}
	return "−" + number(-n)
}
