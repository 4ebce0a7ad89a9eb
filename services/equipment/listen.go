package equipment

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/equipment/domain"
)

func (s *Service) listen() (*web.Heard, error) {
	return s.Listen(
		engine.On(func(e events.SeatTaken) string { return e.ProviderID }, s.onSeatTaken),
		engine.On(func(e events.RequestWithdrawn) string { return e.ReferralID }, s.onRequestWithdrawn),
		engine.On(func(e events.SeatFreed) string { return e.ReferralID }, s.onSeatFreed),
		engine.On(func(e events.RequestCancelled) string { return e.ReferralID }, s.onRequestCancelled),
		engine.On(func(e events.ErasureRequested) string { return e.PersonID }, s.onErasureRequested),
		engine.On(func(e events.PersonErased) string { return e.PersonID }, s.onPersonErased),
	)
}

// onSeatTaken keeps a tablet of the provider's pool, which has the provider's own identifier.
func (s *Service) onSeatTaken(ctx context.Context, e events.SeatTaken, h feed.Heard, key ledger.Key) error {
	if !e.LoanWanted {
		return nil
	}
	return engine.React(ctx, s.pools, e.ProviderID, domain.KeepTablet{
		Pool: e.ProviderID, LoanID: engine.NewID(), SessionID: e.SessionID, ReferralID: e.ReferralID, PersonID: e.PersonID,
		From: e.From, To: e.To, At: s.Clock.Now(),
	}, h, key)
}
