package portal

import (
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/pkg/oidc"
	"example.org/passerelle/pkg/web"
)

// attempt is what the browser session remembers of somebody who is at an issuer.
type attempt struct {
	oidc.Attempt

	Next string // where they wanted to go
}

const returnPath = "/connexion/retour"

func signInPage(v *visit) error {
	if v.signedIn() {
		v.redirect("/")
		return nil
	}
	return v.showSignIn(http.StatusOK, form{}, local(v.r.URL.Query().Get("suite")))
}

func (v *visit) showSignIn(status int, f form, next string) error {
	issuers, err := v.issuers()
	if err != nil {
		return err
	}
	page := signInView{Form: f, Next: next}
	for _, i := range issuers {
		if !i.Demo {
			page.Real = true
			continue
		}
		page.Groups = groups(v.Demo)
		v.sendsFormsTo(i.Issuer)
	}
	title := "Se connecter"
	if f.wrong() {
		title = "Erreur\u00a0: " + title
	}
	return v.show(status, title, signInForm(page))
}

// signInView is what the page offers.
type signInView struct {
	Form   form
	Next   string
	Real   bool    // there is an issuer
	Groups []group // accounts of the demo
}

func (v *visit) issuers() ([]client.SignInIssuer, error) {
	answer, err := v.api.ListSignInIssuersWithResponse(v.ctx)
	if err != nil {
		return nil, err
	}
	return answer.JSON200.Items, nil
}

// signIn sends somebody to the demo's issuer, for the account whose button was pressed.
func signIn(v *visit) error {
	id := v.form().value("compte")
	if !slices.ContainsFunc(v.Demo, func(a Account) bool { return a.ID == id }) {
		f := v.form()
		f.refuse("", "Ce compte n’existe pas ici\u00a0: choisissez-en un dans la liste")
		return v.showSignIn(http.StatusUnprocessableEntity, f, "/")
	}
	return v.leave(true, id, local(v.form().value("suite")))
}

// goSignIn sends somebody to the issuer. It is a link and no form: a browser may stop a form whose answer leads
// over several sites.
func goSignIn(v *visit) error { return v.leave(false, "", local(v.r.URL.Query().Get("suite"))) }

// leave sends the browser to an issuer, and remembers what has to come back.
func (v *visit) leave(demo bool, hint, next string) error {
	issuers, err := v.issuers()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(issuers, func(i client.SignInIssuer) bool { return i.Demo == demo })
	if at < 0 {
		return &client.Problem{Status: http.StatusNotFound}
	}
	d, err := v.door(issuers[at].Issuer)
	if err != nil {
		return err
	}
	a := attempt{Attempt: oidc.Begin(d, v.base()+returnPath), Next: next}
	v.sessions.Put(v.ctx, keyAttempt, a)
	http.Redirect(v.w, v.r, a.URL(d, hint), http.StatusSeeOther)
	return nil
}

func (v *visit) door(issuer string) (oidc.Door, error) {
	answer, err := v.api.GetSignInDoorWithResponse(v.ctx, &client.GetSignInDoorParams{Issuer: &issuer})
	if err != nil {
		return oidc.Door{}, err
	}
	d := answer.JSON200
	door := oidc.Door{Issuer: d.Issuer, Authorization: d.AuthorizationEndpoint, ClientID: d.ClientID, Scopes: d.Scopes, PKCE: d.Pkce}
	if d.EndSessionEndpoint != nil {
		door.EndSession = *d.EndSessionEndpoint
	}
	return door, nil
}

// base is the address of the portal in this browser. Without a setting only addresses of this machine are believed.
func (v *visit) base() string {
	switch {
	case v.Public != "":
		return strings.TrimSuffix(v.Public, "/")
	case web.IsLoopback(v.r.Host):
		return "http://" + v.r.Host
	}
	return strings.TrimSuffix(v.Address, "/")
}

// signInReturn is where an issuer sends the browser back to.
func signInReturn(v *visit) error {
	a, begun := v.sessions.Pop(v.ctx, keyAttempt).(attempt)
	if v.signedIn() && !begun { // the button for going back
		v.redirect("/")
		return nil
	}
	code, err := a.Code(v.r.URL.Query())
	if err != nil {
		v.Log.WarnContext(v.ctx, "sign-in failed", slog.Any("reason", err))
		return v.notSignedIn(http.StatusBadRequest)
	}
	body := client.NewSignIn{Issuer: &a.Issuer, Code: code, RedirectURI: a.RedirectURI, Nonce: a.Nonce}
	if a.Verifier != "" {
		body.CodeVerifier = &a.Verifier
	}
	answer, err := v.api.CreateSignInWithResponse(v.ctx, body)
	if p, ok := problem(err, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity); ok {
		if p.Code == noMembership {
			return v.noMembership()
		}
		return v.notSignedIn(http.StatusBadRequest)
	}
	if err != nil {
		return err
	}
	return v.enter(a, *answer.JSON201)
}

