package referral

import (
	"context"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/referral/domain"
)

// dueBy says which calls a fact sets and settles. The aggregate is the whole stream: of a referral, or of a person.
func dueBy(f events.Fact) (add, done []deadline.Due) {
	fact, ok := f.(events.Referral)
	if !ok {
		return nil, nil
	}
	set, settled := domain.Due(fact)
	if set != nil {
		add = []deadline.Due{{At: set.At, Aggregate: fact.Stream(), Kind: set.Kind}}
	}
	for _, kind := range settled {
		done = append(done, deadline.Due{Aggregate: fact.Stream(), Kind: kind})
	}
	return add, done
}

func (s *Service) onDue(ctx context.Context, due deadline.Due, key ledger.Key) error {
	if person, ok := strings.CutPrefix(due.Aggregate, "contact:"); ok {
		desk, err := s.deskOf(ctx, person)
		if err != nil {
			return err
		}
		return engine.React(ctx, s.contacts, person, domain.AskClose{PersonID: person, Desk: desk, At: s.Clock.Now()}, feed.Heard{}, key)
	}
	referral := strings.TrimPrefix(due.Aggregate, "referral:")
	return engine.React(ctx, s.referrals, referral, domain.AskCall{ReferralID: referral, Kind: due.Kind, At: s.Clock.Now()}, feed.Heard{}, key)
}
