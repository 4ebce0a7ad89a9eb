package referral

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/referral/domain"
)

// onSessionStarted: who has a seat is there from now on.
func (s *Service) onSessionStarted(ctx context.Context, e events.SessionStarted, h feed.Heard, key ledger.Key) error {
	return s.each(ctx, e.SessionID, `started`, h, key, func(referral string) domain.Answer {
		return domain.Answer{ReferralID: referral, Answer: domain.InProgress, At: s.Clock.Now()}
	})
}

// onSessionClosed: who was not dropped has followed it to its end.
func (s *Service) onSessionClosed(ctx context.Context, e events.SessionClosed, h feed.Heard, key ledger.Key) error {
	return s.each(ctx, e.SessionID, `finished`, h, key, func(referral string) domain.Answer {
		return domain.Answer{ReferralID: referral, Answer: domain.Completed, At: s.Clock.Now()}
	})
}

func (s *Service) onSessionRescheduled(ctx context.Context, e events.SessionRescheduled, h feed.Heard, key ledger.Key) error {
	first, last := span(e.Meetings)
	return s.dates(ctx, e.SessionID, first, last, h, key)
}

func (s *Service) onMeetingCancelled(ctx context.Context, e events.MeetingCancelled, h feed.Heard, key ledger.Key) error {
	return s.dates(ctx, e.SessionID, e.StartsAt, e.EndsAt, h, key)
}

func (s *Service) dates(ctx context.Context, session string, first, last time.Time, h feed.Heard, key ledger.Key) error {
	seats, err := s.seats(ctx, session, `status = 'enrolled'`, h)
	for _, one := range seats {
		if err == nil {
			err = s.date(ctx, one.ReferralID, first, last, h, keyFor(key, one.ReferralID))
		}
	}
	return err
}

func (s *Service) date(ctx context.Context, referral string, first, last time.Time, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.referrals, referral, domain.Date{ReferralID: referral, StartsAt: first, EndsAt: last, At: s.Clock.Now()}, h, key)
}

// dateOf notes when the session of a new seat meets.
func (s *Service) dateOf(ctx context.Context, t told, h feed.Heard, key ledger.Key) error {
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	type meets struct{ FirstMeeting, LastMeeting time.Time }
	at, err := one[meets](ctx, s, domain.ErrNoSession, `select first_meeting, last_meeting from model.session where id = $1`, t.session)
	if errors.Is(err, domain.ErrNoSession) {
		return nil
	} else if err != nil {
		return err
	}
	return s.date(ctx, t.referral, at.FirstMeeting, at.LastMeeting, h, keyFor(key, "dated"))
}

type seated struct{ ReferralID string }

// seats are those of a session, as the session has said them.
func (s *Service) seats(ctx context.Context, session, which string, h feed.Heard) ([]seated, error) {
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return nil, err
	}
	return engine.Rows[seated](ctx, s.Pool, s.knows, `select referral_id from model.seat where session_id = $1 and `+which+` order by referral_id`, session)
}

func (s *Service) each(ctx context.Context, session, which string, h feed.Heard, key ledger.Key, answer func(string) domain.Answer) error {
	seats, err := s.seats(ctx, session, which, h)
	for _, one := range seats {
		if err == nil {
			err = engine.React(ctx, s.referrals, one.ReferralID, answer(one.ReferralID), h, keyFor(key, one.ReferralID))
		}
	}
	return err
}
