package portal

import (
	"net/http"
	"slices"

	"example.org/passerelle/api/client"
)

// around is who waits near where a session is planned. A provider reads steps, never numbers.
type around struct {
	Where, Total string
	Few          bool // how many is all that is told
	Groups       []aroundGroup
}

// aroundGroup is one thing that people would need, the most frequent first.
type aroundGroup struct {
	Title string
	Lines []fact
}

// showAround shows the plan as it was typed, with who waits around its commune.
func (v *visit) showAround(page newSessionForm) error {
	where, field, err := v.commune(&page.form)
	if err != nil {
		return err
	}
	page.communes = field
	if page.value("commune") == "" {
		page.refuse("commune", "Commune\u00a0: à renseigner pour voir qui attend autour")
	}
	if page.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+newSessionTitle, newSessionView(page))
	}
	answer, err := v.api.GetUnmetWithResponse(v.ctx, &client.GetUnmetParams{Insee: &where.Insee})
	if err != nil {
		return err
	}
	page.around = page.words.around(*where, *answer.JSON200)
	return v.show(http.StatusOK, newSessionTitle, newSessionView(page))
}

func (w words) around(where client.Commune, u client.Unmet) *around {
	a := &around{Where: communeLabel(where), Total: stepTotals[u.Step], Few: u.Step == "few"}
	skills, modes := w.wordsFor("skills", unsaidSkills), w.wordsFor("session_mode", nil)
	for _, g := range []struct {
		title string
		lines []client.UnmetCount
		word  func(code string) string
	}{
		{"Ce qu’elles veulent apprendre", u.Skills, skills},
		{"Ce qu’il faut prévoir", u.Obstacles, wordIn(obstacles)},
		{"Quand elles peuvent venir", u.Availability, wordIn(dayTimes)},
		{"La forme qu’elles préfèrent", u.Modes, modes},
		{"Leur âge", u.Ages, wordIn(ageGroups)},
	} {
		if len(g.lines) > 0 {
			a.Groups = append(a.Groups, aroundGroup{g.title, steps(g.lines, g.word)})
		}
	}
	return a
}

// wordsFor gives the words of a code list, and those of codes that stand beside it.
func (w words) wordsFor(list string, more []choice) func(string) string {
	return func(code string) string {
		if slices.ContainsFunc(more, func(c choice) bool { return c.Value == code }) {
			return choiceLabel(more, code)
		}
		return w.of(list, code)
	}
}

func wordIn(list []choice) func(string) string {
	return func(code string) string { return choiceLabel(list, code) }
}

func steps(lines []client.UnmetCount, word func(string) string) (list []fact) {
	for _, l := range lines {
		list = append(list, fact{word(l.Code), stepWords[l.Step]})
	}
	return list
}

var stepTotals = map[client.UnmetStep]string{
	"none": "Personne n’attend", "few": "Quelques personnes attendent (de 1 à 4)", "5+": "De 5 à 10 personnes attendent", "11+": "11 personnes ou plus attendent",
}

var stepWords = map[client.UnmetStep]string{"few": "quelques-unes (de 1 à 4)", "5+": "de 5 à 10", "11+": "11 ou plus"}

var unsaidSkills = []choice{{Value: "unsaid", Label: "Rien de précis"}}

var ageGroups = []choice{{Value: "under_55", Label: "Moins de 55\u00a0ans"}, {Value: "from_55", Label: "55\u00a0ans et plus"}, {Value: "unknown", Label: "Âge inconnu"}}

var dayTimes = slices.Concat([]choice{{Value: "am", Label: "Un matin"}, {Value: "pm", Label: "Un après-midi"}, {Value: "any", Label: "N’importe quand"}}, halfDays)

// obstacles are the words for what a session needs so as to suit somebody.
var obstacles = []choice{
	{Value: "near", Label: "Tout près\u00a0: à pied ou en bus"}, {Value: "pick_up", Label: "Aller chercher la personne"}, {Value: "home_only", Label: "Venir à domicile"},
	{Value: "hard_to_reach", Label: "Un lieu facile d’accès"}, {Value: "no_network", Label: "Une connexion sur place\u00a0: pas de réseau chez soi"},
	{Value: "no_equipment", Label: "Du matériel sur place\u00a0: pas d’équipement chez soi"}, {Value: "loan", Label: "Le prêt d’une tablette"},
	{Value: "deadline", Label: "Une date proche\u00a0: une démarche presse"}, {Value: "age", Label: "Un atelier ouvert aux moins de 55\u00a0ans"},
	{Value: "means", Label: "La gratuité"}, {Value: "language", Label: "Une autre langue que le français"}, {Value: "health", Label: "Des aménagements pour la santé"},
	{Value: "wheelchair", Label: "Un accès en fauteuil roulant"}, {Value: "hearing", Label: "Une aide à l’audition"}, {Value: "sight", Label: "Une aide à la vue"},
	{Value: "cognitive", Label: "Un rythme adapté"}, {Value: "reads_little_french", Label: "Peu de lecture en français"},
}
