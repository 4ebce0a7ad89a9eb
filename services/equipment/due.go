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
	"example.org/passerelle/services/reference"
)

const connectionEnds = "connection_ends"

// dueBy says when a loan is late, the days for which it was kept are over or a line ends, and what settles that. The aggregate is the loan with its pool, or the
// entitlement with its programme.
func dueBy(f events.Fact) (add, done []deadline.Due) {
	switch e := f.(type) {
	case events.ConnectionBegun:
		return []deadline.Due{{At: domain.AlertAt(e.To), Aggregate: e.EntitlementID + "@" + e.Programme, Kind: connectionEnds}}, nil
	case events.ConnectionEnding:
		return nil, []deadline.Due{{Aggregate: e.EntitlementID + "@" + e.Programme, Kind: connectionEnds}}
	}
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
	if due.Kind == connectionEnds {
		now := s.Clock.Now()
		return engine.React(ctx, s.grants, pool, domain.RemindOfConnection{EntitlementID: loan, Today: reference.Day(now), At: now}, feed.Heard{}, key)
	}
	if due.Kind == domain.DaysOver {
		return engine.React(ctx, s.pools, pool, domain.EndDays{Act: s.acting(pool, ""), LoanID: loan}, feed.Heard{}, key)
	}
	return engine.React(ctx, s.pools, pool, domain.NoteLate{Act: s.acting(pool, ""), LoanID: loan, Kind: due.Kind}, feed.Heard{}, key)
}
