package projections

import (
	"context"
	"slices"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/services/policy"
)

// The second fence: every statement runs as a role that sees only what the policies of the tables let it see, and they
// compare with what is told here. Without it nothing about anybody is seen.

type sightKey struct{}

// within is the context in which an account reads for some actions.
func (s *Service) within(ctx context.Context, a directory.Account, actions ...policy.Action) context.Context {
	sight := engine.Sight{}
	for _, name := range sights {
		sight[name] = nil
	}
	for _, action := range actions {
		s.show(sight, a, action)
	}
	return context.WithValue(ctx, sightKey{}, sight)
}

// sights are all settings that the policies of board.sql and money.sql know.
var sights = []string{"funds", "desks", "authors", "cards", "providers", "seat_funds", "pools", "pool_funds", "signals", "grant_funds", "coaches", "purses", "structures"}

// sightOf is what may be seen in a context.
func sightOf(ctx context.Context) engine.Sight {
	sight, _ := ctx.Value(sightKey{}).(engine.Sight)
	return sight
}

// show adds what an action is for. A fund is one setting for figures, one for the requests of its providers, one for its pools.
func (s *Service) show(sight engine.Sight, a directory.Account, action policy.Action) {
	r := policy.ReachOf(a, action)
	more := engine.Sight{"desks": r.Desks, "authors": r.Authors, "providers": r.Providers}
	switch action {
	case policy.ReadReferral, policy.ReadSeats, policy.AnswerRequest, policy.PlanSession:
		more["seat_funds"], more["providers"] = s.fundsOf(r), s.providers(a, action)
	case policy.ReadItem:
		more["pool_funds"], more["pools"] = s.fundsOf(r), s.pools(a)
	case policy.ReadEntitlement:
		more["grant_funds"], more["coaches"], more["providers"] = s.fundsOf(r), slices.Concat(r.Providers, r.Authors), nil
	case policy.ReadFunding, policy.ReadProject: // of the money, and of nobody
		more = engine.Sight{"purses": s.fundsOf(r), "structures": r.Providers}
	case policy.ReadGrant: // in numbers, which stand in views
		more = nil
	case policy.ReadSignals:
		more["signals"] = r.Desks
	case policy.SearchPerson, policy.ReadJourney:
		more["cards"] = s.desks(a, action)
	case policy.ReadUnmet:
		more["funds"], more["providers"] = slices.Concat(s.fundsOf(r), fundsAround(a)), nil
	default:
		more["funds"] = s.fundsOf(r)
	}
	for name, list := range more {
		sight[name] = slices.Concat(sight[name], list)
	}
}
