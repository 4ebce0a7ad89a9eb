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

// CreateCommittee convenes the committee.
func (s *Service) CreateCommittee(ctx context.Context, r rest.CreateCommitteeRequestObject) (rest.CreateCommitteeResponseObject, error) {
	fund, err := s.fund(ctx, policy.ManageFunding, engine.Value(r.Body.Fund))
	if err != nil {
		return nil, err
	}
	c := domain.Convene{Act: s.act(ctx, fund), ID: engine.NewID(), Date: r.Body.Date}
	for _, item := range r.Body.Agenda {
		c.Agenda = append(c.Agenda, events.AgendaItem{Kind: item.Kind, Label: item.Label, ProjectID: engine.Value(item.ProjectID)})
	}
	body, h, err := give(ctx, s, fund, c, committeeOf(c.ID))
	return rest.CreateCommittee201JSONResponse{Body: body, Headers: rest.CreateCommittee201ResponseHeaders(h)}, err
}

func committeeOf(id string) func(domain.Budget) rest.Committee {
	return func(b domain.Budget) rest.Committee {
		c, _ := b.Committee(id)
		return committee(b, c)
	}
}

func committee(b domain.Budget, c events.CommitteeConvened) rest.Committee {
	one := rest.Committee{
		ID: c.CommitteeID, Fund: c.Fund, Date: c.Date, Agenda: []rest.AgendaItem{}, Votes: []rest.CommitteeVote{}, Decisions: []string{}, Minutes: some(b.MinutesOf(c.CommitteeID)),
	}
	for _, item := range c.Agenda {
		one.Agenda = append(one.Agenda, rest.AgendaItem{Kind: item.Kind, Label: item.Label, ProjectID: some(item.ProjectID)})
	}
	for _, v := range b.Votes {
		if v.CommitteeID == c.CommitteeID {
			one.Votes = append(one.Votes, rest.CommitteeVote{ProjectID: v.ProjectID, Vote: v.Answer, AmountCents: v.AmountCents})
		}
	}
	for _, d := range b.Decisions {
		if d.CommitteeID == c.CommitteeID {
			one.Decisions = append(one.Decisions, d.DecisionID)
		}
	}
	return one
}

// ListCommittees shows the sittings, the last first.
func (s *Service) ListCommittees(ctx context.Context, _ rest.ListCommitteesRequestObject) (rest.ListCommitteesResponseObject, error) {
	list, next, err := listed(ctx, s, policy.ReadFunding, func(_ string, b domain.Budget) (list []rest.Committee) {
		for _, c := range b.Committees {
			list = append(list, committee(b, c))
		}
		slices.SortStableFunc(list, func(x, y rest.Committee) int { return cmp.Compare(y.Date, x.Date) })
		return list
	})
	return rest.ListCommittees200JSONResponse{Items: filled(list), Next: next}, err
}

// sitting is a committee of the caller's funds.
func (s *Service) sitting(ctx context.Context, action policy.Action, id string) (fund string, b domain.Budget, c events.CommitteeConvened, err error) {
	fund, b, err = s.holding(ctx, action, func(b domain.Budget) bool {
		_, ok := b.Committee(id)
		return ok
	})
	if err != nil {
		return fund, b, c, err
	}
	c, ok := b.Committee(id)
	if !ok {
		return fund, b, c, domain.ErrNoCommittee
	}
	return fund, b, c, nil
}

// GetCommittee shows a sitting.
func (s *Service) GetCommittee(ctx context.Context, r rest.GetCommitteeRequestObject) (rest.GetCommitteeResponseObject, error) {
	_, b, c, err := s.sitting(ctx, policy.ReadFunding, r.ID)
	if err != nil {
		return nil, err
	}
	return rest.GetCommittee200JSONResponse(committee(b, c)), nil
}

// VoteProject notes what the committee says of a project.
func (s *Service) VoteProject(ctx context.Context, r rest.VoteProjectRequestObject) (rest.VoteProjectResponseObject, error) {
	fund, _, _, err := s.sitting(ctx, policy.ManageFunding, r.ID)
	if err != nil {
		return nil, err
	}
	body, h, err := give(ctx, s, fund, domain.Vote{
		Act: s.act(ctx, fund), CommitteeID: r.ID, ProjectID: r.Body.ProjectID, Answer: r.Body.Vote, AmountCents: engine.Value(r.Body.AmountCents), EnvelopeID: engine.Value(r.Body.EnvelopeID),
	}, committeeOf(r.ID))
	return rest.VoteProject200JSONResponse{Body: body, Headers: rest.VoteProject200ResponseHeaders(h)}, err
}

// FileMinutes notes where the minutes are.
func (s *Service) FileMinutes(ctx context.Context, r rest.FileMinutesRequestObject) (rest.FileMinutesResponseObject, error) {
	fund, _, _, err := s.sitting(ctx, policy.ManageFunding, r.ID)
	if err != nil {
		return nil, err
	}
	body, h, err := give(ctx, s, fund, domain.FileMinutes{Act: s.act(ctx, fund), CommitteeID: r.ID, Reference: r.Body.Reference}, committeeOf(r.ID))
	return rest.FileMinutes200JSONResponse{Body: body, Headers: rest.FileMinutes200ResponseHeaders(h)}, err
}
