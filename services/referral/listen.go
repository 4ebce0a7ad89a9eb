package referral

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/referral/domain"
)

func (s *Service) listen() (*web.Heard, error) {
	return s.Listen(
		engine.On(func(e events.SeatTaken) string { return e.ReferralID }, s.onSeatTaken),
		engine.On(func(e events.WaitingListJoined) string { return e.ReferralID }, s.onWaitingListJoined),
		engine.On(func(e events.RequestDeclined) string { return e.ReferralID }, s.onRequestDeclined),
		engine.On(func(e events.RequestLapsed) string { return e.ReferralID }, s.onRequestLapsed),
		engine.On(func(e events.ErasureRequested) string { return e.PersonID }, s.onErasureRequested),
		engine.On(func(e events.PersonErased) string { return e.PersonID }, s.onPersonErased),
		engine.On(func(e events.HelpEnded) string { return e.FlagID }, s.onHelpEnded),
		engine.On(func(e events.FlagHandedOver) string { return e.FlagID }, s.onFlagHandedOver),
		engine.On(func(e events.FlagTransferred) string { return e.FlagID }, s.onFlagTransferred),
		engine.On(func(e events.FlagClosed) string { return e.FlagID }, s.onFlagClosed),
		engine.On(func(e events.ReferralOpened) string { return e.FlagID }, s.onReferralOpened),
	)
}

func (s *Service) onSeatTaken(ctx context.Context, e events.SeatTaken, h feed.Heard, key ledger.Key) error {
	return s.answered(ctx, domain.Answer{ReferralID: e.ReferralID, Answer: domain.Enrolled}, h, key)
}

func (s *Service) onWaitingListJoined(ctx context.Context, e events.WaitingListJoined, h feed.Heard, key ledger.Key) error {
	return s.answered(ctx, domain.Answer{ReferralID: e.ReferralID, Answer: domain.Waitlisted}, h, key)
}

func (s *Service) onRequestDeclined(ctx context.Context, e events.RequestDeclined, h feed.Heard, key ledger.Key) error {
	return s.answered(ctx, domain.Answer{ReferralID: e.ReferralID, Answer: domain.Declined, Reason: e.Reason}, h, key)
}

func (s *Service) onRequestLapsed(ctx context.Context, e events.RequestLapsed, h feed.Heard, key ledger.Key) error {
	return s.answered(ctx, domain.Answer{ReferralID: e.ReferralID, Answer: domain.Expired}, h, key)
}

func (s *Service) answered(ctx context.Context, a domain.Answer, h feed.Heard, key ledger.Key) error {
	a.At = s.Clock.Now()
	return engine.React(ctx, s.referrals, a.ReferralID, a, h, key)
}
