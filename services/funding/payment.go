package funding

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
	"example.org/passerelle/services/policy"
)

// CreatePayment pays money of a line of a decision.
func (s *Service) CreatePayment(ctx context.Context, r rest.CreatePaymentRequestObject) (rest.CreatePaymentResponseObject, error) {
	fund, _, err := s.holding(ctx, policy.ManageFunding, hasDecision(r.Body.Decision))
	if err != nil {
		return nil, err
	}
	c := domain.Pay{
		Act: s.act(ctx, fund), ID: engine.NewID(), DecisionID: r.Body.Decision, Line: engine.Value(r.Body.Line), ProjectID: engine.Value(r.Body.ProjectID),
		AmountCents: r.Body.AmountCents, Date: r.Body.Date,
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.Payment {
		p := last(b.Payments, func(p events.PaymentMade) bool { return p.PaymentID == c.ID })
		return rest.Payment{ID: p.PaymentID, Decision: p.DecisionID, Line: p.Line, AmountCents: p.AmountCents, Date: p.Date}
	})
	return rest.CreatePayment201JSONResponse{Body: body, Headers: rest.CreatePayment201ResponseHeaders(h)}, err
}

// CreateRecovery asks for money back.
func (s *Service) CreateRecovery(ctx context.Context, r rest.CreateRecoveryRequestObject) (rest.CreateRecoveryResponseObject, error) {
	fund, _, err := s.holding(ctx, policy.ManageFunding, hasDecision(r.Body.Decision))
	if err != nil {
		return nil, err
	}
	c := domain.Recover{
		Act: s.act(ctx, fund), ID: engine.NewID(), DecisionID: r.Body.Decision, Line: engine.Value(r.Body.Line), ProjectID: engine.Value(r.Body.ProjectID),
		AmountCents: r.Body.AmountCents, Reason: r.Body.Reason, Date: r.Body.Date,
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.Recovery {
		a := last(b.Recoveries, func(a events.RecoveryAsked) bool { return a.RecoveryID == c.ID })
		return rest.Recovery{ID: a.RecoveryID, Decision: a.DecisionID, Line: a.Line, AmountCents: a.AmountCents, Date: a.Date, Reason: a.Reason}
	})
	return rest.CreateRecovery201JSONResponse{Body: body, Headers: rest.CreateRecovery201ResponseHeaders(h)}, err
}

// last finds from the end, where what was just told is.
func last[T any](list []T, is func(T) bool) (found T) {
	for i := len(list) - 1; i >= 0; i-- {
		if is(list[i]) {
			return list[i]
		}
	}
	return found
}
