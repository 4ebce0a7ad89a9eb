package portal

import (
	"net/http"
	"strconv"

	"example.org/passerelle/api/client"
)

const (
	ownLoanPath  = stockPath + "/participant"
	ownLoanTitle = "Une tablette pour un participant de votre public"
)

// ownLoan asks for a tablet for somebody who has no name here.
type ownLoan struct {
	stockForm

	sessions []choice
}

func (v *visit) ownLoan(f form) (ownLoan, error) {
	p, err := v.stockForm(f)
	if err != nil {
		return ownLoan{}, err
	}
	if !v.user.is("provider") {
		return ownLoan{}, &client.Problem{Status: http.StatusForbidden}
	}
	page := ownLoan{stockForm: p, sessions: []choice{{Label: "À choisir"}}}
	answer, err := v.api.ListSessionsWithResponse(v.ctx, &client.ListSessionsParams{ProviderID: &v.user.Provider, Limit: new(100)})
	if err != nil {
		return page, err
	}
	for _, s := range answer.JSON200.Items {
		if s.Status == "open" || s.Status == "confirmed" || s.Status == "running" {
			page.sessions = append(page.sessions, choice{Value: s.ID, Label: p.words.sessionCard(s).Title + ", " + p.words.sessionCard(s).When})
		}
	}
	return page, nil
}

func ownLoanPage(v *visit) error {
	page, err := v.ownLoan(form{})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, ownLoanTitle, ownLoanView(page))
}

var ownLoanEntries = []entry{
	{"session_id", "atelier", "Atelier", map[string]string{"unknown_session": "Atelier\u00a0: choisissez-en un de la liste"}},
	{"own_participant", "numero", "Numéro du participant", map[string]string{"unknown_participant": "Numéro du participant\u00a0: l’atelier n’a pas autant de places gardées pour votre public"}},
}

func askOwnLoan(v *visit) error {
	page, err := v.ownLoan(v.form())
	if err != nil {
		return err
	}
	page.asks(fault{"atelier", "Atelier\u00a0: choisissez-en un"}, fault{"numero", "Numéro du participant\u00a0: à renseigner"})
	number := page.whole("numero", "Numéro du participant")
	if !page.wrong() {
		answer, err := v.api.AskLoanWithResponse(v.ctx, client.NewLoan{SessionID: page.text("atelier"), OwnParticipant: number}, v.key())
		if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
			page.refused(p, ownLoanEntries)
		} else if err != nil {
			return err
		} else {
			return v.done(loansPath+"/"+answer.JSON201.ID, ownLoanSaid(answer.JSON201.Status))
		}
	}
	return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: "+ownLoanTitle, ownLoanView(page))
}

func ownLoanSaid(status string) string {
	if status == "lacking" {
		return "Aucune tablette n’est libre\u00a0: le participant est sur la liste d’attente."
	}
	return "Une tablette est réservée."
}

// ownName is what one of the provider's own participants is called: they have a number.
func ownName(number int) string {
	return "Participant n°\u00a0" + strconv.Itoa(number) + " de votre public"
}
