package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// Flags on paper, for visits without network: a sheet to print in the order of the form, and its quick entry.
var paperRoutes = []Route{
	{Method: http.MethodGet, Path: paperPath, page: paperPage},
	{Method: http.MethodGet, Path: quickPath, page: quickPage},
}

const (
	paperPath  = "/signalements/fiche-papier"
	quickPath  = "/signalements/saisie-rapide"
	paperTitle = "Fiche papier"
	quickTitle = "Saisir une fiche papier"
)

// paperSheet is the form on paper.
type paperSheet struct {
	flagForm

	title string
	lines []paperPart
}

// paperPart is a heading with what is asked under it.
type paperPart struct {
	Title string
	Lines []paperLine
}

// paperLine is one question: boxes to tick, or room to write.
type paperLine struct {
	Number, Label string
	Boxes         []string
	Room          int // lines to write on
	Short         bool
}

func paperPage(v *visit) error {
	if !v.user.flags() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	page, err := v.flagForm(form{values: v.r.URL.Query()})
	if err != nil {
		return err
	}
	sheet := paperSheet{flagForm: page, title: page.rule(page.value("programme")).Name, lines: page.paper()}
	return v.show(http.StatusOK, paperTitle, paperView(sheet))
}

// chosenText is what is read aloud under the programme of the sheet.
func (p paperSheet) chosenText() string { return p.rule(p.value("programme")).Text }

func quickPage(v *visit) error {
	if !v.user.flags() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	return v.freshFlag(form{values: map[string][]string{"saisie": {"rapide"}}})
}

// quick tells whether the sheet is typed from paper.
func (p flagForm) quick() bool { return p.value("saisie") == "rapide" }
