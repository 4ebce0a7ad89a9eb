package access

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/access/domain"
	"example.org/passerelle/services/access/rest"
	"example.org/passerelle/services/policy"
)

var (
	errNotInviter = refusal.New(refusal.Forbidden, "forbidden", "Only a partnership officer invites the first person of a provider.")
	errNoProvider = refusal.New(refusal.NotFound, "unknown_provider", "Your fund has no such provider. Look for it again in the list of providers.")
)

// InviteToProvider invites the first person of a provider that was registered.
func (s *Service) InviteToProvider(ctx context.Context, r rest.InviteToProviderRequestObject) (rest.InviteToProviderResponseObject, error) {
	account := s.Account(ctx)
	if !policy.May(account, policy.InviteProvider) {
		return nil, errNotInviter
	}
	if _, err := web.Find(ctx, func(ctx context.Context) (directory.Organisation, error) { return s.providerOf(ctx, account, r.ID) }); err != nil {
		return nil, err
	}
	g, err := s.addressed(ctx, domain.Grant{
		Fund: account.Fund, Member: domain.Trimmed(events.Member{Name: r.Body.Name, Email: r.Body.Email}), Role: directory.ProviderRole,
		Scope: directory.Scope{Kind: directory.ScopeProvider, ID: r.ID}, By: domain.Granter{Account: account.ID}, Today: s.today(),
	})
	if err != nil {
		return nil, err
	}
	done, err := engine.Command(ctx, s.funds, "fund", g.Fund, domain.InviteProvider{Grant: g}, func(domain.Fund, int) any { return created{g.MembershipID} })
	if err != nil {
		return nil, refused(err)
	}
	first, err := engine.Answered[created](done)
	if err != nil {
		return nil, err
	}
	m, err := s.shown(ctx, done.State, first.ID)
	return rest.InviteToProvider201JSONResponse{Body: m, Headers: rest.InviteToProvider201ResponseHeaders{
		ETag: web.ETag("fund", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// providerOf is one of the caller's fund. It may have been registered a moment ago.
func (s *Service) providerOf(ctx context.Context, a directory.Account, id string) (directory.Organisation, error) {
	f, _, err := s.funds.Get(ctx, a.Fund)
	o, ok := f.Organisation(id)
	if err == nil && (!ok || o.Kind != directory.KindProvider || policy.Can(a, policy.InviteProvider, policy.Resource{Fund: f.ID, Provider: id}) != policy.Allowed) {
		err = errNoProvider
	}
	return o, err
}
