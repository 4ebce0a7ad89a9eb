package funding

import (
	"context"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/funding/rest"
	"example.org/passerelle/services/policy"
)

var (
	errUnknownProvider = refusal.Faults{{Field: "provider_id", Code: "unknown_provider", Detail: "There is no such provider in the fund."}}
	errStructure       = refusal.Faults{{Field: "structure", Code: "unknown_structure", Detail: "There is no such structure, or it is not yours."}}
)

// ProposeProject asks for money under a call.
func (s *Service) ProposeProject(ctx context.Context, r rest.ProposeProjectRequestObject) (rest.ProposeProjectResponseObject, error) {
	fund, b, err := s.holding(ctx, policy.ProposeProject, hasCall(r.ID))
	if err != nil {
		return nil, err
	}
	if !hasCall(r.ID)(b) {
		return nil, domain.ErrNoCall
	}
	c := domain.Propose{
		Act: s.act(ctx, fund), ID: engine.NewID(), CallID: r.ID, Label: r.Body.Name, CostCents: r.Body.CostCents, AskedCents: r.Body.AskedCents,
		TargetPeople: engine.Value(r.Body.TargetPeople), Tablets: engine.Value(r.Body.Tablets), Criteria: r.Body.Criteria,
		AnyDay: policy.Can(s.Account(ctx), policy.ManageFunding, policy.Resource{Fund: fund}) == policy.Allowed,
	}
	if c.StructureID, c.StructureLabel, err = s.proposer(ctx, fund, engine.Value(r.Body.Structure)); err != nil {
		return nil, err
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.Project {
		p, _ := b.Project(c.ID)
		return project(b, p)
	})
	return rest.ProposeProject201JSONResponse{Body: body, Headers: rest.ProposeProject201ResponseHeaders(h)}, err
}

// proposer is the structure that asks: the caller's own provider where none is named. Of a provider it has the name.
func (s *Service) proposer(ctx context.Context, fund, named string) (id, name string, err error) {
	account := s.Account(ctx)
	for _, grant := range account.Grants {
		if named == "" && grant.Fund == fund {
			named = grant.Provider
		}
	}
	if policy.Can(account, policy.ProposeProject, policy.Resource{Fund: fund, Provider: named}) != policy.Allowed {
		return named, "", web.Fault(ctx, errStructure)
	}
	name, err = s.nameOf(ctx, fund, named)
	return named, name, err
}

// ListProjects shows those that the caller may see.
func (s *Service) ListProjects(ctx context.Context, r rest.ListProjectsRequestObject) (rest.ListProjectsResponseObject, error) {
	list, next, err := listed(ctx, s, policy.ReadProject, func(fund string, b domain.Budget) (list []rest.Project) {
		sees := s.sees(ctx, fund)
		for _, p := range b.Projects {
			if sees(p.StructureID) && asked(b, p, r.Params) {
				list = append(list, project(b, p))
			}
		}
		return list
	})
	return rest.ListProjects200JSONResponse{Items: filled(list), Next: next}, err
}

func asked(b domain.Budget, p events.ProjectProposed, by rest.ListProjectsParams) bool {
	is := func(wanted *string, has string) bool { return wanted == nil || *wanted == has }
	return is(by.Call, p.CallID) && is(by.Structure, p.StructureID) && is(by.Status, b.StatusOf(p.ProjectID)) && inNetwork(b, p.StructureID, by.Network)
}

func inNetwork(b domain.Budget, structureID string, network *string) bool {
	one, _ := b.Structure(structureID)
	return network == nil || slices.Contains(one.Networks, *network)
}

// GetProject shows a project.
func (s *Service) GetProject(ctx context.Context, r rest.GetProjectRequestObject) (rest.GetProjectResponseObject, error) {
	_, b, p, err := s.project(ctx, policy.ReadProject, r.ID)
	if err != nil {
		return nil, err
	}
	return rest.GetProject200JSONResponse(project(b, p)), nil
}

// project is one that the caller may do this to; else nobody learns that it exists.
func (s *Service) project(ctx context.Context, action policy.Action, id string) (fund string, b domain.Budget, p events.ProjectProposed, err error) {
	fund, b, err = s.holding(ctx, action, func(b domain.Budget) bool {
		_, ok := b.Project(id)
		return ok
	})
	if err != nil {
		return fund, b, p, err
	}
	p, ok := b.Project(id)
	if !ok || policy.Can(s.Account(ctx), action, policy.Resource{Fund: fund, Provider: p.StructureID}) != policy.Allowed {
		return fund, b, p, domain.ErrNoProject
	}
	return fund, b, p, nil
}

// ReportProject says what a project has reached.
func (s *Service) ReportProject(ctx context.Context, r rest.ReportProjectRequestObject) (rest.ReportProjectResponseObject, error) {
	fund, _, p, err := s.project(ctx, policy.ProposeProject, r.ID)
	if err != nil {
		return nil, err
	}
	c := domain.Report{
		Act: s.act(ctx, fund), ID: engine.NewID(), ProjectID: r.ID, Reached: r.Body.Reached, Finished: r.Body.Finished, Autonomous: r.Body.Autonomous,
		Held: engine.Value(r.Body.Sessions), Final: engine.Value(r.Body.Final),
	}
	body, h, err := give(ctx, s, fund, c, func(b domain.Budget) rest.Project { return project(b, p) })
	return rest.ReportProject200JSONResponse{Body: body, Headers: rest.ReportProject200ResponseHeaders(h)}, err
}

func project(b domain.Budget, p events.ProjectProposed) rest.Project {
	m := b.MoneyOf(p)
	one, _ := b.Structure(p.StructureID)
	return rest.Project{
		ID: p.ProjectID, Fund: p.Fund, Call: p.CallID, Structure: p.StructureID, StructureName: one.Label, Name: p.Label, Status: b.StatusOf(p.ProjectID),
		CostCents: p.CostCents, AskedCents: p.AskedCents, GrantedCents: m.Granted, PaidCents: m.Paid, RecoveredCents: m.Recovered,
		RecoverableCents: m.Recoverable(), SharePercent: domain.Percent(m.Granted, p.CostCents), TargetPeople: p.TargetPeople, Reached: m.Reached,
		ReachedPercent: domain.Percent(m.Reached, p.TargetPeople), PromisedCentsPerPerson: domain.Rate(m.Granted, p.TargetPeople),
		PaidCentsPerPerson: domain.Rate(m.Paid, m.Reached), Tablets: p.Tablets, Criteria: append([]string{}, p.Criteria...), Report: reportOf(b, p, m),
	}
}

func reportOf(b domain.Budget, p events.ProjectProposed, m domain.Money) string {
	report, sent := b.Report(p.ProjectID)
	switch {
	case sent && report.Final:
		return "final"
	case sent:
		return "sent"
	case m.Granted > 0:
		return "missing"
	}
	return "not_due"
}
