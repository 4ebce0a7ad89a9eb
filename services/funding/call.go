package funding

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

// CreateCall opens a call for projects.
func (s *Service) CreateCall(ctx context.Context, r rest.CreateCallRequestObject) (rest.CreateCallResponseObject, error) {
	fund, err := s.fund(ctx, policy.ManageFunding, engine.Value(r.Body.Fund))
	if err != nil {
		return nil, err
	}
	c := domain.OpenCall{
		Act: s.act(ctx, fund), ID: engine.NewID(), Label: r.Body.Name, Opens: r.Body.Opens, Closes: r.Body.Closes, Sources: r.Body.Sources,
		TargetPeople: engine.Value(r.Body.TargetPeople), TabletCents: or(r.Body.TabletCents, domain.TabletCents), TabletCapCents: or(r.Body.TabletCapCents, domain.TabletCapCents),
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.FundingCall {
		call, _ := b.Call(c.ID)
		return described(b, call, c.Today, anybody)
	})
	return rest.CreateCall201JSONResponse{Body: body, Headers: rest.CreateCall201ResponseHeaders(h)}, err
}

func or(given *int, otherwise int) int {
	if given == nil {
		return otherwise
	}
	return *given
}

func anybody(string) bool { return true }

// ListCalls shows the calls of the caller's funds.
func (s *Service) ListCalls(ctx context.Context, r rest.ListCallsRequestObject) (rest.ListCallsResponseObject, error) {
	today := reference.Day(s.Clock.Now())
	list, next, err := listed(ctx, s, policy.ReadCall, func(fund string, b domain.Budget) (list []rest.FundingCall) {
		for _, call := range b.Calls {
			if one := described(b, call, today, s.sees(ctx, fund)); r.Params.Open == nil || *r.Params.Open == one.Open {
				list = append(list, one)
			}
		}
		return list
	})
	return rest.ListCalls200JSONResponse{Items: filled(list), Next: next}, err
}

// GetCall shows a call.
func (s *Service) GetCall(ctx context.Context, r rest.GetCallRequestObject) (rest.GetCallResponseObject, error) {
	fund, b, err := s.holding(ctx, policy.ReadCall, hasCall(r.ID))
	if err != nil {
		return nil, err
	}
	call, ok := b.Call(r.ID)
	if !ok {
		return nil, domain.ErrNoCall
	}
	return rest.GetCall200JSONResponse(described(b, call, reference.Day(s.Clock.Now()), s.sees(ctx, fund))), nil
}

func hasCall(id string) func(domain.Budget) bool {
	return func(b domain.Budget) bool {
		_, ok := b.Call(id)
		return ok
	}
}

// described counts what of a call the caller may see.
func described(b domain.Budget, c events.CallOpened, today string, sees func(string) bool) rest.FundingCall {
	one := rest.FundingCall{
		ID: c.CallID, Fund: c.Fund, Name: c.Label, Opens: c.Opens, Closes: c.Closes, Open: c.Opens <= today && today <= c.Closes, Sources: filled(c.Sources),
		TargetPeople: c.TargetPeople, TabletCents: c.TabletCents, TabletCapCents: c.TabletCapCents,
	}
	structures, target := map[string]bool{}, 0
	for _, p := range b.Projects {
		if p.CallID != c.CallID || !sees(p.StructureID) {
			continue
		}
		structures[p.StructureID] = true
		target += p.TargetPeople
		count(&one, b.StatusOf(p.ProjectID))
		add(&one, p, b.MoneyOf(p))
	}
	for _, sub := range b.Subsidies {
		if sub.CallID == c.CallID && sees(sub.StructureID) {
			one.SubsidiesCents += sub.AmountCents
		}
	}
	if one.TargetPeople == 0 {
		one.TargetPeople = target
	}
	one.Structures = len(structures)
	one.ReachedPercent, one.CentsPerPerson = domain.Percent(one.Reached, one.TargetPeople), domain.Rate(one.GrantedCents, one.TargetPeople)
	return one
}

func count(one *rest.FundingCall, status string) {
	one.Projects++
	switch status {
	case domain.Kept:
		one.Kept++
	case domain.Refused:
		one.Refused++
	default:
		one.Proposed++
	}
}

func add(one *rest.FundingCall, p events.ProjectProposed, m domain.Money) {
	one.CostCents += p.CostCents
	one.AskedCents += p.AskedCents
	one.GrantedCents += m.Granted
	one.PaidCents += m.Paid
	one.Reached += m.Reached
}

// NoteStructure notes an organisation that asks for money.
func (s *Service) NoteStructure(ctx context.Context, r rest.NoteStructureRequestObject) (rest.NoteStructureResponseObject, error) {
	fund, err := s.fund(ctx, policy.ManageFunding, engine.Value(r.Body.Fund))
	if err != nil {
		return nil, err
	}
	c := domain.NoteStructure{Act: s.act(ctx, fund), ID: engine.Value(r.Body.ProviderID), Label: r.Body.Name, Networks: r.Body.Networks}
	if c.ID == "" {
		c.ID = engine.NewID()
	} else if name, err := s.nameOf(ctx, fund, c.ID); err != nil {
		return nil, err
	} else if name == "" {
		if err := web.Fault(ctx, errUnknownProvider); err != nil {
			return nil, err
		}
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.FundedStructure {
		one, _ := b.Structure(c.ID)
		return structure(b, one)
	})
	return rest.NoteStructure201JSONResponse{Body: body, Headers: rest.NoteStructure201ResponseHeaders(h)}, err
}

// ListStructures shows each organisation once.
func (s *Service) ListStructures(ctx context.Context, r rest.ListStructuresRequestObject) (rest.ListStructuresResponseObject, error) {
	list, next, err := listed(ctx, s, policy.ReadProject, func(fund string, b domain.Budget) (list []rest.FundedStructure) {
		sees := s.sees(ctx, fund)
		for _, one := range b.Structures {
			if sees(one.StructureID) && inNetwork(b, one.StructureID, r.Params.Network) {
				list = append(list, structure(b, one))
			}
		}
		return list
	})
	return rest.ListStructures200JSONResponse{Items: filled(list), Next: next}, err
}

func structure(b domain.Budget, s events.StructureNoted) rest.FundedStructure {
	one := rest.FundedStructure{ID: s.StructureID, Fund: s.Fund, Name: s.Label, Networks: filled(s.Networks)}
	for _, p := range b.Projects {
		if p.StructureID == s.StructureID {
			one.Projects++
			one.GrantedCents += b.MoneyOf(p).Granted
		}
	}
	return one
}
