// Package portal is the pages: what advisors, referents, providers and managers work with in a browser. It has
// no privileged road (D9): every page reads and writes through the REST surface with its user's own token. It
// keeps browser sessions only.
package portal

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/services/portal/assets"
)

// Config is what the portal needs.
type Config struct {
	API     http.RoundTripper // the REST surface
	Address string            // of the REST surface, such as http://localhost:8080
	Public  string            // address of the portal in browsers; empty: whatever address of this machine they use
	Pool    *pgxpool.Pool     // for browser sessions, in Schema
	Schema  string            // empty: portal
	Demo    []Account         // who may sign in with one button
	Secure  bool              // the cookie travels over TLS only; off for a demo on a loopback address
	Idle    time.Duration     // a session without a click is over after it; 0: 30 minutes
	Longest time.Duration     // and every session after it; 0: 10 hours
	Now     func() time.Time
	Log     *slog.Logger
}

// Account is somebody of the demo.
type Account struct{ ID, Label, Group string }

// Portal serves the pages.
type Portal struct {
	Config

	sessions *scs.SessionManager
	tokens   *tokens
	labels   *labels
	client   *http.Client
	files    *http.Client // for routes of files: the visit's own end bounds it
	mux      *http.ServeMux
}

// Route is a page, or something that a form is sent to.
type Route struct {
	Method, Path string
	Public       bool // without sign-in
	File         bool // takes a file or gives one: larger, and longer
	page         page
}

// page answers a visit: it renders, or redirects, or returns why it cannot.
type page func(*visit) error

// New makes the portal. Its schema has to exist, see Provision.
func New(c Config) *Portal {
	if c.Schema == "" {
		c.Schema = Schema
	}
	p := &Portal{Config: c, client: &http.Client{Transport: c.API, Timeout: 10 * time.Second}, files: &http.Client{Transport: c.API}, mux: http.NewServeMux()}
	p.sessions = newSessions(store{c.Pool, c.Schema}, c.Secure, c.Longest, c.Idle)
	p.tokens = newTokens(p.client, c.Address, c.Now)
	p.labels = newLabels(c.Now)
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(p.visiting(Route{Public: true, page: crossOrigin}))
	for _, r := range Routes() {
		p.mux.Handle(r.Method+" "+r.Path, protection.Handler(p.visiting(r)))
	}
	p.mux.Handle("GET /static/", assets.Handler())
	p.mux.Handle("/", p.visiting(Route{Public: true, page: nothingHere}))
	return p
}

// ServeHTTP answers one request.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

// Routes are all pages, for those who mount them and for the check that each is looked at in a browser.
func Routes() []Route {
	return slices.Concat(frameRoutes, rightsRoutes, personsRoutes, journeyRoutes, personRoutes, personActRoutes(), flagNewRoutes, flagsRoutes, flagRoutes,
		referRoutes, proposalRoutes, referralRoutes, requestRoutes, workshopRoutes, loanRoutes(), stockRoutes(), figuresRoutes, accessesRoutes, memberRoutes, houseRoutes(), programmeRoutes, privacyRoutes,
		reviewRoutes, amendRoutes, flagActRoutes(), todayRoutes, signalRoutes, draftRoutes, countedRoutes, paperRoutes, paperImportRoutes, observatoryRoutes, recommendationRoutes,
		campaignRoutes, linkRoutes, linkIssueRoutes, placeLinkRoutes, letterRoutes, newProviderRoutes, sessionActRoutes(), attendanceRoutes, participantRoutes(), resultRoutes, waitingRoutes, newSessionRoutes,
		callRoutes, rankRoutes, lastSeatsRoutes, placeRoutes, placeEditRoutes, providerRoutes, providerEditRoutes,
		grantRoutes, moneyRoutes())
}