// enter begins the session of somebody who is signed in: under a new token, so that nobody who knew the old one is in.
func (v *visit) enter(a attempt, in client.SignIn) error {
	v.tokens.keep(in)
	u, err := v.recognise(user{SignIn: in.ID, Secret: in.Secret, IDToken: in.IDToken, Issuer: a.Issuer, Label: v.label(in)})
	if err != nil {
		return err
	}
	if err := v.sessions.RenewToken(v.ctx); err != nil {
		return err
	}
	if err := v.keepUser(u); err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyPositions, "")
	v.redirect(a.Next)
	return nil
}

// label is how somebody is called at the top of each page.
func (v *visit) label(in client.SignIn) string {
	if at := slices.IndexFunc(v.Demo, func(a Account) bool { return a.ID == in.Account }); at >= 0 {
		return v.Demo[at].Label
	}
	if in.Name == "" {
		return in.Account
	}
	return in.Name
}

// notSignedIn: what came back does not belong to this browser, or the issuer let nobody in.
func (v *visit) notSignedIn(status int) error {
	return v.show(status, "La connexion n’a pas abouti", signInTrouble("La connexion n’a pas abouti", []string{
		"Elle n’a pas été commencée dans ce navigateur, elle a été interrompue, ou elle a déjà servi.",
		"Recommencez depuis la page de connexion."}))
}

const noMembership = "no_membership"

// noMembership: the issuer knows who it is, and nobody here has given them a role.
func (v *visit) noMembership() error {
	return v.show(http.StatusForbidden, "Aucune habilitation", signInTrouble("Aucune habilitation", []string{
		"Vous êtes bien identifié ou identifiée, mais personne ne vous a encore donné de rôle dans Passerelle.",
		"Demandez une invitation à l’administration de votre caisse, à l’adresse électronique avec laquelle vous vous connectez."}))
}

// signOut ends the sign-in here, and at the issuer where it has a place for that.
func signOut(v *visit) error {
	u := v.user
	v.tokens.forget(u.SignIn)
	_, err := v.api.EndSignInWithResponse(v.ctx, client.SignInSecret{SignIn: u.SignIn, Secret: u.Secret})
	if err != nil { // it ends by itself; the browser forgets it now
		v.Log.WarnContext(v.ctx, "sign-in could not be ended", slog.Any("reason", err))
	}
	to := v.issuersWayOut(u)
	if err := v.sessions.Destroy(v.ctx); err != nil {
		return err
	}
	v.user = user{}
	if to == "" {
		v.redirect("/connexion")
		return nil
	}
	v.w.Header().Set("Refresh", "0; url="+to) // and no redirect: the form's policy would keep the browser here
	return v.show(http.StatusOK, "Déconnexion", signedOutPage(to))
}

// issuersWayOut is where the browser ends its session at the issuer; empty when there is no such place.
func (v *visit) issuersWayOut(u user) string {
	door, err := v.door(u.Issuer)
	if err != nil {
		return ""
	}
	return door.EndSessionURL(u.IDToken, v.base()+"/connexion", oidc.Begin(door, "").State)
}

const ended = "Votre session a pris fin. Connectez-vous de nouveau."

// isOver: a sign-in gives no more tokens.
func (v *visit) isOver(p *client.Problem) {
	v.tokens.forget(v.user.SignIn)
	_ = v.sessions.Destroy(v.ctx) // the next page asks to sign in
	v.user = user{}
	if p.Code == noMembership {
		_ = v.noMembership() // show tells the log
		return
	}
	v.sessions.Put(v.ctx, keyFlash, ended)
	v.redirect("/connexion?suite=" + url.QueryEscape(wanted(v.r)))
}

// recognise asks who has signed in.
func (v *visit) recognise(u user) (user, error) {
	if err := v.connect(u); err != nil {
		return user{}, err
	}
	answer, err := v.api.GetMeWithResponse(v.ctx)
	if err != nil {
		return user{}, err
	}
	me := answer.JSON200
	u.Account, u.Desks = me.Account, me.Desks
	if len(me.Roles) > 0 {
		u.Role = me.Roles[0]
	}
	for _, s := range me.Scopes {
		u.Departments = append(u.Departments, s.Departments...)
		if s.Fund != nil {
			u.Fund = *s.Fund
		}
		if len(s.Providers) > 0 {
			u.Provider = s.Providers[0]
		}
	}
	return u, nil
}

// local is an address inside the portal; anything else becomes the home page.
func local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		return "/"
	}
	return path
}

// group is a heading with its accounts.
type group struct {
	Name     string
	Accounts []Account
}

func groups(accounts []Account) []group {
	var list []group
	for _, a := range accounts {
		at := slices.IndexFunc(list, func(g group) bool { return g.Name == a.Group })
		if at < 0 {
			list, at = append(list, group{Name: a.Group}), len(list)
		}
		list[at].Accounts = append(list[at].Accounts, a)
	}
	return list
}
