// Package edge is the door of services that run as processes of their own: it gives each request to one that
// answers it, and passes over those that are away or about to stop.
package edge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/passerelle/pkg/web"
)

// Config says who answers.
type Config struct {
	Upstreams map[string][]string // base addresses of a service's processes, http://host:port
	Beside    []string            // services without which the edge is ready all the same
	Look      time.Duration       // how often each is asked whether it is ready; 0: 250 ms
	Log       *slog.Logger
}

// Edge knows which processes are ready.
type Edge struct {
	config Config
	pools  map[string]*pool
	client *http.Client
}

// New reads the addresses. Nothing is asked before Run; until then every process is taken for ready.
func New(c Config) (*Edge, error) {
	if c.Look == 0 {
		c.Look = 250 * time.Millisecond
	}
	transport := &http.Transport{
		DialContext:         (&net.Dialer{Timeout: time.Second, KeepAlive: 15 * time.Second}).DialContext,
		MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: 30 * time.Second, DisableCompression: true,
	}
	e := &Edge{config: c, pools: map[string]*pool{}, client: &http.Client{Transport: transport, Timeout: time.Second}}
	for service, addresses := range c.Upstreams {
		p := &pool{transport: transport}
		for _, address := range addresses {
			base, err := url.Parse(strings.TrimSuffix(address, "/"))
			if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.Path != "" || base.User != nil {
				return nil, fmt.Errorf("address of %s is no http://host:port", service)
			}
			p.list = append(p.list, newUpstream(base))
		}
		e.pools[service] = p
	}
	return e, nil
}

// Run asks every process, again and again, whether it is ready, until ctx ends.
func (e *Edge) Run(ctx context.Context) {
	var all sync.WaitGroup
	for service, p := range e.pools {
		for _, u := range p.list {
			all.Go(func() { e.watch(ctx, service, u) })
		}
	}
	all.Wait()
}

func (e *Edge) watch(ctx context.Context, service string, u *upstream) {
	tick := time.NewTicker(e.config.Look)
	defer tick.Stop()
	for ctx.Err() == nil {
		if before, now := u.look(ctx, e.client); before != now {
			e.config.Log.Info("upstream", "service", service, "address", u.base.String(), "ready", now)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// Handler gives requests to a service.
func (e *Edge) Handler(service string) http.Handler {
	p := e.pools[service]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(&httputil.ReverseProxy{
			Transport: p, Rewrite: rewrite, ErrorHandler: failed, ErrorLog: slog.NewLogLogger(e.config.Log.Handler(), slog.LevelDebug),
			ModifyResponse: func(*http.Response) error {
				clear(w.Header()) // the service has set its own
				return nil
			},
		}).ServeHTTP(unhurried(w), unhurriedBody(w, r))
	})
}

// rewrite says for whom we ask. What a client says of that is dropped, unless it is a proxy that we believe.
func rewrite(p *httputil.ProxyRequest) {
	p.Out.URL.RawQuery = p.In.URL.RawQuery // also what cannot be read: the service says so
	p.Out.Host = p.In.Host
	p.Out.Header.Set("X-Request-Id", web.RequestID(p.In.Context()))
	if web.Secure(p.In.Context()) {
		p.Out.Header.Set("X-Forwarded-Proto", "https")
	}
	if client, err := netip.ParseAddrPort(web.Client(p.In.Context())); err == nil {
		p.Out.Header.Set("X-Forwarded-For", client.Addr().Unmap().String())
	}
}

func failed(w http.ResponseWriter, r *http.Request, err error) {
	p := &web.Problem{
		Type: "urn:passerelle:problem:service_away", Title: "Not now", Status: http.StatusServiceUnavailable, Code: "service_away", RetryAfter: 1,
		Detail: "The part of Passerelle that answers this is out of reach. Nothing was done. Please try again in a moment.",
	}
	if !errors.Is(err, errNobody) {
		p = &web.Problem{
			Type: "urn:passerelle:problem:answer_lost", Title: "Answer lost", Status: http.StatusBadGateway, Code: "answer_lost",
			Detail: "The answer was lost on its way, and what was asked may have been done. Ask again: what comes under the same Idempotency-Key is done once.",
		}
	}
	web.WriteError(w, r, p)
}

// Status puts together what the services tell of themselves: of each, its best process.
func (e *Edge) Status(context.Context) web.Status {
	s := web.Status{Ledger: "ok", Stream: "ok", Projections: "ok", Listeners: "ok", Ready: true, Services: map[string]string{}}
	for service, p := range e.pools {
		state, best := p.state()
		s.Services[service] = state
		if slices.Contains(e.config.Beside, service) {
			continue
		}
		if state == "away" {
			s.Ready = false
			continue
		}
		s.Ledger, s.Stream = worse(s.Ledger, best.Ledger), worse(s.Stream, best.Stream)
		s.Projections, s.Listeners = worse(s.Projections, best.Projections), worse(s.Listeners, best.Listeners)
	}
	return s
}

func worse(a, b string) string {
	for _, state := range []string{"away", "behind"} {
		if a == state || b == state {
			return state
		}
	}
	return "ok"
}
