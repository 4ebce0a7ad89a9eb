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
	return s.Listen(
		engine.On(func(e events.ProviderRegistered) string { return e.Fund }, s.onProviderRegistered),
		engine.On(func(e events.CampaignClosed) string { return e.Programme }, s.onCampaignClosed),
	)
}

// onCampaignClosed ends the programme of a campaign. A permanent one goes on when a month of it is closed.
func (s *Service) onCampaignClosed(ctx context.Context, e events.CampaignClosed, h feed.Heard, key ledger.Key) error {
	if e.Month != "" {
		return nil
	}
	return engine.React(ctx, s.programmes, e.Programme, domain.CloseProgramme{By: e.By, At: s.Clock.Now()}, h, key)
}

// onProviderRegistered puts the provider among the organisations of its fund.
func (s *Service) onProviderRegistered(ctx context.Context, e events.ProviderRegistered, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.funds, e.Fund, domain.NoteProvider{
		Provider: e.ProviderID, Fund: e.Fund, Name: e.Name, Department: e.Department, By: e.By, At: s.Clock.Now(),
	}, h, key)
}
