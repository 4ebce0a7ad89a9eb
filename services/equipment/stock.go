package equipment

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
)

// ResetItem says that accounts and photos are removed, or that the item is back from repair.
func (s *Service) ResetItem(ctx context.Context, r rest.ResetItemRequestObject) (rest.ResetItemResponseObject, error) {
	body, h, err := s.stock(ctx, r.ID, func(a domain.Act) command { return domain.Reset{Act: a, ItemID: r.ID} })
	return rest.ResetItem200JSONResponse{Body: body, Headers: rest.ResetItem200ResponseHeaders(h)}, err
}

// RepairItem sends an item to repair.
func (s *Service) RepairItem(ctx context.Context, r rest.RepairItemRequestObject) (rest.RepairItemResponseObject, error) {
	body, h, err := s.stock(ctx, r.ID, func(a domain.Act) command { return domain.Repair{Act: a, ItemID: r.ID, Reason: r.Body.Reason} })
	return rest.RepairItem200JSONResponse{Body: body, Headers: rest.RepairItem200ResponseHeaders(h)}, err
}

// RetireItem takes an item out of the stock for good.
func (s *Service) RetireItem(ctx context.Context, r rest.RetireItemRequestObject) (rest.RetireItemResponseObject, error) {
	body, h, err := s.stock(ctx, r.ID, func(a domain.Act) command { return domain.Retire{Act: a, ItemID: r.ID, Reason: r.Body.Reason} })
	return rest.RetireItem200JSONResponse{Body: body, Headers: rest.RetireItem200ResponseHeaders(h)}, err
}

// FoundItem says that an item is there again.
func (s *Service) FoundItem(ctx context.Context, r rest.FoundItemRequestObject) (rest.FoundItemResponseObject, error) {
	body, h, err := s.stock(ctx, r.ID, func(a domain.Act) command { return domain.Find{Act: a, ItemID: r.ID} })
	return rest.FoundItem200JSONResponse{Body: body, Headers: rest.FoundItem200ResponseHeaders(h)}, err
}

type command = decider.Command[domain.Pool, events.Equipment]

// stock does something with an item of a pool that the caller looks after; else nobody learns that it exists.
func (s *Service) stock(ctx context.Context, id string, what func(domain.Act) command) (body rest.Item, h headers, err error) {
	pool, err := s.poolOfItem(ctx, id)
	if err != nil {
		return body, h, err
	}
	done, err := engine.Command(ctx, s.pools, "pool", pool, what(s.act(ctx, pool)), itemState(pool, id))
	if err != nil {
		return body, h, err
	}
	body, err = engine.Answered[rest.Item](done)
	return body, heads(done), err
}

func (s *Service) poolOfItem(ctx context.Context, id string) (string, error) {
	if !policy.May(s.Account(ctx), policy.RegisterItem) {
		return "", errNotYours
	}
	type item struct{ Pool string }
	found, err := web.Find(ctx, func(ctx context.Context) (item, error) {
		return engine.Row[item](ctx, s.Pool, s.knows, domain.ErrNoItem, `select pool from model.item where id = $1`, id)
	})
	if err != nil {
		return "", err
	}
	return found.Pool, s.looksAfter(ctx, policy.RegisterItem, found.Pool, domain.ErrNoItem)
}

// TakeStock compares what is there with what should be.
func (s *Service) TakeStock(ctx context.Context, r rest.TakeStockRequestObject) (rest.TakeStockResponseObject, error) {
	if err := s.mayStock(ctx, r.Body.Pool); err != nil {
		return nil, err
	}
	take := domain.TakeStock{Act: s.act(ctx, r.Body.Pool), StocktakeID: engine.NewID(), AssetTags: r.Body.AssetTags}
	done, err := engine.Command(ctx, s.pools, "pool", take.Pool, take, func(p domain.Pool, _ int) any { return stocktake(p, take) })
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.Stocktake](done)
	return rest.TakeStock201JSONResponse{Body: body, Headers: rest.TakeStock201ResponseHeaders(heads(done))}, err
}

func stocktake(p domain.Pool, take domain.TakeStock) rest.Stocktake {
	told := p.LastStocktake()
	return rest.Stocktake{
		ID: told.StocktakeID, Pool: take.Pool, At: told.At, Found: tagged(p, told.Found), Missing: tagged(p, told.Missing),
		Unexpected: tagged(p, told.Unexpected), UnknownTags: told.UnknownTags,
	}
}

func tagged(p domain.Pool, ids []string) []rest.Tagged {
	list := make([]rest.Tagged, len(ids))
	for i, id := range ids {
		list[i] = rest.Tagged{ID: id, AssetTag: p.Item(id).AssetTag}
	}
	return list
}
