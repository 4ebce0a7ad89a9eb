package portal

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"example.org/passerelle/api/client"
)

// visit is one request of somebody's browser.
type visit struct {
	*Portal

	w    http.ResponseWriter
	r    *http.Request
	ctx  context.Context // of the request, with an end
	user user            // zero where nobody is signed in
	api  *client.ClientWithResponses
	jar  *client.Jar

	sends *http.Client // what asks the REST surface
}

const (
	visitLasts = 15 * time.Second
	fileLasts  = 5 * time.Minute
)

// What a browser session holds.
const (
	keyUser      = "user"
	keyPositions = "positions" // what this user wrote, so that the next page shows it
	keyFlash     = "flash"     // one sentence for the next page
	keyAttempt   = "attempt"   // of a sign-in
)

// visiting gives a page what it needs: who it is, a client of the REST surface, and an end for errors.
func (p *Portal) visiting(route Route) http.Handler {
	return p.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), route.lasts())
		defer cancel()
		v := &visit{Portal: p, w: w, r: r.WithContext(ctx), ctx: ctx, sends: p.client}
		v.user = v.sealedUser()
		secure(w.Header(), "")
		if !v.signedIn() && !route.Public {
			v.sayExpired()
			v.redirect("/connexion?suite=" + url.QueryEscape(wanted(r)))
			return
		}
		if route.File {
			v.takesLong()
		}
		if err := v.connect(v.user); err != nil {
			v.fail(err)
			return
		}
		v.r.Body = http.MaxBytesReader(w, v.r.Body, route.most())
		if err := v.r.ParseForm(); err != nil {
			v.fail(&client.Problem{Status: unreadable(err)})
			return
		}
		v.finish(route.page(v))
	}))
}

func (r Route) lasts() time.Duration {
	if r.File {
		return fileLasts
	}
	return visitLasts
}

func (r Route) most() int64 {
	if r.File {
		return mostSent
	}
	return mostTyped
}

// takesLong gives a visit with a file the time that it needs.
func (v *visit) takesLong() {
	v.sends = v.files
	end, controller := time.Now().Add(fileLasts), http.NewResponseController(v.w)
	_ = errors.Join(controller.SetReadDeadline(end), controller.SetWriteDeadline(end)) // where there are none to set, the server has none
}

// mostTyped is what a form may hold, in bytes: more than all its fields may.
const mostTyped = 1 << 20

func unreadable(err error) int {
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// secure says what a browser may load: our own files only. Forms go to us, and where we send them on from there.
func secure(h http.Header, onward string) {
	h.Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"+onward+"; object-src 'none'")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// sayExpired tells somebody whose browser session is over why they have to sign in: the cookie is there, and what it
// stood for is not.
func (v *visit) sayExpired() {
	if _, err := v.r.Cookie(v.sessions.Cookie.Name); err == nil && len(v.sessions.Keys(v.ctx)) == 0 {
		v.sessions.Put(v.ctx, keyFlash, ended)
	}
}

// sendsFormsTo lets the forms of this page end at the issuer, which may have another origin.
func (v *visit) sendsFormsTo(issuer string) {
	if u, err := url.Parse(issuer); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		secure(v.w.Header(), " "+u.Scheme+"://"+u.Host)
	}
}

// wanted is where somebody wanted to go before signing in: a page of ours, never an address elsewhere.
func wanted(r *http.Request) string {
	if r.Method != http.MethodGet {
		return "/"
	}
	return r.URL.Path
}

func (v *visit) signedIn() bool { return v.user.Account != "" }

// connect makes the client that acts for somebody.
func (v *visit) connect(u user) (err error) {
	v.jar = client.NewJar(v.sessions.GetString(v.ctx, keyPositions))
	o := client.Options{HTTP: v.sends, Jar: v.jar}
	if u.SignIn != "" {
		o.Tokens = bearer{v.tokens, u.SignIn, u.Secret}
	}
	v.api, err = client.New(v.Address, o)
	return err
}

// finish shows an error as a page.
func (v *visit) finish(err error) {
	if err != nil {
		v.fail(err)
	}
}

// remember keeps what was written for the next page. The session is stored with the first byte of an answer, so
// this comes before it.
func (v *visit) remember() {
	if v.jar == nil || !v.signedIn() {
		return
	}
	if now := v.jar.String(); now != v.sessions.GetString(v.ctx, keyPositions) {
		v.sessions.Put(v.ctx, keyPositions, now)
	}
}

// fail shows why a page cannot be shown.
func (v *visit) fail(err error) {
	var p *client.Problem
	if !errors.As(err, &p) {
		v.Log.Error("page failed", slog.String("route", v.r.Pattern), slog.Any("error", err))
		p = &client.Problem{Status: http.StatusInternalServerError}
		if errors.Is(err, context.DeadlineExceeded) {
			p.Status = http.StatusServiceUnavailable
		}
	}
	if v.signedIn() && (p.Status == http.StatusUnauthorized || p.Code == noMembership) {
		v.isOver(p)
		return
	}
	if v.r.Method == http.MethodGet && p.Status == http.StatusUnprocessableEntity { // an address that no link of ours has
		p = &client.Problem{Status: http.StatusNotFound}
	}
	v.trouble(troubleOf(p))
}

// show renders a page.
func (v *visit) show(status int, title string, body templ.Component) error {
	f := frame{Title: title, User: v.user, Path: v.r.URL.Path, Flash: v.sessions.PopString(v.ctx, keyFlash), Demo: len(v.Demo) > 0}
	return v.write(status, layout(f, body))
}

// fragment renders a part of a page, for a page that already is in the browser.
func (v *visit) fragment(body templ.Component) error { return v.write(http.StatusOK, body) }

// byScript tells whether the page's own script asks, and wants a fragment.
func (v *visit) byScript() bool { return v.r.Header.Get("Hx-Request") == "true" }

func (v *visit) write(status int, body templ.Component) error {
	v.remember()
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.Header().Add("Vary", "Hx-Request")
	v.w.WriteHeader(status)
	if err := body.Render(v.ctx, v.w); err != nil && v.r.Context().Err() == nil {
		v.Log.Error("page was cut", slog.String("route", v.r.Pattern), slog.Any("error", err))
	}
	return nil
}

// redirect sends the browser on to a page of ours.
func (v *visit) redirect(to string) {
	v.remember()
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
}

// done redirects after a write, with one sentence about it.
func (v *visit) done(to, sentence string) error {
	v.sessions.Put(v.ctx, keyFlash, sentence)
	v.redirect(to)
	return nil
}

// path is a part of the page's address.
func (v *visit) path(name string) string { return v.r.PathValue(name) }

// form is what was sent, without what stands around it.
func (v *visit) form() form { return form{values: v.r.PostForm} }

// key is the idempotency key of the form, so that two clicks are one.
func (v *visit) key() client.RequestEditorFn {
	if key := v.r.PostForm.Get("cle"); key != "" {
		return client.Key(key)
	}
	return func(context.Context, *http.Request) error { return nil }
}

// problem gives the problem of an error when the page itself can show it.
func problem(err error, statuses ...int) (*client.Problem, bool) {
	var p *client.Problem
	ok := errors.As(err, &p) && slices.Contains(statuses, p.Status)
	return p, ok
}
