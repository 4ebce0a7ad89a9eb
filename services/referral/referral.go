// Package referral looks after who was sent where, and what is said with them meanwhile. It hears the workshop service,
// what ends or moves a flag, and itself, and tells which seats are asked for, what the sessions answered, what was taken
// back, and which calls and letters the desks are asked for.
package referral

import (
	"net/http"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/signedlink"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/referral/domain"
	"example.org/passerelle/services/referral/rest"
)

// Name of the service in subjects, schemas and positions.
const Name = "referral"

// Service answers for referrals.
type Service struct {
	*engine.Engine
	referrals *decider.Decider[domain.Referral, events.Referral]
	contacts  *decider.Decider[domain.Contacts, events.Referral]
	knows     *projection.Projector
	links     signedlink.Key
}

// Run begins to listen and to learn of flags and sessions, and gives what the service serves and what a request may
// wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) { return newService(e).run() }

func newService(e *engine.Engine) *Service {
	s := &Service{Engine: e, links: signedlink.KeyOf(e.Secret), referrals: decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Referral, events.Referral]{
		Kind: "referral", Evolve: domain.Evolve, Claims: domain.Claims,
	})}
	s.contacts = decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Contacts, events.Referral]{Kind: "contact", Evolve: domain.EvolveContacts})
	return s
}

func (s *Service) run() (_ http.Handler, _ *web.Heard, err error) {
	if s.knows, err = s.Project(knowledge(), nil); err != nil {
		return nil, nil, err
	}
	listener, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	if err := s.Deadlines(dueBy, s.onDue); err != nil {
		return nil, nil, err
	}
	return rest.Handler(rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	})), engine.Together(listener, s.Waiter(s.knows)), nil
}
