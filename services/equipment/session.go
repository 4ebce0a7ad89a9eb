package equipment

import (
	"context"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/equipment/domain"
	"example.org/passerelle/services/reference"
)

// onSessionRescheduled keeps the tablets of a session for its new days.
func (s *Service) onSessionRescheduled(ctx context.Context, e events.SessionRescheduled, h feed.Heard, key ledger.Key) error {
	from, to := days(e.Meetings)
	return s.moveDays(ctx, e.SessionID, from, to, h, key)
}

// onMeetingCancelled keeps the tablets of a session for the days that are left.
func (s *Service) onMeetingCancelled(ctx context.Context, e events.MeetingCancelled, h feed.Heard, key ledger.Key) error {
	return s.moveDays(ctx, e.SessionID, dayOf(e.StartsAt), dayOf(e.EndsAt), h, key)
}

func (s *Service) moveDays(ctx context.Context, session, from, to string, h feed.Heard, key ledger.Key) error {
	if from == "" || to == "" {
		return nil
	}
	return s.ofSession(ctx, session, h, key, func(a domain.Act, l domain.Loan) command {
		return domain.MoveDays{Act: a, LoanID: l.ID, From: from, To: to}
	})
}

// onSessionCancelled frees what is kept for the provider's own participants; the others have a fact each.
func (s *Service) onSessionCancelled(ctx context.Context, e events.SessionCancelled, h feed.Heard, key ledger.Key) error {
	return s.forgoOwn(ctx, e.SessionID, h, key)
}

// onSessionStopped is the same for a session that has begun.
func (s *Service) onSessionStopped(ctx context.Context, e events.SessionStopped, h feed.Heard, key ledger.Key) error {
	return s.forgoOwn(ctx, e.SessionID, h, key)
}

func (s *Service) forgoOwn(ctx context.Context, session string, h feed.Heard, key ledger.Key) error {
	return s.ofSession(ctx, session, h, key, func(a domain.Act, l domain.Loan) command {
		if l.Own == 0 {
			return nil
		}
		return domain.Forgo{Act: a, LoanID: l.ID}
	})
}

// ofSession commands the loans of a session, one after the other.
func (s *Service) ofSession(ctx context.Context, session string, h feed.Heard, key ledger.Key, what func(domain.Act, domain.Loan) command) error {
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	type held struct{ ProviderID string }
	found, err := engine.Rows[held](ctx, s.Pool, s.knows, `select provider_id from model.session where id = $1`, session)
	if err != nil || len(found) == 0 {
		return err
	}
	provider := found[0].ProviderID
	pool, _, err := s.pools.Get(ctx, provider)
	if err != nil {
		return err
	}
	for _, l := range pool.OfSession(session) {
		if c := what(s.acting(provider, ""), l); c != nil {
			if err := engine.React(ctx, s.pools, provider, c, h, keyFor(key, l.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// days are the first and the last day on which a session meets, in Paris.
func days(meetings []events.Meeting) (from, to string) {
	if n := len(meetings); n > 0 {
		return dayOf(meetings[0].StartsAt), dayOf(meetings[n-1].EndsAt)
	}
	return "", ""
}

func dayOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return reference.Day(at)
}
