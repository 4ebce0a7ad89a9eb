package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

var rightsRoutes = []Route{{Method: http.MethodGet, Path: "/droits", page: rights}}

// rights shows who may do what, as the REST surface tells it.
func rights(v *visit) error {
	answer, err := v.api.GetRightsWithResponse(v.ctx)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Qui peut faire quoi", rightsPage(cellsOf(*answer.JSON200)))
}

// rightsTable has a cell for every role in every row; an empty one is never.
type rightsTable struct {
	Roles []string
	Rows  []rightsRow
}

type rightsRow struct {
	What  string
	Cells []string
}

func cellsOf(r client.Rights) rightsTable {
	t := rightsTable{}
	for _, role := range r.Roles {
		t.Roles = append(t.Roles, role.Label)
	}
	for _, row := range r.Rows {
		texts := map[string]string{}
		for _, right := range row.Rights {
			texts[right.Role] = right.Text
		}
		line := rightsRow{What: row.What}
		for _, role := range r.Roles {
			line.Cells = append(line.Cells, texts[role.Role])
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}
