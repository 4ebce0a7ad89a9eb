// Package access looks after who may do what: funds with their desks and organisations, and the memberships of those
// who work there, and the programmes under which people are flagged; it signs people in, and gives them Passerelle's own
// tokens. It hears which providers were registered and which campaigns are closed, and tells what makes the directory.
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

// Service answers for funds, accounts and sign-ins.
type Service struct {
	*engine.Engine
	signIns
	seen       sightings
	funds      *decider.Decider[domain.Fund, events.Access]
	programmes *decider.Decider[domain.Programme, events.Access]
	people     *decider.Decider[domain.Account, events.Access]
}

type (
	fundCommand = decider.Command[domain.Fund, events.Access]
	decided     = decider.Done[domain.Fund]
)

// New makes the service without beginning anything: for an operator who commands it.
func New(e *engine.Engine) *Service { return SignInConfig{}.service(e) }

func (c SignInConfig) service(e *engine.Engine) *Service {
	sealed := e.Vault.Codec(nil) // names stay sealed in the states: who shows them opens them
	s := &Service{
		Engine: e, signIns: newSignIns(c, e),
		funds: decider.New(e.Ledger, sealed, decider.Aggregate[domain.Fund, events.Access]{Kind: "fund", Evolve: domain.Evolve, Claims: domain.Claims}),
		programmes: decider.New(e.Ledger, sealed, decider.Aggregate[domain.Programme, events.Access]{
			Kind: "programme", Evolve: domain.EvolveProgramme,
		}),
		people: decider.New(e.Ledger, sealed, decider.Aggregate[domain.Account, events.Access]{Kind: "account", Evolve: domain.EvolveAccount, Claims: domain.AccountClaims}),
	}
	s.seen, s.invited = all{s.rows}, s.Bind
	if e.Accesses != nil {
		s.seen = all{s.rows, e.Accesses}
	}
	return s
}

// Run gives what the service serves and what a request may wait for. Nobody can sign in: see SignInConfig.Run.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) { return SignInConfig{}.Run(e) }

// Run begins the service for people who sign in like this.
func (c SignInConfig) Run(e *engine.Engine) (http.Handler, *web.Heard, error) {
	s := c.service(e)
	heard, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	if s.Accesses != nil && s.Note != nil {
		s.Go("busy look-ups", s.listBusyWeekly)
	}
	strict := rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})
	return rest.HandlerWithOptions(strict, rest.StdHTTPServerOptions{ErrorHandlerFunc: web.WriteError}), heard, nil
}
