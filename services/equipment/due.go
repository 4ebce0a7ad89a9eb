package equipment

import (
	"context"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/deadline"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/services/equipment/domain"
)

// dueBy says when a loan is late, and what settles that. The aggregate is the loan with its pool.
func dueBy(f events.Fact) (add, done []deadline.Due) {
	fact, ok := f.(events.Equipment)
	if !ok {
		return nil, nil
	}
	loan, pool, set, settled := domain.Due(fact)
	for _, one := range set {
		add = append(add, deadline.Due{At: one.At, Aggregate: loan + "@" + pool, Kind: one.Kind})
	}
	for _, kind := range settled {
		done = append(done, deadline.Due{Aggregate: loan + "@" + pool, Kind: kind})
	}
	return add, done
}

func (s *Service) onDue(ctx context.Context, due deadline.Due, key ledger.Key) error {
	loan, pool, _ := strings.Cut(due.Aggregate, "@")
	return engine.React(ctx, s.pools, pool, domain.NoteLate{Act: s.acting(pool, ""), LoanID: loan, Kind: due.Kind}, feed.Heard{}, key)
}
