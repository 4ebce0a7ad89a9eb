package equipment

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
)

var (
	errNoCoachOrganisation = refusal.Faults{{Field: "provider_id", Code: "unknown_provider", Detail: "There is no such provider of the fund."}}
	errNoCoachAccount      = refusal.Faults{{Field: "user", Code: "unknown_account", Detail: "There is no account of the fund that may accompany somebody."}}
)

// NameCoach says who accompanies somebody.
func (s *Service) NameCoach(ctx context.Context, r rest.NameCoachRequestObject) (rest.NameCoachResponseObject, error) {
	found, err := s.entitled(ctx, policy.ApproveEntitlement, r.ID)
	if err != nil {
		return nil, err
	}
	name := domain.NameCoach{EntitlementID: r.ID, ProviderID: engine.Value(r.Body.ProviderID), Account: engine.Value(r.Body.User), By: web.Account(ctx), At: s.Clock.Now()}
	if err := s.coaches(ctx, found.Fund, name); err != nil {
		return nil, err
	}
	body, h, err := s.grant(ctx, found.Programme, r.ID, name)
	return rest.NameCoach200JSONResponse{Body: body, Headers: rest.NameCoach200ResponseHeaders(h)}, err
}

// coaches says whether a provider or an account may accompany people of a fund.
func (s *Service) coaches(ctx context.Context, fund string, c domain.NameCoach) error {
	if c.ProviderID != "" {
		of, err := s.fundOf(ctx, c.ProviderID)
		if err == nil && of != fund {
			err = errNoCoachOrganisation
		}
		return err
	}
	if c.Account == "" {
		return nil // the rule says it
	}
	account, ok := s.Directory().Account(c.Account, s.Clock.Now())
	if !ok || account.Fund != fund || policy.Can(account, policy.Accompany, policy.Resource{Fund: fund, Author: c.Account}) != policy.Allowed {
		return errNoCoachAccount
	}
	return nil
}

// GiveItem gives an item for good.
func (s *Service) GiveItem(ctx context.Context, r rest.GiveItemRequestObject) (rest.GiveItemResponseObject, error) {
	found, err := s.entitled(ctx, policy.ApproveEntitlement, r.ID)
	if err != nil {
		return nil, err
	}
	pool, err := s.poolOfTag(ctx, r.Body.AssetTag)
	if err != nil {
		return nil, err
	}
	give := &giving{service: s, GiveItem: domain.GiveItem{EntitlementID: r.ID, AssetTag: r.Body.AssetTag, Act: s.act(ctx, pool)}}
	body, h, err := s.grant(ctx, found.Programme, r.ID, give)
	return rest.GiveItem200JSONResponse{Body: body, Headers: rest.GiveItem200ResponseHeaders(h)}, err
}

// giving is an item on its way to somebody, with its pool as it is at the moment of the decision.
type giving struct {
	domain.GiveItem
	service *Service
}

// Look is described at decider.Beside.
func (g *giving) Look(ctx context.Context) (seen map[string]int, err error) {
	seen = map[string]int{}
	g.Stock, seen["pool:"+g.Pool], err = g.service.pools.Get(ctx, g.Pool)
	return seen, err
}

// poolOfTag is the pool of an item that the caller looks after.
func (s *Service) poolOfTag(ctx context.Context, tag string) (string, error) {
	type item struct{ Pool string }
	found, err := web.Find(ctx, func(ctx context.Context) (item, error) {
		return engine.Row[item](ctx, s.Pool, s.knows, domain.ErrNoItem, `select pool from model.item where upper(tag) = upper($1)`, tag)
	})
	if errors.Is(err, domain.ErrNoItem) {
		return "", domain.ErrNoSuchTag
	}
	if err != nil {
		return "", err
	}
	return found.Pool, s.looksAfter(ctx, policy.RegisterItem, found.Pool, domain.ErrNoSuchTag)
}

// BeginConnection begins somebody's line.
func (s *Service) BeginConnection(ctx context.Context, r rest.BeginConnectionRequestObject) (rest.BeginConnectionResponseObject, error) {
	body, h, err := s.answer(ctx, r.ID, func(by string) granting {
		return domain.Connect{
			EntitlementID: r.ID, StartsOn: r.Body.StartsOn, Months: engine.Value(r.Body.Months), Line: engine.Value(r.Body.Line), By: by, At: s.Clock.Now(),
		}
	})
	return rest.BeginConnection200JSONResponse{Body: body, Headers: rest.BeginConnection200ResponseHeaders(h)}, err
}
