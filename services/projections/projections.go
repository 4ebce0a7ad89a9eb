// Package projections is what everybody sees: the board, every GET of the REST surface, and the marks by which people are found.
// It hears detection, referral, workshop, equipment and funding, and tells nothing.
package projections

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/imports"
	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/vault"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

// The board hears these.
var services = []string{"detection", "referral", "workshop", "equipment"}

// Services are those that the board hears, and whose positions its readers may wait for.
func Services() []string { return append([]string(nil), services...) }

// Config is what the service needs.
type Config struct {
	Pool        *pgxpool.Pool
	Projector   *projection.Projector // of Board
	People      *projection.Projector // of People
	Dossier     *projection.Projector // of Dossier
	Money       *projection.Projector // of Money
	Observatory Served                // a projector of Observatory
	Told        Told
	Vault       *vault.Vault
	Clock       clock.Clock
	Secret      []byte // of the marks of People
	Directory   func() *directory.Directory
	Accesses    *accesslog.Archive
	Imports     imports.Runs
	Window      paper.Window // of the envelopes that letters go in; zero: the usual one
}

// Service answers from the read models.
type Service struct {
	Config
	observed *observed
	offered  *offered
}

// New makes the service. It answers 503 until the projector serves a generation.
func New(c Config) *Service {
	return &Service{c, newObserved(c.Pool, c.Observatory, c.Vault), newOffered(c)}
}

// Handler serves the operations. Mount it behind pkg/web: it takes the caller, the page and the problem from there.
func (s *Service) Handler() http.Handler {
	strict := rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})
	return rest.HandlerWithOptions(strict, rest.StdHTTPServerOptions{ErrorHandlerFunc: web.WriteError})
}
