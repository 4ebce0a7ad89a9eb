package detection

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
	"example.org/passerelle/services/detection/rest"
	"example.org/passerelle/services/policy"
)

var (
	errMayNotRecommend = refusal.New(refusal.Forbidden, "forbidden", "Only a referent or an analyst recommends something, and only an analyst says what becomes of it.")
	errNoUnit          = refusal.Faults{{Field: "unit", Code: "unknown_unit", Detail: "Name one of your units."}}
)

func byRecommendations(e *engine.Engine) *decider.Decider[domain.Recommendation, events.Detection] {
	return decider.New(e.Ledger, e.Codec, decider.Aggregate[domain.Recommendation, events.Detection]{Kind: "recommendation", Evolve: domain.EvolveRecommendation})
}

// ProposeRecommendation recommends something for a unit or for the fund.
func (s *Service) ProposeRecommendation(ctx context.Context, r rest.ProposeRecommendationRequestObject) (rest.ProposeRecommendationResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.ProposeRecommendation) {
		return nil, errMayNotRecommend
	}
	p := events.RecommendationProposed{
		RecommendationID: engine.NewID(), Fund: account.Fund, Desk: the(r.Body.Unit), Programme: the(r.Body.Programme), From: the(r.Body.From), To: the(r.Body.To),
		Title: r.Body.Title, Text: r.Body.Text, By: web.Account(ctx), At: s.Clock.Now(),
	}
	if !s.mayRecommend(account, &p) {
		return nil, errNoUnit
	}
	done, err := engine.Command(ctx, s.recommendations, "recommendation", p.RecommendationID, domain.Recommend{Proposed: p}, recommended)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.RecommendationState](done)
	return rest.ProposeRecommendation201JSONResponse{Body: body, Headers: rest.ProposeRecommendation201ResponseHeaders{
		ETag: web.ETag("recommendation", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// mayRecommend takes the fund from the unit, where there is one.
func (s *Service) mayRecommend(account directory.Account, p *events.RecommendationProposed) bool {
	if p.Desk != "" {
		desk, ok := s.Directory().Desk(p.Desk)
		if !ok {
			return false
		}
		p.Fund = desk.Fund
	}
	return policy.Can(account, policy.ProposeRecommendation, policy.Resource{Fund: p.Fund, Desk: p.Desk}) == policy.Allowed
}

// MoveRecommendation says what becomes of a recommendation.
func (s *Service) MoveRecommendation(ctx context.Context, r rest.MoveRecommendationRequestObject) (rest.MoveRecommendationResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.MoveRecommendation) {
		return nil, errMayNotRecommend
	}
	now, _, err := s.recommendations.Get(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if policy.Can(account, policy.MoveRecommendation, policy.Resource{Fund: now.Fund, Desk: now.Desk}) != policy.Allowed {
		return nil, domain.ErrNoRecommendation
	}
	move := domain.MoveOn{ID: r.ID, Status: r.Body.Status, Note: the(r.Body.Note), By: web.Account(ctx), At: s.Clock.Now()}
	done, err := engine.Command(ctx, s.recommendations, "recommendation", r.ID, move, recommended)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.RecommendationState](done)
	return rest.MoveRecommendation200JSONResponse{Body: body, Headers: rest.MoveRecommendation200ResponseHeaders{
		ETag: web.ETag("recommendation", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func recommended(r domain.Recommendation, _ int) any {
	return rest.RecommendationState{ID: r.ID, Status: r.Status}
}

func the(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
