package funding

import (
	"cmp"
	"context"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
	"example.org/passerelle/services/policy"
)

var errNoDecision = refusal.New(refusal.NotFound, "unknown_decision", "There is no such decision.")

// CreateDecision commits money.
func (s *Service) CreateDecision(ctx context.Context, r rest.CreateDecisionRequestObject) (rest.CreateDecisionResponseObject, error) {
	fund, err := s.fund(ctx, policy.ManageFunding, engine.Value(r.Body.Fund))
	if err != nil {
		return nil, err
	}
	c := domain.TakeDecision{
		Act: s.act(ctx, fund), ID: engine.NewID(), CommitteeID: engine.Value(r.Body.CommitteeID), Date: r.Body.Date, TotalCents: r.Body.TotalCents,
	}
	for _, line := range r.Body.Lines {
		c.Lines = append(c.Lines, events.DecisionLine{
			Label: line.Label, AmountCents: line.AmountCents, ProjectID: engine.Value(line.ProjectID), Source: engine.Value(line.Source),
			Nature: engine.Value(line.Nature), EnvelopeID: engine.Value(line.EnvelopeID), TargetPeople: engine.Value(line.TargetPeople),
		})
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.Decision {
		d, _ := b.Decision(c.ID)
		return decision(b, d)
	})
	return rest.CreateDecision201JSONResponse{Body: body, Headers: rest.CreateDecision201ResponseHeaders(h)}, err
}

// ListDecisions shows the decisions, the last first.
func (s *Service) ListDecisions(ctx context.Context, _ rest.ListDecisionsRequestObject) (rest.ListDecisionsResponseObject, error) {
	list, next, err := listed(ctx, s, policy.ReadFunding, func(_ string, b domain.Budget) (list []rest.Decision) {
		for _, d := range b.Decisions {
			list = append(list, decision(b, d))
		}
		slices.SortStableFunc(list, func(x, y rest.Decision) int { return cmp.Compare(y.Date, x.Date) })
		return list
	})
	return rest.ListDecisions200JSONResponse{Items: filled(list), Next: next}, err
}

// GetDecision shows a decision.
func (s *Service) GetDecision(ctx context.Context, r rest.GetDecisionRequestObject) (rest.GetDecisionResponseObject, error) {
	_, b, err := s.holding(ctx, policy.ReadFunding, hasDecision(r.ID))
	if err != nil {
		return nil, err
	}
	d, ok := b.Decision(r.ID)
	if !ok {
		return nil, errNoDecision
	}
	return rest.GetDecision200JSONResponse(decision(b, d)), nil
}

// hasDecision also finds the committee that somebody cites instead: the rule then says what is wrong.
func hasDecision(id string) func(domain.Budget) bool {
	return func(b domain.Budget) bool {
		_, decided := b.Decision(id)
		_, sat := b.Committee(id)
		return decided || sat
	}
}

func decision(b domain.Budget, d events.FundingDecided) rest.Decision {
	one := rest.Decision{ID: d.DecisionID, Fund: d.Fund, Date: d.Date, CommitteeID: some(d.CommitteeID), TotalCents: d.TotalCents}
	for n, line := range d.Lines {
		paid := b.PaidOf(d.DecisionID, n+1)
		target := line.TargetPeople
		if p, ok := b.Project(line.ProjectID); ok && target == 0 {
			target = p.TargetPeople
		}
		one.PaidCents += paid
		one.Lines = append(one.Lines, rest.Line{
			Line: n + 1, Label: line.Label, AmountCents: line.AmountCents, PaidCents: paid, RecoveredCents: b.RecoveredOf(d.DecisionID, n+1),
			ProjectID: some(line.ProjectID), Source: some(line.Source), Nature: some(line.Nature), EnvelopeID: some(line.EnvelopeID),
			TargetPeople: target, CentsPerPerson: domain.Rate(line.AmountCents, target),
		})
	}
	return one
}
