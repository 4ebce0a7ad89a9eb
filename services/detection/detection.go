// Package detection looks after flags and the people they are about. It hears the referral service and itself, and
// tells who needs help, which flags were reviewed, whether help is on its way, and what becomes of a person.
package detection

import (
	"net/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "detection"

// Service answers for flags and persons.
type Service struct {
	*engine.Engine
	flags   *decider.Decider[domain.Flag, events.Detection]
	persons *decider.Decider[domain.Person, events.Detection]
	knows   *projection.Projector

	reference func() string // of the next flag
}

// Run begins to listen and to know people again, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) { return newService(e).run() }

func newService(e *engine.Engine) *Service {
	return &Service{Engine: e, reference: newReference, flags: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Flag, events.Detection]{
		Kind: "flag", Evolve: domain.Evolve, Claims: domain.Claims,
	}), persons: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Person, events.Detection]{
		Kind: "person", Evolve: domain.EvolvePerson,
	})}
}

func (s *Service) run() (_ http.Handler, _ *web.Heard, err error) {
	if s.knows, err = s.Project(s.knowledge(), nil); err != nil {
		return nil, nil, err
	}
	listener, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	return rest.Handler(rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})), engine.Together(listener, s.Waiter(s.knows)), nil
}
