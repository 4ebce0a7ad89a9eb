package funding

import (
	"cmp"
	"context"
	"slices"

	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
	"example.org/passerelle/services/policy"
)

// GetFunding sums what became of the money of the caller's funds.
func (s *Service) GetFunding(ctx context.Context, r rest.GetFundingRequestObject) (rest.GetFundingResponseObject, error) {
	funds, err := s.funds(ctx, policy.ReadFunding)
	if err != nil {
		return nil, err
	}
	var budgets []domain.Budget
	for _, fund := range funds {
		if r.Params.Fund != nil && *r.Params.Fund != fund {
			continue
		}
		b, _, err := s.budgets.Get(ctx, fund)
		if err != nil {
			return nil, err
		}
		budgets = append(budgets, b)
	}
	return rest.GetFunding200JSONResponse(figuresOf(budgets...)), nil
}

func figuresOf(budgets ...domain.Budget) (f rest.FundingFigures) {
	source, year := map[string]rest.FundingPart{}, map[string]rest.FundingPart{}
	for _, b := range budgets {
		sumEnvelopes(&f, b)
		sumProjects(&f, b)
		sumDecisions(&f, b, source, year)
	}
	f.ReachedPercent, f.BySource, f.ByYear = domain.Percent(f.Reached, f.TargetPeople), parts(source), parts(year)
	return f
}

func sumEnvelopes(f *rest.FundingFigures, b domain.Budget) {
	for _, e := range b.Envelopes {
		f.EnvelopesCents += e.AmountCents
		f.PromisedCents += b.Of(e.EnvelopeID).Promised
		f.LeftCents += b.Left(e)
	}
}

func sumProjects(f *rest.FundingFigures, b domain.Budget) {
	f.Calls += len(b.Calls)
	f.Projects += len(b.Projects)
	structures := map[string]bool{} // each once, whatever it asked for
	for _, p := range b.Projects {
		structures[p.StructureID] = true
		if m := b.MoneyOf(p); m.Granted > 0 {
			f.TargetPeople += m.Target
			f.Reached += m.Reached
		}
	}
	f.Structures += len(structures)
}

func sumDecisions(f *rest.FundingFigures, b domain.Budget, source, year map[string]rest.FundingPart) {
	for _, d := range b.Decisions {
		for n, line := range d.Lines {
			paid := b.PaidOf(d.DecisionID, n+1)
			f.CommittedCents += line.AmountCents
			f.PaidCents += paid
			into(source, cmp.Or(line.Source, "none"), line.AmountCents, paid)
			into(year, d.Date[:min(4, len(d.Date))], line.AmountCents, paid)
		}
	}
}

func into(parts map[string]rest.FundingPart, key string, committed, paid int) {
	was := parts[key]
	parts[key] = rest.FundingPart{Key: key, CommittedCents: was.CommittedCents + committed, PaidCents: was.PaidCents + paid}
}

func parts(of map[string]rest.FundingPart) []rest.FundingPart {
	list := []rest.FundingPart{}
	for _, one := range of {
		list = append(list, one)
	}
	slices.SortFunc(list, func(x, y rest.FundingPart) int { return cmp.Compare(x.Key, y.Key) })
	return list
}
