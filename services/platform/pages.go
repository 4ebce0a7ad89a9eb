package platform

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/portal"
	"example.org/passerelle/services/reference"
)

// portal is the pages, which are a client of the REST surface.
func (i *installation) portal(api http.RoundTripper, address string) *portal.Portal {
	return portal.New(portal.Config{API: api, Address: address, Pool: i.pool, Demo: demoAccounts(), Now: time.Now, Log: i.log})
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
	for _, check := range []func() error{c.Check, c.checkDatabase, c.checkIssuer, c.CheckServing} {
		if err := check(); err != nil {
			return err
		}
	}
	listener, err := listenAt(ctx, c)
	if err != nil {
		return err
	}
	defer listener.Close()
	i := &installation{config: c, clock: &clock.Led{}, log: c.logger(os.Stderr, nil), progress: func(string) {}}
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
	mountPages(server, i.portal(web.Forwarding(http.DefaultTransport), c.OIDCIssuer))
	fmt.Fprintf(out, "Passerelle %s: portal answers on http://%s, for the surface of %s\n", Version, listener.Addr(), c.OIDCIssuer)
	return server.Serve(ctx, listener)
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
var groups = map[reference.Role]string{
	reference.Advisor: "Signaler et orienter", reference.PhoneAdvisor: "Signaler et orienter", reference.Evaluator: "Signaler et orienter",
	reference.Partner: "Signaler et orienter", reference.Referent: "Valider", reference.ProviderRole: "Animer des ateliers",
	reference.Partnership: "Animer des ateliers", reference.EquipmentRole: "Piloter", reference.FundingRole: "Piloter", reference.Analyst: "Piloter",
	reference.Administrator: "Administrer", reference.Privacy: "Administrer",
}

func demoAccounts() []portal.Account {
	var list []portal.Account
	for _, a := range reference.Accounts() {
		list = append(list, portal.Account{ID: a.ID, Label: a.Label, Group: groups[a.Role]})
	}
	return list
}
