// Package funding looks after money: which is promised, decided, paid and left. It hears from the workshop service which
// providers there are.
package funding

import (
	"net/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "funding"

// Service answers for budgets, one for each fund. It reads from the very state it decides on: a figure that is shown is
// never another than the one that a decision was held against.
type Service struct {
	*engine.Engine
	budgets *decider.Decider[domain.Budget, events.Funding]
	knows   *projection.Projector
}

// Run begins to learn of providers, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (_ http.Handler, _ *web.Heard, err error) {
	s := &Service{Engine: e, budgets: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Budget, events.Funding]{
		Kind: "budget", Evolve: domain.Evolve,
	})}
	if s.knows, err = s.Project(knowledge(), nil); err != nil {
		return nil, nil, err
	}
	return rest.Handler(rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})), s.Waiter(s.knows), nil
}
