package funding

import (
	"cmp"
	"context"
	"slices"

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
		return payment(b, p)
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
		return recovery(b, a)
	})
	return rest.CreateRecovery201JSONResponse{Body: body, Headers: rest.CreateRecovery201ResponseHeaders(h)}, err
}

// ListPayments shows what was paid, the last first.
func (s *Service) ListPayments(ctx context.Context, r rest.ListPaymentsRequestObject) (rest.ListPaymentsResponseObject, error) {
	of := moved{r.Params.Decision, r.Params.Project, r.Params.Structure, r.Params.From, r.Params.To}
	list, next, err := listed(ctx, s, policy.ReadFunding, func(_ string, b domain.Budget) (list []rest.Payment) {
		for _, p := range b.Payments {
			if one := payment(b, p); of.holds(b, one.Decision, one.ProjectID, one.Date) {
				list = append(list, one)
			}
		}
		slices.SortStableFunc(list, func(x, y rest.Payment) int { return cmp.Compare(y.Date, x.Date) })
		return list
	})
	return rest.ListPayments200JSONResponse{Items: filled(list), Next: next}, err
}

// ListRecoveries shows what has to come back, the last first.
func (s *Service) ListRecoveries(ctx context.Context, r rest.ListRecoveriesRequestObject) (rest.ListRecoveriesResponseObject, error) {
	of := moved{r.Params.Decision, r.Params.Project, r.Params.Structure, r.Params.From, r.Params.To}
	list, next, err := listed(ctx, s, policy.ReadFunding, func(_ string, b domain.Budget) (list []rest.Recovery) {
		for _, a := range b.Recoveries {
			one := recovery(b, a)
			if of.holds(b, one.Decision, one.ProjectID, one.Date) && (r.Params.Reason == nil || *r.Params.Reason == one.Reason) {
				list = append(list, one)
			}
		}
		slices.SortStableFunc(list, func(x, y rest.Recovery) int { return cmp.Compare(y.Date, x.Date) })
		return list
	})
	return rest.ListRecoveries200JSONResponse{Items: filled(list), Next: next}, err
}

// moved is which movements of money somebody asks for.
type moved struct{ decision, project, structure, from, to *string }

func (m moved) holds(b domain.Budget, decision string, project *string, date string) bool {
	of, _ := b.Project(engine.Value(project))
	is := func(wanted *string, has string) bool { return wanted == nil || *wanted == has }
	return is(m.decision, decision) && is(m.project, of.ProjectID) && is(m.structure, of.StructureID) &&
		(m.from == nil || *m.from <= date) && (m.to == nil || date <= *m.to)
}

func payment(b domain.Budget, p events.PaymentMade) rest.Payment {
	return rest.Payment{ID: p.PaymentID, Decision: p.DecisionID, Line: p.Line, ProjectID: paidFor(b, p.DecisionID, p.Line), AmountCents: p.AmountCents, Date: p.Date}
}

func recovery(b domain.Budget, a events.RecoveryAsked) rest.Recovery {
	return rest.Recovery{
		ID: a.RecoveryID, Decision: a.DecisionID, Line: a.Line, ProjectID: paidFor(b, a.DecisionID, a.Line), AmountCents: a.AmountCents, Date: a.Date, Reason: a.Reason,
	}
}

// paidFor is the project of a line of a decision, if it has one.
func paidFor(b domain.Budget, decision string, line int) *string {
	d, _ := b.Decision(decision)
	if line < 1 || line > len(d.Lines) {
		return nil
	}
	return some(d.Lines[line-1].ProjectID)
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
