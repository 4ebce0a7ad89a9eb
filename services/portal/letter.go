package portal

import (
	"net/http"
	"slices"
	"time"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// Letters to people, to be printed: those that are due, and what is written about a request at any time.
var letterRoutes = []Route{
	{Method: http.MethodGet, Path: lettersPath, page: letterListPage},
	{Method: http.MethodPost, Path: lettersPath, File: true, page: lettersSent},
	{Method: http.MethodGet, Path: lettersPath + "/tous", File: true, page: printLetters},
	{Method: http.MethodGet, Path: "/courriers/{id}", page: letterPage},
	{Method: http.MethodGet, Path: "/courriers/{id}/pdf", page: letterPDF},
	{Method: http.MethodGet, Path: "/orientations/{id}/courrier/pdf", page: referralLetterPDF},
	{Method: http.MethodPost, Path: "/courriers/{id}", page: letterSent},
	{Method: http.MethodGet, Path: "/orientations/{id}/courrier", page: referralLetter},
}

// letterView is a letter as its page shows it.
type letterView struct {
	ID, Flag, Referral string // ID empty: none is due
	By                 string
	To, Paragraphs     []string
	Desk, Phone        string
	Subject, Reference string
	Word               string
	Times              []string
	Form               form
}

// writable are the states of a request about which there is something to write.
var writable = []string{"requested", "in_study", "enrolled", "in_progress", "waitlisted", "offered", "cancelled", "advised", "completed", "dropped"}

func letterPage(v *visit) error { return v.letter(http.StatusOK, form{}) }

func (v *visit) letter(status int, f form) error {
	answer, err := v.api.GetLetterWithResponse(v.ctx, v.path("id"), &client.GetLetterParams{})
	if err != nil {
		return err
	}
	return v.show(status, "Lettre à imprimer", letterPaper(letterOf(*answer.JSON200, f)))
}

func referralLetter(v *visit) error {
	answer, err := v.api.GetReferralLetterWithResponse(v.ctx, v.path("id"), &client.GetReferralLetterParams{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "Lettre à la personne", letterPaper(letterOf(*answer.JSON200, form{})))
}

// letterSent notes that the letter was printed and leaves.
func letterSent(v *visit) error {
	_, err := v.api.LetterPrintedWithResponse(v.ctx, v.path("id"), v.key())
	if p, ok := problem(err, http.StatusConflict); ok {
		f := v.form()
		f.refused(p, nil)
		return v.letter(http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	return v.done("/aujourdhui", "Le courrier est noté comme envoyé.")
}

// back is where the letter was looked for.
func (l letterView) back() string {
	if l.ID == "" && l.Referral != "" {
		return "/orientations/" + l.Referral
	}
	return "/aujourdhui"
}

// pdf is where the same letter is, to be printed on a sheet for a window envelope.
func (l letterView) pdf() string {
	if l.ID == "" {
		return "/orientations/" + l.Referral + "/courrier/pdf"
	}
	return lettersPath + "/" + l.ID + "/pdf"
}

func (l letterView) backText() string {
	if l.ID == "" && l.Referral != "" {
		return "Retour à la demande"
	}
	return "Retour à la liste du jour"
}

func letterOf(l client.Letter, f form) letterView {
	view := letterView{
		ID: the(l.ID), Flag: l.FlagID, Referral: the(l.ReferralID), To: l.To, Paragraphs: l.Paragraphs, Desk: l.DeskName, Phone: phoneText(l.DeskPhone),
		Subject: l.Subject, Reference: l.Reference, Word: l.Word, Form: f,
	}
	if l.By != nil {
		view.By = weekday(*l.By)
	}
	for _, m := range l.Meetings {
		view.Times = append(view.Times, fromTo(m.StartsAt, m.EndsAt))
	}
	return view
}

// fromTo is a meeting in full: mardi 8 décembre 2026, de 9 h 30 à 11 h 30.
func fromTo(starts, ends time.Time) string {
	return weekday(reference.Day(starts)) + ", de " + hour(starts) + " à " + hour(ends)
}

// mayWrite says whether there is something to write about a request.
func mayWrite(status string) bool { return slices.Contains(writable, status) }

// name is whom a letter is to.
func (l letterView) name() string {
	if len(l.To) == 0 {
		return l.Reference
	}
	return l.To[0]
}
