package access

import (
	"context"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/paris"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

var errNotYours = refusal.New(refusal.Forbidden, "forbidden", "Only the administrator of a fund, and a provider for its own people, may see or do this.")

// place is where a page of memberships ended.
type place struct {
	ID string `json:"id"`
}

// ListMemberships gives those that the caller may see.
func (s *Service) ListMemberships(ctx context.Context, r rest.ListMembershipsRequestObject) (rest.ListMembershipsResponseObject, error) {
	account, fund, err := s.caller(ctx, policy.ReadMembership)
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(s.within(account, policy.ReadMembership, fund), func(m domain.Membership) bool { return !s.asked(m, r.Params) })
	items, next, err := s.membershipPage(ctx, list)
	return rest.ListMemberships200JSONResponse{Items: items, Next: next}, err
}

func (s *Service) today() string { return paris.Day(s.Clock.Now()) }

// caller is who asks, with the fund, when the role may do such a thing at all.
func (s *Service) caller(ctx context.Context, action policy.Action) (a directory.Account, f domain.Fund, err error) {
	a = s.Account(ctx)
	if !policy.May(a, action) {
		return a, f, errNotYours
	}
	f, _, err = s.funds.Get(ctx, a.Fund)
	return a, f, err
}

// within are the memberships of a fund for which the account may do something.
func (s *Service) within(a directory.Account, action policy.Action, f domain.Fund) []domain.Membership {
	return slices.DeleteFunc(f.Memberships(), func(m domain.Membership) bool {
		return policy.Can(a, action, resource(m.Fund, m.Scope)) != policy.Allowed
	})
}

func resource(fund string, scope directory.Scope) policy.Resource {
	r := policy.Resource{Fund: fund}
	if scope.Kind == directory.ScopeProvider {
		r.Provider = scope.ID
	}
	return r
}

func (s *Service) asked(m domain.Membership, p rest.ListMembershipsParams) bool {
	return (p.Account == nil || m.Account == *p.Account) &&
		(p.Desk == nil || m.Scope == directory.Scope{Kind: directory.ScopeDesk, ID: *p.Desk}) &&
		(p.Role == nil || string(m.Role) == *p.Role) &&
		(p.State == nil || m.State(s.today()) == *p.State)
}

func (s *Service) membershipPage(ctx context.Context, list []domain.Membership) ([]rest.Membership, *string, error) {
	var after place
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, nil, err
	}
	if !page.First {
		list = list[slices.IndexFunc(list, func(m domain.Membership) bool { return m.ID == after.ID })+1:]
	}
	var next *string
	if len(list) > page.Limit {
		list = list[:page.Limit]
		next = page.Next(place{list[page.Limit-1].ID})
	}
	items, err := s.lines(ctx, list)
	return items, next, err
}

// lines opens the names of a page. Their keys come in one query.
func (s *Service) lines(ctx context.Context, list []domain.Membership) ([]rest.Membership, error) {
	lines, subjects := make([]rest.Membership, len(list)), make([]string, len(list))
	for i, m := range list {
		subjects[i] = m.Details.Subject()
	}
	if err := s.Vault.Prefetch(ctx, subjects); err != nil {
		return nil, engine.Away(err)
	}
	for i, m := range list {
		if err := s.Vault.Unseal(ctx, "fund:"+m.Fund, events.Name(events.MembershipGranted{}), &m.Details); err != nil {
			return nil, err
		}
		lines[i] = s.line(m)
	}
	return lines, nil
}

func (s *Service) line(m domain.Membership) rest.Membership {
	who, _ := m.Details.Value()
	line := rest.Membership{
		ID: m.ID, Fund: m.Fund, Account: optional(m.Account), Name: optional(who.Name), Email: optional(who.Email),
		Role: rest.Role(m.Role), Scope: rest.MembershipScope{Kind: m.Scope.Kind, ID: optional(m.Scope.ID)},
		Organisation: optional(m.Organisation), From: m.From, To: optional(m.To), State: m.State(s.today()),
		GrantedBy: m.GrantedBy, GrantedAt: m.GrantedAt, EndReason: optional(m.EndReason),
	}
	if !m.EndedAt.IsZero() {
		line.EndedAt = &m.EndedAt
	}
	return line
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
