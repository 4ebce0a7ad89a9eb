// Package workshop looks after providers, their sessions and the seats. It hears the referral service, and tells who
// holds sessions, and which seats are held, taken, waited for or given up.
package workshop

import (
	"net/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/signedlink"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "workshop"

// Service answers for sessions and providers.
type Service struct {
	*engine.Engine
	sessions  *decider.Decider[domain.Workshop, events.Workshop]
	providers *decider.Decider[domain.Provider, events.Providers]
	places    *decider.Decider[domain.Place, events.Places]
	links     signedlink.Key
}

// Run begins to listen and to watch deadlines, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) { return begun(e).run() }

func begun(e *engine.Engine) *Service {
	return &Service{
		Engine: e, links: signedlink.KeyOf(e.Secret),
		sessions: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Workshop, events.Workshop]{
			Kind: "session", Evolve: domain.Evolve, Claims: domain.Claims,
		}),
		providers: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Provider, events.Providers]{
			Kind: "provider", Evolve: domain.EvolveProvider,
		}),
		places: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Place, events.Places]{
			Kind: "place", Evolve: domain.EvolvePlace,
		}),
	}
}

func (s *Service) run() (http.Handler, *web.Heard, error) {
	heard, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	if err := s.watchDeadlines(); err != nil {
		return nil, nil, err
	}
	strict := rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})
	return rest.HandlerWithOptions(strict, rest.StdHTTPServerOptions{ErrorHandlerFunc: web.NoSuchAddress}), heard, nil
}
