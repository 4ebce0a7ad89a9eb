package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Status is what /readyz tells. Each part is ok, behind or away.
type Status struct {
	Ledger      string `json:"ledger"`
	Stream      string `json:"stream"`
	Projections string `json:"projections"`
	Listeners   string `json:"listeners"`
	// Services that are processes of their own, as an edge sees them.
	Services map[string]string `json:"services,omitempty"`
	// Waits are what is still being built, by name.
	Waits []string `json:"waits,omitempty"`
	Ready bool     `json:"-"` // false answers 503: the ledger is away, or not everything is warm
}

func (s *Server) probes() {
	s.echo.GET("/healthz", func(c echo.Context) error {
		writeJSON(c.Response(), http.StatusOK, jsonType, map[string]string{"status": "ok"})
		return nil
	})
	s.echo.GET("/readyz", func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
		defer cancel()
		status, code := s.config.Status(ctx), http.StatusOK
		if !status.Ready || s.draining.Load() {
			code = http.StatusServiceUnavailable
			c.Response().Header().Set("Retry-After", "1")
		}
		writeJSON(c.Response(), code, jsonType, status)
		return nil
	})
	s.echo.GET("/metrics", echo.WrapHandler(promhttp.HandlerFor(s.config.Metrics, promhttp.HandlerOpts{})))
}

// metrics has routes as labels, never addresses or accounts.
type metrics struct{ seconds *prometheus.HistogramVec }

func newMetrics(r *prometheus.Registry) (*metrics, error) {
	m := &metrics{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "passerelle_http_seconds",
		Help:    "How long requests took.",
		Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5},
	}, []string{"method", "route", "status"})}
	return m, r.Register(m.seconds)
}

func (m *metrics) request(method, route string, status int, took time.Duration) {
	switch method {
	case "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH":
	default:
		method = "other"
	}
	m.seconds.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}
