// Package web is the HTTP edge: it serves the operations of an OpenAPI document, checks a request before any
// handler sees it, and turns refusals into problems (RFC 9457). Nobody else knows which router is below.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/refusal"
)

// Bounds of what a client may ask for.
const (
	MaxBody  = 1 << 20 // bytes
	MaxAhead = 10_000  // positions beyond the last known one, for which waiting makes no sense
)

// Verifier knows whose token it is. Any error is answered with 401, but token.ErrAway with 503.
type Verifier interface {
	Verify(ctx context.Context, token string) (account string, err error)
}

// Config is what a Server needs. Only Document is required.
type Config struct {
	Document string                       // OpenAPI 3.1, JSON; each operation names its service in x-service
	Tokens   Verifier                     // nil: every operation that needs a token answers 401
	Secret   []byte                       // signs cursors and hashes requests; the same on every instance
	Rate     float64                      // requests a second per client; 0: no limit
	Burst    int                          // at once
	Address  map[string]float64           // requests a minute per address, by the name that operations give in x-address-limit; 0 or no such name: no limit
	Deadline time.Duration                // for a handler; 0: 3 s
	Drain    time.Duration                // for what runs when the server stops; 0: 8 s
	Linger   time.Duration                // how long /readyz says no before nothing more is taken, so that nobody sends here any more
	Proxies  Proxies                      // who may say for whom they ask
	Status   func(context.Context) Status // for /readyz; nil: everything is well
	Log      *slog.Logger                 // nil: slog.Default()
	Metrics  *prometheus.Registry         // nil: a new one
	Now      func() time.Time             // nil: time.Now

	// Access logs what an operation with x-personal does before its answer leaves; nil: nothing is logged. Each entry
	// names the service of its operation.
	Access func(ctx context.Context, entries ...accesslog.Entry) error
	// Actor gives role and fund of who asks, for the access log; nil: they are not known.
	Actor func(ctx context.Context) (role, fund string)

	// Text looks at each text of a body in JSON, and gives a fault for one that may not be written there; nil: none is
	// looked at. The field is dotted.
	Text func(field, text string) *refusal.Fault

	// CheckAnswers compares every answer with the document and turns a wrong one into a 500: for tests.
	CheckAnswers bool
}

// Server serves HTTP. Mount everything before the first request.
type Server struct {
	config      Config
	echo        *echo.Echo
	operations  map[string][]*operation // by service
	limits      *limits
	byAddress   map[string]*limits
	metrics     *metrics
	crossOrigin *http.CrossOriginProtection
	draining    atomic.Bool
	running     atomic.Int64 // requests
	arrived     atomic.Int64 // the last request, in nanoseconds
	otherwise   http.Handler // nil: what is not served is a 404
}

// New reads the document and compiles its schemas. A mistake in the document is an error.
func New(c Config) (*Server, error) {
	operations, err := readDocument(c.Document)
	if err != nil {
		return nil, err
	}
	c = c.withDefaults()
	s := &Server{config: c, echo: echo.New(), operations: operations, limits: newLimits(c.Rate, c.Burst, c.Now), byAddress: addressLimits(c.Address, c.Now), crossOrigin: http.NewCrossOriginProtection()}
	if s.metrics, err = newMetrics(c.Metrics); err != nil {
		return nil, err
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.IPExtractor = echo.ExtractIPDirect()
	s.echo.HTTPErrorHandler = func(err error, c echo.Context) { WriteError(c.Response(), c.Request(), err) }
	s.echo.Use(s.observe)
	s.probes()
	s.docs()
	return s, nil
}

func (c Config) withDefaults() Config {
	if c.Deadline == 0 {
		c.Deadline = 3 * time.Second
	}
	if c.Drain == 0 {
		c.Drain = 8 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Status == nil {
		c.Status = func(context.Context) Status {
			return Status{Ledger: "ok", Stream: "ok", Projections: "ok", Listeners: "ok", Ready: true}
		}
	}
	return c
}

// Mount serves every operation of a service with h, which is its generated std-http server. heard may be nil:
// then positions are read and not waited for.
func (s *Server) Mount(service string, h http.Handler, heard *Heard) error {
	list := s.operations[service]
	if len(list) == 0 {
		return errors.New("web: the document has no operation of service " + service)
	}
	for _, o := range list {
		s.echo.Add(o.method, echoPath(o.path), echo.WrapHandler(s.gate(o, heard, h)))
	}
	return nil
}

// Handle serves something that is not in the document, such as a page. Path is as in net/http.ServeMux,
// without method and host. Only what every request gets is done for it: log, recover, security headers.
func (s *Server) Handle(method, path string, h http.Handler) {
	s.echo.Add(method, echoPath(path), echo.WrapHandler(h))
}

// Otherwise serves every address that nothing else is served at.
func (s *Server) Otherwise(h http.Handler) { s.otherwise = h }

// echoPath writes /flags/{id} as /flags/:id, /pages/{rest...} as /pages/* and /{$} as /.
func echoPath(path string) string {
	parts := strings.Split(strings.TrimSuffix(path, "{$}"), "/")
	for i, part := range parts {
		switch {
		case strings.HasSuffix(part, "...}"):
			parts[i] = "*"
		case strings.HasPrefix(part, "{"):
			parts[i] = ":" + strings.Trim(part, "{}")
		}
	}
	return strings.Join(parts, "/")
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// StopTaking makes /readyz answer 503, so that nobody sends more. What arrives is still answered.
func (s *Server) StopTaking() { s.draining.Store(true) }

// Serve answers on l until ctx ends. Then it lets clients go: it answers what arrives, tells each that its
// connection ends, and closes when nothing has arrived for a moment, so that no request meets a closing door.
// It returns nil; what still runs after Config.Drain is cut off, and the error says so.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(s.config.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.StopTaking()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.Drain)
	defer cancel()
	s.awaitQuiet(end)
	if err := server.Shutdown(end); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// How long the door stays open at the end: until nothing has arrived for quiet, at most for patience.
const (
	quiet    = 250 * time.Millisecond
	patience = 2 * time.Second
)

func (s *Server) awaitQuiet(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Linger+patience)
	defer cancel()
	stopped := time.Now()
	s.arrived.Store(stopped.UnixNano())
	look := time.NewTicker(quiet / 10)
	defer look.Stop()
	for time.Since(stopped) < s.config.Linger || s.running.Load() > 0 || time.Since(time.Unix(0, s.arrived.Load())) < quiet {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}
