package portal

import (
	"net/http"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
)

// refusing is a request that may be declined.
type refusing struct {
	Action, Back string
	Name, Title  string
	Provider     string // chosen by a partnership officer
	Reasons      []choice
}

const longestMessage = "1000"

func declinePage(v *visit) error { return v.refusing(form{values: v.r.URL.Query()}) }

func (v *visit) refusing(f form) error {
	if !v.user.answers() {
		return &client.Problem{Status: http.StatusForbidden}
	}
	w, err := v.words()
	if err != nil {
		return err
	}
	answer, err := v.api.GetReferralWithResponse(v.ctx, v.path("orientation"), &client.GetReferralParams{})
	if err != nil {
		return err
	}
	r := *answer.JSON200
	if the(r.SessionID) != v.path("atelier") {
		return &client.Problem{Status: http.StatusNotFound}
	}
	view := refusing{
		Action: v.r.URL.Path, Back: inboxOf(f.value("prestataire")), Name: who(r.Person), Title: the(r.SessionTitle),
		Provider: f.value("prestataire"), Reasons: w.choices("decline_reason"),
	}
	if f.wrong() {
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Refuser la demande", declineForm(f, view))
	}
	return v.show(http.StatusOK, "Refuser la demande", declineForm(f, view))
}

// decline is the provider's no.
func decline(v *visit) error {
	f, session, referral := v.form(), v.path("atelier"), v.path("orientation")
	if f.declineFaults(); f.wrong() {
		return v.refusing(f)
	}
	no := client.Decline{Reason: f.value("motif"), Message: f.text("message")}
	_, err := v.api.DeclineRequestWithResponse(v.ctx, session, referral, no, v.key())
	p, ok := problem(err, http.StatusConflict, http.StatusUnprocessableEntity)
	if !ok {
		p, ok = lost(err, "not_asked")
	}
	if ok {
		f.refused(p, []entry{{Member: "reason", Input: "motif", Label: "Motif"}, {Member: "message", Input: "message", Label: "Message"}})
		return v.refusing(f)
	}
	if err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyAnswered, referral)
	v.redirect(v.inboxPath())
	return nil
}

// declineFaults are what can be said without asking.
func (f *form) declineFaults() {
	if f.value("motif") == "" {
		f.refuse("motif", "Choisissez un motif")
	}
	if f.value("motif") == "other" && f.value("message") == "" {
		f.refuse("message", "Précisez le motif en quelques mots\u00a0: l’équipe le lit à la personne")
	}
}

// refusal is where a request is declined.
func refusal(r request, provider string) templ.SafeURL {
	path := "/demandes/" + r.Session + "/" + r.Referral + "/refuser"
	if provider != "" {
		path = nextTo(path, "prestataire", provider)
	}
	return templ.SafeURL(path)
}
