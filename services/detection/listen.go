package detection

import (
	"context"

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
	)...)
}

func (s *Service) onReferralOpened(ctx context.Context, e events.ReferralOpened, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.flags, e.FlagID, domain.NoteReferral{
		FlagID: e.FlagID, ReferralID: e.ReferralID, At: s.Clock.Now(),
	}, h, key)
}

func (s *Service) onReferralAnswered(ctx context.Context, e events.ReferralAnswered, h feed.Heard, key ledger.Key) error {
	if e.Answer != "declined" && e.Answer != "expired" {
		return nil
	}
	return s.noteEnd(ctx, e.FlagID, e.ReferralID, h, key)
}

func (s *Service) onReferralWithdrawn(ctx context.Context, e events.ReferralWithdrawn, h feed.Heard, key ledger.Key) error {
	return s.noteEnd(ctx, e.FlagID, e.ReferralID, h, key)
}

func (s *Service) noteEnd(ctx context.Context, flag, referral string, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.flags, flag, domain.NoteEnd{FlagID: flag, ReferralID: referral, At: s.Clock.Now()}, h, key)
}
