package referral

import (
	"context"
	"crypto/sha256"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/referral/domain"
)

// onErasureRequested takes back what is open for somebody who is to be erased.
func (s *Service) onErasureRequested(ctx context.Context, e events.ErasureRequested, h feed.Heard, key ledger.Key) error {
	reason := "consent_withdrawn"
	if e.Reason == "error" {
		reason = "entered_in_error"
	}
	return s.takeBack(ctx, e.PersonID, domain.TakeBack{Reason: reason, By: e.By}, h, key)
}

// onPersonErased takes back what was opened meanwhile, or stands in a ledger that came from an older dump.
func (s *Service) onPersonErased(ctx context.Context, e events.PersonErased, h feed.Heard, key ledger.Key) error {
	return s.takeBack(ctx, e.PersonID, domain.TakeBack{Reason: "consent_withdrawn"}, h, key)
}

// openOne is an open referral of a person. Whether its session has begun is known from the session.
type openOne struct {
	ID    string
	Begun bool
}

const openOfPerson = `
select r.id, coalesce(s.first_meeting <= $2, false) as begun
from model.flag f join model.referral r on r.flag_id = f.id left join model.session s on s.id = r.session_id
where f.person_id = $1 and r.open order by r.id`

// takeBack ends the open referrals of a person, as of what this service has told until now.
func (s *Service) takeBack(ctx context.Context, person string, back domain.TakeBack, h feed.Heard, key ledger.Key) error {
	if err := s.knowsOwn(ctx); err != nil {
		return err
	}
	if err := s.knows.Hub.Wait(ctx, h.Service, h.Position); err != nil {
		return err
	}
	back.At = s.Clock.Now()
	open, err := engine.Rows[openOne](ctx, s.Pool, s.knows, openOfPerson, person, back.At)
	if err != nil {
		return err
	}
	for _, one := range open {
		back.ReferralID, back.Begun = one.ID, one.Begun
		if err := engine.React(ctx, s.referrals, one.ID, back, h, keyFor(key, one.ID)); err != nil {
			return err
		}
	}
	return nil
}

// knowsOwn waits until everything this service has told is known to it.
func (s *Service) knowsOwn(ctx context.Context) error {
	head, err := s.Ledger.Head(ctx)
	if err != nil {
		return err
	}
	return s.knows.Hub.Wait(ctx, Name, head.Position)
}

// keyFor is the key of one of several commands that follow from one fact.
func keyFor(key ledger.Key, one string) (own ledger.Key) {
	sum := sha256.Sum256(append(key[:], one...))
	copy(own[:], sum[:])
	return own
}
