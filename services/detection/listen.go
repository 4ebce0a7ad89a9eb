package detection

import (
	"context"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/detection/domain"
)

func (s *Service) listen() (*web.Heard, error) {
	return s.Listen(append(append(s.ofPersons(), s.ofDesks()...),
		engine.On(func(e events.ReferralOpened) string { return e.FlagID }, s.onReferralOpened),
		engine.On(func(e events.ReferralAnswered) string { return e.FlagID }, s.onReferralAnswered),
		engine.On(func(e events.ReferralWithdrawn) string { return e.FlagID }, s.onReferralWithdrawn),
		engine.On(func(e events.AddressGiven) string { return e.FlagID }, s.onAddressGiven),
		engine.On(func(e events.AddressFollowedUp) string { return e.FlagID }, s.onAddressFollowedUp),
		engine.On(func(e events.ReferralUndone) string { return e.FlagID }, s.onReferralUndone),
	)...)
}

func (s *Service) onReferralOpened(ctx context.Context, e events.ReferralOpened, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.flags, e.FlagID, domain.NoteReferral{
		FlagID: e.FlagID, ReferralID: e.ReferralID, At: s.Clock.Now(),
	}, h, key)
}

func (s *Service) onReferralAnswered(ctx context.Context, e events.ReferralAnswered, h feed.Heard, key ledger.Key) error {
	if !slices.Contains([]string{"declined", "expired", "unserved", "cancelled", "dropped", "no_show"}, e.Answer) {
		return nil // it goes on, or has helped
	}
	return s.noteEnd(ctx, e.FlagID, e.ReferralID, h, key)
}

func (s *Service) onReferralWithdrawn(ctx context.Context, e events.ReferralWithdrawn, h feed.Heard, key ledger.Key) error {
	return s.noteEnd(ctx, e.FlagID, e.ReferralID, h, key)
}

func (s *Service) onAddressGiven(ctx context.Context, e events.AddressGiven, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.flags, e.FlagID, domain.NoteReferral{FlagID: e.FlagID, ReferralID: e.ReferralID, At: s.Clock.Now()}, h, key)
}

func (s *Service) onAddressFollowedUp(ctx context.Context, e events.AddressFollowedUp, h feed.Heard, key ledger.Key) error {
	if e.Result == "helped" {
		return nil
	}
	return s.noteEnd(ctx, e.FlagID, e.ReferralID, h, key)
}

func (s *Service) onReferralUndone(ctx context.Context, e events.ReferralUndone, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.flags, e.FlagID, domain.NoteReferral{FlagID: e.FlagID, ReferralID: e.ReferralID, Again: true, At: s.Clock.Now()}, h, key)
}

func (s *Service) noteEnd(ctx context.Context, flag, referral string, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.flags, flag, domain.NoteEnd{FlagID: flag, ReferralID: referral, At: s.Clock.Now()}, h, key)
}
