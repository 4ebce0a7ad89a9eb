// Package equipment looks after what is lent. It hears the workshop service, and tells which tablet is kept
// for whom, and who lacks one.
package equipment

import (
	"net/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "equipment"

// Service answers for pools.
type Service struct {
	*engine.Engine
	pools *decider.Decider[domain.Pool, events.Equipment]
}

// Run begins to listen, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) {
	s := &Service{e, decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Pool, events.Equipment]{
		Kind: "pool", Evolve: domain.Evolve, Claims: domain.Claims,
	})}
	heard, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	return rest.Handler(rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})), heard, nil
}
