package funding

import (
	"context"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
)

// What registered providers are called, beside those of the directory.
const tables = `create table provider (id text primary key, fund text not null, name text not null);`

func knowledge() projection.Projection {
	return projection.Projection{Name: "funding_knows", Services: []string{"workshop"}, Tables: tables, Version: 1, Apply: note}
}

func note(b *projection.Batch, h projection.Heard) error {
	write := func(sql string, args ...any) { b.Queue(engine.In(b.Schema(), sql), args...) }
	switch e := h.Fact.(type) {
	case events.ProviderRegistered:
		write(`insert into model.provider values ($1, $2, $3) on conflict do nothing`, e.ProviderID, e.Fund, e.Name)
	case events.ProviderAmended:
		write(`update model.provider set name = $2 where id = $1`, e.ProviderID, e.Name)
	}
	return nil
}

var errNoProvider = refusal.New(refusal.NotFound, "unknown_provider", "There is no such provider.")

// nameOf is what a provider of the fund is called, empty for none.
func (s *Service) nameOf(ctx context.Context, fund, id string) (string, error) {
	if p, ok := s.Directory().Provider(id); ok && p.Fund == fund {
		return p.Name, nil
	}
	type provider struct{ Name string }
	found, err := web.Find(ctx, func(ctx context.Context) (provider, error) {
		return engine.Row[provider](ctx, s.Pool, s.knows, errNoProvider, `select name from model.provider where id = $1 and fund = $2`, id, fund)
	})
	if errors.Is(err, errNoProvider) {
		return "", nil
	}
	return found.Name, err
}
