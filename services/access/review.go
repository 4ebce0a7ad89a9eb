package access

import (
	"context"
	"slices"
	"time"

	"example.org/passerelle/pkg/paris"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

// sightings know when accounts did something last; who never did is not in the answer.
type sightings interface {
	LastSeen(ctx context.Context, accounts []string) (map[string]time.Time, error)
}

// all ask several: people sign in, software only leaves its rows in the access log.
type all []sightings

// LastSeen gives the latest that any of them knows.
func (a all) LastSeen(ctx context.Context, accounts []string) (map[string]time.Time, error) {
	latest := map[string]time.Time{}
	for _, one := range a {
		seen, err := one.LastSeen(ctx, accounts)
		if err != nil {
			return nil, err
		}
		for account, at := range seen {
			if at.After(latest[account]) {
				latest[account] = at
			}
		}
	}
	return latest, nil
}

const unusedMonths = 6

// ReviewMemberships gives active memberships that nobody has used for six months.
func (s *Service) ReviewMemberships(ctx context.Context, _ rest.ReviewMembershipsRequestObject) (rest.ReviewMembershipsResponseObject, error) {
	account, fund, err := s.caller(ctx, policy.ReadMembership)
	if err != nil {
		return nil, err
	}
	since := s.Clock.Now().AddDate(0, -unusedMonths, 0)
	list, seen, err := s.unused(ctx, s.within(account, policy.ReadMembership, fund), since)
	if err != nil {
		return nil, err
	}
	lines, next, err := s.membershipPage(ctx, list)
	items := make([]rest.ReviewedMembership, len(lines))
	for i, line := range lines {
		items[i].Membership = line
		if at, ok := seen[*line.Account]; ok {
			items[i].LastSeen = &at
		}
	}
	return rest.ReviewMemberships200JSONResponse{Items: items, Next: next, Since: paris.Day(since)}, err
}

// unused are the active memberships that begin before a moment, of accounts that were not seen since.
func (s *Service) unused(ctx context.Context, list []domain.Membership, since time.Time) ([]domain.Membership, map[string]time.Time, error) {
	list = slices.DeleteFunc(list, func(m domain.Membership) bool {
		return m.State(s.today()) != domain.Active || m.From > paris.Day(since)
	})
	accounts := make([]string, len(list))
	for i, m := range list {
		accounts[i] = m.Account
	}
	seen, err := s.seen.LastSeen(ctx, slices.Compact(slices.Sorted(slices.Values(accounts))))
	return slices.DeleteFunc(list, func(m domain.Membership) bool { return seen[m.Account].After(since) }), seen, err
}
