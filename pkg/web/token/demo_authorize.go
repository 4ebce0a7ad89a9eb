package token

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const openid = "openid"

//go:embed demo.html
var demoHTML string

var demoPage = template.Must(template.New("demo").Parse(demoHTML))

// authorize signs in the account that login_hint names, or asks which one.
func (d *Demo) authorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	to := query.Get("redirect_uri")
	if query.Get("client_id") != d.Portal || !slices.Contains(d.Returns, to) {
		refuse(w, http.StatusBadRequest, "invalid_request", "Unknown client_id, or a redirect_uri that is not on its list.") // and nobody is sent there
		return
	}
	if wrong := checkAuthorize(query); wrong != "" {
		d.sendBack(w, r, to, url.Values{"error": {wrong}, "state": query["state"]})
		return
	}
	person, known := d.person(query.Get("login_hint"))
	if !known {
		d.choose(w, query)
		return
	}
	c := d.keep(code{account: person.Account, redirectURI: to, nonce: query.Get("nonce"), challenge: query.Get("code_challenge")})
	d.sendBack(w, r, to, url.Values{"code": {c}, "state": query["state"]})
}

// checkAuthorize gives the error of RFC 6749 (4.1.2.1), or nothing.
func checkAuthorize(query url.Values) string {
	switch {
	case query.Get("response_type") != "code":
		return "unsupported_response_type"
	case !slices.Contains(strings.Fields(query.Get("scope")), openid):
		return "invalid_scope"
	case len(query.Get("state")) < 32 || len(query.Get("nonce")) < 32: // ProConnect wants as much
		return "invalid_request"
	case query.Has("code_challenge") != query.Has("code_challenge_method"), query.Has("code_challenge") && query.Get("code_challenge_method") != "S256":
		return "invalid_request"
	}
	return ""
}

func (d *Demo) sendBack(w http.ResponseWriter, r *http.Request, to string, answer url.Values) {
	answer.Set("iss", d.Issuer.Name)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to+"?"+answer.Encode(), http.StatusSeeOther)
}

func (d *Demo) person(account string) (Person, bool) {
	at := slices.IndexFunc(d.People, func(p Person) bool { return p.Account == account })
	if at < 0 {
		return Person{}, false
	}
	return d.People[at], true
}

// choose shows a button for each account. What was asked goes along.
func (d *Demo) choose(w http.ResponseWriter, query url.Values) {
	type heading struct {
		Name   string
		People []Person
	}
	view := struct {
		Asked  map[string]string
		Groups []heading
	}{Asked: map[string]string{}}
	for name := range query {
		if name != "login_hint" {
			view.Asked[name] = query.Get(name)
		}
	}
	for _, p := range d.People {
		at := slices.IndexFunc(view.Groups, func(h heading) bool { return h.Name == p.Group })
		if at < 0 {
			at, view.Groups = len(view.Groups), append(view.Groups, heading{Name: p.Group})
		}
		view.Groups[at].People = append(view.Groups[at].People, p)
	}
	var page bytes.Buffer
	if err := demoPage.Execute(&page, view); err != nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
	_, _ = w.Write(page.Bytes()) // the browser may be gone
}

func random() string { return rand.Text() + rand.Text() }
