package workshop

import (
	"context"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/workshop/domain"
	"example.org/passerelle/services/workshop/rest"
)

// AmendProvider says what a provider is and can do now.
func (s *Service) AmendProvider(ctx context.Context, r rest.AmendProviderRequestObject) (rest.AmendProviderResponseObject, error) {
	amend, err := s.amending(ctx, r.ID, *r.Body)
	if err != nil {
		return nil, err
	}
	done, err := engine.Command(ctx, s.providers, "provider", r.ID, amend, stateOfProvider)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.ProviderState](done)
	return rest.AmendProvider200JSONResponse{Body: body, Headers: rest.AmendProvider200ResponseHeaders{
		ETag: web.ETag("provider", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

func (s *Service) amending(ctx context.Context, id string, b rest.ProviderAmending) (amend domain.AmendProvider, err error) {
	if _, err = s.mayProvider(ctx, policy.AmendProvider, id); err != nil {
		return amend, err
	}
	provider, _, err := s.providers.Get(ctx, id)
	if err != nil {
		return amend, err
	}
	text := func(member *string) string { return strings.TrimSpace(engine.Value(member)) }
	fund, _ := s.Directory().Fund(provider.Fund)
	amend = domain.AmendProvider{Networks: b.Networks, Relay: engine.Value(b.Relay), RegisterProvider: domain.RegisterProvider{
		Territory: fund.Departments, ProviderID: id, Fund: provider.Fund, Name: text(&b.Name), Insee: b.Insee, Street: text(b.Street),
		Contact: events.ProviderContact{Phone: text(b.Phone), Email: text(b.ContactEmail)}, ContactKey: provider.ContactKey, By: web.Account(ctx), At: s.Clock.Now(),
	}}
	for _, a := range b.Abilities {
		amend.Abilities = append(amend.Abilities, events.Ability{Kind: a.Kind, Skill: engine.Value(a.Skill), Since: engine.Value(a.Since)})
	}
	if amend.ContactKey == "" && amend.Contact != (events.ProviderContact{}) {
		amend.ContactKey, err = s.Vault.Mint(ctx)
	}
	return amend, err
}

// LabelProvider gives a provider a label.
func (s *Service) LabelProvider(ctx context.Context, r rest.LabelProviderRequestObject) (rest.LabelProviderResponseObject, error) {
	if _, err := s.mayProvider(ctx, policy.RegisterProvider, r.ID); err != nil {
		return nil, err
	}
	label := domain.LabelProvider{Label: r.Body.Label, Version: r.Body.Version, From: r.Body.From, To: engine.Value(r.Body.To), By: web.Account(ctx), At: s.Clock.Now()}
	done, err := engine.Command(ctx, s.providers, "provider", r.ID, label, stateOfProvider)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.ProviderState](done)
	return rest.LabelProvider200JSONResponse{Body: body, Headers: rest.LabelProvider200ResponseHeaders{
		ETag: web.ETag("provider", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// CloseProvider ends a provider.
func (s *Service) CloseProvider(ctx context.Context, r rest.CloseProviderRequestObject) (rest.CloseProviderResponseObject, error) {
	if _, err := s.mayProvider(ctx, policy.RegisterProvider, r.ID); err != nil {
		return nil, err
	}
	done, err := engine.Command(ctx, s.providers, "provider", r.ID, domain.CloseProvider{Reason: r.Body.Reason, By: web.Account(ctx), At: s.Clock.Now()}, stateOfProvider)
	if err != nil {
		return nil, err
	}
	body, err := engine.Answered[rest.ProviderState](done)
	return rest.CloseProvider200JSONResponse{Body: body, Headers: rest.CloseProvider200ResponseHeaders{
		ETag: web.ETag("provider", done.Version), PasserellePosition: web.Position(Name, done.Position),
	}}, err
}

// mayProvider is a provider for which the caller may do something. One that is out of reach is not there.
func (s *Service) mayProvider(ctx context.Context, action policy.Action, id string) (domain.Provider, error) {
	account := s.Account(ctx)
	if !policy.May(account, action) {
		return domain.Provider{}, errMayNotRegister
	}
	found, err := s.provider(ctx, id)
	if err != nil {
		return found, err
	}
	on := policy.Resource{Fund: found.Fund, Department: found.Department, Provider: found.ID}
	if found.ID == "" || policy.Can(account, action, on) != policy.Allowed {
		return found, domain.ErrNoProvider
	}
	return found, nil
}

func stateOfProvider(p domain.Provider, _ int) any {
	state := rest.ProviderState{ID: p.ID, Status: "open", Labels: []rest.ProviderLabel{}, Abilities: []rest.Ability{}, Networks: list(p.Networks), Relay: p.Relay}
	if p.Closed {
		state.Status = "closed"
	}
	for _, l := range p.Labels {
		state.Labels = append(state.Labels, rest.ProviderLabel{Label: l.Label, Version: l.Version, From: l.From, To: optional(l.To)})
	}
	for _, a := range p.Abilities {
		state.Abilities = append(state.Abilities, rest.Ability{Kind: a.Kind, Skill: optional(a.Skill), Since: optional(a.Since)})
	}
	return state
}
