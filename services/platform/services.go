package platform

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/pkg/web/token"
	"example.org/passerelle/services/detection"
	"example.org/passerelle/services/equipment"
	"example.org/passerelle/services/projections"
	"example.org/passerelle/services/referral"
	"example.org/passerelle/services/workshop"
)

// opens says whose details a service may open; docs/who-reads-what.md gives the reasons.
var opens = map[string][]string{
	live.Service: {"access.membership-granted.v1"},
	detection.Name: {
		"detection.person-registered.v1", "detection.person-corrected.v1", "detection.person-moved.v1", "detection.senior-flagged.v1",
	},
	referral.Name:  {},
	workshop.Name:  {},
	equipment.Name: {},
	projections.Name: {
		"detection.person-registered.v1", "detection.person-corrected.v1", "detection.person-moved.v1", "detection.wishes-noted.v1", "detection.death-told.v1",
		"detection.senior-flagged.v1", "workshop.request-declined.v1", "workshop.provider-registered.v1",
	},
}

// running begins a service, and gives what it serves and what a request to it may wait for.
type running func(*engine.Engine) (http.Handler, *web.Heard, error)

type service struct {
	name string
	run  running
}

var services = []service{
	{detection.Name, detection.Run},
	{referral.Name, referral.Run},
	{workshop.Name, workshop.Run},
	{equipment.Name, equipment.Run},
	{projections.Name, projections.Run},
}

// serving is what answers in this process.
type serving struct {
	web     *web.Server
	engines []*engine.Engine
}

func (s *serving) readers() []engine.Reader {
	var all []engine.Reader
	for _, e := range s.engines {
		all = append(all, e.Readers()...)
	}
	return all
}

const (
	demoTokensLive = time.Hour
	demoSecret     = "demo"
)

// startServices begins every service that runs here and mounts what it serves.
func (i *installation) startServices(ctx context.Context, work *errgroup.Group, address string) (*serving, error) {
	config := web.Config{
		Document: openapi.Document(), Secret: i.secrets.cursor, Rate: i.config.rate(), Burst: burst(i.config.rate()), Log: i.log,
		Status: i.status,
	}
	if i.folder == nil {
		i.behindEdge(&config)
		return i.mountServices(ctx, work, config)
	}
	issuer, err := demoIssuer(i.config, i.secrets.file("issuer"), address)
	if err != nil {
		return nil, err
	}
	config.Tokens = &token.Verifier{Issuer: address, Audience: i.config.OIDCAudience, Keys: token.Set(issuer.Key.Public()), Now: time.Now}
	s, err := i.mountServices(ctx, work, config)
	if err != nil {
		return nil, err
	}
	mountPages(s.web, i.portal(web.Inside(s.web), address))
	return s, s.web.Mount("identity", demoTokens(issuer), nil)
}

func (i *installation) mountServices(ctx context.Context, work *errgroup.Group, config web.Config) (*serving, error) {
	server, err := web.New(config)
	if err != nil {
		return nil, err
	}
	s := &serving{web: server}
	for _, service := range i.hosted {
		e := i.engine(service.name)
		e.Attach(ctx, work)
		handler, heard, err := service.run(e)
		if err != nil {
			return nil, fmt.Errorf("start %s: %w", service.name, err)
		}
		if err := server.Mount(service.name, handler, i.andDirectory(heard)); err != nil {
			return nil, err
		}
		s.engines = append(s.engines, e)
	}
	return s, nil
}

// demoIssuer makes tokens for the demo's accounts, under a name.
func demoIssuer(c Config, key, name string) (token.Issuer, error) {
	read, err := token.ReadKey(key)
	return token.Issuer{Name: name, Audience: c.OIDCAudience, Key: read, Lives: demoTokensLive, Now: time.Now}, err
}

func demoTokens(issuer token.Issuer) token.Demo {
	return token.Demo{Issuer: issuer, Secret: demoSecret, Clients: isAccount}
}

func burst(rate float64) int { return int(4 * rate) }

func isAccount(id string) bool {
	_, ok := sample.Find(id)
	return ok
}

// engine is what a service runs on.
func (i *installation) engine(service string) *engine.Engine {
	allowed := opens[service]
	e := &engine.Engine{
		Service: service, Vault: i.vault, Codec: i.vault.Codec(func(name string) bool { return slices.Contains(allowed, name) }),
		Pool: i.pool, Conn: i.conn, JS: i.js, Owner: i.name, Clock: i.clock,
		Log: i.log.With("service", service), Secret: i.secrets.match, Directory: i.directory.Now,
	}
	if l, ok := i.ledgers[service]; ok {
		e.Ledger = l
	}
	return e
}

// owner names this process in leases. The data folder is locked, so a restart is the same owner and takes
// its leases again at once.
func owner(folder string) string {
	host, _ := os.Hostname()
	return host + ":" + folder
}
