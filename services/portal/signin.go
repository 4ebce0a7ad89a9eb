package portal

import (
	"net/http"
	"slices"
	"strings"
)

func signInPage(v *visit) error {
	if v.signedIn() {
		v.redirect("/")
		return nil
	}
	return v.show(http.StatusOK, "Se connecter", signInForm(form{}, groups(v.Demo), local(v.r.URL.Query().Get("suite"))))
}

// signIn begins a session for a demo account.
func signIn(v *visit) error {
	id := v.form().value("compte")
	at := slices.IndexFunc(v.Demo, func(a Account) bool { return a.ID == id })
	if at < 0 {
		f := v.form()
		f.refuse("", "Ce compte n’existe pas ici\u00a0: choisissez-en un dans la liste")
		return v.show(http.StatusUnprocessableEntity, "Erreur\u00a0: Se connecter", signInForm(f, groups(v.Demo), "/"))
	}
	u, err := v.recognise(v.Demo[at])
	if err != nil {
		return err
	}
	if err := v.sessions.RenewToken(v.ctx); err != nil {
		return err
	}
	v.sessions.Put(v.ctx, keyUser, u)
	v.sessions.Put(v.ctx, keyPositions, "")
	v.redirect(local(v.form().value("suite")))
	return nil
}

// recognise asks who an account is.
func (v *visit) recognise(a Account) (user, error) {
	if err := v.connect(a.ID); err != nil {
		return user{}, err
	}
	answer, err := v.api.GetMeWithResponse(v.ctx)
	if err != nil {
		return user{}, err
	}
	me := answer.JSON200
	u := user{Account: me.Account, Label: a.Label, Desks: me.Desks}
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

func signOut(v *visit) error {
	if err := v.sessions.Destroy(v.ctx); err != nil {
		return err
	}
	v.user = user{}
	v.redirect("/connexion")
	return nil
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
