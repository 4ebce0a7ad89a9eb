package workshop

import (
	"context"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/workshop/domain"
)

func (s *Service) listen() (*web.Heard, error) {
	return s.Listen(
		engine.On(func(e events.ReferralOpened) string { return e.SessionID }, s.onReferralOpened),
		engine.On(func(e events.ReferralWithdrawn) string { return e.SessionID }, s.onReferralWithdrawn),
	)
}

func (s *Service) onReferralOpened(ctx context.Context, e events.ReferralOpened, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.sessions, e.SessionID, domain.RequestSeat{
		SessionID: e.SessionID, ReferralID: e.ReferralID, FlagID: e.FlagID, PersonID: e.PersonID, Desk: e.Desk,
		LoanWanted: e.LoanWanted, At: s.Clock.Now(),
	}, h, key)
}

func (s *Service) onReferralWithdrawn(ctx context.Context, e events.ReferralWithdrawn, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.sessions, e.SessionID, domain.Withdraw{
		SessionID: e.SessionID, ReferralID: e.ReferralID, At: s.Clock.Now(),
	}, h, key)
}

func (s *Service) watchDeadlines() error { return s.Deadlines(dueBy, s.onDue) }

// dueBy says which deadlines a fact sets and settles.
func dueBy(f events.Fact) (add, done []deadline.Due) {
	fact, ok := f.(events.Workshop)
	if !ok {
		return nil, nil
	}
	session := strings.TrimPrefix(fact.Stream(), "session:")
	set, settled := domain.Due(fact)
	if set != nil {
		add = []deadline.Due{{At: set.At, Aggregate: session, Kind: set.Kind}}
	}
	if settled != "" {
		done = []deadline.Due{{Aggregate: session, Kind: settled}}
	}
	return add, done
}

func (s *Service) onDue(ctx context.Context, due deadline.Due, key ledger.Key) error {
	return engine.React(ctx, s.sessions, due.Aggregate, domain.Lapse{
		SessionID: due.Aggregate, ReferralID: domain.DueReferral(due.Kind), At: s.Clock.Now(),
	}, feed.Heard{}, key)
}
