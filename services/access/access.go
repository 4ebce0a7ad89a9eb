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

// Service answers for funds and accounts.
type Service struct {
	*engine.Engine
	Seen     Sightings
	funds    *decider.Decider[domain.Fund, events.Access]
	accounts *decider.Decider[domain.Account, events.Access]
}

type (
	fundCommand = decider.Command[domain.Fund, events.Access]
	decided     = decider.Done[domain.Fund]
)

// New makes the service without beginning anything: for an operator who commands it.
func New(e *engine.Engine) *Service {
	sealed := e.Vault.Codec(nil) // names stay sealed in the states: who shows them opens them
	return &Service{
		Engine: e, Seen: unseen{},
		funds:    decider.New(e.Ledger, sealed, decider.Aggregate[domain.Fund, events.Access]{Kind: "fund", Evolve: domain.Evolve, Claims: domain.Claims}),
		accounts: decider.New(e.Ledger, sealed, decider.Aggregate[domain.Account, events.Access]{Kind: "account", Evolve: domain.EvolveAccount, Claims: domain.AccountClaims}),
	}
}

// Run begins to listen, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) {
	s := New(e)
	heard, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	strict := rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})
	return rest.HandlerWithOptions(strict, rest.StdHTTPServerOptions{ErrorHandlerFunc: web.WriteError}), heard, nil
}
