package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
)

// exchange is what is known of a request while it is answered.
type exchange struct {
	id      string // of the request
	client  string // address of who asks
	secure  bool   // it came by TLS
	log     *slog.Logger
	server  *Server
	account string
	method  string
	path    string
	query   url.Values
	heard   *Heard
	key     string // Idempotency-Key
	ifMatch string
	request []byte // hash of address and body
	code    string // of the problem, for the log
	touched touched
	logged  *logged // nil: the operation has no mark
	judged  judged
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{log: slog.Default()}
}

// Account is the caller: the subject of the token. Empty where none was asked for.
func Account(ctx context.Context) string { return exchangeOf(ctx).account }

// RequestID names this request in logs and as correlation of what it makes happen.
func RequestID(ctx context.Context) string { return exchangeOf(ctx).id }

// Client is the address, with a port or 0, of who asks: behind a proxy that is believed, of who asked the proxy.
func Client(ctx context.Context) string { return exchangeOf(ctx).client }

// Secure tells whether the client came by TLS.
func Secure(ctx context.Context) bool { return exchangeOf(ctx).secure }

// Idempotency gives the key of a write, zero when the client sent none, and the hash of address and body.
// The key belongs to caller and address: the same key on another resource is another key.
func Idempotency(ctx context.Context) (ledger.Key, []byte) {
	x := exchangeOf(ctx)
	if x.key == "" {
		return ledger.Key{}, x.request
	}
	return decider.KeyOf(x.account, x.method+" "+x.path, x.key), x.request
}

// requestHash is keyed, so that nobody can guess a body from the ledger after the person was erased.
func (s *Server) requestHash(method, path string, body []byte) []byte {
	h := hmac.New(sha256.New, append([]byte("request\x00"), s.config.Secret...))
	h.Write([]byte(method + " " + path + "\n"))
	h.Write(body)
	return h.Sum(nil)
}

// observe is around every request: identifier, headers, recover, log, figures.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began := time.Now()
		client, id := s.config.Proxies.behind(c.Request())
		x := &exchange{id: id, client: client, secure: s.config.Proxies.secure(c.Request()), log: s.config.Log, server: s}
		r := c.Request().WithContext(context.WithValue(c.Request().Context(), exchangeKey{}, x))
		c.SetRequest(r)
		headers(c.Response().Header(), x.id)
		if x.secure {
			c.Response().Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		s.running.Add(1)
		defer s.running.Add(-1)
		if s.draining.Load() {
			s.arrived.Store(began.UnixNano())
			c.Response().Header().Set("Connection", "close")
		}
		if err := s.recovered(s.orOtherwise(next), c); err != nil && !c.Response().Committed {
			WriteError(c.Response(), r, err)
		}
		s.tell(c, x, time.Since(began))
		return nil
	}
}

// orOtherwise is not echo's own way, which would also serve an operation that is asked with another method.
func (s *Server) orOtherwise(next echo.HandlerFunc) echo.HandlerFunc {
	if s.otherwise == nil {
		return next
	}
	return func(c echo.Context) error {
		err := next(c)
		if errors.Is(err, echo.ErrNotFound) {
			s.otherwise.ServeHTTP(c.Response(), c.Request())
			return nil
		}
		return err
	}
}

func headers(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
}

// tell logs the route, never the address: it may hold what a person typed.
func (s *Server) tell(c echo.Context, x *exchange, took time.Duration) {
	route, status := c.Path(), c.Response().Status
	if route == "" {
		route = "none"
	}
	s.metrics.request(c.Request().Method, route, status, took)
	level := slog.LevelInfo
	if route == "/healthz" || route == "/readyz" || route == "/metrics" {
		level = slog.LevelDebug
	}
	s.config.Log.Log(c.Request().Context(), level, "request",
		slog.String("method", c.Request().Method), slog.String("route", route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.String("request_id", x.id),
		slog.String("account", x.account), slog.String("code", x.code))
}
