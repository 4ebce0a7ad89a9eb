// Package access looks after who may do what: funds with their desks and organisations, and the memberships of those
// who work there. It hears from the workshop service which providers were registered, and tells what makes the directory.
package access

import (
	"net/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "access"

// Service answers for funds.
type Service struct {
	*engine.Engine
	funds *decider.Decider[domain.Fund, events.Access]
}

// New makes the service without beginning anything: for who commands it beside the process that serves.
func New(e *engine.Engine) *Service {
	// Names stay sealed in the states; who shows them opens them.
	return &Service{Engine: e, funds: decider.New(e.Ledger, e.Vault.Codec(nil), decider.Aggregate[domain.Fund, events.Access]{
		Kind: "fund", Evolve: domain.Evolve,
	})}
}

// Run gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) {
	s := New(e)
	strict := rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})
	return rest.HandlerWithOptions(strict, rest.StdHTTPServerOptions{ErrorHandlerFunc: web.WriteError}), nil, nil
}
