package referral

import (
	"context"
	"slices"

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
