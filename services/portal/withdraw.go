package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// givingUp is a request that may be taken back.
type givingUp struct {
	ID, Name, Title string
	Reasons         []choice
}

func withdrawPage(v *visit) error { return v.givingUp(form{}) }

func (v *visit) givingUp(f form) error {
	if !v.user.refers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	r, err := v.referral(false)
	if err != nil {
		return err
	}
	view := givingUp{ID: r.ID, Name: who(r.Person), Title: the(r.SessionTitle), Reasons: w.choices("withdraw_reason")}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Retirer la demande", withdrawForm(f, view))
	}
	return v.show(http.StatusOK, "Retirer la demande", withdrawForm(f, view))
}

// withdraw takes a request back for the person.
func withdraw(v *visit) error {
	f, id := v.form(), v.path("id")
	reason := f.value("motif")
	if reason == "" {
		f.refuse("motif", "Choisissez un motif")
		return v.givingUp(f)
	}
	_, err := v.api.WithdrawReferralWithResponse(v.ctx, id, client.Withdrawal{Reason: reason}, v.key())
	if p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity); ok {
		f.refused(p, []entry{{Member: "reason", Input: "motif", Label: "Motif"}})
		return v.givingUp(f)
	}
	if err != nil {
		return err
	}
	return v.done("/orientations/"+id, "La demande est retirée.")
}
