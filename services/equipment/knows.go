package equipment

import (
	"context"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// Who has a pool beside those of the directory: the registered providers, and in which fund.
const tables = `create table provider (id text primary key, fund text not null);`

func knowledge() projection.Projection {
	return projection.Projection{Name: "equipment_knows", Services: []string{"workshop"}, Tables: tables, Version: 1, Apply: note}
}

func note(b *projection.Batch, h projection.Heard) error {
	if e, ok := h.Fact.(events.ProviderRegistered); ok {
		b.Queue(engine.In(b.Schema(), `insert into model.provider values ($1, $2) on conflict do nothing`), e.ProviderID, e.Fund)
	}
	return nil
}

var errNotRegistered = refusal.New(refusal.NotFound, "unknown_provider", "There is no such provider.")

// fundOfRegistered is the fund of a registered provider, "unknown" for none. One so new that it was not heard yet is
// waited for.
func (s *Service) fundOfRegistered(ctx context.Context, id string) (string, error) {
	type provider struct{ Fund string }
	found, err := web.Find(ctx, func(ctx context.Context) (provider, error) {
		return engine.Row[provider](ctx, s.Pool, s.knows, errNotRegistered, `select fund from model.provider where id = $1`, id)
	})
	if errors.Is(err, errNotRegistered) {
		return "unknown", nil
	}
	return found.Fund, err
}
