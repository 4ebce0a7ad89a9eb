package platform

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/portal"
)

// portal is the pages, which are a client of the REST surface.
func (i *installation) portal(api http.RoundTripper, address string) *portal.Portal {
	c := portal.Config{
		API: api, Address: address, Public: i.config.PublicURL, Secure: strings.HasPrefix(i.config.PublicURL, "https://"), Pool: i.pool,
		Idle: i.config.SessionIdle, Longest: i.config.SessionMax, Now: time.Now, Log: i.log,
	}
	if i.config.Demo != "off" {
		c.Demo = demoAccounts()
	}
	return portal.New(c)
}

func mountPages(server *web.Server, pages *portal.Portal) {
	for _, r := range portal.Routes() {
		server.Handle(r.Method, r.Path, pages)
	}
	server.Handle(http.MethodGet, "/static/{file...}", pages)
	server.Otherwise(besideSurface(pages))
}

// RunPortal serves the pages as a process of its own until ctx ends; the REST surface is behind the edge.
func RunPortal(ctx context.Context, c Config, out io.Writer) error {
	for _, check := range []func() error{c.Check, c.checkDatabase, c.checkPages, c.checkSurface} {
		if err := check(); err != nil {
			return err
		}
	}
	listener, err := listenAt(ctx, c)
	if err != nil {
		return err
	}
	defer listener.Close()
	c.DatabaseConnections = cmp.Or(c.DatabaseConnections, portalConnections)
	i := &installation{config: c, clock: c.clock(), log: c.logger(os.Stderr, nil), progress: func(string) {}}
	defer i.close()
	for _, step := range []func(context.Context) error{i.openPostgres, i.checkProvisioned} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	proxies, _ := c.proxies() // checked before
	server, err := web.New(web.Config{Document: openapi.Document(), Log: i.log, Proxies: proxies, Linger: linger, Drain: drainApart, Status: i.poolStatus})
	if err != nil {
		return err
	}
	mountPages(server, i.portal(web.Forwarding(http.DefaultTransport), c.surface()))
	fmt.Fprintf(out, "Passerelle %s: portal answers on http://%s, for the surface of %s\n", Version, listener.Addr(), c.surface())
	return server.Serve(ctx, listener)
}

// surface is the address of the REST surface for a portal on its own.
func (c Config) surface() string {
	if c.Demo != "off" {
		return cmp.Or(c.APIURL, c.OIDCIssuer)
	}
	return cmp.Or(c.APIURL, c.PublicURL)
}

func (c Config) checkSurface() error {
	if c.APIURL == "" && c.Demo != "off" {
		return c.checkIssuer()
	}
	return checkURL("PASSERELLE_API_URL", c.APIURL, "https", "http")
}

// poolStatus is what /readyz tells of the portal: it needs Postgres for the browser sessions.
func (i *installation) poolStatus(ctx context.Context) web.Status {
	s := web.Status{Ledger: "ok", Stream: "ok", Projections: "ok", Listeners: "ok", Ready: true}
	if i.pool.Ping(ctx) != nil {
		s.Ledger, s.Ready = "away", false
	}
	return s
}

// groups are the headings of the sign-in page.
var groups = map[directory.Role]string{
	directory.Advisor: "Signaler et orienter", directory.PhoneAdvisor: "Signaler et orienter", directory.Evaluator: "Signaler et orienter",
	directory.Partner: "Signaler et orienter", directory.Referent: "Valider", directory.ProviderRole: "Animer des ateliers",
	directory.Partnership: "Animer des ateliers", directory.EquipmentRole: "Piloter", directory.FundingRole: "Piloter", directory.Analyst: "Piloter",
	directory.Administrator: "Administrer", directory.Privacy: "Administrer",
}

func demoAccounts() []portal.Account {
	var list []portal.Account
	for _, a := range sample.Accounts() {
		list = append(list, portal.Account{ID: a.ID, Label: a.Label, Group: groups[a.Role]})
	}
	return list
}
