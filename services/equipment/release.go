package equipment

import (
	"context"
	"crypto/sha256"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/equipment/domain"
)

// seat is one for which a tablet was wanted, with the pool that answers.
type seat struct{ ReferralID, Pool, PersonID string }

// onRequestWithdrawn frees the tablet of a seat that was given back.
func (s *Service) onRequestWithdrawn(ctx context.Context, e events.RequestWithdrawn, h feed.Heard, key ledger.Key) error {
	return s.releaseSeat(ctx, e.ReferralID, h, key)
}

// onSeatFreed frees the tablet of a seat that the provider gave away.
func (s *Service) onSeatFreed(ctx context.Context, e events.SeatFreed, h feed.Heard, key ledger.Key) error {
	return s.releaseSeat(ctx, e.ReferralID, h, key)
}

// onRequestCancelled frees the tablet of a session that does not take place.
func (s *Service) onRequestCancelled(ctx context.Context, e events.RequestCancelled, h feed.Heard, key ledger.Key) error {
	return s.releaseSeat(ctx, e.ReferralID, h, key)
}

// onParticipantDropped frees what was kept for somebody who stays away; a tablet in hand is given back by its day.
func (s *Service) onParticipantDropped(ctx context.Context, e events.ParticipantDropped, h feed.Heard, key ledger.Key) error {
	return s.releaseSeat(ctx, e.ReferralID, h, key)
}

func (s *Service) onParticipantRemoved(ctx context.Context, e events.ParticipantRemoved, h feed.Heard, key ledger.Key) error {
	return s.releaseSeat(ctx, e.ReferralID, h, key)
}

func (s *Service) onNoShow(ctx context.Context, e events.NoShow, h feed.Heard, key ledger.Key) error {
	return s.releaseSeat(ctx, e.ReferralID, h, key)
}

func (s *Service) releaseSeat(ctx context.Context, referral string, h feed.Heard, key ledger.Key) error {
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	return s.release(ctx, `select referral_id, pool, person_id from model.seat where referral_id = $1 and wanted`, referral, h, key)
}

// onErasureRequested frees what is only kept for somebody; so does onPersonErased, for a ledger that came from an older
// dump and knows nothing of the request.
func (s *Service) onErasureRequested(ctx context.Context, e events.ErasureRequested, h feed.Heard, key ledger.Key) error {
	return s.releaseAll(ctx, e.PersonID, h, key)
}

func (s *Service) onPersonErased(ctx context.Context, e events.PersonErased, h feed.Heard, key ledger.Key) error {
	if err := s.leave(ctx, e.PersonID, "erased", h, keyFor(key, "grants")); err != nil {
		return err
	}
	return s.releaseAll(ctx, e.PersonID, h, key)
}

func (s *Service) releaseAll(ctx context.Context, person string, h feed.Heard, key ledger.Key) error {
	return s.release(ctx, `select referral_id, pool, person_id from model.seat where person_id = $1 and wanted order by referral_id`, person, h, key)
}

func (s *Service) release(ctx context.Context, sql, id string, h feed.Heard, key ledger.Key) error {
	seats, err := engine.Rows[seat](ctx, s.Pool, s.knows, sql, id)
	if err != nil {
		return err
	}
	for _, one := range seats {
		release := domain.Release{Act: s.acting(one.Pool, ""), ReferralID: one.ReferralID, PersonID: one.PersonID}
		if err := engine.React(ctx, s.pools, one.Pool, release, h, keyFor(key, one.ReferralID)); err != nil {
			return err
		}
	}
	return nil
}

// keyFor is the key of one of several commands that follow from one fact.
func keyFor(key ledger.Key, one string) (own ledger.Key) {
	sum := sha256.Sum256(append(key[:], one...))
	copy(own[:], sum[:])
	return own
}
