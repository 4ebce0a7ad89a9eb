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
	return s.Listen(
		engine.On(func(e events.ReferralOpened) string { return e.FlagID }, s.onReferralOpened),
		engine.On(func(e events.ReferralAnswered) string { return e.FlagID }, s.onReferralAnswered),
		engine.On(func(e events.ReferralWithdrawn) string { return e.FlagID }, s.onReferralWithdrawn),
	)
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

// readers wait for all that hear a service: the listener has done what follows, the projection knows it.
type readers []*web.Heard

func together(list ...*web.Heard) *web.Heard {
	var services []string
	for _, r := range list {
		services = append(services, r.Services...)
	}
	slices.Sort(services)
	return &web.Heard{Services: slices.Compact(services), Waiter: readers(list)}
}

func (r readers) Wait(ctx context.Context, service string, position int64) error {
	for _, one := range r {
		if slices.Contains(one.Services, service) {
			if err := one.Waiter.Wait(ctx, service, position); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r readers) End(service string) int64 {
	i := slices.IndexFunc(r, func(one *web.Heard) bool { return slices.Contains(one.Services, service) })
	return r[i].Waiter.End(service)
}
