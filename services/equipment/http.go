package equipment

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/reference"
)

var (
	errNotYours = refusal.New(refusal.Forbidden, "forbidden", "Only the keeper of a pool, or the equipment manager of its fund, may do this.")
	errNoPool   = refusal.Faults{{Field: "pool", Code: "unknown_pool", Detail: "There is no such pool, or it is not yours."}}
)

// CreateItem adds an item to a pool.
func (s *Service) CreateItem(ctx context.Context, r rest.CreateItemRequestObject) (rest.CreateItemResponseObject, error) {
	if err := s.mayRegister(ctx, r.Body.Pool); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	register := domain.RegisterItem{
		Pool: r.Body.Pool, ItemID: engine.NewID(), Kind: r.Body.Kind, AssetTag: r.Body.AssetTag, By: web.Account(ctx),
		Today: reference.Day(now), At: now,
	}
	done, err := engine.Command(ctx, s.pools, "pool", register.Pool, register, func(p domain.Pool, _ int) any {
		return describe(register.Pool, p, register.ItemID)
	})
	var claimed *ledger.Claimed
	if errors.As(err, &claimed) {
		err = domain.RefusalOf(claimed.Claim)
	}
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.Item](done)
	return rest.CreateItem201JSONResponse{Body: body, Headers: rest.CreateItem201ResponseHeaders{
		ETag: web.ETag("pool", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func describe(pool string, p domain.Pool, id string) rest.Item {
	answer := rest.Item{ID: id, Pool: pool, Status: "available"}
	for _, item := range p.Items() {
		if item.ID == id {
			answer.Kind, answer.AssetTag = item.Kind, item.AssetTag
			if item.Kept {
				answer.Status = "kept"
			}
		}
	}
	return answer
}

// mayRegister: a provider's pool has the provider's identifier, an agency's that of its desk, a fund's that of
// the fund.
func (s *Service) mayRegister(ctx context.Context, pool string) error {
	account := s.Account(ctx)
	if !policy.May(account, policy.RegisterItem) {
		return errNotYours
	}
	fund, err := s.fundOf(ctx, pool)
	if err != nil {
		return err
	}
	if policy.Can(account, policy.RegisterItem, policy.Resource{Fund: fund, Pool: pool}) != policy.Allowed {
		return web.Fault(ctx, errNoPool) // more may be wrong
	}
	return nil
}

// fundOf is the fund of a pool, "unknown" for none.
func (s *Service) fundOf(ctx context.Context, pool string) (string, error) {
	if provider, ok := s.Directory().Provider(pool); ok {
		return provider.Fund, nil
	}
	if desk, ok := s.Directory().Desk(pool); ok {
		return desk.Fund, nil
	}
	if fund, ok := s.Directory().Fund(pool); ok {
		return fund.ID, nil
	}
	return s.fundOfRegistered(ctx, pool)
}
