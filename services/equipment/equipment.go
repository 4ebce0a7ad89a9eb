// Package equipment looks after what is lent. It hears from the workshop service who holds sessions on which days and who
// has a seat, and from detection who comes first when tablets are short and who is erased. It tells which tablet is kept
// for whom, who has one and is late, who lacks one, and what is there; and what a programme gives to whom for good, with the
// hours of a coach.
package equipment

import (
	"net/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "equipment"

// Service answers for pools and grants.
type Service struct {
	*engine.Engine
	pools  *decider.Decider[domain.Pool, events.Equipment]
	grants *decider.Decider[domain.Grants, events.Grant]
	knows  *projection.Projector
	known  *web.Heard // waits for what it knows
}

// Run begins to listen and to learn of providers, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (_ http.Handler, _ *web.Heard, err error) {
	s := &Service{Engine: e, pools: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Pool, events.Equipment]{
		Kind: "pool", Evolve: domain.Evolve, Claims: domain.Claims,
	}), grants: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Grants, events.Grant]{Kind: "grant", Evolve: domain.EvolveGrants})}
	if s.knows, err = s.Project(knowledge(), nil); err != nil {
		return nil, nil, err
	}
	s.known = s.Waiter(s.knows)
	if err := s.Deadlines(dueBy, s.onDue); err != nil {
		return nil, nil, err
	}
	listener, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	strict := rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})
	return rest.HandlerWithOptions(strict, rest.StdHTTPServerOptions{ErrorHandlerFunc: web.NoSuchAddress}), engine.Together(listener, s.known), nil
}
