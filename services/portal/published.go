package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

const publishedTitle = "Tableaux publiés"

// publishedView are the tables of closed campaigns; what is small is hidden, and says so.
type publishedView struct {
	w     words
	items []client.Publication
	note  string
}

func publishedPage(v *visit) error {
	w, err := v.words()
	if err != nil {
		return err
	}
	p := &client.ListPublishedTablesParams{}
	if v.user.Fund != "" {
		p.Fund = &v.user.Fund
	}
	answer, err := v.api.ListPublishedTablesWithResponse(v.ctx, p)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, publishedTitle, publishedTables(publishedView{w, answer.JSON200.Items, answer.JSON200.Caveat}))
}

var tableNames = map[string]string{
	"unit_age_band": "Unités et âges", "institution_unit": "Institutions et unités", "difficulty_department": "Difficultés et départements",
	"month_department": "Mois et départements",
}

// head is the heading of a row or a column.
func (p publishedView) head(h client.TableHead, i int) string {
	if h.Name == "difficulty" {
		if text, ok := map[string]string{"true": "Avec difficultés", "false": "Sans difficulté", "yes": "Avec difficultés", "no": "Sans difficulté"}[h.Keys[i]]; ok {
			return text
		}
	}
	return p.w.groupKey(h.Name, h.Keys[i])
}

func (p publishedView) title(one client.Publication) string {
	text := p.w.of("programme", one.Programme)
	switch len(one.Months) {
	case 0:
	case 1:
		text += ", " + dayText(one.Months[0])
	default:
		text += ", de " + dayText(one.Months[0]) + " à " + dayText(one.Months[len(one.Months)-1])
	}
	return text
}

// shown is a cell; what is hidden has a word of its own.
func shown(n *int) string {
	if n == nil {
		return "masqué"
	}
	return number(*n)
}
