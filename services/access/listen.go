package access

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
)

func (s *Service) listen() (*web.Heard, error) {
	return s.Listen(engine.On(func(e events.ProviderRegistered) string { return e.Fund }, s.onProviderRegistered))
}

// onProviderRegistered puts the provider among the organisations of its fund.
func (s *Service) onProviderRegistered(ctx context.Context, e events.ProviderRegistered, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.funds, e.Fund, domain.NoteProvider{
		Provider: e.ProviderID, Fund: e.Fund, Name: e.Name, Department: e.Department, By: e.By, At: s.Clock.Now(),
	}, h, key)
}
