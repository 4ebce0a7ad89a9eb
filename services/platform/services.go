package platform

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access"
	"example.org/passerelle/services/detection"
	nirs "example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/equipment"
	"example.org/passerelle/services/funding"
	"example.org/passerelle/services/projections"
	"example.org/passerelle/services/referral"
	"example.org/passerelle/services/workshop"
)

// opens says whose details a service may open; docs/who-reads-what.md gives the reasons.
var opens = map[string][]string{
	live.Service: {"access.membership-granted.v1"},
	detection.Name: {
		"detection.person-registered.v1", "detection.person-corrected.v1", "detection.person-moved.v1", "detection.senior-flagged.v1",
		"detection.flag-amended.v1", "detection.flag-reclassified.v1", "detection.observation-told.v1", "detection.observation-corrected.v1",
	},
	referral.Name: {
		"detection.person-registered.v1", "detection.person-corrected.v1", "detection.person-moved.v1", "detection.senior-flagged.v1", "detection.flag-amended.v1",
	},
	workshop.Name:  {"workshop.place-registered.v1", "workshop.place-amended.v1"},
	equipment.Name: {},
	funding.Name:   {},
	projections.Name: {
		"detection.person-registered.v1", "detection.person-corrected.v1", "detection.person-moved.v1", "detection.wishes-noted.v1", "detection.death-told.v1",
		"detection.senior-flagged.v1", "detection.flag-returned.v1", "detection.flag-amended.v1", "detection.flag-reclassified.v1", "detection.flag-dismissed.v1",
		"workshop.request-declined.v1", "workshop.provider-registered.v1", "workshop.provider-amended.v1", "workshop.outcome-recorded.v1",
		"workshop.place-registered.v1", "workshop.place-amended.v1",
		"detection.flag-closed.v1", "detection.help-wished.v1", "detection.help-acted.v1", "detection.signal-sent.v1", "detection.signal-answered.v1", "referral.contact-noted.v1",
		"detection.observation-told.v1", "detection.observation-corrected.v1",
	},
}

// Opens names the facts whose details a service may open.
func Opens(service string) []string { return slices.Clone(opens[service]) }

// running begins a service, and gives what it serves and what a request to it may wait for.
type running func(*installation, *engine.Engine) (http.Handler, *web.Heard, error)

// plain is a service that needs nothing but its engine.
func plain(run func(*engine.Engine) (http.Handler, *web.Heard, error)) running {
	return func(_ *installation, e *engine.Engine) (http.Handler, *web.Heard, error) { return run(e) }
}

func (i *installation) runProjections(e *engine.Engine) (http.Handler, *web.Heard, error) {
	window, err := i.config.window()
	if err != nil {
		return nil, nil, err
	}
	return projections.RunWith(e, window)
}

type service struct {
	name string
	run  running
}

var services = []service{
	{access.Name, (*installation).runAccess},
	{detection.Name, plain(detection.Run)},
	{referral.Name, plain(referral.Run)},
	{workshop.Name, plain(workshop.Run)},
	{equipment.Name, plain(equipment.Run)},
	{funding.Name, plain(funding.Run)},
	{projections.Name, (*installation).runProjections},
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

// startServices begins every service that runs here and mounts what it serves.
func (i *installation) startServices(ctx context.Context, work *errgroup.Group, address string) (*serving, error) {
	config := web.Config{
		Document: openapi.Document(), Secret: i.secrets.cursor, Rate: i.config.rate(), Burst: burst(i.config.rate()), Address: i.config.perAddress(), Log: i.log,
		Status: i.status, Text: nirs.NIRNotHere,
	}
	i.address = address
	if i.folder == nil {
		if err := i.behindEdge(&config); err != nil {
			return nil, err
		}
		return i.mountServices(ctx, work, config)
	}
	demo, err := i.demoHere()
	if err != nil {
		return nil, err
	}
	if config.Tokens, err = i.verifiers(demo); err != nil {
		return nil, err
	}
	s, err := i.mountServices(ctx, work, config)
	if err != nil {
		return nil, err
	}
	mountPages(s.web, i.portal(web.Inside(s.web), address))
	if demo == nil {
		return s, nil
	}
	return s, s.web.Mount(identityName, demoTokens(i.config, *demo), nil)
}

func (i *installation) mountServices(ctx context.Context, work *errgroup.Group, config web.Config) (*serving, error) {
	i.logAccesses(&config)
	server, err := web.New(config)
	if err != nil {
		return nil, err
	}
	s := &serving{web: server}
	for _, service := range i.hosted {
		e := i.engine(service.name)
		e.Attach(ctx, work)
		handler, heard, err := service.run(i, e)
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

func burst(rate float64) int { return int(4 * rate) }

// engine is what a service runs on.
func (i *installation) engine(service string) *engine.Engine {
	allowed := opens[service]
	e := &engine.Engine{
		Service: service, Vault: i.vault, Codec: i.vault.Codec(func(name string) bool { return slices.Contains(allowed, name) }),
		Pool: i.pool, Conn: i.conn, JS: i.js, Owner: i.name, Clock: i.clock,
		Log: i.log.With("service", service), Secret: i.secrets.match, Directory: i.directory.Now, Accesses: i.archive(), Erasures: i.erasures,
	}
	if l, ok := i.ledgers[service]; ok {
		e.Ledger = l
	}
	if log, ok := i.accesses[service]; ok {
		e.Note = log.Write
	}
	return e
}

// owner names this process in leases. The data folder is locked, so a restart is the same owner and takes
// its leases again at once.
func owner(folder string) string {
	host, _ := os.Hostname()
	return host + ":" + folder
}
