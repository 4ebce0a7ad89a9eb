// Package detection looks after flags and the people they are about. It hears the referral service and itself, and
// tells who needs help, which flags were reviewed, whether help is on its way, and what becomes of a person.
package detection

import (
	"context"
	"net/http"
	"time"

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

	observations *decider.Decider[domain.Observation, events.Detection]
	campaigns    *decider.Decider[domain.Campaign, events.Detection]
	validations  *decider.Decider[domain.Validation, events.Detection] // of several flags at once

	knows *projection.Projector

	refusals, enquiries *counting // what is only counted

	recommendations *decider.Decider[domain.Recommendation, events.Detection]

	contacts  *projection.Projector // when people took part in something last
	reference func() string         // of the next flag
	register  func(reason string, at time.Time, subjects ...string) error
	destroy   func(ctx context.Context, subject string) error
	unsettled chan struct{}              // an erasure was not finished
	mix       func([]events.Observation) // before they are published
	unclosed  chan struct{}              // the key of a closed campaign was not destroyed
}

// Run begins to listen and to know people again, and gives what the service serves and what a request may wait for.
func Run(e *engine.Engine) (http.Handler, *web.Heard, error) { return newService(e).run() }

func newService(e *engine.Engine) *Service {
	s := &Service{Engine: e, reference: newReference, persons: byPersons(e), recommendations: byRecommendations(e), unsettled: make(chan struct{}, 1), unclosed: make(chan struct{}, 1), flags: decider.New(e.Ledger, e.Codec,
		decider.Aggregate[domain.Flag, events.Detection]{Kind: "flag", Evolve: domain.Evolve, Claims: domain.Claims})}
	s.refusals, s.enquiries = counter(e, "refusal"), counter(e, "enquiry")
	s.observations = decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Observation, events.Detection]{Kind: "observation", Evolve: domain.EvolveObservation})
	s.campaigns = decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Campaign, events.Detection]{Kind: "campaign", Evolve: domain.EvolveCampaign})
	s.validations = decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Validation, events.Detection]{Kind: "validation", Evolve: domain.EvolveValidation})
	s.mix = mix
	s.register, s.destroy = e.Erasures.Add, e.Vault.Destroy // nobody is erased where nothing runs in the background
	return s
}

func (s *Service) run() (_ http.Handler, _ *web.Heard, err error) {
	if s.knows, err = s.Project(s.knowledge(), nil); err != nil {
		return nil, nil, err
	}
	if s.contacts, err = s.Project(contacts(), nil); err != nil {
		return nil, nil, err
	}
	listener, err := s.listen()
	if err != nil {
		return nil, nil, err
	}
	if err := s.Deadlines(dueBy, s.onDue); err != nil {
		return nil, nil, err
	}
	s.Go("erasures", s.settle)
	s.Go("campaigns", s.settleCampaigns)
	s.Go("retention", s.keepNobodyTooLong)
	s.Go("drafts", s.throwDraftsAway)
	return s.handler(), engine.Together(listener, s.Waiter(s.knows), s.Waiter(s.contacts)), nil
}

func (s *Service) handler() http.Handler {
	return rest.Handler(rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: web.WriteError, ResponseErrorHandlerFunc: web.WriteError,
	}))
}
