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
	if err := s.mayStock(ctx, r.Body.Pool); err != nil {
		return nil, err
	}
	register := domain.RegisterItem{
		Act: s.act(ctx, r.Body.Pool), ItemID: engine.NewID(), Kind: r.Body.Kind, AssetTag: r.Body.AssetTag,
		Serial: engine.Value(r.Body.Serial), Condition: engine.Value(r.Body.Condition),
	}
	done, err := engine.Command(ctx, s.pools, "pool", register.Pool, register, itemState(register.Pool, register.ItemID))
	if err != nil {
		return nil, claimed(err)
	}
	body, err := engine.Answered[rest.Item](done)
	return rest.CreateItem201JSONResponse{Body: body, Headers: rest.CreateItem201ResponseHeaders(heads(done))}, err
}

// act is what the caller does with a pool, now.
func (s *Service) act(ctx context.Context, pool string) domain.Act {
	return s.acting(pool, web.Account(ctx))
}

// acting is what somebody does with a pool, or nobody: because something was heard.
func (s *Service) acting(pool, by string) domain.Act {
	now := s.Clock.Now()
	return domain.Act{Pool: pool, By: by, Today: reference.Day(now), At: now}
}

// claimed says what it means that another pool holds a tag or a number.
func claimed(err error) error {
	var other *ledger.Claimed
	if errors.As(err, &other) {
		return domain.RefusalOf(other.Claim)
	}
	return err
}

func itemState(pool, id string) func(domain.Pool, int) any {
	return func(p domain.Pool, _ int) any {
		it := p.Item(id)
		return rest.Item{ID: it.ID, Pool: pool, Kind: it.Kind, AssetTag: it.AssetTag, Serial: some(it.Serial), Status: it.Status}
	}
}

// some is nothing for an empty text.
func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// mayStock: the caller looks after this pool. What else is wrong is found, too.
func (s *Service) mayStock(ctx context.Context, pool string) error {
	if !policy.May(s.Account(ctx), policy.RegisterItem) {
		return errNotYours
	}
	return web.Fault(ctx, s.looksAfter(ctx, policy.RegisterItem, pool, errNoPool))
}

// looksAfter answers refused unless the caller may do something with a pool. A provider's pool has the provider's
// identifier, an agency's that of its desk, a fund's that of the fund.
func (s *Service) looksAfter(ctx context.Context, action policy.Action, pool string, refused error) error {
	fund, err := s.fundOf(ctx, pool)
	if err == nil && policy.Can(s.Account(ctx), action, policy.Resource{Fund: fund, Pool: pool}) != policy.Allowed {
		err = refused
	}
	return err
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
