package workshop

import (
	"context"
	"encoding/hex"
	"errors"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/workshop/domain"
)

// onReferralHandedOver hears who speaks for the person from now on. One to a place is no concern of a session.
func (s *Service) onReferralHandedOver(ctx context.Context, e events.ReferralHandedOver, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.sessions, e.SessionID, domain.HandOver{
		SessionID: e.SessionID, ReferralID: e.ReferralID, Desk: e.Desk, At: s.Clock.Now(),
	}, h, key)
}

// onAlternativeSought keeps a seat for somebody whose session was cancelled: on the best of those that are left with one.
func (s *Service) onAlternativeSought(ctx context.Context, e events.AlternativeSought, h feed.Heard, key ledger.Key) error {
	for _, session := range e.SessionIDs { // heard before, and answered
		if found, err := s.keptOn(ctx, session, e); found || err != nil {
			return err
		}
	}
	for _, session := range e.SessionIDs {
		hold := domain.HoldAlternative{
			SessionID: session, ReferralID: e.ReferralID, FlagID: e.FlagID, PersonID: e.PersonID, Desk: e.Desk, At: s.Clock.Now(),
		}
		err := engine.React(ctx, s.sessions, session, hold, h, decider.KeyOf("reaction", hex.EncodeToString(key[:]), session))
		if err != nil {
			return err
		}
		if found, err := s.keptOn(ctx, session, e); found || err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) keptOn(ctx context.Context, session string, e events.AlternativeSought) (bool, error) {
	w, _, err := s.sessions.Get(ctx, session)
	if errors.Is(err, domain.ErrNoSession) {
		return false, nil
	}
	return w.KeptSince(e.ReferralID, e.At), err
}

func (s *Service) onAlternativeForgone(ctx context.Context, e events.AlternativeForgone, h feed.Heard, key ledger.Key) error {
	return engine.React(ctx, s.sessions, e.SessionID, domain.EndAlternative{
		SessionID: e.SessionID, ReferralID: e.ReferralID, Forgone: true, At: s.Clock.Now(),
	}, h, key)
}
