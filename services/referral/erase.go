package referral

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
)

// onErasureRequested takes back what is open for somebody who is to be erased.
func (s *Service) onErasureRequested(ctx context.Context, e events.ErasureRequested, h feed.Heard, key ledger.Key) error {
	return s.followPerson(ctx, e.PersonID, h, key)
}

// onPersonErased takes back what stands in a ledger that came from an older dump.
func (s *Service) onPersonErased(ctx context.Context, e events.PersonErased, h feed.Heard, key ledger.Key) error {
	return s.followPerson(ctx, e.PersonID, h, key)
}

// followPerson has what is open for somebody follow each of the flags.
func (s *Service) followPerson(ctx context.Context, person string, h feed.Heard, key ledger.Key) error {
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	type flag struct{ ID string }
	flags, err := engine.Rows[flag](ctx, s.Pool, s.knows, `select id from model.flag where person_id = $1 order by id`, person)
	for _, f := range flags {
		if err == nil {
			err = s.followFlag(ctx, f.ID, h, key)
		}
	}
	return err
}
