package projections

import (
	"context"
	"errors"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// providersOf are some providers, and the registered ones of some funds. A sub-select: Postgres plans it better than an array.
const providersOf = "(select unnest(?::text[]) union select registered.id from model.provider registered where registered.fund = any(?::text[]))"

// providers are those of the demonstration for which the caller may do something; fundsWhole says whose registered ones.
func (s *Service) providers(a directory.Account, action policy.Action) []string {
	return keep(s.Directory().Providers(), func(p directory.Organisation) (string, bool) {
		return p.ID, policy.Can(a, action, policy.Resource{Fund: p.Fund, Department: p.Department, Provider: p.ID}) == policy.Allowed
	})
}

// fundsWhole are the funds in which the caller may do something whoever the provider is. Every registered provider is one
// of those: no account belongs to it.
func (s *Service) fundsWhole(a directory.Account, action policy.Action) []string {
	return keep(s.Directory().Funds(), func(f directory.Fund) (string, bool) {
		return f.ID, policy.Can(a, action, policy.Resource{Fund: f.ID}) == policy.Allowed
	})
}

type providerRow struct {
	ID, Name, Fund, Department string
	Insee, Street              *string
	Subject                    *string
	Box                        []byte
	Fact                       *string
	Abilities, Labels          []byte // JSON; nil for one of the demonstration
	Networks                   []string
	Relay                      bool
}

const providerColumns = `p.id, p.name, p.fund, p.department, p.insee, p.street, p.subject, p.box, p.fact, p.abilities, p.labels, p.networks, p.relay`

// provider is one of the demonstration, or one that was registered; ErrNoProvider for none.
func (s *Service) provider(ctx context.Context, id string) (providerRow, error) {
	if p, ok := s.Directory().Provider(id); ok { // of the registered ones too, but for how they are reached
		return providerRow{ID: p.ID, Name: p.Name, Fund: p.Fund, Department: p.Department}, nil
	}
	return one[providerRow](ctx, s, ErrNoProvider, `select `+providerColumns+` from model.provider p where p.id = $1`, id)
}

// forProvider refuses with missing where the caller may not do something for this provider.
func (s *Service) forProvider(ctx context.Context, a directory.Account, action policy.Action, id string, missing error) error {
	p, err := s.provider(ctx, id)
	switch {
	case errors.Is(err, ErrNoProvider):
		return missing
	case err != nil:
		return err
	case policy.Can(a, action, policy.Resource{Fund: p.Fund, Department: p.Department, Provider: p.ID}) != policy.Allowed:
		return missing
	}
	return nil
}

// findProvider is forProvider for one that the caller names: it may be so new that it was not heard yet.
func (s *Service) findProvider(ctx context.Context, a directory.Account, action policy.Action, id string) error {
	_, err := web.Find(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, s.forProvider(ctx, a, action, id, ErrNoProvider)
	})
	return err
}

type providerPlace struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// ListProviders gives the providers by name, to whoever may read their sessions.
func (s *Service) ListProviders(ctx context.Context, request rest.ListProvidersRequestObject) (rest.ListProvidersResponseObject, error) {
	ctx, _, err := s.caller(ctx, policy.ReadSession)
	if err != nil {
		return nil, err
	}
	var after providerPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	statement, args := s.allProviders(request.Params, after, page.Limit+1)
	rows, err := all[providerRow](ctx, s, statement, args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(r providerRow) any { return providerPlace{r.Name, r.ID} })
	items, err := s.providerLines(ctx, rows)
	return rest.ListProviders200JSONResponse{Items: items, Next: next}, err
}
