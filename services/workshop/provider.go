package workshop

import (
	"context"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

var errMayNotRegister = refusal.New(refusal.Forbidden, "forbidden", "Only a partnership officer registers a provider. Ask the one of your fund.")

// CreateProvider registers a provider with the caller's fund.
func (s *Service) CreateProvider(ctx context.Context, r rest.CreateProviderRequestObject) (rest.CreateProviderResponseObject, error) {
	account := s.Account(ctx)
	if policy.Can(account, policy.RegisterProvider, policy.Resource{Fund: account.Fund}) != policy.Allowed {
		return nil, errMayNotRegister
	}
	register, err := s.registering(ctx, account, *r.Body)
	if err != nil {
		return nil, err
	}
	done, err := engine.Command(ctx, s.providers, "provider", register.ProviderID, register, func(p domain.Provider, _ int) any {
		return created{p.ID}
	})
	if err != nil {
		return nil, err
	}
	first, err := engine.Answered[created](done)
	return rest.CreateProvider201JSONResponse{Body: registered(first.ID, register), Headers: rest.CreateProvider201ResponseHeaders{
		ETag: web.ETag("provider", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func (s *Service) registering(ctx context.Context, a directory.Account, b rest.NewProvider) (r domain.RegisterProvider, err error) {
	text := func(member *string) string { return strings.TrimSpace(engine.Value(member)) }
	fund, _ := s.Directory().Fund(a.Fund)
	r = domain.RegisterProvider{
		Territory:  fund.Departments,
		ProviderID: engine.NewID(), Fund: a.Fund, Name: text(&b.Name), Insee: b.Insee, Street: text(b.Street),
		Contact: events.ProviderContact{Phone: text(b.Phone), Email: text(b.ContactEmail)}, By: a.ID, At: s.Clock.Now(),
	}
	if r.Contact != (events.ProviderContact{}) {
		r.ContactKey, err = s.Vault.Mint(ctx)
	}
	return r, err
}

// registered repeats what was sent, which under one key is always the same: nothing that is sealed has to be opened here.
func registered(id string, r domain.RegisterProvider) rest.Provider {
	return rest.Provider{
		ID: id, Name: r.Name, Fund: r.Fund, Department: r.Department(), Insee: &r.Insee, Street: optional(r.Street),
		Phone: optional(r.Contact.Phone), ContactEmail: optional(r.Contact.Email),
	}
}

// provider finds a provider, one of the demonstration or a registered one; the empty one when there is none.
func (s *Service) provider(ctx context.Context, id string) (domain.Provider, error) {
	if p, ok := s.Directory().Provider(id); ok {
		return domain.Provider{ID: p.ID, Fund: p.Fund, Department: p.Department}, nil
	}
	registered, _, err := s.providers.Get(ctx, id)
	return registered, err
}

// stillOpen refuses for a provider for which nobody plans any more.
func (s *Service) stillOpen(ctx context.Context, id string) error {
	registered, _, err := s.providers.Get(ctx, id)
	if err == nil && registered.Closed {
		return domain.ErrProviderClosed
	}
	return err
}
