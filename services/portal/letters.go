package portal

import (
	"net/http"
	"slices"
	"strings"

	"example.org/passerelle/api/client"
)

const (
	lettersPath  = "/courriers"
	lettersTitle = "Courriers à imprimer"
)

// letterList is what a desk has to print.
type letterList struct {
	form

	desks []choice
	desk  string
	lines []letterView
	more  bool
}

// lettersOfDesk reads what the chosen desk of the user has to print.
func (v *visit) lettersOfDesk() (letterList, error) {
	page := letterList{form: form{values: v.r.URL.Query()}}
	if !v.user.refers() || len(v.user.Desks) == 0 {
		return page, &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return page, err
	}
	page.desk = v.user.Desks[0]
	if chosen := page.value("equipe"); slices.Contains(v.user.Desks, chosen) {
		page.desk = chosen
	}
	page.values.Set("equipe", page.desk)
	if len(v.user.Desks) > 1 {
		page.desks = w.deskChoices(v.user.Desks)
	}
	answer, err := v.api.ListLettersWithResponse(v.ctx, &client.ListLettersParams{Desk: &page.desk})
	if err != nil {
		return page, err
	}
	for _, l := range answer.JSON200.Items {
		page.lines = append(page.lines, letterOf(l, form{}))
	}
	page.more = answer.JSON200.Truncated
	return page, nil
}

func letterListPage(v *visit) error {
	page, err := v.lettersOfDesk()
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, lettersTitle, lettersView(page))
}

// printLetters gives all in one file. Each is read anew: nobody writes to whom a death was told of since.
func printLetters(v *visit) error {
	format, desk := "pdf", v.r.URL.Query().Get("equipe")
	answer, err := v.api.ListLettersWithResponse(v.ctx, &client.ListLettersParams{Desk: &desk, Format: &format})
	if err != nil {
		return err
	}
	return v.givePDF("courriers.pdf", answer.Body)
}

// lettersSent notes that the letters of a list have left, and names those that are to be taken out of the pile.
func lettersSent(v *visit) error {
	f := v.form()
	stays, sent := []string{}, 0
	for _, one := range f.values["lettre"] {
		id, reference, _ := strings.Cut(one, " ")
		_, err := v.api.LetterPrintedWithResponse(v.ctx, id)
		if _, refused := problem(err, http.StatusConflict, http.StatusNotFound); refused {
			stays = append(stays, reference)
		} else if err != nil {
			return err
		} else {
			sent++
		}
	}
	said := count(sent, "courrier est noté comme envoyé", "courriers sont notés comme envoyés") + "."
	if len(stays) > 0 {
		said += " Retirez de la pile, car ils ne doivent plus partir\u00a0: " + strings.Join(stays, ", ") + "."
	}
	return v.done(lettersPath, said)
}

func letterPDF(v *visit) error {
	format := "pdf"
	answer, err := v.api.GetLetterWithResponse(v.ctx, v.path("id"), &client.GetLetterParams{Format: &format})
	if err != nil {
		return err
	}
	return v.givePDF("courrier.pdf", answer.Body)
}

func referralLetterPDF(v *visit) error {
	format := "pdf"
	answer, err := v.api.GetReferralLetterWithResponse(v.ctx, v.path("id"), &client.GetReferralLetterParams{Format: &format})
	if err != nil {
		return err
	}
	return v.givePDF("courrier.pdf", answer.Body)
}

// givePDF gives a file whose name says nothing of anybody.
func (v *visit) givePDF(name string, pdf []byte) error {
	v.remember()
	v.w.Header().Set("Content-Type", "application/pdf")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := v.w.Write(pdf)
	return err
}
