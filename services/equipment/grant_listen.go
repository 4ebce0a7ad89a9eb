package equipment

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/equipment/domain"
)

// onDeathTold gives back what was promised to somebody who died.
func (s *Service) onDeathTold(ctx context.Context, e events.DeathTold, h feed.Heard, key ledger.Key) error {
	return s.leave(ctx, e.PersonID, "deceased", h, key)
}

// leave ends what somebody has in every programme.
func (s *Service) leave(ctx context.Context, person, reason string, h feed.Heard, key ledger.Key) error {
	type of struct{ Programme string }
	found, err := engine.Rows[of](ctx, s.Pool, s.knows, `select distinct programme from model.entitlement where person_id = $1 order by programme`, person)
	if err != nil {
		return err
	}
	for _, one := range found {
		if err := engine.React(ctx, s.grants, one.Programme, domain.Leave{PersonID: person, Reason: reason, At: s.Clock.Now()}, h, keyFor(key, one.Programme)); err != nil {
			return err
		}
	}
	return nil
}
