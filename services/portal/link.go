package portal

import (
	"net/http"

	"example.org/passerelle/api/client"
)

// What a provider without an account is sent. Nobody signs in here, and nothing of it is kept in a session: the code of
// the workshop opens a form, and the form carries all that the next step needs.

var linkRoutes = []Route{
	{Method: http.MethodGet, Path: "/l/{jeton}", Public: true, page: linkPage},
	{Method: http.MethodPost, Path: "/l/{jeton}/code", Public: true, page: openLink},
	{Method: http.MethodPost, Path: "/l/{jeton}/reponse", Public: true, page: decideByLink},
	{Method: http.MethodPost, Path: "/l/{jeton}/nouveau", Public: true, page: askLink},
}

// linkView is what the page says of a link.
type linkView struct {
	Path    string // of the page
	Title   string
	Lead    []string
	Details []fact
	Open    bool // the code may be given
	Expired bool // another link may be asked for
	Decided bool
	Form    form
}

// linkedView is a request that the code has opened.
type linkedView struct {
	Path, Name string
	Value      string // of the form
	Person     []fact
	Details    []fact
	Form       form
	Reasons    []choice
}

// linkPage says what a link is about. Machines that open every link of a mail get here too: nothing happens.
func linkPage(v *visit) error { return v.showLink(http.StatusOK, form{}) }

func (v *visit) linkPath() string { return "/l/" + v.path("jeton") }

func (v *visit) readLink() (client.LinkState, error) {
	v.w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	answer, err := v.api.GetLinkWithResponse(v.ctx, v.path("jeton"))
	if err != nil {
		return client.LinkState{}, err
	}
	return *answer.JSON200, nil
}

func (v *visit) showLink(status int, f form) error {
	s, err := v.readLink()
	if p, gone := problem(err, http.StatusNotFound); gone {
		return v.noLink(p)
	}
	if err != nil {
		return err
	}
	view := viewOfLink(s, v.linkPath(), f)
	title := view.Title
	if f.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, linkStands(view))
}

// noLink: whoever came here has no account, and another page to go to.
func (v *visit) noLink(p *client.Problem) error {
	v.trouble(trouble{Status: p.Status, Title: "Ce lien ne mène à rien", Text: []string{
		"Copiez l’adresse en entier, telle que vous l’avez reçue.",
		"Si cela ne suffit pas, appelez l’équipe qui vous l’a envoyée."}})
	return nil
}

// openLink takes the code, and shows whom the request is about.
func openLink(v *visit) error {
	f := v.form()
	if f.value("code") == "" {
		f.refuse("code", "Indiquez le code de l’atelier")
		return v.showLink(http.StatusUnprocessableEntity, f)
	}
	answer, err := v.api.OpenLinkWithResponse(v.ctx, v.path("jeton"), client.SessionCode{Code: f.value("code")})
	if p, wrong := problem(err, http.StatusUnprocessableEntity); wrong {
		f.refused(p, []entry{{Member: "code", Input: "code", Label: "Code de l’atelier"}})
		return v.showLink(http.StatusUnprocessableEntity, f.without("code"))
	}
	if v.overtaken(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return v.showLinked(http.StatusOK, form{}, answer.JSON200.Form)
}

// overtaken: the request or the link is no longer what it was. Its page says what it is now.
func (v *visit) overtaken(err error) bool {
	_, is := problem(err, http.StatusConflict, http.StatusNotFound)
	if is {
		v.redirect(v.linkPath())
	}
	return is
}

func (v *visit) showLinked(status int, f form, value string) error {
	s, err := v.readLink()
	if err != nil {
		return err
	}
	answer, err := v.api.ReadRequestByLinkWithResponse(v.ctx, v.path("jeton"), client.LinkReading{Form: value})
	if _, old := problem(err, http.StatusUnprocessableEntity); old {
		return v.formIsOld()
	}
	if v.overtaken(err) {
		return nil
	}
	if err != nil {
		return err
	}
	w, r := commonWords(), *answer.JSON200
	view := linkedView{Path: v.linkPath(), Name: who(r.Person), Value: value, Form: f, Reasons: w.choices("decline_reason"), Details: linkDetails(s)}
	view.Person = append(w.reached(r.Contact), fact{"Si vous acceptez", ifAccepted(client.InboxLine{Seat: r.Seat, HeldUntil: r.HeldUntil, WouldBeRank: r.WouldBeRank})})
	title := "Votre réponse"
	if f.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, linkedRequest(view))
}

func (v *visit) formIsOld() error {
	f := form{}
	f.refuse("", "Ce formulaire a déjà servi, ou date de plus d’une demi-heure. Indiquez de nouveau le code de l’atelier.")
	return v.showLink(http.StatusUnprocessableEntity, f)
}

// decideByLink is the provider's answer; the page of the link says what came of it.
func decideByLink(v *visit) error {
	f := v.form()
	value := f.value("formulaire")
	if f.linkFaults(); f.wrong() {
		return v.showLinked(http.StatusUnprocessableEntity, f, value)
	}
	decision := client.LinkDecision{Form: value, Decision: f.value("reponse")}
	if decision.Decision == "decline" {
		decision.Reason, decision.Message = f.text("motif"), f.text("message")
	}
	_, err := v.api.DecideByLinkWithResponse(v.ctx, v.path("jeton"), decision, v.key())
	if p, wrong := problem(err, http.StatusUnprocessableEntity); wrong {
		if p.Code == "wrong_form" {
			return v.formIsOld()
		}
		f.refused(p, []entry{{Member: "reason", Input: "motif", Label: "Motif"}, {Member: "message", Input: "message", Label: "Message"}})
		return v.showLinked(http.StatusUnprocessableEntity, f, value)
	}
	if p, full := problem(err, http.StatusConflict); full && p.Code == "waiting_list_full" {
		f.refused(p, nil)
		return v.showLinked(http.StatusConflict, f, value)
	}
	if v.overtaken(err) {
		return nil
	}
	if err != nil {
		return err
	}
	v.redirect(v.linkPath())
	return nil
}

// linkFaults are what can be said without asking.
func (f *form) linkFaults() {
	switch f.value("reponse") {
	case "":
		f.refuse("reponse", "Choisissez votre réponse")
	case "decline":
		f.declineFaults()
	}
}

// askLink asks the desk for another link. It is never shown here: whoever found an old one learns nothing.
func askLink(v *visit) error {
	_, err := v.api.AskLinkWithResponse(v.ctx, v.path("jeton"), v.key())
	if err != nil && !v.overtaken(err) {
		return err
	}
	if err == nil {
		v.redirect(v.linkPath())
	}
	return nil
}
