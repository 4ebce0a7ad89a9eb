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
		engine.On(func(e events.ParticipantDropped) string { return e.ReferralID }, s.onParticipantDropped),
		engine.On(func(e events.ParticipantRemoved) string { return e.ReferralID }, s.onParticipantRemoved),
		engine.On(func(e events.NoShow) string { return e.ReferralID }, s.onNoShow),
		engine.On(func(e events.SessionRescheduled) string { return e.SessionID }, s.onSessionRescheduled),
		engine.On(func(e events.MeetingCancelled) string { return e.SessionID }, s.onMeetingCancelled),
		engine.On(func(e events.SessionCancelled) string { return e.SessionID }, s.onSessionCancelled),
		engine.On(func(e events.SessionStopped) string { return e.SessionID }, s.onSessionStopped),
		engine.On(func(e events.DeathTold) string { return e.PersonID }, s.onDeathTold),
		engine.On(func(e events.ErasureRequested) string { return e.PersonID }, s.onErasureRequested),
		engine.On(func(e events.PersonErased) string { return e.PersonID }, s.onPersonErased),
	)
}

// onSeatTaken keeps a tablet of the provider's pool, which has the provider's own identifier, for the days on which the
// session meets now.
func (s *Service) onSeatTaken(ctx context.Context, e events.SeatTaken, h feed.Heard, key ledger.Key) error {
	if !e.LoanWanted {
		return nil
	}
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	first, err := s.comesFirst(ctx, e.FlagID)
	if err != nil {
		return err
	}
	from, to, err := s.daysOf(ctx, e)
	if err != nil {
		return err
	}
	return engine.React(ctx, s.pools, e.ProviderID, domain.KeepTablet{
		Act: s.acting(e.ProviderID, ""), LoanID: engine.NewID(), SessionID: e.SessionID, ReferralID: e.ReferralID, PersonID: e.PersonID,
		From: from, To: to, First: first,
	}, h, key)
}

func (s *Service) daysOf(ctx context.Context, e events.SeatTaken) (from, to string, err error) {
	type days struct{ FromDay, ToDay string }
	found, err := engine.Rows[days](ctx, s.Pool, s.knows, `select from_day, to_day from model.session where id = $1`, e.SessionID)
	if err != nil || len(found) == 0 {
		return e.From, e.To, err
	}
	return found[0].FromDay, found[0].ToDay, nil
}
