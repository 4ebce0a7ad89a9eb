package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

const (
	loansTitle = "Tablettes prêtées"
	loansPath  = "/prets"
)

func loanRoutes() []Route {
	return append([]Route{
		{Method: http.MethodGet, Path: loansPath, page: loanList},
		{Method: http.MethodGet, Path: loansPath + "/{id}", page: loanPage},
		{Method: http.MethodPost, Path: loansPath + "/{id}/effacement", page: wipe},
		{Method: http.MethodGet, Path: loansPath + "/{id}/recu", page: loanReceipt},
		{Method: http.MethodGet, Path: loansPath + "/{id}/recu/pdf", File: true, page: loanSlip},
	}, loanActRoutes()...)
}

// lendingStates are those that a list is asked for.
var lendingStates = []choice{
	{Value: "kept", Label: "Réservée, à remettre"}, {Value: "lent", Label: "Remise, à reprendre"}, {Value: "lacking", Label: "En attente d’une tablette"},
	{Value: "late", Label: "En retard, à reprendre"}, {Value: "returned", Label: "Rendue"}, {Value: "lost", Label: "Perdue"},
	{Value: "written_off", Label: "Sortie de la réserve"},
}

// lendingTone says which mark stands beside a state.
var lendingTone = map[string]string{"kept": "requested", "lent": "open", "late": "declined", "lacking": "waitlisted", "returned": "closed", "lost": "closed", "written_off": "closed"}

// loanLines is a page of loans.
type loanLines struct {
	Filters form
	Lines   []loanLine
	Path    string
	Next    *string
	Own     bool // the user has participants of its own
}

type loanLine struct {
	ID, Name, State, Code string
	Facts                 []fact
	ToReset               bool // the accounts of whoever had it last are on it
	form                  form
}

func loanList(v *visit) error {
	return v.loans(http.StatusOK, form{values: v.r.URL.Query()}, "", form{})
}

// loans shows the list; a form that was refused is shown again in its line.
func (v *visit) loans(status int, filters form, id string, refused form) error {
	answer, err := v.api.ListLoansWithResponse(v.ctx, &client.ListLoansParams{Status: filters.text("etat"), Cursor: filters.text("suite")})
	if err != nil {
		return err
	}
	page, title := loanLines{Filters: filters, Path: v.r.URL.RequestURI(), Next: answer.JSON200.Next, Own: v.user.is("provider")}, loansTitle
	for _, l := range answer.JSON200.Items {
		line := loanLineOf(l)
		if id != "" && line.ID == id {
			line.form = refused
		}
		page.Lines = append(page.Lines, line)
	}
	if refused.wrong() {
		title, page.Path = "Erreur\u00a0: "+title, loansPath
	}
	return v.show(status, title, loansView(refused, page))
}

func loanLineOf(l client.Loan) loanLine {
	line := loanLine{ID: l.ID, Name: "Personne effacée, ou prêt terminé", Code: l.Status, State: labelOf(lendingStates, l.Status), ToReset: l.ToReset}
	if l.OwnParticipant != nil {
		line.Name = ownName(*l.OwnParticipant)
	}
	if b := l.Borrower; b != nil {
		line.Name = full(b.GivenName, b.FamilyName)
		line.Facts = append(line.Facts, fact{"Téléphone", phoneText(the(b.Phone))})
		if a := b.Address; a != nil {
			line.Facts = append(line.Facts, fact{"Adresse", join(the(a.Street), the(a.Postcode))})
		}
	}
	line.Facts = present(append(line.Facts, fact{"Du", dayText(l.From)}, fact{"Au", dayText(l.To)}))
	return line
}

// wipe says that the accounts and photos of whoever had the tablet are removed.
func wipe(v *visit) error {
	f := v.form()
	answer, err := v.api.GetLoanWithResponse(v.ctx, v.path("id"))
	if err == nil {
		_, err = v.api.ResetItemWithResponse(v.ctx, the(answer.JSON200.ItemID), v.key())
	}
	return v.lent(f, err, "La tablette est prête à être remise.")
}

func (v *visit) lent(f form, err error, sentence string) error {
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, nil)
		return v.loans(http.StatusUnprocessableEntity, form{}, v.path("id"), f)
	}
	if err != nil {
		return err
	}
	return v.done(loansPath, sentence)
}
