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
		engine.On(func(e events.ReferralUndone) string { return e.SessionID }, s.onReferralUndone),
		engine.On(func(e events.ReferralWithdrawn) string { return e.SessionID }, s.onReferralWithdrawn),
		engine.On(func(e events.ReferralHandedOver) string { return e.SessionID }, s.onReferralHandedOver),
		engine.On(func(e events.AlternativeSought) string { return e.ReferralID }, s.onAlternativeSought),
		engine.On(func(e events.AlternativeForgone) string { return e.ReferralID }, s.onAlternativeForgone),
	)
}

func (s *Service) onReferralOpened(ctx context.Context, e events.ReferralOpened, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.sessions, e.SessionID, domain.RequestSeat{
		SessionID: e.SessionID, ReferralID: e.ReferralID, FlagID: e.FlagID, PersonID: e.PersonID, Desk: e.Desk,
		LoanWanted: e.LoanWanted, Together: e.Together, MayPart: e.MayPart, Priority: e.Priority, RelayID: e.RelayID, At: s.Clock.Now(),
	}, h, key)
}

// onReferralUndone hears a request anew that was taken back by mistake. One to a place is no concern of a session.
func (s *Service) onReferralUndone(ctx context.Context, e events.ReferralUndone, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.sessions, e.SessionID, domain.RequestSeat{
		SessionID: e.SessionID, ReferralID: e.ReferralID, FlagID: e.FlagID, PersonID: e.PersonID, Desk: e.Desk,
		LoanWanted: e.LoanWanted, Again: true, Priority: e.Priority, RelayID: e.RelayID, At: s.Clock.Now(),
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
	for _, one := range set {
		add = append(add, deadline.Due{At: one.At, Aggregate: session, Kind: one.Kind})
	}
	for _, kind := range settled {
		done = append(done, deadline.Due{Aggregate: session, Kind: kind})
	}
	return add, done
}

func (s *Service) onDue(ctx context.Context, due deadline.Due, key ledger.Key) error {
	command := domain.AtDue(due.Aggregate, due.Kind, s.Clock.Now())
	if command == nil {
		return nil
	}
	return engine.React(ctx, s.sessions, due.Aggregate, command, feed.Heard{}, key)
}
