package funding

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
	"example.org/passerelle/services/policy"
)

// CreateEnvelope sets money of one source aside.
func (s *Service) CreateEnvelope(ctx context.Context, r rest.CreateEnvelopeRequestObject) (rest.CreateEnvelopeResponseObject, error) {
	fund, err := s.fund(ctx, policy.ManageFunding, engine.Value(r.Body.Fund))
	if err != nil {
		return nil, err
	}
	c := domain.OpenEnvelope{
		Act: s.act(ctx, fund), ID: engine.NewID(), Label: r.Body.Name, Source: r.Body.Source, From: r.Body.From, To: engine.Value(r.Body.To), AmountCents: r.Body.AmountCents,
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.Envelope {
		e, _ := b.Envelope(c.ID)
		return envelope(b, e)
	})
	return rest.CreateEnvelope201JSONResponse{Body: body, Headers: rest.CreateEnvelope201ResponseHeaders(h)}, err
}

// ListEnvelopes shows what became of each envelope.
func (s *Service) ListEnvelopes(ctx context.Context, r rest.ListEnvelopesRequestObject) (rest.ListEnvelopesResponseObject, error) {
	list, next, err := listed(ctx, s, policy.ReadFunding, func(_ string, b domain.Budget) (list []rest.Envelope) {
		for _, e := range b.Envelopes {
			if r.Params.Source == nil || *r.Params.Source == e.Source {
				list = append(list, envelope(b, e))
			}
		}
		return list
	})
	return rest.ListEnvelopes200JSONResponse{Items: filled(list), Next: next}, err
}

func envelope(b domain.Budget, e events.EnvelopeOpened) rest.Envelope {
	sums := b.Of(e.EnvelopeID)
	return rest.Envelope{
		ID: e.EnvelopeID, Fund: e.Fund, Name: e.Label, Source: e.Source, From: e.From, To: some(e.To), AmountCents: e.AmountCents,
		PromisedCents: sums.Promised, CommittedCents: sums.Committed, PaidCents: sums.Paid, LeftCents: b.Left(e),
	}
}
