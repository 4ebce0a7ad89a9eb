package equipment

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/equipment/rest"
)

// TransferItem gives an item to another pool that the caller looks after.
func (s *Service) TransferItem(ctx context.Context, r rest.TransferItemRequestObject) (rest.TransferItemResponseObject, error) {
	from, err := s.poolOfItem(ctx, r.Body.ItemID)
	if err != nil {
		return nil, err
	}
	if err := s.mayStock(ctx, r.Body.Pool); err != nil {
		return nil, err
	}
	move := &moving{service: s, Transfer: domain.Transfer{Act: s.act(ctx, from), ItemID: r.Body.ItemID, ToPool: r.Body.Pool}}
	done, err := engine.Command(ctx, s.pools, "pool", from, move, func(p domain.Pool, version int) any {
		if r.Body.Pool != from {
			p = move.after
		}
		return itemState(r.Body.Pool, r.Body.ItemID)(p, version)
	})
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.Item](done)
	return rest.TransferItem200JSONResponse{Body: body, Headers: rest.TransferItem200ResponseHeaders(heads(done))}, err
}

// moving is an item on its way, with the pool that gets it as it is at the moment of the decision.
type moving struct {
	domain.Transfer
	service *Service
	after   domain.Pool
}

// Look is described at decider.Beside.
func (m *moving) Look(ctx context.Context) (seen map[string]int, err error) {
	seen = map[string]int{}
	if m.ToPool != m.Pool {
		m.There, seen["pool:"+m.ToPool], err = m.service.pools.Get(ctx, m.ToPool)
	}
	return seen, err
}

// Decide notes what the other pool is afterwards.
func (m *moving) Decide(p domain.Pool) ([]events.Equipment, error) {
	facts, err := m.Transfer.Decide(p)
	m.after = m.There
	for _, f := range facts {
		if f.Stream() == "pool:"+m.ToPool {
			m.after = domain.Evolve(m.after, f)
		}
	}
	return facts, err
}
